//! What every store has to do, as tests over an empty one. A store's own tests call each of them.
//!
//! A store may be late with deletions: for the time `late`, which is none for a store on one disk, what was deleted may still
//! be found, read and listed. Nothing else may be late: what was acknowledged is there at once, and what was deleted is not
//! taken in again at any moment. Each test says where that matters.

mod uploads;

use std::time::Duration;

use kua_protocol::id::{MailboxId, ObjectId};

pub use self::uploads::{
    a_newcomer_interrupts_the_writer, an_upload_comes_in_portions, an_upload_that_fails_leaves_nothing,
};
use super::objects::{coordinator, day, report, sealed};
use crate::{
    DeleteAsked, Document, Due, Kind, Lookup, NewObject, Owner, Put, Retention, State, Store, StoreError,
};

/// Hands the names of all tests of this module to a macro, so that no store leaves one out.
#[macro_export]
macro_rules! for_each_conformance_test {
    ($with:ident) => {
        $with! {
            what_was_put_is_found_read_and_listed,
            pages_follow_each_other,
            a_deleted_report_takes_its_case_with_it,
            the_first_wish_stands_and_can_be_taken_back,
            what_has_its_last_day_goes,
            documents_are_kept_and_replaced,
            an_upload_comes_in_portions,
            an_upload_that_fails_leaves_nothing,
            a_newcomer_interrupts_the_writer,
        }
    };
}

const RETENTION: Retention = Retention { days: 20, spread: 7 };

/// Waits until nobody sees any more what was deleted.
async fn settled(late: Duration) {
    if !late.is_zero() {
        tokio::time::sleep(late).await;
    }
}

fn mailbox() -> Owner {
    Owner::Mailbox(MailboxId::from_bytes([7; 16]))
}

async fn row(store: &dyn Store, id: ObjectId) -> crate::ObjectRow {
    match store.find(id).await.unwrap() {
        Lookup::Present(row) => row,
        other => panic!("{other:?}"),
    }
}

/// What was put is found, read and listed, and counted; none of it late.
pub async fn what_was_put_is_found_read_and_listed(store: &dyn Store, _late: Duration) {
    let with_size = |(size, seed)| NewObject { owner: mailbox(), ..report(seed, size, day(1)) };
    let objects: Vec<_> = [400, 20_000, 70_000, 1_100_000].into_iter().zip(1..).map(with_size).collect();
    for object in &objects {
        let put = store.put(object.clone()).await.unwrap();
        assert!(
            matches!(put, Put::Stored(row) if row.size == object.sealed.size() && row.owner == mailbox())
        );
        // The same bytes are one object, whatever is said of them the second time.
        let again =
            store.put(NewObject { owner: Owner::Nobody, day: day(9), ..object.clone() }).await.unwrap();
        assert_eq!(again, Put::AlreadyThere(*put.row()));
    }
    for object in &objects {
        let (id, size) = (object.sealed.id(), object.sealed.size());
        assert_eq!(store.read(id, 0..size).await.unwrap(), object.sealed.as_bytes());
        assert_eq!(store.read(id, 10..100).await.unwrap(), object.sealed.as_bytes().slice(10..100));
        let beyond = store.read(id, 0..size + 1).await;
        assert!(matches!(beyond, Err(StoreError::OutOfRange { size: s }) if s == size), "{beyond:?}");
    }
    let mut expected: Vec<_> = objects.iter().map(|object| object.sealed.id()).collect();
    expected.sort();
    let listed = store.list(Kind::Report, day(0), None, 100).await.unwrap();
    assert_eq!(listed.rows.iter().map(|row| row.id).collect::<Vec<_>>(), expected);
    assert_eq!(store.owned(mailbox(), Kind::Report, None, 100).await.unwrap(), listed);
    assert!(store.owned(Owner::Nobody, Kind::Report, None, 100).await.unwrap().rows.is_empty());
    let status = store.status();
    assert_eq!((status.objects, status.state), (4, State::Writable));
    assert_eq!(status.bytes, objects.iter().map(|object| object.sealed.size()).sum::<u64>());
    assert_eq!(store.find(ObjectId::of(b"?")).await.unwrap(), Lookup::Unknown);
    assert!(matches!(store.read(ObjectId::of(b"?"), 0..1).await, Err(StoreError::Unknown)));
    let large = usize::try_from(crate::MAX_OBJECT_LEN).unwrap() + 8;
    assert!(matches!(store.put(report(9, large, day(1))).await, Err(StoreError::TooLarge)));
}

/// Pages follow each other without gap or repetition. What was put is in them at once.
pub async fn pages_follow_each_other(store: &dyn Store, _late: Duration) {
    for seed in 0..25 {
        store.put(report(seed, 300, day(u32::try_from(seed % 3).unwrap()))).await.unwrap();
    }
    let whole = store.list(Kind::Report, day(1), None, 100).await.unwrap();
    assert_eq!(whole.next, None);
    assert!(
        whole.rows.iter().all(|row| row.day >= day(1))
            && whole.rows.is_sorted_by_key(|row| (row.day, row.id))
    );
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = store.list(Kind::Report, day(1), after, 5).await.unwrap();
        assert!(page.rows.len() <= 5);
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(rows, whole.rows);
    assert_eq!(store.list(Kind::Report, day(1), None, 0).await.unwrap().rows.len(), 1, "one at least");
    assert!(store.list(Kind::Reply, day(0), None, 5).await.unwrap().rows.is_empty());
}

/// A deleted report takes its case with it, for ever. It may be seen a while longer, and counted in its report's row; to bring
/// it back, or to delete it twice, is refused at once.
pub async fn a_deleted_report_takes_its_case_with_it(store: &dyn Store, late: Duration) {
    let (kept, gone) = (report(1, 500, day(1)), report(2, 5000, day(1)));
    let case = Owner::Case(gone.sealed.id());
    let entry = |seed| NewObject { sealed: sealed(seed, 2000), kind: Kind::Entry, owner: case, day: day(2) };
    assert!(matches!(store.put(entry(3)).await, Err(StoreError::Unknown)), "no case yet");
    for object in [kept, gone.clone(), entry(3), entry(4)] {
        store.put(object).await.unwrap();
    }
    assert_eq!(row(store, gone.sealed.id()).await.entries, 2);
    store.delete(entry(3).sealed.id()).await.unwrap();
    settled(late).await;
    assert_eq!(row(store, gone.sealed.id()).await.entries, 1);
    store.delete(gone.sealed.id()).await.unwrap();
    let all = [&gone, &entry(3), &entry(4)];
    for object in all {
        let id = object.sealed.id();
        assert!(matches!(store.put(object.clone()).await, Err(StoreError::Gone)));
        assert!(matches!(store.delete(id).await, Err(StoreError::Gone)));
        assert!(matches!(store.keep(id).await, Err(StoreError::Gone)));
    }
    assert!(matches!(store.put(entry(5)).await, Err(StoreError::Gone)), "its case is gone");
    settled(late).await;
    for object in all {
        let id = object.sealed.id();
        assert_eq!(store.find(id).await.unwrap(), Lookup::Gone);
        assert!(matches!(store.read(id, 0..10).await, Err(StoreError::Gone)));
    }
    assert_eq!(store.list(Kind::Entry, day(0), None, 9).await.unwrap().rows, []);
    assert!(matches!(store.delete(ObjectId::of(b"?")).await, Err(StoreError::Unknown)));
    assert_eq!(store.status().objects, 1);
}

/// The first wish stands until it is taken back, and what was taken back is not fulfilled. Wishes are never late; what was
/// deleted by one may be seen a while longer.
pub async fn the_first_wish_stands_and_can_be_taken_back(store: &dyn Store, late: Duration) {
    let (first, second) = (report(1, 500, day(1)), report(2, 500, day(1)));
    let (a, b) = (first.sealed.id(), second.sealed.id());
    for object in [first, second] {
        store.put(object).await.unwrap();
    }
    let wish = DeleteAsked { by: coordinator(true), day: day(5) };
    for id in [a, b] {
        assert_eq!(store.ask_delete(id, wish.by, wish.day).await.unwrap(), wish);
    }
    assert_eq!(store.ask_delete(a, coordinator(false), day(6)).await.unwrap(), wish, "the first wish stands");
    assert_eq!(store.wishes().await.unwrap().len(), 2);
    for _ in 0..2 {
        store.keep(b).await.unwrap();
    }
    assert_eq!(store.wishes().await.unwrap(), [(a, wish)]);
    assert_eq!((row(store, a).await.delete_asked, row(store, b).await.delete_asked), (Some(wish), None));
    // The caller decided before the wish was taken back.
    let other = DeleteAsked { day: day(4), ..wish };
    let due = |wish| Due { wished: vec![(a, wish), (b, wish), (ObjectId::of(b"?"), wish)], ..Due::default() };
    assert_eq!(store.tidy(day(8), due(other)).await.unwrap().deleted, 0, "another wish stands");
    let due = due(wish);
    assert_eq!(store.tidy(day(8), due.clone()).await.unwrap().deleted, 1);
    settled(late).await;
    assert_eq!(store.find(a).await.unwrap(), Lookup::Gone);
    assert_eq!(row(store, b).await.id, b);
    assert_eq!(store.tidy(day(8), due).await.unwrap().deleted, 0);
}

/// What has its last day by a day is counted and goes, and nothing else. It may be seen a while longer, and is not counted
/// again.
pub async fn what_has_its_last_day_goes(store: &dyn Store, late: Duration) {
    let reports: Vec<_> = (0..40).map(|seed| report(seed, 400, day(0))).collect();
    let entry = NewObject {
        sealed: sealed(100, 2000),
        kind: Kind::Entry,
        owner: Owner::Case(reports[0].sealed.id()),
        day: day(0),
    };
    let reply = NewObject { sealed: sealed(101, 2000), kind: Kind::Reply, owner: mailbox(), day: day(3) };
    for object in reports.iter().chain([&entry, &reply]) {
        store.put(object.clone()).await.unwrap();
    }
    let last = |object: &NewObject| RETENTION.last_day(object.day, object.sealed.id());
    let mortal = || reports.iter().chain([&reply]);
    for through in 10..32 {
        let expected = mortal().filter(|object| last(object) == day(through)).count() as u64;
        let expiring = store.expiring(day(through), RETENTION).await.unwrap();
        assert_eq!((expiring.objects, expiring.oldest), (expected, (expected > 0).then_some(day(through))));
        // Nothing goes of itself.
        assert_eq!(store.tidy(day(60), Due::default()).await.unwrap().expired, 0);
        let due = Due { retention: RETENTION, through: Some(day(through)), ..Due::default() };
        assert_eq!(store.tidy(day(60), due).await.unwrap().expired, expected);
        settled(late).await;
        for object in mortal() {
            let is_there = matches!(store.find(object.sealed.id()).await.unwrap(), Lookup::Present(_));
            assert_eq!(is_there, last(object) > day(through));
        }
    }
    assert_eq!(store.status().objects, 0, "an entry goes with its report");
}

/// Documents are kept each by itself, and replaced whole; none of it late.
#[allow(clippy::unused_async, reason = "as all tests here are called")]
pub async fn documents_are_kept_and_replaced(store: &dyn Store, _late: Duration) {
    for document in Document::ALL {
        assert_eq!(store.document(document).unwrap(), None);
    }
    for (document, number) in Document::ALL.into_iter().zip(0u8..) {
        store.set_document(document, &[number; 5000]).unwrap();
        store.set_document(document, &[number; 7]).unwrap();
    }
    for (document, number) in Document::ALL.into_iter().zip(0u8..) {
        assert_eq!(store.document(document).unwrap(), Some(vec![number; 7]));
    }
    assert_eq!(store.status().objects, 0);
}
