//! The store as its callers see it, in good days and bad ones.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what cannot go on here has failed")]

use kua_protocol::day::Day;
use kua_store::{Due, Retention, Store as _, StoreError, Tidied};
use kua_store_local::{LocalStore, Options};
use tokio::runtime::Runtime;

mod conformance;
mod faults;
mod life;
mod model;
mod old;
mod races;
mod unreliable;
mod upkeep;
mod uploads;

/// A store without a reserve in this folder.
fn open(folder: &std::path::Path) -> LocalStore {
    LocalStore::open(folder, Options { reserve_bytes: 0 }).unwrap()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap()
}

/// Deletes what a clock that is right would have deleted by this day: wishes after their third day, and what is past its
/// last one.
fn tidy(
    runtime: &Runtime,
    store: &LocalStore,
    today: Day,
    retention: Retention,
) -> Result<Tidied, StoreError> {
    let standing = runtime.block_on(store.wishes())?.into_iter();
    let wished = standing.filter(|(_, wish)| today.days_since(wish.day) > 2).collect();
    let due = Due { wished, retention, through: Some(today.plus(-1)) };
    let counted = runtime.block_on(store.expiring(today.plus(-1), retention))?;
    let tidied = runtime.block_on(store.tidy(today, due))?;
    // What was wished away may have been past its time, too.
    assert!(
        (tidied.expired..=tidied.expired + tidied.deleted).contains(&counted.objects),
        "{counted:?} {tidied:?}"
    );
    Ok(tidied)
}
