//! The store as its callers see it, in good days and bad ones.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what cannot go on here has failed")]

use kua_store::{LocalStore, Options};
use tokio::runtime::Runtime;

mod faults;
mod life;
mod model;
mod objects;
mod old;
mod races;
mod upkeep;
mod uploads;

/// A store without a reserve in this folder.
fn open(folder: &std::path::Path) -> LocalStore {
    LocalStore::open(folder, Options { reserve_bytes: 0 }).unwrap()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap()
}
