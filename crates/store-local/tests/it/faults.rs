//! Disks that are full, wrong or cut short.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use kua_store::{Kind, Lookup, Put, State, Store, StoreError};
use kua_store_local::{LocalStore, Options};

use crate::{open, runtime};
use kua_store::testing::objects::{day, report};

fn segment(folder: &Path) -> PathBuf {
    folder.join(format!("segments/{}.0000.seg", day(0)))
}

/// Where the bytes are in the file.
fn place_of(bytes: &[u8], file: &Path) -> u64 {
    let content = fs::read(file).unwrap();
    content.windows(bytes.len()).position(|window| window == bytes).unwrap() as u64
}

fn flip(file: &Path, at: u64) {
    let file = OpenOptions::new().read(true).write(true).open(file).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, at).unwrap();
    file.write_all_at(&[byte[0] ^ 1], at).unwrap();
}

#[test]
fn a_full_disk_refuses_objects_and_still_reads_and_deletes() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let (first, second) = (report(1, 900, day(0)), report(2, 900, day(0)));
    let id = first.sealed.id();
    let store = open(folder.path());
    runtime.block_on(store.put(first.clone())).unwrap();
    drop(store);

    let store = LocalStore::open(folder.path(), Options { reserve_bytes: u64::MAX }).unwrap();
    assert_eq!(store.status().state, State::Full);
    assert!(matches!(runtime.block_on(store.put(second.clone())), Err(StoreError::Full)));
    assert!(matches!(runtime.block_on(store.put(first.clone())), Ok(Put::AlreadyThere(_))));
    assert_eq!(runtime.block_on(store.find(second.sealed.id())).unwrap(), Lookup::Unknown);
    assert_eq!(runtime.block_on(store.read(id, 0..first.sealed.size())).unwrap(), first.sealed.as_bytes());
    runtime.block_on(store.delete(id)).unwrap();
    assert_eq!(runtime.block_on(store.find(id)).unwrap(), Lookup::Gone);
}

#[test]
fn an_object_too_large_for_a_segment_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let large = report(1, usize::try_from(kua_store::MAX_OBJECT_LEN).unwrap() + 8, day(0));
    assert!(matches!(runtime().block_on(store.put(large)), Err(StoreError::TooLarge)));
}

#[test]
fn an_error_of_the_disk_ends_writing_and_not_reading() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let (first, second) = (report(1, 900, day(0)), report(2, 900, day(1)));
    let store = open(folder.path());
    runtime.block_on(store.put(first.clone())).unwrap();
    // An answer means that the ledger has caught up: the disk fails afterwards, and not in between.
    assert!(matches!(runtime.block_on(store.find(first.sealed.id())).unwrap(), Lookup::Present(_)));
    fs::rename(folder.path().join("segments"), folder.path().join("elsewhere")).unwrap();
    assert!(
        matches!(runtime.block_on(store.put(second.clone())), Err(StoreError::ReadOnly(_))),
        "a new day's file"
    );
    fs::rename(folder.path().join("elsewhere"), folder.path().join("segments")).unwrap();
    assert!(matches!(store.status().state, State::ReadOnly(_)));
    let id = first.sealed.id();
    assert!(matches!(runtime.block_on(store.delete(id)), Err(StoreError::ReadOnly(_))));
    assert_eq!(runtime.block_on(store.find(second.sealed.id())).unwrap(), Lookup::Unknown);
    assert_eq!(runtime.block_on(store.read(id, 0..first.sealed.size())).unwrap(), first.sealed.as_bytes());
    drop(store);
    assert!(
        matches!(runtime.block_on(open(folder.path()).put(second)), Ok(Put::Stored(_))),
        "after a new start"
    );
}

#[test]
fn a_damaged_header_does_not_keep_a_body_from_being_erased() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let object = report(1, 9000, day(0));
    let store = open(folder.path());
    runtime.block_on(store.put(object.clone())).unwrap();
    let file = segment(folder.path());
    flip(&file, place_of(object.sealed.as_bytes(), &file) - 20);
    runtime.block_on(store.delete(object.sealed.id())).unwrap();
    let content = fs::read(&file).unwrap();
    assert!(!content.windows(30).any(|bytes| bytes == &object.sealed.as_bytes()[200..230]));
}

#[test]
fn a_flipped_byte_is_reported_and_never_served() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let (sound, spoilt, headless) = (report(1, 900, day(0)), report(2, 900, day(0)), report(3, 900, day(0)));
    let store = open(folder.path());
    for object in [&sound, &spoilt, &headless] {
        runtime.block_on(store.put(object.clone())).unwrap();
    }
    let file = segment(folder.path());
    flip(&file, place_of(spoilt.sealed.as_bytes(), &file) + 500);
    flip(&file, place_of(headless.sealed.as_bytes(), &file) - 50);
    let read = |store: &LocalStore, object: &kua_store::NewObject| {
        runtime.block_on(store.read(object.sealed.id(), 0..object.sealed.size()))
    };
    let check = |store: &LocalStore| {
        assert_eq!(read(store, &sound).unwrap(), sound.sealed.as_bytes());
        assert!(matches!(read(store, &spoilt), Err(StoreError::Damaged)));
        assert!(matches!(read(store, &headless), Err(StoreError::Damaged)));
        assert!(matches!(runtime.block_on(store.read(headless.sealed.id(), 5..9)), Err(StoreError::Damaged)));
    };
    check(&store);
    drop(store);
    check(&open(folder.path()));
}

#[test]
fn damage_in_the_middle_costs_one_object_and_not_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let objects: Vec<_> = (0..20).map(|seed| report(seed, 600_000, day(0))).collect();
    let store = open(folder.path());
    for object in &objects {
        runtime.block_on(store.put(object.clone())).unwrap();
    }
    drop(store);
    let file = segment(folder.path());
    flip(&file, place_of(objects[3].sealed.as_bytes(), &file) - 20);
    fs::remove_file(folder.path().join("ledger.stamp")).unwrap();

    let len = fs::metadata(&file).unwrap().len();
    let store = open(folder.path());
    assert_eq!(fs::metadata(&file).unwrap().len(), len);
    assert_eq!(store.status().objects, 19);
    for (object, seed) in objects.iter().zip(0..) {
        let read = runtime.block_on(store.read(object.sealed.id(), 0..object.sealed.size()));
        if seed == 3 {
            assert!(matches!(read, Err(StoreError::Unknown)));
        } else {
            assert!(read.is_ok(), "{seed}");
        }
    }
    assert!(
        matches!(runtime.block_on(store.put(objects[3].clone())), Ok(Put::Stored(_))),
        "it can be sent again"
    );
}

#[test]
fn a_torn_body_at_the_end_is_not_taken_for_an_object() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let objects: Vec<_> = (0..3).map(|seed| report(seed, 9000, day(0))).collect();
    let store = open(folder.path());
    for object in &objects {
        runtime.block_on(store.put(object.clone())).unwrap();
    }
    drop(store);
    // As after a loss of power: the length was written, some of the blocks were not, and the ledger is of no use.
    let file = segment(folder.path());
    let at = place_of(objects[2].sealed.as_bytes(), &file);
    OpenOptions::new().write(true).open(&file).unwrap().write_all_at(&[0; 4096], at + 4000).unwrap();
    fs::remove_file(folder.path().join("ledger.stamp")).unwrap();
    for _ in 0..2 {
        let store = open(folder.path());
        assert_eq!(store.status().objects, 2);
        drop(store);
        fs::remove_file(folder.path().join("ledger.stamp")).unwrap();
    }
    let store = open(folder.path());
    let again = runtime.block_on(store.put(objects[2].clone()));
    assert!(matches!(again, Ok(Put::Stored(_))), "the sender sends again");
    drop(store);
    fs::remove_file(folder.path().join("ledger.stamp")).unwrap();
    let store = open(folder.path());
    assert_eq!(store.status().objects, 3);
    for object in &objects {
        runtime.block_on(store.read(object.sealed.id(), 0..object.sealed.size())).unwrap();
    }
}

#[test]
fn damage_before_the_last_batch_is_not_taken_for_a_torn_tail() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let objects: Vec<_> = (0..3).map(|seed| report(seed, 9000, day(0))).collect();
    let store = open(folder.path());
    for object in &objects {
        runtime.block_on(store.put(object.clone())).unwrap();
    }
    drop(store);
    let file = segment(folder.path());
    flip(&file, place_of(objects[1].sealed.as_bytes(), &file) + 5000);
    fs::remove_file(folder.path().join("ledger.stamp")).unwrap();
    let before = fs::read(&file).unwrap();
    let store = open(folder.path());
    assert_eq!(store.status().objects, 3);
    let sealed = &objects[1].sealed;
    let read = runtime.block_on(store.read(sealed.id(), 0..sealed.size()));
    assert!(matches!(read, Err(StoreError::Damaged)), "it was acknowledged, and nobody may forget that");
    assert_eq!(store.status().damaged, 1);
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_body_cannot_pass_for_frames() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let victim = report(1, 900, day(0));
    let store = open(folder.path());
    runtime.block_on(store.put(victim.clone())).unwrap();
    runtime.block_on(store.delete(victim.sealed.id())).unwrap();
    drop(store);
    // Somebody who saw another segment knows what a tombstone looks like, but not this segment's marker.
    let tombstones = fs::read(segment(folder.path())).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let store = open(elsewhere.path());
    runtime.block_on(store.put(victim.clone())).unwrap();
    drop(store);
    let file = segment(elsewhere.path());
    OpenOptions::new().append(true).open(&file).unwrap().write_all(&tombstones).unwrap();
    fs::remove_file(elsewhere.path().join("ledger.stamp")).unwrap();
    let store = open(elsewhere.path());
    assert!(matches!(runtime.block_on(store.find(victim.sealed.id())).unwrap(), Lookup::Present(_)));
    assert_eq!(runtime.block_on(store.list(Kind::Report, day(0), None, 9)).unwrap().rows.len(), 1);
}
