//! The store in memory does what every store has to do.

use kua_store::testing::{MemoryStore, conformance};

macro_rules! conforms {
    ($($name:ident),* $(,)?) => {
        $(
            #[tokio::test]
            async fn $name() {
                conformance::$name(&MemoryStore::default()).await;
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
