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

kua_store::for_each_conformance_test!(conforms);
