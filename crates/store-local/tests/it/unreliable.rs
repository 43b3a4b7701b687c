//! Calls that fail between the drop and its store, and a store that is opened again afterwards.

use kua_store::testing::UnreliableStore;
use kua_store::testing::convergence::{Known, Step};
use proptest::prelude::*;

use crate::{open, runtime};

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn what_was_acknowledged_is_there_after_a_start_and_what_failed_is_whole_or_not_at_all(
        seed in any::<u64>(),
        one_in in 2u64..8,
        steps in proptest::collection::vec(any::<u64>().prop_map(Step::at_random), 1..40),
    ) {
        let (folder, runtime) = (tempfile::tempdir().unwrap(), runtime());
        let mut known = Known::default();
        runtime.block_on(async {
            let store = UnreliableStore::over(open(folder.path()));
            store.fail(seed, one_in);
            known.live(&store, &steps).await;
            known.check(store.inner()).await;
        });
        runtime.block_on(async {
            let store = UnreliableStore::over(open(folder.path()));
            known.check(store.inner()).await;
            store.fail(seed.wrapping_add(1), one_in);
            known.converge(&store).await;
        });
        runtime.block_on(known.check(&open(folder.path())));
    }
}
