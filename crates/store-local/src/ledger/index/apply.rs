//! What frames do to the trees.

use kua_protocol::id::ObjectId;
use kua_store::DeleteAsked;

use super::{Answer, Index};
use crate::ledger::block::Value;
use crate::ledger::keys::{day_row, owner_row, wish_row};
use crate::ledger::record::{Known, Record, erasure_bytes};
use crate::segments::Erasure;
use crate::segments::frame::{FrameKind, Header};
use crate::segments::segment::Position;

/// What a frame changed, as far as anybody has to act on it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// The size of an object that came.
    pub(crate) came: Option<u64>,
    /// The size of an object that went.
    pub(crate) went: Option<u64>,
    /// A body that has to be erased.
    pub(crate) erasure: Option<Erasure>,
}

impl Index {
    /// Takes in what a frame says, and where it says it.
    pub(crate) fn apply(&self, frame: &Header, at: Position) -> Answer<Change> {
        Ok(self.apply_to(&self.known(frame.id)?, frame, at))
    }

    /// The same, where it is certain what is known of the object.
    pub(crate) fn apply_to(&self, known: &Known, frame: &Header, at: Position) -> Change {
        let id = frame.id;
        let mut change = Change::default();
        match (frame.frame_kind, *known) {
            (FrameKind::Object(kind, owner, place), Known::Unknown) => {
                let (day, size) = (frame.day, frame.len);
                let record = Record { kind, owner, day, size, at, place, delete_asked: None };
                self.enter(id, &record);
                change.came = Some(record.size);
            }
            // Of two copies the later one counts: it was written because the earlier was not to be trusted.
            (FrameKind::Object(_, _, place), Known::Present(record)) => {
                self.enter(id, &Record { at, place, ..record });
            }
            (FrameKind::Object(_, _, place), Known::Gone(_)) => {
                change.erasure = Some(Erasure { id, at, len: frame.len, place });
            }
            (FrameKind::Tombstone, Known::Present(record)) => {
                self.forget_wish(id, &record);
                self.days.remove(&day_row(record.kind, record.day, id));
                self.owners.remove(&owner_row(&record, id));
                change.went = Some(record.size);
                change.erasure = Some(record.erasure(id));
            }
            (FrameKind::Tombstone, Known::Gone(erasure)) => change.erasure = erasure,
            (FrameKind::Tombstone, Known::Unknown) => self.erased(id),
            (FrameKind::DeleteAsked(by), Known::Present(record)) => {
                self.forget_wish(id, &record);
                self.asked.insert(wish_row(frame.day, id), []);
                self.write(id, &Record { delete_asked: Some(DeleteAsked { by, day: frame.day }), ..record });
            }
            (FrameKind::Kept, Known::Present(record)) => {
                self.forget_wish(id, &record);
                self.write(id, &Record { delete_asked: None, ..record });
            }
            (FrameKind::Void | FrameKind::Batch, _)
            | (FrameKind::DeleteAsked(_) | FrameKind::Kept, Known::Gone(_) | Known::Unknown) => {}
        }
        if let Some(erasure) = &change.erasure {
            self.set(id, erasure_bytes(erasure));
        }
        change
    }

    /// Notes that an object is gone and its body erased.
    pub(crate) fn erased(&self, id: ObjectId) {
        self.set(id, []);
    }

    /// Enters an object, or what is new of one; its listings may have been lost.
    fn enter(&self, id: ObjectId, record: &Record) {
        self.days.insert(day_row(record.kind, record.day, id), []);
        self.owners.insert(owner_row(record, id), []);
        self.write(id, record);
    }

    fn write(&self, id: ObjectId, record: &Record) {
        self.set(id, record.encode());
    }

    fn set(&self, id: ObjectId, value: impl Into<Value>) {
        self.bloom.add(id);
        self.objects.insert(*id.as_bytes(), value);
    }

    fn forget_wish(&self, id: ObjectId, record: &Record) {
        if let Some(wish) = record.delete_asked {
            self.asked.remove(&wish_row(wish.day, id));
        }
    }
}
