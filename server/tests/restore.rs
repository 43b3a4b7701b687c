//! A backup and the drop's seed make a data folder with the roster in its place.

#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

#[allow(dead_code, unreachable_pub, reason = "the routes' tests use the rest of it")]
#[path = "routes/harness/people.rs"]
mod people;

use std::fs::File;

use kua_server::folder::Folder;
use kua_server::operator::commands::{restore, roster};
use kua_server::serve;
use kua_store::{Document, Upkeep as _};
use kua_store_local::{LocalStore, Options};

#[test]
fn a_restored_drop_has_the_roster_of_its_backup() {
    let place = tempfile::tempdir().unwrap();
    let original = Folder::appear(&place.path().join("original"), &people::secret(), |_| {
        Ok::<_, kua_server::folder::FolderError>(())
    })
    .unwrap();
    let envelope = people::roster().to_json();
    let backup = place.path().join("backup");
    let store = LocalStore::open(original.store(), Options { reserve_bytes: 0 }).unwrap();
    store.backup(&envelope, &mut File::create(&backup).unwrap(), &mut |_| {}).unwrap();

    assert!(roster::installed(&original).unwrap().is_none(), "nobody installed it here");
    let restored = place.path().join("restored");
    restore::restore(&backup, &original.seed_file(), &restored).unwrap();
    let restored = Folder::at(restored);
    assert_eq!(serve::documents(&restored).read(Document::Roster).unwrap(), Some(envelope));
    let installed = roster::installed(&restored).unwrap().unwrap();
    assert_eq!(installed.roster.roster().drop, people::DROP);

    // A seed of another drop restores nothing.
    let (other, _) = Folder::create(&place.path().join("other"), kua_clock::Clock::system().today()).unwrap();
    let nowhere = place.path().join("nowhere");
    let refused = restore::restore(&backup, &other.seed_file(), &nowhere).unwrap_err();
    assert!(refused.to_string().contains("the backup is of the drop"), "{refused:#}");
    assert!(!nowhere.exists());
}
