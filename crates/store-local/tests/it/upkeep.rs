//! Checking, copying, and what time brings.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kua_protocol::id::MailboxId;
use kua_store::{Kind, Lookup, NewObject, Owner, Retention, Store, StoreError, Upkeep as _};
use kua_store_local::LocalStore;
use tokio::runtime::Runtime;

use crate::model::copy;
use crate::{open, runtime};
use kua_store::testing::objects::{coordinator, day, report, sealed};

/// All files of the folder, its subfolders included.
fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

fn blocks(folder: &Path) -> u64 {
    files(&folder.join("segments")).iter().map(|file| fs::metadata(file).unwrap().blocks()).sum()
}

fn holds(folder: &Path, trace: &[u8]) -> bool {
    files(folder).iter().any(|file| fs::read(file).unwrap().windows(trace.len()).any(|bytes| bytes == trace))
}

fn reply(seed: u64, on: u32) -> NewObject {
    let owner = Owner::Mailbox(MailboxId::from_bytes([7; 16]));
    NewObject { sealed: sealed(seed, 3000), kind: Kind::Reply, owner, day: day(on) }
}

fn entry(seed: u64, of: &NewObject, on: u32) -> NewObject {
    let owner = Owner::Case(of.sealed.id());
    NewObject { sealed: sealed(seed, 2000), kind: Kind::Entry, owner, day: day(on) }
}

/// A small drop: reports on three days, a reply, entries, a wish that stands, one taken back, and deletions; the
/// first two days are closed, and something is said of the first afterwards.
pub(crate) fn lived_in(runtime: &Runtime, folder: &Path) -> Vec<NewObject> {
    let store = open(folder);
    let mut objects: Vec<_> =
        (0..9).map(|seed| report(seed, 3000, day(u32::try_from(seed % 3).unwrap()))).collect();
    objects.push(entry(20, &objects[0], 1));
    objects.push(entry(21, &objects[1], 2));
    objects.push(reply(22, 1));
    for object in &objects {
        runtime.block_on(store.put(object.clone())).unwrap();
    }
    let id = |number: usize| objects[number].sealed.id();
    runtime.block_on(store.delete(id(3))).unwrap();
    runtime.block_on(store.ask_delete(id(4), coordinator(true), day(2))).unwrap();
    runtime.block_on(store.ask_delete(id(6), coordinator(true), day(2))).unwrap();
    let tidied = crate::tidy(runtime, &store, day(2), Retention::default()).unwrap();
    assert_eq!(tidied.closed, [day(0), day(1)]);
    runtime.block_on(store.keep(id(6))).unwrap();
    runtime.block_on(store.delete(id(7))).unwrap();
    runtime.block_on(store.delete(id(8))).unwrap();
    objects
}

pub(crate) fn shows(runtime: &Runtime, store: &LocalStore, objects: &[NewObject]) {
    for (number, object) in objects.iter().enumerate() {
        let id = object.sealed.id();
        match runtime.block_on(store.find(id)).unwrap() {
            Lookup::Present(row) => {
                assert_eq!((row.kind, row.owner, row.day), (object.kind, object.owner, object.day));
                assert_eq!(row.delete_asked.is_some(), number == 4);
                assert_eq!(row.entries, u32::from(number < 2));
                let bytes = runtime.block_on(store.read(id, 0..row.size)).unwrap();
                assert_eq!(bytes, object.sealed.as_bytes());
            }
            other => {
                assert_eq!(other, Lookup::Gone, "{number}");
                assert!([3, 7, 8].contains(&number));
            }
        }
    }
    assert_eq!(store.status().objects, objects.len() as u64 - 3);
}

#[test]
fn a_deleted_object_is_found_nowhere_and_its_disk_comes_back_also_when_its_day_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let store = open(folder.path());
    let objects: Vec<_> = (0..8).map(|seed| report(seed, 300_000, day(0))).collect();
    for object in &objects {
        runtime.block_on(store.put(object.clone())).unwrap();
    }
    let trace = |number: usize| objects[number].sealed.as_bytes().slice(70_000..70_040);
    let before = blocks(folder.path());
    runtime.block_on(store.delete(objects[0].sealed.id())).unwrap();
    assert!(!holds(folder.path(), &trace(0)));
    let after = blocks(folder.path());
    assert!(after + 500 < before, "{after} {before}");
    let tidy = |today| crate::tidy(&runtime, &store, day(today), Retention::default()).unwrap();
    assert_eq!(tidy(0).closed, []);
    assert_eq!(tidy(1).closed, [day(0)]);
    assert_eq!(tidy(1).closed, [], "once");
    assert!(!holds(folder.path(), &trace(0)) && holds(folder.path(), &trace(1)));
    runtime.block_on(store.delete(objects[1].sealed.id())).unwrap();
    assert!(!holds(folder.path(), &trace(1)));
    assert_eq!(tidy(1).closed, [day(0)], "what was said afterwards");
    assert!(blocks(folder.path()) + 500 < after);
    for object in &objects[2..] {
        runtime.block_on(store.delete(object.sealed.id())).unwrap();
    }
    tidy(1);
    assert!(files(&folder.path().join("segments")).is_empty(), "nothing is alive");
    let check = |store: &LocalStore| {
        for object in &objects {
            assert_eq!(runtime.block_on(store.find(object.sealed.id())).unwrap(), Lookup::Gone);
            assert!(matches!(runtime.block_on(store.put(object.clone())), Err(StoreError::Gone)), "for ever");
        }
    };
    check(&store);
    drop(store);
    LocalStore::rebuild_ledger(folder.path(), |_| {}).unwrap();
    check(&open(folder.path()));
}

#[test]
fn retention_ends_reports_with_their_cases_and_replies_by_their_own_day() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let store = open(folder.path());
    let retention = Retention { days: 20, spread: 7 };
    let reports: Vec<_> = (0..60).map(|seed| report(seed, 400, day(0))).collect();
    let (late, answer) = (entry(100, &reports[0], 19), reply(101, 10));
    for object in reports.iter().chain([&late, &answer]) {
        runtime.block_on(store.put(object.clone())).unwrap();
    }
    let there = |object: &NewObject| {
        matches!(runtime.block_on(store.find(object.sealed.id())).unwrap(), Lookup::Present(_))
    };
    let mut gone = BTreeSet::new();
    let mut expired = 0;
    for today in 10..40 {
        expired += crate::tidy(&runtime, &store, day(today), retention).unwrap().expired;
        for object in &reports {
            let kept = retention.of(object.sealed.id());
            assert!((13..=27).contains(&kept));
            assert_eq!(there(object), i64::from(today) <= kept);
            if !there(object) {
                gone.insert(kept);
            }
        }
        assert_eq!(there(&late), there(&reports[0]));
        assert_eq!(there(&answer), i64::from(today) - 10 <= retention.of(answer.sealed.id()));
    }
    assert_eq!(expired, 61);
    assert!(gone.len() > 8, "ends are spread");
    assert!(files(&folder.path().join("segments")).is_empty());
    assert_eq!(Retention { days: 5, spread: 0 }.of(answer.sealed.id()), 5);
}

#[test]
fn writers_and_readers_go_on_while_days_close() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let store = Arc::new(open(folder.path()));
    let old: Vec<_> = (0..300).map(|seed| report(seed, 3000, day(0))).collect();
    for object in &old {
        runtime.block_on(store.put(object.clone())).unwrap();
    }
    let (deleted, kept) = old.split_at(100);
    let (remover, reader, writer) = (Arc::clone(&store), Arc::clone(&store), Arc::clone(&store));
    let (deleted, kept) = (deleted.to_vec(), kept.to_vec());
    let kept_ids: Vec<_> = kept.iter().map(|object| object.sealed.id()).collect();
    let gone_ids: Vec<_> = deleted.iter().map(|object| object.sealed.id()).collect();
    let tasks = [
        runtime.spawn(async move {
            for object in deleted {
                remover.delete(object.sealed.id()).await.unwrap();
            }
        }),
        runtime.spawn(async move {
            for _ in 0..4 {
                for object in &kept {
                    let sealed = &object.sealed;
                    let bytes = reader.read(sealed.id(), 0..sealed.size()).await.unwrap();
                    assert_eq!(bytes, sealed.as_bytes());
                }
            }
        }),
        runtime.spawn(async move {
            for seed in 1000..1300 {
                writer.put(report(seed, 3000, day(1))).await.unwrap();
            }
        }),
    ];
    while !tasks.iter().all(tokio::task::JoinHandle::is_finished) {
        crate::tidy(&runtime, &store, day(1), Retention::default()).unwrap();
        let checked = store.check(&mut |_| {}).unwrap();
        assert_eq!(checked.faults, []);
    }
    for task in tasks {
        runtime.block_on(task).unwrap();
    }
    crate::tidy(&runtime, &store, day(1), Retention::default()).unwrap();
    assert_eq!(store.status().objects, 500);
    drop(store);
    for rebuilt in [false, true] {
        if rebuilt {
            LocalStore::rebuild_ledger(folder.path(), |_| {}).unwrap();
        }
        let checked = LocalStore::check_stopped(folder.path(), |_| {}).unwrap();
        assert_eq!((checked.objects, checked.faults), (500, Vec::new()));
        let store = open(folder.path());
        for id in &kept_ids {
            assert!(matches!(runtime.block_on(store.find(*id)).unwrap(), Lookup::Present(_)));
        }
        for id in &gone_ids {
            assert_eq!(runtime.block_on(store.find(*id)).unwrap(), Lookup::Gone);
        }
    }
}

#[test]
fn a_backup_comes_back_equal_and_goes_on_living() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let objects = lived_in(&runtime, folder.path());
    let store = open(folder.path());
    let mut backup = Vec::new();
    let mut seen = Vec::new();
    let copied = store.backup(b"the roster", &mut backup, &mut |progress| seen.push(progress)).unwrap();
    assert_eq!((copied.objects, copied.tombstones, &copied.left_out[..]), (9, 3, &[][..]));
    assert!(seen.last().is_some_and(|progress| progress.done == progress.total && progress.total > 0));

    let to = folder.path().join("restored");
    let (extra, restored) = LocalStore::restore(&backup[..], &to, |_| {}).unwrap();
    assert_eq!((extra, &restored), (b"the roster".to_vec(), &copied));
    assert_eq!(LocalStore::check_stopped(&to, |_| {}).unwrap().faults, []);
    let again = open(&to);
    shows(&runtime, &again, &objects);
    let late = report(77, 500, day(0));
    runtime.block_on(again.put(late.clone())).unwrap();
    runtime.block_on(again.delete(late.sealed.id())).unwrap();
    crate::tidy(&runtime, &again, day(3), Retention::default()).unwrap();
    shows(&runtime, &again, &objects);
    assert!(matches!(LocalStore::restore(&backup[..], &to, |_| {}), Err(StoreError::Io(_))), "it is there");
    let bytes = vec![0; 256 * 1024 + 1];
    assert!(matches!(store.backup(&bytes, &mut Vec::new(), &mut |_| {}), Err(StoreError::Backup(_))));
}

#[test]
fn a_backup_that_was_touched_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    lived_in(&runtime, folder.path());
    let mut backup = Vec::new();
    open(folder.path()).backup(b"the roster", &mut backup, &mut |_| {}).unwrap();
    let to = folder.path().join("restored");
    let refused = |bytes: &[u8], what: &str| {
        let restored = LocalStore::restore(bytes, &to, |_| {});
        assert!(matches!(restored, Err(StoreError::Backup(_))), "{what}: {restored:?}");
        assert!(!to.exists());
    };
    let places = (0..backup.len()).step_by(977).chain(backup.len() - 80..backup.len()).chain(0..60);
    for at in places {
        let mut touched = backup.clone();
        touched[at] ^= 0x20;
        refused(&touched, &format!("byte {at}"));
        refused(&backup[..at], &format!("cut at {at}"));
    }
    refused(&[&backup[..], b"x"].concat(), "longer");
}

#[test]
fn a_backup_leaves_out_what_is_damaged_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let store = open(folder.path());
    let objects: Vec<_> = (0..3).map(|seed| report(seed, 900, day(0))).collect();
    for object in &objects {
        runtime.block_on(store.put(object.clone())).unwrap();
    }
    let id = objects[1].sealed.id();
    flip_in(&files(&folder.path().join("segments"))[0], &objects[1].sealed.as_bytes()[300..340]);
    let mut backup = Vec::new();
    let copied = store.backup(b"", &mut backup, &mut |_| {}).unwrap();
    assert_eq!(copied.objects, 2);
    assert_eq!(copied.left_out.iter().map(kua_store::Fault::id).collect::<Vec<_>>(), [Some(id)]);
    assert_eq!(store.status().damaged, 1);
    let (_, restored) = LocalStore::restore(&backup[..], folder.path().join("restored"), |_| {}).unwrap();
    assert_eq!(restored.objects, 2);
}

fn flip(file: &Path, at: u64) {
    let open = fs::OpenOptions::new().read(true).write(true).open(file).unwrap();
    let mut byte = [0];
    open.read_exact_at(&mut byte, at).unwrap();
    open.write_all_at(&[byte[0] ^ 0x40], at).unwrap();
}

fn flip_in(file: &Path, trace: &[u8]) {
    let place = fs::read(file).unwrap().windows(trace.len()).position(|bytes| bytes == trace).unwrap();
    flip(file, place as u64);
}

#[test]
fn one_flipped_byte_anywhere_is_named_and_the_rest_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let objects = lived_in(&runtime, folder.path());
    assert_eq!(LocalStore::check_stopped(folder.path(), |_| {}).unwrap().faults, []);
    let targets = files(folder.path());
    let served = |folder: &Path, what: &str| {
        let store = open(folder);
        let mut lost = 0;
        for object in &objects {
            match runtime.block_on(store.find(object.sealed.id())).unwrap() {
                Lookup::Present(row) => match runtime.block_on(store.read(row.id, 0..row.size)) {
                    Ok(bytes) => assert_eq!(bytes, object.sealed.as_bytes(), "{what}"),
                    Err(StoreError::Damaged) => lost += 1,
                    Err(other) => panic!("{what}: {other:?}"),
                },
                Lookup::Gone => {}
                Lookup::Unknown => lost += 1,
            }
        }
        assert!(lost <= 1, "{what}: {lost} lost");
    };
    let mut sampled = 0;
    for file in &targets {
        let name = file.strip_prefix(folder.path()).unwrap();
        let len = fs::metadata(file).unwrap().len();
        let ledger = name.starts_with("ledger");
        if name == Path::new("lock") || name == Path::new("ledger.stamp") {
            continue;
        }
        let step = if ledger { len / 12 + 1 } else { 389 };
        for at in (0..len).step_by(usize::try_from(step).unwrap()).chain([len.saturating_sub(1)]) {
            let what = format!("{} at {at}", name.display());
            let other = copy(folder.path());
            flip(&other.path().join(name), at);
            let checked = LocalStore::check_stopped(other.path(), |_| {}).unwrap();
            assert!(!checked.faults.is_empty(), "{what}");
            if !ledger {
                let named = checked.faults.iter().map(ToString::to_string).collect::<Vec<_>>();
                let name = name.file_name().unwrap().to_str().unwrap();
                assert!(named.iter().any(|fault| fault.contains(name)), "{what}: {named:?}");
            }
            served(other.path(), &what);
            sampled += 1;
        }
    }
    assert!(sampled > 60, "{sampled}");
}

#[test]
fn damage_is_kept_aside_when_its_day_closes_and_what_can_be_healed_is() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let store = open(folder.path());
    let objects: Vec<_> = (0..4).map(|seed| report(seed, 900, day(0))).collect();
    for object in &objects {
        runtime.block_on(store.put(object.clone())).unwrap();
    }
    let file = files(&folder.path().join("segments"))[0].clone();
    let id = |number: usize| objects[number].sealed.id();
    flip_in(&file, &objects[0].sealed.as_bytes()[300..340]);
    let content = fs::read(&file).unwrap();
    let place =
        |bytes: &[u8]| content.windows(bytes.len()).position(|window| window == bytes).unwrap() as u64;
    flip(&file, place(&objects[1].sealed.as_bytes()[..]) - 30);
    flip(&file, place(&objects[2].sealed.as_bytes()[..]) - 30);
    // Of one whose header is damaged the ledger still knows; of the other not even that.
    runtime.block_on(store.delete(id(3))).unwrap();
    crate::tidy(&runtime, &store, day(1), Retention::default()).unwrap();
    let read = |store: &LocalStore, number| {
        runtime.block_on(store.read(id(number), 0..objects[number].sealed.size()))
    };
    assert!(matches!(read(&store, 0), Err(StoreError::Damaged)));
    assert_eq!(read(&store, 1).unwrap(), objects[1].sealed.as_bytes(), "healed");
    assert_eq!(read(&store, 2).unwrap(), objects[2].sealed.as_bytes(), "healed");
    let checked = store.check(&mut |_| {}).unwrap();
    assert_eq!(checked.faults.iter().map(kua_store::Fault::id).collect::<Vec<_>>(), [Some(id(0))]);
    assert_eq!((checked.objects, store.status().damaged), (2, 1));

    // The same without a ledger that knew: the bytes are kept and never served.
    let lost = report(9, 900, day(1));
    for object in [report(8, 900, day(1)), lost.clone(), report(10, 900, day(1))] {
        runtime.block_on(store.put(object)).unwrap();
    }
    drop(store);
    let file = files(&folder.path().join("segments")).pop().unwrap();
    let content = fs::read(&file).unwrap();
    let bytes = lost.sealed.as_bytes();
    let place = content.windows(bytes.len()).position(|window| window == bytes).unwrap() as u64;
    flip(&file, place - 30);
    LocalStore::rebuild_ledger(folder.path(), |_| {}).unwrap();
    let store = open(folder.path());
    crate::tidy(&runtime, &store, day(2), Retention::default()).unwrap();
    assert_eq!(runtime.block_on(store.find(lost.sealed.id())).unwrap(), Lookup::Unknown);
    let kept = files(&folder.path().join("damaged"));
    assert_eq!(kept.len(), 1);
    assert!(fs::read(&kept[0]).unwrap().ends_with(bytes));
    let faults = store.check(&mut |_| {}).unwrap().faults;
    assert!(faults.iter().any(|fault| fault.to_string().starts_with("damaged/")), "{faults:?}");
}

#[test]
fn a_snapshot_that_a_full_disk_left_empty_does_not_stop_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let objects = lived_in(&runtime, folder.path());
    let ledger = fs::read_dir(folder.path().join("ledger")).unwrap().next().unwrap().unwrap().path();
    let begun = ledger.join("snap.0000000000001234.generating");
    fs::write(&begun, []).unwrap();
    shows(&runtime, &open(folder.path()), &objects);
    assert!(!begun.exists());
}

#[test]
fn a_folder_that_never_served_is_whole_and_one_that_lost_its_segments_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let checked = LocalStore::check_stopped(folder.path(), |_| {}).unwrap();
    assert_eq!((checked.objects, checked.faults.len()), (0, 0));
    drop(open(folder.path()));
    fs::remove_dir_all(folder.path().join("segments")).unwrap();
    assert!(LocalStore::check_stopped(folder.path(), |_| {}).is_err());
}

#[test]
fn a_folder_in_use_is_neither_checked_nor_rebuilt() {
    let folder = tempfile::tempdir().unwrap();
    let _store = open(folder.path());
    assert!(matches!(LocalStore::check_stopped(folder.path(), |_| {}), Err(StoreError::InUse)));
    assert!(matches!(LocalStore::rebuild_ledger(folder.path(), |_| {}), Err(StoreError::InUse)));
}
