//! Large objects, and the uploads by which they come.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use kua_protocol::id::{Digest, MailboxId};
use kua_protocol::sealed::SealedBytes;
use kua_store::{Kind, Lookup, NewUpload, Owner, Put, Retention, Store, StoreError, Upkeep as _, Upload};
use kua_store_local::{LocalStore, Options};
use tokio::runtime::Runtime;

use crate::{open, runtime};
use kua_store::testing::objects::{coordinator, day, report, sealed};

const MANY: u64 = 1 << 40;
const LEN: usize = 3_000_000;

fn token(number: u8) -> Digest {
    Digest::of(&[number])
}

fn new(number: u8, len: u64) -> NewUpload {
    let owner = Owner::Mailbox(MailboxId::from_bytes([9; 16]));
    NewUpload { id: token(number), kind: Kind::Report, owner, day: day(0), len, until: 1000, most_open: 4 }
}

fn large(seed: u64) -> SealedBytes {
    sealed(seed, LEN)
}

async fn send(store: &LocalStore, number: u8, from: u64, bytes: &[u8]) -> Result<(), StoreError> {
    let mut writer = store.append(token(number), from).await?;
    for part in bytes.chunks(100_000) {
        writer.write(Bytes::copy_from_slice(part)).await?;
    }
    writer.sync().await
}

async fn bring(store: &LocalStore, number: u8, object: &SealedBytes) -> Result<Put, StoreError> {
    store.begin(new(number, object.size())).await?;
    send(store, number, 0, object.as_bytes()).await?;
    store.finish(token(number), MANY, day(0)).await
}

fn read(runtime: &Runtime, store: &LocalStore, object: &SealedBytes) -> Bytes {
    runtime.block_on(store.read(object.id(), 0..object.size())).unwrap()
}

fn contents(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder.join("contents")).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn uploads(folder: &Path) -> usize {
    fs::read_dir(folder.join("uploads")).unwrap().count()
}

fn clone(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            clone(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn an_upload_goes_on_after_cuts_and_restarts_and_becomes_an_object() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), runtime());
    let (object, small) = (large(1), report(2, 900, day(0)));
    let bytes = object.as_bytes();
    let store = open(folder.path());
    runtime.block_on(store.put(small.clone())).unwrap();
    runtime.block_on(store.begin(new(1, object.size()))).unwrap();
    runtime.block_on(send(&store, 1, 0, &bytes[..1_000_000])).unwrap();
    // What was not synced is forgotten.
    runtime.block_on(async {
        let mut writer = store.append(token(1), 1_000_000).await.unwrap();
        writer.write(bytes.slice(1_000_000..1_300_000)).await.unwrap();
        assert_eq!(writer.offset(), 1_300_000);
    });
    assert_eq!(store.status().uploads, 1);
    let again = runtime.block_on(store.begin(new(1, object.size())));
    assert!(matches!(again, Err(StoreError::Locked)), "{again:?}");
    assert_eq!(store.status().state, kua_store::State::Writable);
    drop(store);

    let store = open(folder.path());
    let upload = runtime.block_on(store.upload(token(1))).unwrap();
    let (kind, len) = (Kind::Report, object.size());
    assert_eq!(upload, Upload { kind, len, offset: 1_000_000, until: 1000, finished: None });
    let other = runtime.block_on(send(&store, 1, 5, &bytes[5..10]));
    assert!(matches!(other, Err(StoreError::OtherOffset { offset: 1_000_000 })), "{other:?}");
    let early = runtime.block_on(store.finish(token(1), MANY, day(0)));
    assert!(matches!(early, Err(StoreError::OtherOffset { .. })), "{early:?}");
    let beyond = [&bytes[1_000_000..], b"x"].concat();
    let beyond = runtime.block_on(send(&store, 1, 1_000_000, &beyond));
    assert!(matches!(beyond, Err(StoreError::TooLarge)), "{beyond:?}");
    runtime.block_on(send(&store, 1, 1_000_000, &bytes[1_000_000..])).unwrap();
    let put = runtime.block_on(store.finish(token(1), MANY, day(0))).unwrap();
    assert!(matches!(put, Put::Stored(row) if row.id == object.id() && row.size == object.size()), "{put:?}");
    assert!(matches!(runtime.block_on(send(&store, 1, 0, b"x")), Err(StoreError::Finished)));
    assert!(matches!(runtime.block_on(store.abandon(token(1))), Err(StoreError::Finished)));
    assert_eq!(read(&runtime, &store, &object), bytes);
    assert_eq!(store.status().bytes, object.size() + small.sealed.size());

    // The file tells no other time than its day's midnight, and its bytes are on the disk once.
    let file = contents(folder.path()).pop().unwrap();
    let age = fs::metadata(&file).unwrap().modified().unwrap();
    assert_eq!(age.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() % 86_400, 0);
    drop(store);
    let store = open(folder.path());
    assert_eq!(runtime.block_on(store.upload(token(1))).unwrap().finished, Some(*put.row()));
    let owned = runtime.block_on(store.owned(put.row().owner, Kind::Report, None, 9)).unwrap();
    assert_eq!(owned.rows, [*put.row()]);
    assert_eq!(runtime.block_on(store.expire_uploads(1000)).unwrap(), 0);
    assert!(matches!(runtime.block_on(store.upload(token(1))), Err(StoreError::Unknown)));
    assert_eq!((uploads(folder.path()), read(&runtime, &store, &object)), (0, bytes.clone()));
}

#[test]
fn what_is_not_sealed_or_not_wanted_leaves_nothing() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), runtime());
    let store = open(folder.path());
    runtime.block_on(store.begin(new(1, 500_000))).unwrap();
    let plain = runtime.block_on(send(&store, 1, 0, b"a plain text, long before its end"));
    assert!(matches!(plain, Err(StoreError::NotSealed(_))), "{plain:?}");
    runtime.block_on(store.abandon(token(1))).unwrap();
    assert!(matches!(runtime.block_on(store.abandon(token(1))), Err(StoreError::Unknown)));

    let object = large(1);
    runtime.block_on(store.begin(new(2, object.size()))).unwrap();
    runtime.block_on(send(&store, 2, 0, object.as_bytes())).unwrap();
    let larger = runtime.block_on(store.finish(token(2), 1_000_000, day(0)));
    assert!(matches!(larger, Err(StoreError::TooLarge)), "{larger:?}");

    for number in 3..7 {
        runtime.block_on(store.begin(new(number, 1000))).unwrap();
    }
    assert!(matches!(runtime.block_on(store.begin(new(7, 1000))), Err(StoreError::TooManyUploads)));
    assert_eq!(store.status().oldest_upload_until, Some(1000));
    assert_eq!(runtime.block_on(store.expire_uploads(999)).unwrap(), 0);
    assert_eq!(runtime.block_on(store.expire_uploads(1000)).unwrap(), 4);
    assert_eq!((uploads(folder.path()), contents(folder.path()).len()), (0, 0));
    drop(store);

    let store = LocalStore::open(folder.path(), Options { reserve_bytes: u64::MAX }).unwrap();
    assert!(matches!(runtime.block_on(store.begin(new(8, 1))), Err(StoreError::Full)));
}

#[test]
fn the_second_to_write_interrupts_the_first_whose_synced_bytes_stay() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), runtime());
    let (store, object) = (open(folder.path()), large(1));
    let bytes = object.as_bytes();
    runtime.block_on(async {
        store.begin(new(1, object.size())).await.unwrap();
        let mut first = store.append(token(1), 0).await.unwrap();
        first.write(bytes.slice(..400_000)).await.unwrap();
        let asks = async { store.upload(token(1)).await.unwrap().offset };
        let yields = async {
            first.interrupted().await;
            first.sync().await.unwrap();
            drop(first);
        };
        let (offset, ()) = tokio::join!(asks, yields);
        assert_eq!(offset, 400_000);
        send(&store, 1, offset, &bytes[400_000..]).await.unwrap();
        store.finish(token(1), MANY, day(0)).await.unwrap();
    });
    assert_eq!(read(&runtime, &store, &object), bytes);
}

#[test]
fn a_large_object_is_deleted_with_its_file_and_does_not_come_again() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), runtime());
    let (store, object) = (open(folder.path()), large(1));
    runtime.block_on(bring(&store, 1, &object)).unwrap();
    let again = runtime.block_on(bring(&store, 2, &object)).unwrap();
    assert!(matches!(again, Put::AlreadyThere(_)), "{again:?}");
    assert_eq!(read(&runtime, &store, &object), object.as_bytes());
    runtime.block_on(store.delete(object.id())).unwrap();
    assert_eq!(contents(folder.path()).len(), 0);
    assert!(matches!(runtime.block_on(store.upload(token(1))), Err(StoreError::Gone)));
    assert!(matches!(runtime.block_on(bring(&store, 3, &object)), Err(StoreError::Gone)));
    assert_eq!(contents(folder.path()).len(), 0);
    assert_eq!(store.status().objects, 0);
}

#[test]
fn a_large_object_lives_through_closing_days_and_backups() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), runtime());
    let (store, object, other) = (open(folder.path()), large(1), large(2));
    runtime.block_on(bring(&store, 1, &object)).unwrap();
    runtime.block_on(bring(&store, 2, &other)).unwrap();
    runtime.block_on(store.ask_delete(object.id(), coordinator(true), day(1))).unwrap();
    crate::tidy(&runtime, &store, day(2), Retention::default()).unwrap();
    assert_eq!(read(&runtime, &store, &object), object.as_bytes());
    let mut backup = Vec::new();
    let copied = store.backup(b"", &mut backup, &mut |_| {}).unwrap();
    assert_eq!((copied.objects, copied.bytes), (2, object.size() + other.size()));
    assert_eq!(store.check(&mut |_| {}).unwrap().faults, []);
    drop(store);

    let restored = tempfile::tempdir().unwrap();
    let path = restored.path().join("store");
    LocalStore::restore(backup.as_slice(), &path, |_| {}).unwrap();
    assert_eq!(LocalStore::check_stopped(&path, |_| {}).unwrap().faults, []);
    let store = open(&path);
    assert_eq!(read(&runtime, &store, &object), object.as_bytes());
    let Lookup::Present(row) = runtime.block_on(store.find(object.id())).unwrap() else { panic!("gone") };
    assert!(row.delete_asked.is_some());
    crate::tidy(&runtime, &store, day(4), Retention::default()).unwrap();
    assert_eq!(runtime.block_on(store.find(object.id())).unwrap(), Lookup::Gone);
    assert_eq!(contents(&path).len(), 1);
    let at = backup.len() / 2;
    backup[at] ^= 1;
    assert!(LocalStore::restore(backup.as_slice(), restored.path().join("other"), |_| {}).is_err());
    assert!(!restored.path().join("other").exists());
}

#[test]
fn a_crash_at_the_end_of_an_upload_loses_nothing() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), runtime());
    let (store, object) = (open(folder.path()), large(1));
    runtime.block_on(store.begin(new(1, object.size()))).unwrap();
    runtime.block_on(send(&store, 1, 0, object.as_bytes())).unwrap();
    drop(store);
    let unfinished = tempfile::tempdir().unwrap();
    clone(folder.path(), unfinished.path());
    let store = open(folder.path());
    runtime.block_on(store.finish(token(1), MANY, day(0))).unwrap();
    drop(store);
    let (part, done) = (format!("uploads/{}.part", token(1)), format!("uploads/{}.done", token(1)));
    let whole = format!("contents/{}.obj", object.id());

    // Noted and not yet moved: the upload goes on.
    let crashed = tempfile::tempdir().unwrap();
    clone(unfinished.path(), crashed.path());
    fs::copy(folder.path().join(&done), crashed.path().join(&done)).unwrap();
    let store = open(crashed.path());
    assert_eq!(runtime.block_on(store.upload(token(1))).unwrap().finished, None);
    runtime.block_on(store.finish(token(1), MANY, day(0))).unwrap();
    assert_eq!(read(&runtime, &store, &object), object.as_bytes());

    // Named as its object, moved or not, and not yet known.
    for place in [&part, &whole] {
        let crashed = tempfile::tempdir().unwrap();
        clone(unfinished.path(), crashed.path());
        fs::remove_file(crashed.path().join(&part)).unwrap();
        fs::create_dir_all(crashed.path().join("contents")).unwrap();
        for (from, to) in [(&done, &done), (&whole, place)] {
            fs::copy(folder.path().join(from), crashed.path().join(to)).unwrap();
        }
        let store = open(crashed.path());
        let upload = runtime.block_on(store.upload(token(1))).unwrap();
        assert_eq!(upload.finished.map(|row| row.id), Some(object.id()));
        assert_eq!(read(&runtime, &store, &object), object.as_bytes());
        drop(store);
        assert_eq!(LocalStore::check_stopped(crashed.path(), |_| {}).unwrap().faults, []);
    }

    // Known, and the ledger is lost.
    fs::remove_dir_all(folder.path().join("ledger")).unwrap();
    assert_eq!(read(&runtime, &open(folder.path()), &object), object.as_bytes());
}

#[test]
fn one_flipped_byte_anywhere_in_a_large_objects_file_is_named() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), runtime());
    let (store, object, other) = (open(folder.path()), large(1), large(2));
    runtime.block_on(bring(&store, 1, &object)).unwrap();
    runtime.block_on(bring(&store, 2, &other)).unwrap();
    drop(store);
    let path = folder.path().join(format!("contents/{}.obj", object.id()));
    let len = fs::metadata(&path).unwrap().len();
    let file = OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let head = (0..200).step_by(7).chain([4000, 4095, 4096]);
    for at in head.chain((5000..len).step_by(311_111)).chain([len - 1]) {
        let mut byte = [0];
        file.read_exact_at(&mut byte, at).unwrap();
        file.write_all_at(&[byte[0] ^ 1], at).unwrap();
        let faults = LocalStore::check_stopped(folder.path(), |_| {}).unwrap().faults;
        assert!(faults.iter().any(|fault| fault.id() == Some(object.id())), "byte {at}: {faults:?}");
        let store = open(folder.path());
        assert_eq!(read(&runtime, &store, &other), other.as_bytes(), "byte {at}");
        let mut backup = Vec::new();
        assert_eq!(
            store.backup(b"", &mut backup, &mut |_| {}).unwrap().left_out.len(),
            usize::from(!(124..4096).contains(&at))
        );
        drop(store);
        file.write_all_at(&byte, at).unwrap();
    }
    assert_eq!(LocalStore::check_stopped(folder.path(), |_| {}).unwrap().faults, []);
}
