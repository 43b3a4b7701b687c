//! The local store does what every store has to do.

use kua_store::testing::conformance;

use crate::open;

macro_rules! conforms {
    ($($name:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                conformance::$name(&open(folder.path())).await;
            }
        )*
    };
}

conforms! {
    what_was_put_is_found_read_and_listed,
    pages_follow_each_other,
    a_deleted_report_takes_its_case_with_it,
    the_first_wish_stands_and_can_be_taken_back,
    what_has_its_last_day_goes,
    documents_are_kept_and_replaced,
    an_upload_comes_in_portions,
    an_upload_that_fails_leaves_nothing,
    a_newcomer_interrupts_the_writer,
}
