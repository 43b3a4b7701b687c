//! What holds of a store whose calls fail: whatever it acknowledged is there, whatever failed is there as a whole or not at
//! all, and whoever tries again gets what they wanted.

mod possible;
mod step;

use std::collections::BTreeMap;

use kua_protocol::day::Day;
use kua_protocol::id::{Digest, MailboxId};
use kua_protocol::sealed::SealedBytes;

use self::possible::Possible;
use self::step::OBJECTS;
pub use self::step::Step;
use super::UnreliableStore;
use super::objects::{coordinator, day, sealed};
use crate::{Document, Kind, Lookup, NewObject, NewUpload, Owner, Store, StoreError};

/// Tries after which what still fails will not come.
const PATIENCE: usize = 1000;
const OWNER: Owner = Owner::Mailbox(MailboxId::from_bytes([7; 16]));

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Nowhere,
    There,
    Gone,
}

/// What the keeper of a store knows of it.
#[derive(Debug)]
pub struct Known {
    places: BTreeMap<u8, Possible<Place>>,
    wishes: BTreeMap<u8, Possible<bool>>,
    /// How many bytes of an unfinished upload were said to be durable.
    synced: BTreeMap<u8, u64>,
    roster: Possible<Option<u8>>,
}

fn object(number: u8) -> SealedBytes {
    sealed(number.into(), 300 + 1000 * usize::from(number))
}

fn token(number: u8) -> Digest {
    Digest::of(&[number])
}

/// Nothing where a call failed and nobody knows what it did.
fn told<T>(outcome: Result<T, StoreError>) -> Option<Result<T, StoreError>> {
    match outcome {
        Err(StoreError::Io(_)) => None,
        told => Some(told),
    }
}

impl Default for Known {
    /// What is known of an empty store.
    fn default() -> Self {
        let all = 0..OBJECTS;
        Self {
            places: all.clone().map(|number| (number, Possible::only(Place::Nowhere))).collect(),
            wishes: all.map(|number| (number, Possible::only(false))).collect(),
            synced: BTreeMap::new(),
            roster: Possible::only(None),
        }
    }
}

impl Known {
    /// Does these steps, of which some fail, and looks below after each of them.
    pub async fn live<S: Store>(&mut self, store: &UnreliableStore<S>, steps: &[Step]) {
        for step in steps {
            self.take(store, *step).await;
            self.check(store.inner()).await;
        }
    }

    /// Tries again until every object is there that was not to be deleted, and the others are gone.
    pub async fn converge<S: Store>(&mut self, store: &UnreliableStore<S>) {
        for number in 0..OBJECTS {
            let may_be_gone = self.places[&number].may_be(Place::Gone);
            let (step, wanted) = if may_be_gone {
                (Step::Delete(number), Place::Gone)
            } else {
                (Step::Put(number), Place::There)
            };
            let mut tries = 0..PATIENCE;
            while !self.places[&number].is(wanted) {
                assert!(tries.next().is_some(), "{step:?} never came to an end");
                // It may be that it never came in: then it is deleted after it has.
                if self.places[&number].is(Place::Nowhere) {
                    self.take(store, Step::Put(number)).await;
                }
                self.take(store, step).await;
            }
        }
        self.check(store.inner()).await;
    }

    async fn take<S: Store>(&mut self, store: &UnreliableStore<S>, step: Step) {
        match step {
            Step::Put(number) => {
                let new = NewObject { sealed: object(number), kind: Kind::Report, owner: OWNER, day: day(1) };
                self.came(number, told(store.put(new).await.map(drop)));
            }
            Step::Upload(number) => {
                let outcome = self.send(store, number).await;
                self.came(number, told(outcome));
            }
            Step::Delete(number) => {
                let place = match told(store.delete(object(number).id()).await) {
                    Some(Ok(()) | Err(StoreError::Gone)) => Some(Place::Gone),
                    Some(Err(StoreError::Unknown)) => Some(Place::Nowhere),
                    Some(Err(other)) => panic!("{other:?}"),
                    None => None,
                };
                let is_or_was_there = !self.places[&number].is(Place::Nowhere);
                let tried = if is_or_was_there { Place::Gone } else { Place::Nowhere };
                self.place(number).set(place, tried);
            }
            Step::Wish(number, on) => {
                let id = object(number).id();
                let outcome = if on {
                    store.ask_delete(id, coordinator(true), day(2)).await.map(drop)
                } else {
                    store.keep(id).await
                };
                let outcome = match told(outcome) {
                    Some(Err(StoreError::Gone | StoreError::Unknown)) => return,
                    Some(outcome) => Some(outcome.map(|()| on).unwrap()),
                    None => None,
                };
                self.wishes.get_mut(&number).unwrap().set(outcome, on);
            }
            Step::Document(number) => {
                let outcome = told(store.set_document(Document::Roster, &[number; 100]));
                let outcome = outcome.map(|outcome| outcome.map(|()| Some(number)).unwrap());
                self.roster.set(outcome, Some(number));
            }
        }
    }

    /// Takes in how the coming of an object ended.
    fn came(&mut self, number: u8, outcome: Option<Result<(), StoreError>>) {
        let place = match outcome {
            Some(Ok(())) => Some(Place::There),
            Some(Err(StoreError::Gone)) => Some(Place::Gone),
            Some(Err(other)) => panic!("{other:?}"),
            None => None,
        };
        let was_gone = self.places[&number].is(Place::Gone);
        self.place(number).set(place, if was_gone { Place::Gone } else { Place::There });
    }

    /// Sends what is missing of an upload, in two portions, and finishes it.
    async fn send<S: Store>(&mut self, store: &UnreliableStore<S>, number: u8) -> Result<(), StoreError> {
        let (id, bytes) = (token(number), object(number).as_bytes().clone());
        let len = bytes.len() as u64;
        let offset = match store.upload(id).await {
            Ok(upload) if upload.finished.is_some() => return Ok(()),
            Ok(upload) => upload.offset,
            Err(StoreError::Unknown) => {
                let (kind, owner, until) = (Kind::Report, OWNER, u64::MAX / 2);
                let new = NewUpload { id, kind, owner, day: day(1), len, until, most_open: usize::MAX };
                store.begin(new).await?;
                self.synced.insert(number, 0);
                0
            }
            Err(other) => return Err(other),
        };
        let mut writer = store.append(id, offset).await?;
        for end in [len / 2, len] {
            let at = |place: u64| usize::try_from(place).unwrap();
            let begin = writer.offset();
            if begin < end {
                writer.write(bytes.slice(at(begin)..at(end))).await?;
                writer.sync().await?;
                self.synced.insert(number, end);
            }
        }
        drop(writer);
        // What becomes of the upload is the object's story from here.
        self.synced.remove(&number);
        store.finish(id, u64::MAX, day(1)).await.map(drop)
    }

    fn place(&mut self, number: u8) -> &mut Possible<Place> {
        self.places.get_mut(&number).unwrap()
    }

    /// Looks whether all is true of a store that may be true, and nothing is there by halves.
    pub async fn check(&self, store: &dyn Store) {
        let listed = store.list(Kind::Report, Day::from_number(0), None, 100).await.unwrap().rows;
        for number in 0..OBJECTS {
            let (bytes, what) = (object(number), format!("object {number}"));
            let found = store.find(bytes.id()).await.unwrap();
            let place = match found {
                Lookup::Present(row) => {
                    assert_eq!(store.read(row.id, 0..row.size).await.unwrap(), bytes.as_bytes(), "{what}");
                    self.wishes[&number].assert(row.delete_asked.is_some(), &what);
                    Place::There
                }
                Lookup::Gone => Place::Gone,
                Lookup::Unknown => Place::Nowhere,
            };
            self.places[&number].assert(place, &what);
            let is_listed = listed.iter().any(|row| row.id == bytes.id());
            assert_eq!(is_listed, place == Place::There, "{what}");
            if let Some(synced) = self.synced.get(&number) {
                let upload = store.upload(token(number)).await;
                let kept = upload.as_ref().is_ok_and(|upload| upload.offset >= *synced);
                assert!(kept, "{what}: {synced} bytes were durable, and now {upload:?}");
            }
        }
        let roster = store.document(Document::Roster).unwrap();
        assert!(roster.as_ref().is_none_or(|bytes| bytes.len() == 100), "{roster:?}");
        self.roster.assert(roster.map(|bytes| bytes[0]), "the roster");
    }
}
