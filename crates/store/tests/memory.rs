//! The store in memory does what every store has to do, and so does one that is slow, or late with deletions.

use std::time::Duration;

use kua_store::testing::{MemoryStore, UnreliableStore, conformance};

/// How long a call to the slow store waits, and what was deleted is seen.
const A_WHILE: Duration = Duration::from_millis(50);

macro_rules! conforms {
    ($($name:ident),* $(,)?) => {
        $(
            #[tokio::test]
            async fn $name() {
                conformance::$name(&MemoryStore::default(), Duration::ZERO).await;
            }
        )*

        mod slow {
            use super::*;

            $(
                #[tokio::test(start_paused = true)]
                async fn $name() {
                    let store = UnreliableStore::over(MemoryStore::default()).slow(A_WHILE);
                    conformance::$name(&store, Duration::ZERO).await;
                }
            )*
        }

        mod stale {
            use super::*;

            $(
                #[tokio::test(start_paused = true)]
                async fn $name() {
                    let store = UnreliableStore::over(MemoryStore::default()).stale(A_WHILE);
                    conformance::$name(&store, A_WHILE).await;
                }
            )*
        }
    };
}

kua_store::for_each_conformance_test!(conforms);
