//! The trees of the ledger, and what frames and questions do to them.
//!
//! | tree | key | value |
//! |---|---|---|
//! | `objects` | id | see [`super::record`] |
//! | `days` | kind ‖ day ‖ id | |
//! | `owners` | owner (33) ‖ kind ‖ day ‖ id | |
//! | `asked` | day of the wish ‖ id | |
//! | `read` | day ‖ number of a segment | up to where it was read (`u64`) |
//! | `ledger` | `token` | the token of the stamp |
//!
//! Frames may be applied again: whatever a crash left half done, the same frames in the same order complete.
//! Hence the record of an object is written last when it comes and when it goes.

use std::collections::BTreeMap;
use std::ops::Bound;

use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use sled::{IVec, Tree};

use super::LedgerFault;
use super::frame::{Header, Party, Word, array, kind_code};
use super::record::{Known, Record, grave_bytes};
use super::segment::{HEAD_LEN, Position, SegmentName};
use super::segments::Grave;
use crate::{Cursor, DeleteAsked, Kind, ObjectRow, Owner, Page};

type Answer<T> = Result<T, LedgerFault>;

/// The trees.
#[derive(Debug)]
pub(super) struct Index {
    objects: Tree,
    days: Tree,
    owners: Tree,
    asked: Tree,
    read: Tree,
    ledger: Tree,
}

/// What a frame changed, as far as anybody has to act on it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// The size of an object that came.
    pub(super) came: Option<u64>,
    /// The size of an object that went.
    pub(super) went: Option<u64>,
    /// A body that has to be erased.
    pub(super) grave: Option<Grave>,
}

impl Index {
    /// Opens the trees, or makes them.
    pub(super) fn open(db: &sled::Db) -> Answer<Self> {
        let [objects, days, owners, asked, read, ledger] =
            ["objects", "days", "owners", "asked", "read", "ledger"].map(|name| db.open_tree(name));
        Ok(Self {
            objects: objects?,
            days: days?,
            owners: owners?,
            asked: asked?,
            read: read?,
            ledger: ledger?,
        })
    }

    /// The token that ties these trees to their stamp.
    pub(super) fn token(&self) -> Answer<Option<u128>> {
        Ok(self
            .ledger
            .get("token")?
            .and_then(|token| Some(u128::from_be_bytes(token.as_ref().try_into().ok()?))))
    }

    /// Sets the token.
    pub(super) fn set_token(&self, token: u128) -> Answer<()> {
        self.ledger.insert("token", &token.to_be_bytes())?;
        Ok(())
    }

    /// What is known of an id.
    pub(super) fn known(&self, id: ObjectId) -> Answer<Known> {
        match self.objects.get(id.as_bytes())? {
            Some(bytes) => Known::decode(id, &bytes),
            None => Ok(Known::Unknown),
        }
    }

    /// The row of an object, with the number of its case's entries.
    pub(super) fn row(&self, id: ObjectId, record: &Record) -> ObjectRow {
        let entries = match record.kind {
            // Counted rather than kept: a number that is derived cannot drift, and cases are short.
            Kind::Report => self.owners.scan_prefix(owner_prefix(Owner::Case(id), Kind::Entry)).count(),
            Kind::Reply | Kind::Entry => 0,
        };
        record.row(id, u32::try_from(entries).unwrap_or(u32::MAX))
    }

    /// The ids of all that a report's case owns.
    pub(super) fn case(&self, report: ObjectId) -> Answer<Vec<ObjectId>> {
        let party = Party::of(Owner::Case(report));
        let owned = self.owners.scan_prefix([&[party.sort][..], &party.bytes].concat()).keys();
        owned.map(|key| id_at_end(&key?)).collect()
    }

    /// A page of the objects of a kind from a day on.
    pub(super) fn list(&self, kind: Kind, since: Day, after: Option<Cursor>, limit: usize) -> Answer<Page> {
        let prefix = [kind_code(kind)];
        let first = [&prefix[..], &since.number().to_be_bytes()].concat();
        self.page(&self.days, &prefix, first, after, limit)
    }

    /// A page of the objects of a kind that an owner has.
    pub(super) fn owned(
        &self,
        owner: Owner,
        kind: Kind,
        after: Option<Cursor>,
        limit: usize,
    ) -> Answer<Page> {
        let prefix = owner_prefix(owner, kind);
        self.page(&self.owners, &prefix, prefix.clone(), after, limit)
    }

    fn page(
        &self,
        tree: &Tree,
        prefix: &[u8],
        first: Vec<u8>,
        after: Option<Cursor>,
        limit: usize,
    ) -> Answer<Page> {
        let limit = limit.max(1);
        let after = after.map(|cursor| [prefix, &day_key(cursor.day, cursor.id)].concat());
        let from = match after {
            Some(after) if after >= first => Bound::Excluded(after),
            _ => Bound::Included(first),
        };
        let mut page = Page { rows: Vec::new(), next: None };
        for key in tree.range((from, Bound::Unbounded)).keys() {
            let key = key?;
            if !key.starts_with(prefix) {
                break;
            }
            let id = id_at_end(&key)?;
            // An object that is being deleted may still be in a tree while its record says that it is gone.
            let Known::Present(record) = self.known(id)? else {
                continue;
            };
            if page.rows.len() == limit {
                page.next = page.rows.last().map(|row| Cursor { day: row.day, id: row.id });
                break;
            }
            page.rows.push(self.row(id, &record));
        }
        Ok(page)
    }

    /// The ids whose wish for deletion is of an earlier day than this.
    pub(super) fn asked_before(&self, day: Day) -> Answer<Vec<ObjectId>> {
        self.asked.range(..day.number().to_be_bytes()).keys().map(|key| id_at_end(&key?)).collect()
    }

    /// The objects of a kind that came before a day, with the days on which they came.
    pub(super) fn came_before(&self, kind: Kind, day: Day) -> impl Iterator<Item = Answer<(Day, ObjectId)>> {
        let code = kind_code(kind);
        let end = [&[code][..], &day.number().to_be_bytes()].concat();
        self.days.range(vec![code]..end).keys().map(|key| {
            let key = key?;
            let day = key.get(1..5).ok_or(LedgerFault::Record)?;
            Ok((Day::from_number(u32::from_be_bytes(array(day, 0))), id_at_end(&key)?))
        })
    }

    /// Takes in what a frame says, and where it says it.
    pub(super) fn apply(&self, frame: &Header, at: Position) -> Answer<Change> {
        let id = frame.id;
        let mut change = Change::default();
        match (frame.word, self.known(id)?) {
            (Word::Object(kind, owner, place), Known::Unknown) => {
                let (day, size) = (frame.day, frame.len);
                let record = Record { kind, owner, day, size, at, place, delete_asked: None };
                self.days.insert(day_row(kind, frame.day, id), &[])?;
                self.owners.insert(owner_row(&record, id), &[])?;
                self.write(id, &record)?;
                change.came = Some(record.size);
            }
            // Of two copies the later one counts: it was written because the earlier was not to be trusted.
            (Word::Object(_, _, place), Known::Present(record)) => {
                self.write(id, &Record { at, place, ..record })?;
            }
            (Word::Object(_, _, place), Known::Gone(_)) => {
                change.grave = Some(Grave { id, at, len: frame.len, place });
            }
            (Word::Tombstone, Known::Present(record)) => {
                self.forget_wish(id, &record)?;
                self.days.remove(day_row(record.kind, record.day, id))?;
                self.owners.remove(owner_row(&record, id))?;
                change.went = Some(record.size);
                change.grave = Some(record.grave(id));
            }
            (Word::Tombstone, Known::Gone(grave)) => change.grave = grave,
            (Word::Tombstone, Known::Unknown) => self.erased(id)?,
            (Word::DeleteAsked(by), Known::Present(record)) => {
                self.forget_wish(id, &record)?;
                self.asked.insert(day_key(frame.day, id), &[])?;
                self.write(id, &Record { delete_asked: Some(DeleteAsked { by, day: frame.day }), ..record })?;
            }
            (Word::Kept, Known::Present(record)) => {
                self.forget_wish(id, &record)?;
                self.write(id, &Record { delete_asked: None, ..record })?;
            }
            (Word::Void | Word::Batch, _)
            | (Word::DeleteAsked(_) | Word::Kept, Known::Gone(_) | Known::Unknown) => {}
        }
        if let Some(grave) = &change.grave {
            self.objects.insert(id.as_bytes(), &grave_bytes(grave))?;
        }
        Ok(change)
    }

    /// Notes that an object is gone and its body erased.
    pub(super) fn erased(&self, id: ObjectId) -> Answer<()> {
        self.objects.insert(id.as_bytes(), &[])?;
        Ok(())
    }

    /// How many objects there are, and how many bytes they have together: looks at every one.
    pub(super) fn count(&self) -> Answer<(u64, u64)> {
        self.objects.iter().try_fold((0, 0), |(objects, bytes), entry| {
            let (key, value) = entry?;
            Ok(match Known::decode(id_at_end(&key)?, &value)? {
                Known::Present(record) => (objects + 1, bytes + record.size),
                _ => (objects, bytes),
            })
        })
    }

    /// The objects that are there, of all kinds, in the order of ids.
    pub(super) fn present(&self) -> impl Iterator<Item = Answer<(ObjectId, Record)>> {
        self.objects.iter().filter_map(|entry| {
            let known = entry.map_err(LedgerFault::from).and_then(|(key, value)| {
                let id = id_at_end(&key)?;
                Ok((id, Known::decode(id, &value)?))
            });
            match known {
                Ok((id, Known::Present(record))) => Some(Ok((id, record))),
                Ok(_) => None,
                Err(fault) => Some(Err(fault)),
            }
        })
    }

    /// The ids of what was deleted.
    pub(super) fn gone(&self) -> impl Iterator<Item = Answer<ObjectId>> {
        let gone = |entry: &sled::Result<(IVec, IVec)>| {
            entry.as_ref().map_or(true, |(_, value)| matches!(value.len(), 0 | 24))
        };
        self.objects.iter().filter(gone).map(|entry| id_at_end(&entry?.0))
    }

    /// The objects of a day that are there, of all kinds, in the order of ids.
    pub(super) fn of_day(&self, day: Day) -> Answer<BTreeMap<ObjectId, Record>> {
        let mut records = BTreeMap::new();
        for kind in [Kind::Report, Kind::Reply, Kind::Entry] {
            let prefix = [&[kind_code(kind)][..], &day.number().to_be_bytes()].concat();
            for key in self.days.scan_prefix(prefix).keys() {
                let id = id_at_end(&key?)?;
                if let Known::Present(record) = self.known(id)? {
                    records.insert(id, record);
                }
            }
        }
        Ok(records)
    }

    /// Whether an object is found by its day and by its owner, and by its wish where one stands.
    pub(super) fn leads_to(&self, id: ObjectId, record: &Record) -> Answer<bool> {
        Ok(self.days.contains_key(day_row(record.kind, record.day, id))?
            && self.owners.contains_key(owner_row(record, id))?
            && record.delete_asked.map_or(Ok(true), |wish| self.asked.contains_key(day_key(wish.day, id)))?)
    }

    /// How many rows the trees of days, owners and wishes have.
    pub(super) fn rows(&self) -> (usize, usize, usize) {
        (self.days.len(), self.owners.len(), self.asked.len())
    }

    /// Forgets that a segment was ever read.
    pub(super) fn forget_segment(&self, segment: SegmentName) -> Answer<()> {
        self.read.remove(segment_key(segment))?;
        Ok(())
    }

    /// Up to where a segment was read.
    pub(super) fn read_up_to(&self, segment: SegmentName) -> Answer<u64> {
        self.read.get(segment_key(segment))?.map_or(Ok(HEAD_LEN), |offset| number(&offset))
    }

    /// Notes up to where a segment was read.
    pub(super) fn note_read(&self, end: Position) -> Answer<()> {
        self.read.insert(segment_key(end.segment), &end.offset.to_be_bytes())?;
        Ok(())
    }

    /// The ends up to which segments were read.
    pub(super) fn ends(&self) -> impl Iterator<Item = Answer<Position>> {
        self.read.iter().map(|entry| {
            let (key, offset) = entry?;
            let key: [u8; 8] = key.as_ref().try_into().map_err(|_| LedgerFault::Record)?;
            let day = Day::from_number(u32::from_be_bytes(array(&key, 0)));
            let segment = SegmentName { day, number: u32::from_be_bytes(array(&key, 4)) };
            Ok(Position { segment, offset: number(&offset)? })
        })
    }

    fn write(&self, id: ObjectId, record: &Record) -> Answer<()> {
        self.objects.insert(id.as_bytes(), record.encode())?;
        Ok(())
    }

    fn forget_wish(&self, id: ObjectId, record: &Record) -> Answer<()> {
        if let Some(wish) = record.delete_asked {
            self.asked.remove(day_key(wish.day, id))?;
        }
        Ok(())
    }
}

fn day_key(day: Day, id: ObjectId) -> [u8; 36] {
    let mut key = [0; 36];
    key[..4].copy_from_slice(&day.number().to_be_bytes());
    key[4..].copy_from_slice(id.as_bytes());
    key
}

fn day_row(kind: Kind, day: Day, id: ObjectId) -> Vec<u8> {
    [&[kind_code(kind)][..], &day_key(day, id)].concat()
}

fn owner_prefix(owner: Owner, kind: Kind) -> Vec<u8> {
    let party = Party::of(owner);
    [&[party.sort][..], &party.bytes, &[kind_code(kind)]].concat()
}

fn owner_row(record: &Record, id: ObjectId) -> Vec<u8> {
    [&owner_prefix(record.owner, record.kind)[..], &day_key(record.day, id)].concat()
}

fn segment_key(segment: SegmentName) -> [u8; 8] {
    let mut key = [0; 8];
    key[..4].copy_from_slice(&segment.day.number().to_be_bytes());
    key[4..].copy_from_slice(&segment.number.to_be_bytes());
    key
}

fn id_at_end(key: &IVec) -> Answer<ObjectId> {
    key.last_chunk().map(|id| ObjectId::from_bytes(*id)).ok_or(LedgerFault::Record)
}

fn number(bytes: &IVec) -> Answer<u64> {
    bytes.as_ref().try_into().map(u64::from_be_bytes).map_err(|_| LedgerFault::Record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::frame::Place;

    fn index() -> Index {
        Index::open(&sled::Config::new().temporary(true).open().unwrap()).unwrap()
    }

    fn frame(word: Word, id: u8, len: u64) -> Header {
        Header { word, id: ObjectId::from_bytes([id; 32]), day: Day::from_number(100), len }
    }

    fn at(offset: u64) -> Position {
        Position { segment: SegmentName { day: Day::from_number(100), number: 0 }, offset }
    }

    #[test]
    fn frames_applied_again_change_nothing() {
        let index = index();
        let case = Owner::Case(ObjectId::from_bytes([1; 32]));
        let frames = [
            frame(Word::Object(Kind::Report, Owner::Nobody, Place::Segment), 1, 10),
            frame(Word::Object(Kind::Entry, case, Place::Segment), 2, 20),
            frame(Word::Object(Kind::Report, Owner::Nobody, Place::Segment), 3, 30),
            frame(Word::Tombstone, 3, 0),
            frame(Word::Tombstone, 4, 0),
        ];
        let run = || {
            for (frame, offset) in frames.iter().zip(32..) {
                index.apply(frame, at(offset)).unwrap();
            }
            let page = index.list(Kind::Report, Day::from_number(0), None, 9).unwrap();
            (page, index.count().unwrap(), index.known(frames[3].id).unwrap())
        };
        let once = run();
        assert_eq!(once.0.rows.len(), 1);
        assert_eq!(once.0.rows[0].entries, 1);
        assert_eq!(once.1, (2, 30));
        assert_eq!(
            once.2,
            Known::Gone(Some(Grave { id: frames[3].id, at: at(34), len: 30, place: Place::Segment }))
        );
        assert_eq!(run(), once);
    }

    #[test]
    fn the_later_of_two_copies_counts() {
        let index = index();
        let object = frame(Word::Object(Kind::Report, Owner::Nobody, Place::Segment), 1, 10);
        assert_eq!(index.apply(&object, at(32)).unwrap().came, Some(10));
        assert_eq!(index.apply(&object, at(500)).unwrap(), Change::default());
        assert!(matches!(index.known(object.id).unwrap(), Known::Present(record) if record.at == at(500)));
    }
}
