//! From coming in to being gone.

use kua_protocol::id::{MailboxId, ObjectId};
use kua_store::{
    DeleteAsked, Document, Kind, Lookup, NewObject, Owner, Put, Retention, State, Store, StoreError,
};
use kua_store_local::Documents;

use crate::{open, runtime};
use kua_store::testing::objects::{coordinator, day, report, sealed};

#[test]
fn what_was_put_is_found_read_and_listed_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let mailbox = Owner::Mailbox(MailboxId::from_bytes([7; 16]));
    let objects: Vec<_> = [400, 20_000, 70_000, 1_100_000]
        .into_iter()
        .zip(1..)
        .map(|(size, seed)| NewObject { owner: mailbox, ..report(seed, size, day(1)) })
        .collect();
    let store = open(folder.path());
    for object in &objects {
        let put = runtime.block_on(store.put(object.clone())).unwrap();
        assert!(matches!(put, Put::Stored(row) if row.size == object.sealed.size() && row.owner == mailbox));
    }
    let check = |store: &kua_store_local::LocalStore| {
        for object in &objects {
            let (id, size) = (object.sealed.id(), object.sealed.size());
            assert_eq!(runtime.block_on(store.read(id, 0..size)).unwrap(), object.sealed.as_bytes());
            let part = runtime.block_on(store.read(id, 10..100)).unwrap();
            assert_eq!(part, object.sealed.as_bytes().slice(10..100));
            assert!(matches!(
                runtime.block_on(store.read(id, 0..size + 1)),
                Err(StoreError::OutOfRange { size: s }) if s == size
            ));
        }
        let mut expected: Vec<_> = objects.iter().map(|object| object.sealed.id()).collect();
        expected.sort();
        let listed = runtime.block_on(store.list(Kind::Report, day(0), None, 100)).unwrap();
        assert_eq!(listed.rows.iter().map(|row| row.id).collect::<Vec<_>>(), expected);
        let owned = runtime.block_on(store.owned(mailbox, Kind::Report, None, 100)).unwrap();
        assert_eq!(owned, listed);
        let status = store.status();
        assert_eq!((status.objects, status.state), (4, State::Writable));
        assert_eq!(status.bytes, objects.iter().map(|object| object.sealed.size()).sum::<u64>());
    };
    check(&store);
    drop(store);
    check(&open(folder.path()));
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let store = open(folder.path());
    for seed in 0..25 {
        runtime.block_on(store.put(report(seed, 300, day(u32::try_from(seed % 3).unwrap())))).unwrap();
    }
    let whole = runtime.block_on(store.list(Kind::Report, day(1), None, 100)).unwrap();
    assert_eq!(whole.next, None);
    assert!(whole.rows.iter().all(|row| row.day >= day(1)));
    assert!(whole.rows.is_sorted_by_key(|row| (row.day, row.id)));
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = runtime.block_on(store.list(Kind::Report, day(1), after, 5)).unwrap();
        assert!(page.rows.len() <= 5);
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(rows, whole.rows);
    assert!(runtime.block_on(store.list(Kind::Reply, day(0), None, 5)).unwrap().rows.is_empty());
}

#[test]
fn a_deleted_report_takes_its_case_with_it_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let store = open(folder.path());
    let kept = report(1, 500, day(1));
    let gone = report(2, 5000, day(1));
    let case = Owner::Case(gone.sealed.id());
    let entry = |seed| NewObject { sealed: sealed(seed, 2000), kind: Kind::Entry, owner: case, day: day(2) };
    assert!(matches!(runtime.block_on(store.put(entry(3))), Err(StoreError::Unknown)), "no case yet");
    for object in [kept.clone(), gone.clone(), entry(3), entry(4)] {
        runtime.block_on(store.put(object)).unwrap();
    }
    let entries =
        |store: &kua_store_local::LocalStore| match runtime.block_on(store.find(gone.sealed.id())).unwrap() {
            Lookup::Present(row) => row.entries,
            other => panic!("{other:?}"),
        };
    assert_eq!(entries(&store), 2);
    runtime.block_on(store.delete(entry(3).sealed.id())).unwrap();
    assert_eq!(entries(&store), 1);
    runtime.block_on(store.delete(gone.sealed.id())).unwrap();

    let check = |store: &kua_store_local::LocalStore| {
        for object in [&gone, &entry(3), &entry(4)] {
            let id = object.sealed.id();
            assert_eq!(runtime.block_on(store.find(id)).unwrap(), Lookup::Gone);
            assert!(matches!(runtime.block_on(store.read(id, 0..10)), Err(StoreError::Gone)));
            assert!(matches!(runtime.block_on(store.put(object.clone())), Err(StoreError::Gone)));
            assert!(matches!(runtime.block_on(store.delete(id)), Err(StoreError::Gone)));
        }
        assert!(matches!(runtime.block_on(store.put(entry(5))), Err(StoreError::Gone)), "its case is gone");
        assert_eq!(store.status().objects, 1);
        assert!(matches!(runtime.block_on(store.delete(ObjectId::of(b"?"))), Err(StoreError::Unknown)));
    };
    check(&store);
    drop(store);
    check(&open(folder.path()));
    let on_disk: Vec<u8> =
        files(folder.path()).iter().flat_map(|file| std::fs::read(file).unwrap()).collect();
    for object in [&gone, &entry(3), &entry(4)] {
        let trace = &object.sealed.as_bytes()[200..230];
        assert!(!on_disk.windows(30).any(|bytes| bytes == trace), "the bytes are gone from the disk");
    }
    assert!(on_disk.windows(30).any(|bytes| bytes == &kept.sealed.as_bytes()[200..230]));
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let segments = std::fs::read_dir(folder.join("segments")).unwrap();
    segments.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_wish_for_deletion_waits_three_days_and_can_be_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let store = open(folder.path());
    let (first, second) = (report(1, 500, day(1)), report(2, 500, day(1)));
    let (a, b) = (first.sealed.id(), second.sealed.id());
    for object in [first, second] {
        runtime.block_on(store.put(object)).unwrap();
    }
    let wish = DeleteAsked { by: coordinator(true), day: day(5) };
    let ask = |id, by, on| runtime.block_on(store.ask_delete(id, by, on)).unwrap();
    assert_eq!(ask(a, wish.by, wish.day), wish);
    assert_eq!(ask(a, coordinator(false), day(6)), wish, "the first wish stands");
    assert_eq!(ask(b, wish.by, wish.day), wish);
    runtime.block_on(store.keep(b)).unwrap();
    runtime.block_on(store.keep(b)).unwrap();
    drop(store);

    let store = open(folder.path());
    let asked = |id| match runtime.block_on(store.find(id)).unwrap() {
        Lookup::Present(row) => row.delete_asked,
        other => panic!("{other:?}"),
    };
    assert_eq!((asked(a), asked(b)), (Some(wish), None));
    assert_eq!(
        crate::tidy(&runtime, &store, day(7), Retention::default()).unwrap().deleted,
        0,
        "the third day is not over"
    );
    assert_eq!(crate::tidy(&runtime, &store, day(8), Retention::default()).unwrap().deleted, 1);
    assert_eq!(runtime.block_on(store.find(a)).unwrap(), Lookup::Gone);
    assert_eq!(asked(b), None);
    assert_eq!(crate::tidy(&runtime, &store, day(30), Retention::default()).unwrap().deleted, 0);
    assert!(matches!(runtime.block_on(store.keep(a)), Err(StoreError::Gone)));
}

#[test]
fn documents_are_read_from_their_folder_while_a_store_has_it_open() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(folder.path()).with_documents_in(elsewhere.path());
    let beside = Documents::of(elsewhere.path());
    assert_eq!(beside.read(Document::Roster).unwrap(), None);
    store.set_document(Document::Roster, b"from the store").unwrap();
    assert_eq!(beside.read(Document::Roster).unwrap().as_deref(), Some(&b"from the store"[..]));
    beside.replace(Document::Clock, b"from beside").unwrap();
    assert_eq!(store.document(Document::Clock).unwrap().as_deref(), Some(&b"from beside"[..]));
    std::fs::create_dir(elsewhere.path().join("wishes.json")).unwrap();
    let StoreError::Io(error) = beside.read(Document::Wishes).unwrap_err() else { panic!("another error") };
    assert!(error.to_string().contains("wishes.json: "), "{error}");
}
