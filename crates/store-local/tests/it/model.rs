//! Whatever happens to it, the store equals a simple model.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use kua_protocol::day::Day;
use kua_protocol::id::{MailboxId, ObjectId};
use kua_store::{
    DeleteAsked, Kind, Lookup, NewObject, ObjectRow, Owner, Put, Retention, Store, StoreError, Upkeep as _,
};
use kua_store_local::LocalStore;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::{open, runtime};
use kua_store::testing::objects::{coordinator, day, sealed};

/// Short, so that it is often past.
const RETENTION: Retention = Retention { days: 9, spread: 3 };

/// What can happen; objects are named by a small number.
#[derive(Debug, Clone)]
enum Event {
    Put(u8),
    AskDelete(u8, bool, u32),
    Keep(u8),
    Delete(u8),
    Tidy(u32),
    Reopen(Mishap),
}

/// What happens to the folder while the store is closed, or to the process.
#[derive(Debug, Clone)]
enum Mishap {
    None,
    Killed,
    LedgerLost,
    LedgerGarbage,
    LedgerEmptied,
    StampLost,
    TailGarbage(Vec<u8>),
    TailCut(usize),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let mishap = prop_oneof![
        Just(Mishap::None),
        Just(Mishap::Killed),
        Just(Mishap::LedgerLost),
        Just(Mishap::LedgerGarbage),
        Just(Mishap::LedgerEmptied),
        Just(Mishap::StampLost),
        proptest::collection::vec(any::<u8>(), 1..300).prop_map(Mishap::TailGarbage),
        (1usize..700).prop_map(Mishap::TailCut),
    ];
    let object = 0..24u8;
    let event = prop_oneof![
        8 => object.clone().prop_map(Event::Put),
        3 => (object.clone(), any::<bool>(), 0..9u32).prop_map(|(o, by, on)| Event::AskDelete(o, by, on)),
        2 => object.clone().prop_map(Event::Keep),
        2 => object.prop_map(Event::Delete),
        3 => (0..14u32).prop_map(Event::Tidy),
        3 => mishap.prop_map(Event::Reopen),
    ];
    proptest::collection::vec(event, 1..40)
}

/// The object with this number: every third is an entry in the case of the one before it.
fn object(number: u8) -> NewObject {
    let (kind, owner) = match number % 3 {
        0 => (Kind::Report, Owner::Mailbox(MailboxId::from_bytes([number % 2; 16]))),
        1 => (Kind::Report, Owner::Nobody),
        _ => (Kind::Entry, Owner::Case(object(number - 1).sealed.id())),
    };
    let size = 200 + usize::from(number) * 97;
    NewObject { sealed: sealed(u64::from(number), size), kind, owner, day: day(u32::from(number / 2 % 4)) }
}

/// All that was ever put: the row, or nothing where it was deleted.
#[derive(Default)]
struct Model(BTreeMap<ObjectId, Option<ObjectRow>>);

impl Model {
    fn lookup(&self, id: ObjectId) -> Lookup {
        match self.0.get(&id) {
            Some(Some(row)) => Lookup::Present(ObjectRow { entries: self.entries(id), ..*row }),
            Some(None) => Lookup::Gone,
            None => Lookup::Unknown,
        }
    }

    fn entries(&self, report: ObjectId) -> u32 {
        let owned = |row: &&ObjectRow| row.owner == Owner::Case(report);
        u32::try_from(self.0.values().flatten().filter(owned).count()).unwrap()
    }

    /// Puts the object, or says what stood in its way.
    fn put(&mut self, object: &NewObject) -> Option<Lookup> {
        let NewObject { sealed, kind, owner, day } = object;
        let known = self.lookup(sealed.id());
        if known != Lookup::Unknown {
            return Some(known);
        }
        if let Owner::Case(report) = owner
            && !matches!(self.lookup(*report), Lookup::Present(_))
        {
            return Some(self.lookup(*report));
        }
        let row = ObjectRow {
            id: sealed.id(),
            kind: *kind,
            owner: *owner,
            day: *day,
            size: sealed.size(),
            entries: 0,
            delete_asked: None,
        };
        self.0.insert(row.id, Some(row));
        None
    }

    fn delete(&mut self, id: ObjectId) {
        for (other, row) in &mut self.0 {
            if *other == id || row.is_some_and(|row| row.owner == Owner::Case(id)) {
                *row = None;
            }
        }
    }

    fn due(&self, today: Day) -> Vec<ObjectId> {
        let due = |row: &&ObjectRow| row.delete_asked.is_some_and(|wish| today.days_since(wish.day) > 2);
        self.0.values().flatten().filter(due).map(|row| row.id).collect()
    }

    fn expired(&self, today: Day) -> Vec<ObjectId> {
        let past =
            |row: &&ObjectRow| row.kind == Kind::Report && today.days_since(row.day) > RETENTION.of(row.id);
        self.0.values().flatten().filter(past).map(|row| row.id).collect()
    }

    fn listed(&self, matches: impl Fn(&ObjectRow) -> bool) -> Vec<ObjectRow> {
        let rows = self.0.values().flatten().map(|row| ObjectRow { entries: self.entries(row.id), ..*row });
        let mut rows: Vec<_> = rows.filter(matches).collect();
        rows.sort_by_key(|row| (row.day, row.id));
        rows
    }
}

struct World {
    folder: tempfile::TempDir,
    runtime: Runtime,
    store: Option<LocalStore>,
    model: Model,
}

impl World {
    fn happen(&mut self, event: &Event) {
        let Some(store) = &self.store else { unreachable!("the store is open between events") };
        let runtime = &self.runtime;
        match event {
            Event::Put(number) => {
                let object = object(*number);
                let answer = runtime.block_on(store.put(object.clone()));
                match self.model.put(&object) {
                    None => assert!(matches!(answer, Ok(Put::Stored(row)) if row.id == object.sealed.id())),
                    Some(Lookup::Present(row)) => assert_eq!(answer.unwrap(), Put::AlreadyThere(row)),
                    Some(Lookup::Gone) => assert!(matches!(answer, Err(StoreError::Gone))),
                    Some(Lookup::Unknown) => assert!(matches!(answer, Err(StoreError::Unknown))),
                }
            }
            Event::AskDelete(number, by, on) => {
                let id = object(*number).sealed.id();
                let wish = DeleteAsked { by: coordinator(*by), day: day(*on) };
                let answer = runtime.block_on(store.ask_delete(id, wish.by, wish.day));
                if let Some(Some(row)) = self.model.0.get_mut(&id) {
                    assert_eq!(answer.unwrap(), *row.delete_asked.get_or_insert(wish));
                } else {
                    assert!(matches!(answer, Err(StoreError::Gone | StoreError::Unknown)));
                }
            }
            Event::Keep(number) => {
                let id = object(*number).sealed.id();
                let answer = runtime.block_on(store.keep(id));
                let row = self.model.0.get_mut(&id).and_then(Option::as_mut);
                assert_eq!(answer.is_ok(), row.is_some());
                if let Some(row) = row {
                    row.delete_asked = None;
                }
            }
            Event::Delete(number) => {
                let id = object(*number).sealed.id();
                let answer = runtime.block_on(store.delete(id));
                assert_eq!(answer.is_ok(), matches!(self.model.lookup(id), Lookup::Present(_)));
                self.model.delete(id);
            }
            Event::Tidy(today) => {
                let tidied = crate::tidy(runtime, store, day(*today), RETENTION).unwrap();
                let due = self.model.due(day(*today));
                assert_eq!(tidied.deleted, due.len() as u64);
                for id in due {
                    self.model.delete(id);
                }
                let expired = self.model.expired(day(*today));
                assert_eq!(tidied.expired, expired.len() as u64);
                for id in expired {
                    self.model.delete(id);
                }
            }
            Event::Reopen(mishap) => {
                if let Mishap::Killed = mishap {
                    // A copy made while the store is open is what a process leaves that was killed.
                    let folder = copy(self.folder.path());
                    self.store = None;
                    self.folder = folder;
                }
                self.store = None;
                mishap.strike(self.folder.path());
                self.store = Some(open(self.folder.path()));
            }
        }
    }

    fn check(&self) {
        let Some(store) = &self.store else { unreachable!("the store is open between events") };
        for number in 0..24 {
            let sealed = object(number).sealed;
            let lookup = self.runtime.block_on(store.find(sealed.id())).unwrap();
            assert_eq!(lookup, self.model.lookup(sealed.id()), "object {number}");
            if let Lookup::Present(row) = lookup {
                let bytes = self.runtime.block_on(store.read(row.id, 0..row.size)).unwrap();
                assert_eq!(bytes, sealed.as_bytes());
            }
        }
        for kind in [Kind::Report, Kind::Reply, Kind::Entry] {
            let page = self.runtime.block_on(store.list(kind, day(1), None, 100)).unwrap();
            assert_eq!(page.rows, self.model.listed(|row| row.kind == kind && row.day >= day(1)));
        }
        let owners = [Owner::Nobody, object(0).owner, object(3).owner, object(2).owner, object(23).owner];
        for owner in owners {
            for kind in [Kind::Report, Kind::Entry] {
                let page = self.runtime.block_on(store.owned(owner, kind, None, 100)).unwrap();
                assert_eq!(page.rows, self.model.listed(|row| row.kind == kind && row.owner == owner));
            }
        }
        assert_eq!(store.check(&mut |_| {}).unwrap().objects, self.model.0.values().flatten().count() as u64);
        let rows = self.model.listed(|_| true);
        let status = store.status();
        assert_eq!(status.objects, rows.len() as u64);
        assert_eq!(status.bytes, rows.iter().map(|row| row.size).sum::<u64>());
    }
}

impl Mishap {
    fn strike(&self, folder: &Path) {
        let ledger = || fs::read_dir(folder.join("ledger")).unwrap().next().unwrap().unwrap().path();
        let tail = |bytes: &[u8]| {
            let newest =
                fs::read_dir(folder.join("segments")).unwrap().map(|entry| entry.unwrap().path()).max();
            if let Some(newest) = newest {
                OpenOptions::new().append(true).open(newest).unwrap().write_all(bytes).unwrap();
            }
        };
        match self {
            Self::None | Self::Killed => {}
            Self::LedgerLost => fs::remove_dir_all(folder.join("ledger")).unwrap(),
            Self::LedgerGarbage => {
                for file in ["db", "conf"] {
                    fs::write(ledger().join(file), vec![0xa5; 700_000]).unwrap();
                }
            }
            Self::LedgerEmptied => fs::write(ledger().join("db"), []).unwrap(),
            Self::StampLost => fs::remove_file(folder.join("ledger.stamp")).unwrap(),
            Self::TailGarbage(bytes) => tail(bytes),
            Self::TailCut(kept) => {
                // A frame of another folder with the right marker, cut short: what a crash during a write leaves.
                let newest =
                    fs::read_dir(folder.join("segments")).unwrap().map(|entry| entry.unwrap().path()).max();
                if let Some(newest) = newest {
                    tail(&cut_frame(&fs::read(newest).unwrap()[20..28], *kept));
                }
            }
        }
    }
}

pub(crate) fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        fs::create_dir_all(to.path().join(&folder)).unwrap();
        for entry in fs::read_dir(from.join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = folder.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(name);
            } else {
                fs::copy(entry.path(), to.path().join(name)).unwrap();
            }
        }
    }
    to
}

/// The beginning of a frame that holds an object of 2000 bytes that was never acknowledged.
fn cut_frame(marker: &[u8], kept: usize) -> Vec<u8> {
    let sealed = sealed(999, 2000);
    let mut frame = marker.to_vec();
    frame.extend([1, 1, 0, 0]);
    frame.extend(day(3).number().to_be_bytes());
    frame.extend(sealed.size().to_be_bytes());
    frame.extend(sealed.id().as_bytes());
    frame.extend([0; 32]);
    let checksum = crc32c::crc32c(&frame);
    frame.extend(checksum.to_be_bytes());
    frame.extend(sealed.as_bytes());
    frame.truncate(kept);
    frame
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn the_store_equals_the_model(events in events()) {
        let folder = tempfile::tempdir().unwrap();
        let store = Some(open(folder.path()));
        let mut world = World { folder, runtime: runtime(), store, model: Model::default() };
        for event in &events {
            world.happen(event);
        }
        world.check();
        world.happen(&Event::Reopen(Mishap::LedgerLost));
        world.check();
    }
}
