//! The local store does what every store has to do, and is late with nothing.

use std::time::Duration;

use kua_store::testing::conformance;

use crate::open;

macro_rules! conforms {
    ($($name:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                conformance::$name(&open(folder.path()), Duration::ZERO).await;
            }
        )*
    };
}

kua_store::for_each_conformance_test!(conforms);
