//! The trees of the ledger. [`apply`] says what frames do to them, [`writing`] how they come to sled, and
//! [`crate::ledger::questions`] asks them.
//!
//! | tree | key | value |
//! |---|---|---|
//! | `objects` | id | see [`crate::ledger::record`] |
//! | `days` | kind ‖ day ‖ id | |
//! | `owners` | owner (33) ‖ kind ‖ day ‖ id | |
//! | `asked` | day of the wish ‖ id | |
//! | `read` | day ‖ number of a segment | up to where it was read (`u64`) |
//! | `ledger` | `token` | the token of the manifest |
//!
//! All but the last are [`Memtable`]: what changes stays in memory until there is enough of it to be written to sled
//! in the order of keys. A crash loses what is in memory, and may come while it is being written. Frames may be
//! applied again: the same frames in the same order complete whatever was left half done. Hence the order of
//! [`Index::write_down`].

mod apply;
mod writing;

use std::sync::Mutex;

use kua_protocol::id::ObjectId;
use sled::Tree;

pub(crate) use self::apply::Change;
use crate::ledger::LedgerFault;
use crate::ledger::bloom::BloomFilter;
use crate::ledger::keys::{DayRow, OwnerRow, SegmentKey, WishRow, end_from, number, segment_key};
use crate::ledger::memtable::Memtable;
use crate::ledger::record::Known;
use crate::segments::segment::{HEAD_LEN, Position, SegmentName};

/// An answer of the ledger.
pub(crate) type Answer<T> = Result<T, LedgerFault>;

/// The trees.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) objects: Memtable<32>,
    pub(crate) days: Memtable<{ size_of::<DayRow>() }>,
    pub(crate) owners: Memtable<{ size_of::<OwnerRow>() }>,
    pub(crate) asked: Memtable<{ size_of::<WishRow>() }>,
    pub(crate) read: Memtable<{ size_of::<SegmentKey>() }>,
    ledger: Tree,
    bloom: BloomFilter,
    /// Whether changes have been cut off that are not written down. Held while they are being written.
    leaving: Mutex<bool>,
}

impl Index {
    /// Opens the trees, or makes them.
    pub(crate) fn open(db: &sled::Db) -> Answer<Self> {
        let bloom = BloomFilter::default();
        let objects = db.open_tree("objects")?;
        if objects.is_empty() {
            bloom.complete();
        }
        Ok(Self {
            objects: Memtable::new(objects),
            days: Memtable::new(db.open_tree("days")?),
            owners: Memtable::new(db.open_tree("owners")?),
            asked: Memtable::new(db.open_tree("asked")?),
            read: Memtable::new(db.open_tree("read")?),
            ledger: db.open_tree("ledger")?,
            bloom,
            leaving: Mutex::new(false),
        })
    }

    /// The token that ties these trees to their manifest.
    pub(crate) fn token(&self) -> Answer<Option<u128>> {
        let token = self.ledger.get("token")?;
        Ok(token.and_then(|token| Some(u128::from_be_bytes(token.as_ref().try_into().ok()?))))
    }

    /// Sets the token.
    pub(crate) fn set_token(&self, token: u128) -> Answer<()> {
        self.ledger.insert("token", &token.to_be_bytes())?;
        Ok(())
    }

    /// What is known of an id.
    pub(crate) fn known(&self, id: ObjectId) -> Answer<Known> {
        if !self.bloom.may_hold(id) {
            return Ok(Known::Unknown);
        }
        match self.objects.get(id.as_bytes())? {
            Some(bytes) => Known::decode(id, &bytes),
            None => Ok(Known::Unknown),
        }
    }

    /// Looks through all ids that an earlier run left, so that what is new is soon known to be new.
    pub(crate) fn learn(&self) -> Answer<()> {
        for entry in self.objects.scan() {
            self.bloom.add(ObjectId::from_bytes(entry?.0));
        }
        self.bloom.complete();
        Ok(())
    }

    /// Forgets that a segment was ever read.
    pub(crate) fn forget_segment(&self, segment: SegmentName) {
        self.read.remove(&segment_key(segment));
    }

    /// Up to where a segment was read.
    pub(crate) fn read_up_to(&self, segment: SegmentName) -> Answer<u64> {
        self.read.get(&segment_key(segment))?.map_or(Ok(HEAD_LEN), |offset| number(&offset))
    }

    /// Notes up to where a segment was read.
    pub(crate) fn note_read(&self, end: Position) {
        self.read.insert(segment_key(end.segment), end.offset.to_be_bytes());
    }

    /// The ends up to which segments were read.
    pub(crate) fn ends(&self) -> Answer<Vec<Position>> {
        self.read.scan().map(|entry| entry.and_then(|(key, offset)| end_from(key, &offset))).collect()
    }
}

#[cfg(test)]
mod tests;
