//! Folders of every version load for ever.
//!
//! `tests/fixtures/store-v1` was made by the first version of the format, without its ledger. When the format
//! changes, another is made beside it, and none is ever replaced:
//! `KUA_KEEP_FOLDER=tests/fixtures/store-v2 cargo test -p kua-store-local --test it old`.

use std::path::Path;
use std::{env, fs};

use kua_store_local::LocalStore;

use crate::model::copy;
use crate::upkeep::{lived_in, shows};
use crate::{open, runtime};

#[test]
fn a_folder_of_the_first_version_loads() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/store-v1");
    let folder = copy(&fixture);
    let runtime = runtime();
    let objects = lived_in(&runtime, tempfile::tempdir().unwrap().path());
    let store = open(folder.path());
    shows(&runtime, &store, &objects);
    drop(store);
    assert_eq!(LocalStore::check_stopped(folder.path(), |_| {}).unwrap().faults, []);
}

#[test]
fn a_folder_of_this_version_loads_without_its_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let objects = lived_in(&runtime, folder.path());
    for file in ["lock", "ledger.stamp"] {
        fs::remove_file(folder.path().join(file)).unwrap();
    }
    fs::remove_dir_all(folder.path().join("ledger")).unwrap();
    if let Some(keep) = env::var_os("KUA_KEEP_FOLDER") {
        fs::rename(copy(folder.path()).keep(), Path::new(env!("CARGO_MANIFEST_DIR")).join(keep)).unwrap();
    }
    shows(&runtime, &open(folder.path()), &objects);
}
