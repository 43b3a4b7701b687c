//! What every store has to do with uploads.

use std::time::Duration;

use bytes::Bytes;
use kua_protocol::id::Digest;
use kua_protocol::sealed::SealedBytes;

use super::mailbox;
use crate::testing::objects::{day, sealed};
use crate::{Kind, NewUpload, Owner, Put, Store, StoreError, Upload};

/// More plaintext than any object here has.
const MANY: u64 = 1 << 40;

fn token(number: u8) -> Digest {
    Digest::of(&[number])
}

fn new(number: u8, len: u64) -> NewUpload {
    NewUpload {
        id: token(number),
        kind: Kind::Report,
        owner: mailbox(),
        day: day(0),
        len,
        until: 1000,
        most_open: 3,
    }
}

async fn send(store: &dyn Store, number: u8, from: u64, bytes: &[u8]) -> Result<(), StoreError> {
    let mut writer = store.append(token(number), from).await?;
    for part in bytes.chunks(100_000) {
        writer.write(Bytes::copy_from_slice(part)).await?;
    }
    writer.sync().await
}

async fn bring(store: &dyn Store, number: u8, object: &SealedBytes) -> Result<Put, StoreError> {
    store.begin(new(number, object.size())).await?;
    send(store, number, 0, object.as_bytes()).await?;
    store.finish(token(number), MANY, day(0)).await
}

/// An upload comes in portions and becomes an object; what was not synced is forgotten. None of it is late, nor that the object
/// which it became was deleted.
pub async fn an_upload_comes_in_portions(store: &dyn Store, _late: Duration) {
    let object = sealed(1, 3_000_000);
    let bytes = object.as_bytes();
    store.begin(new(1, object.size())).await.unwrap();
    assert!(matches!(store.begin(new(1, 9)).await, Err(StoreError::Locked)));
    send(store, 1, 0, &bytes[..1_000_000]).await.unwrap();
    let mut writer = store.append(token(1), 1_000_000).await.unwrap();
    writer.write(bytes.slice(1_000_000..1_300_000)).await.unwrap();
    assert_eq!((writer.offset(), writer.left()), (1_300_000, object.size() - 1_300_000));
    drop(writer);
    assert_eq!(store.status().uploads, 1);
    let upload = store.upload(token(1)).await.unwrap();
    let (kind, len) = (Kind::Report, object.size());
    assert_eq!(upload, Upload { kind, len, offset: 1_000_000, until: 1000, finished: None });
    let other = send(store, 1, 5, &bytes[5..10]).await;
    assert!(matches!(other, Err(StoreError::OtherOffset { offset: 1_000_000 })), "{other:?}");
    assert!(matches!(store.finish(token(1), MANY, day(0)).await, Err(StoreError::OtherOffset { .. })));
    let beyond = [&bytes[1_000_000..], b"x"].concat();
    assert!(matches!(send(store, 1, 1_000_000, &beyond).await, Err(StoreError::TooLarge)));
    send(store, 1, 1_000_000, &bytes[1_000_000..]).await.unwrap();
    let put = store.finish(token(1), MANY, day(2)).await.unwrap();
    assert!(matches!(put, Put::Stored(row) if row.id == object.id() && row.size == object.size()), "{put:?}");
    assert_eq!(put.row().day, day(2), "the day on which it was whole");
    assert_eq!(store.read(object.id(), 0..object.size()).await.unwrap(), bytes);
    assert_eq!(store.upload(token(1)).await.unwrap().finished, Some(*put.row()));
    assert!(matches!(send(store, 1, 0, b"x").await, Err(StoreError::Finished)));
    assert!(matches!(store.finish(token(1), MANY, day(0)).await, Err(StoreError::Finished)));
    assert!(matches!(store.abandon(token(1)).await, Err(StoreError::Finished)));
    // The same bytes another way are the same object.
    assert_eq!(bring(store, 2, &object).await.unwrap(), Put::AlreadyThere(*put.row()));
    assert_eq!(store.status().uploads, 0);
    store.delete(object.id()).await.unwrap();
    assert!(matches!(store.upload(token(1)).await, Err(StoreError::Gone)));
    assert!(matches!(bring(store, 3, &object).await, Err(StoreError::Gone)));
}

/// What is not sealed, too large, one too many, given up or past its time leaves nothing behind, at once.
pub async fn an_upload_that_fails_leaves_nothing(store: &dyn Store, _late: Duration) {
    store.begin(new(1, 5000)).await.unwrap();
    assert!(matches!(send(store, 1, 0, &[b'x'; 3000]).await, Err(StoreError::NotSealed(_))));
    store.abandon(token(1)).await.unwrap();
    assert!(matches!(store.upload(token(1)).await, Err(StoreError::Unknown)));
    let object = sealed(1, 200_000);
    store.begin(new(2, object.size())).await.unwrap();
    send(store, 2, 0, object.as_bytes()).await.unwrap();
    assert!(matches!(store.finish(token(2), 1000, day(0)).await, Err(StoreError::TooLarge)));
    for number in 3..6 {
        store.begin(new(number, 5000)).await.unwrap();
    }
    assert!(matches!(store.begin(new(6, 5000)).await, Err(StoreError::TooManyUploads)));
    let somebody = NewUpload { owner: Owner::Nobody, ..new(7, 5000) };
    store.begin(somebody).await.unwrap();
    assert!(matches!(store.begin(new(8, crate::MAX_FILE_LEN + 1)).await, Err(StoreError::TooLarge)));
    assert_eq!(store.status().oldest_upload_until, Some(1000));
    assert_eq!(store.expire_uploads(999).await.unwrap(), 0);
    assert_eq!(store.expire_uploads(1000).await.unwrap(), 4);
    assert!(matches!(store.append(token(3), 0).await, Err(StoreError::Unknown)));
    let status = store.status();
    assert_eq!((status.uploads, status.objects, status.oldest_upload_until), (0, 0, None));
}

/// Whoever wants to go on with an upload interrupts the one who writes to it, and sees what he wrote at once.
pub async fn a_newcomer_interrupts_the_writer(store: &dyn Store, _late: Duration) {
    let object = sealed(1, 300_000);
    store.begin(new(1, object.size())).await.unwrap();
    let mut writer = store.append(token(1), 0).await.unwrap();
    writer.write(object.as_bytes().slice(..100_000)).await.unwrap();
    let first = async {
        writer.interrupted().await;
        writer.sync().await.unwrap();
        drop(writer);
    };
    let (upload, ()) = futures_util::future::join(store.upload(token(1)), first).await;
    assert_eq!(upload.unwrap().offset, 100_000, "what was written before counts");
    send(store, 1, 100_000, &object.as_bytes()[100_000..]).await.unwrap();
    store.finish(token(1), MANY, day(0)).await.unwrap();
}
