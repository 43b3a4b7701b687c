//! Many at once.

use std::collections::HashMap;
use std::sync::Arc;

use kua_store::{Kind, Put, Store, StoreError};

use crate::{open, runtime};
use kua_store::testing::objects::{day, report};

#[test]
fn the_same_bytes_from_many_senders_are_stored_once() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let store = Arc::new(open(folder.path()));
    let senders: Vec<_> = (0..64u64)
        .map(|sender| {
            let store = Arc::clone(&store);
            runtime.spawn(async move {
                let mut answers = Vec::new();
                for round in 0..12 {
                    // Every object is sent by four of the sixty-four, at about the same time, on two days.
                    let seed = round * 16 + sender % 16;
                    let object = report(seed, 1000, day(u32::try_from(seed % 2).unwrap()));
                    answers.push(store.put(object).await.unwrap());
                }
                answers
            })
        })
        .collect();
    let mut stored = HashMap::new();
    for sender in senders {
        for put in runtime.block_on(sender).unwrap() {
            *stored.entry(put.row().id).or_insert(0) += i32::from(matches!(put, Put::Stored(_)));
        }
    }
    assert_eq!(stored.len(), 192);
    assert!(stored.values().all(|times| *times == 1), "one sender of each is told that it was new");
    assert_eq!(store.status().objects, 192);
    assert_eq!(runtime.block_on(store.list(Kind::Report, day(0), None, 1000)).unwrap().rows.len(), 192);
}

#[test]
fn a_reader_beside_a_deletion_sees_all_or_gone() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let store = Arc::new(open(folder.path()));
    for seed in 0..20 {
        let object = report(seed, 300_000, day(0));
        let (id, bytes) = (object.sealed.id(), object.sealed.as_bytes().clone());
        runtime.block_on(store.put(object)).unwrap();
        let readers: Vec<_> = (0..4usize)
            .map(|reader| {
                let (store, bytes) = (Arc::clone(&store), bytes.clone());
                // Short reads are not checked against the id: nothing but the second look keeps zeros from them.
                let range = if reader % 2 == 0 { 0..bytes.len() } else { 100_000..150_000 };
                runtime.spawn(async move {
                    loop {
                        match store.read(id, range.start as u64..range.end as u64).await {
                            Ok(read) => assert_eq!(read, bytes.slice(range.clone())),
                            Err(StoreError::Gone) => break,
                            Err(other) => panic!("{other:?}"),
                        }
                    }
                })
            })
            .collect();
        runtime.block_on(store.delete(id)).unwrap();
        for reader in readers {
            runtime.block_on(reader).unwrap();
        }
    }
}

#[test]
fn a_second_opener_is_refused_until_the_first_has_gone() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    let second = kua_store_local::LocalStore::open(folder.path(), kua_store_local::Options::default());
    assert!(matches!(second, Err(StoreError::InUse)));
    drop(first);
    open(folder.path());
}
