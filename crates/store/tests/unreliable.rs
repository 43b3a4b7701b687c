//! The store that misbehaves does so as it says, and whoever tries again comes to an end.

#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use std::time::Duration;

use kua_store::testing::convergence::{Known, Step};
use kua_store::testing::{MemoryStore, UnreliableStore, objects};
use kua_store::{Kind, Lookup, Store as _, StoreError};
use proptest::prelude::*;
use tokio::time::{Instant, advance};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_was_acknowledged_is_there_and_what_failed_is_whole_or_not_at_all(
        seed in any::<u64>(),
        one_in in 2u64..8,
        steps in proptest::collection::vec(any::<u64>().prop_map(Step::at_random), 1..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let store = UnreliableStore::over(MemoryStore::default());
            store.fail(seed, one_in);
            let mut known = Known::default();
            known.live(&store, &steps).await;
            known.converge(&store).await;
        });
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_is_seen_for_a_while_and_never_taken_in_again() {
    let store = UnreliableStore::over(MemoryStore::default()).stale(Duration::from_millis(50));
    let (report, other) =
        (objects::report(1, 500, objects::day(1)), objects::report(2, 500, objects::day(2)));
    let id = report.sealed.id();
    for object in [&report, &other] {
        store.put(object.clone()).await.unwrap();
    }
    store.delete(id).await.unwrap();
    assert!(matches!(store.find(id).await.unwrap(), Lookup::Present(_)));
    assert_eq!(store.read(id, 10..20).await.unwrap(), report.sealed.as_bytes().slice(10..20));
    let first = store.list(Kind::Report, objects::day(0), None, 1).await.unwrap();
    assert_eq!((first.rows[0].id, first.next.is_some()), (id, true));
    let second = store.list(Kind::Report, objects::day(0), first.next, 1).await.unwrap();
    assert_eq!((second.rows[0].id, second.next), (other.sealed.id(), None));
    assert!(matches!(store.put(report).await, Err(StoreError::Gone)));
    advance(Duration::from_millis(50)).await;
    assert_eq!(store.find(id).await.unwrap(), Lookup::Gone);
    assert!(matches!(store.read(id, 10..20).await, Err(StoreError::Gone)));
    assert_eq!(store.list(Kind::Report, objects::day(0), None, 9).await.unwrap().rows.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_slow_store_takes_its_time_before_and_after() {
    let store = UnreliableStore::over(MemoryStore::default()).slow(Duration::from_secs(1));
    let began = Instant::now();
    store.put(objects::report(1, 500, objects::day(1))).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(2));
}

#[tokio::test]
async fn the_same_seed_fails_at_the_same_calls_before_and_after_them() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let store = UnreliableStore::over(MemoryStore::default());
        store.fail(7, 2);
        let mut calls = Vec::new();
        for seed in 0..40 {
            let object = objects::report(seed, 300, objects::day(1));
            let failed = store.put(object.clone()).await.is_err();
            let is_there =
                matches!(store.inner().find(object.sealed.id()).await.unwrap(), Lookup::Present(_));
            calls.push((failed, is_there));
        }
        runs.push(calls);
    }
    assert_eq!(runs[0], runs[1]);
    for kind in [(true, false), (true, true), (false, true)] {
        assert!(runs[0].contains(&kind), "{kind:?}");
    }
    assert!(!runs[0].contains(&(false, false)));
}
