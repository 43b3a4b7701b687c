//! The trees of the ledger, and what frames do to them; [`crate::ledger::questions`] asks them.
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

use std::sync::{Mutex, PoisonError};

use kua_protocol::id::ObjectId;
use sled::Tree;

use crate::LedgerFault;
use crate::ledger::block::Value;
use crate::ledger::bloom::BloomFilter;
use crate::ledger::keys::{
    DayRow, OwnerRow, SegmentKey, WishRow, day_row, end_from, number, owner_row, segment_key, wish_row,
};
use crate::ledger::memtable::{Memtable, Which};
use crate::ledger::record::{Known, Record, erasure_bytes};
use crate::segments::Erasure;
use crate::segments::frame::{FrameKind, Header};
use crate::segments::segment::{HEAD_LEN, Position, SegmentName};
use kua_store::DeleteAsked;

/// An answer of the ledger.
pub(crate) type Answer<T> = Result<T, LedgerFault>;

/// Changes in memory that are worth being written down: some ten MiB of them.
const MANY: usize = 96 * 1024;

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

    /// Whether so much has changed that it is worth being written down.
    pub(crate) fn is_full(&self, times: usize) -> bool {
        self.objects.young() + self.days.young() + self.owners.young() >= MANY * times
    }

    /// Cuts off what has changed, so that another thread may write it down; nothing when what was cut off before
    /// is not written yet. Whoever applies frames calls it, between two of them: what leaves belongs together.
    pub(crate) fn cut(&self) -> bool {
        let Ok(mut leaving) = self.leaving.try_lock() else { return false };
        !std::mem::replace(&mut *leaving, true) && {
            self.cut_all();
            true
        }
    }

    /// Writes down what was cut off.
    pub(crate) fn write_down(&self) -> Answer<()> {
        let mut leaving = self.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        self.write_down_to(&mut leaving, usize::MAX)
    }

    /// Writes down all that has changed; for whoever applies frames.
    pub(crate) fn write_down_all(&self) -> Answer<()> {
        let mut leaving = self.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        self.write_down_to(&mut leaving, usize::MAX)?;
        self.cut_all();
        *leaving = true;
        self.write_down_to(&mut leaving, usize::MAX)
    }

    fn cut_all(&self) {
        self.objects.cut();
        self.days.cut();
        self.owners.cut();
        self.asked.cut();
        self.read.cut();
    }

    /// An object is listed only while its record is there, and a listing goes before the record changes that leads
    /// to it; so the same frames put right what a crash cut short at any place. The marks say that all else is
    /// written, hence come last.
    fn write_down_to(&self, leaving: &mut bool, steps: usize) -> Answer<()> {
        if !*leaving {
            return Ok(());
        }
        let in_order: [&dyn Fn() -> Answer<()>; 8] = [
            &|| self.days.write_down(Which::Removals),
            &|| self.owners.write_down(Which::Removals),
            &|| self.asked.write_down(Which::Removals),
            &|| self.objects.write_down(Which::All),
            &|| self.days.write_down(Which::Insertions),
            &|| self.owners.write_down(Which::Insertions),
            &|| self.asked.write_down(Which::Insertions),
            &|| self.read.write_down(Which::All),
        ];
        in_order.iter().take(steps).try_for_each(|step| step())?;
        self.objects.let_go();
        self.days.let_go();
        self.owners.let_go();
        self.asked.let_go();
        self.read.let_go();
        *leaving = false;
        Ok(())
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

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use kua_protocol::day::Day;
    use kua_protocol::keys::PublicKey;
    use proptest::prelude::*;

    use super::*;
    use crate::segments::frame::Place;
    use kua_store::{Kind, Owner};

    fn index() -> Index {
        Index::open(&sled::Config::new().temporary(true).open().unwrap()).unwrap()
    }

    fn frame(frame_kind: FrameKind, id: u8, len: u64) -> Header {
        Header { frame_kind, id: ObjectId::from_bytes([id; 32]), day: Day::from_number(100), len }
    }

    fn at(offset: u64) -> Position {
        Position { segment: SegmentName { day: Day::from_number(100), number: 0 }, offset }
    }

    #[test]
    fn frames_applied_again_change_nothing() {
        let index = index();
        let case = Owner::Case(ObjectId::from_bytes([1; 32]));
        let frames = [
            frame(FrameKind::Object(Kind::Report, Owner::Nobody, Place::Segment), 1, 10),
            frame(FrameKind::Object(Kind::Entry, case, Place::Segment), 2, 20),
            frame(FrameKind::Object(Kind::Report, Owner::Nobody, Place::Segment), 3, 30),
            frame(FrameKind::Tombstone, 3, 0),
            frame(FrameKind::Tombstone, 4, 0),
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
            Known::Gone(Some(Erasure { id: frames[3].id, at: at(34), len: 30, place: Place::Segment }))
        );
        assert_eq!(run(), once);
    }

    #[test]
    fn the_later_of_two_copies_counts() {
        let index = index();
        let object = frame(FrameKind::Object(Kind::Report, Owner::Nobody, Place::Segment), 1, 10);
        assert_eq!(index.apply(&object, at(32)).unwrap().came, Some(10));
        assert_eq!(index.apply(&object, at(500)).unwrap(), Change::default());
        assert!(matches!(index.known(object.id).unwrap(), Known::Present(record) if record.at == at(500)));
    }

    /// What happens after a frame was applied.
    #[derive(Debug, Clone, Copy)]
    enum Then {
        Nothing,
        Cut,
        WriteDown,
        /// The process is killed after so many steps of writing down.
        Crash(usize),
    }

    fn then() -> impl Strategy<Value = Then> {
        prop_oneof![
            6 => Just(Then::Nothing),
            3 => Just(Then::Cut),
            1 => Just(Then::WriteDown),
            2 => (0..=8usize).prop_map(Then::Crash),
        ]
    }

    /// Frames of one segment; those of bodies that were erased are void.
    type Frames = Vec<Option<Header>>;

    fn any_frame(index: &Index, what: u8, id: u8) -> Header {
        let case = Owner::Case(ObjectId::from_bytes([0; 32]));
        let (kind, owner) = if id == 0 { (Kind::Report, Owner::Nobody) } else { (Kind::Entry, case) };
        let by = PublicKey::from_bytes(&std::array::from_fn(|i| if i == 0 { 0x58 } else { 0x66 })).unwrap();
        let frame_kind = match what {
            0..=3 => FrameKind::Object(kind, owner, Place::Segment),
            4 => FrameKind::Tombstone,
            5 | 6 => FrameKind::DeleteAsked(by),
            _ => FrameKind::Kept,
        };
        // Nothing is said of what is not there, and what was deleted is not taken in again.
        let frame_kind = match index.known(ObjectId::from_bytes([id; 32])).unwrap() {
            Known::Present(_) => frame_kind,
            Known::Gone(_) => FrameKind::Tombstone,
            Known::Unknown => FrameKind::Object(kind, owner, Place::Segment),
        };
        let day = if let FrameKind::DeleteAsked(_) = frame_kind { 100 + u32::from(what) } else { 100 };
        Header { day: Day::from_number(day), ..frame(frame_kind, id, 10) }
    }

    /// As taking in does it.
    fn take_in(index: &Index, frames: &mut Frames, range: Range<usize>) {
        let mut erasures = Vec::new();
        for number in range.clone() {
            if let Some(frame) = &frames[number] {
                erasures.extend(index.apply(frame, at(HEAD_LEN + number as u64)).unwrap().erasure);
            }
        }
        for erasure in erasures {
            frames[usize::try_from(erasure.at.offset - HEAD_LEN).unwrap()] = None;
            index.erased(erasure.id);
        }
        index.note_read(at(HEAD_LEN + range.end as u64));
    }

    type State = (Vec<(ObjectId, Known)>, Vec<DayRow>, Vec<OwnerRow>, Vec<WishRow>);

    fn state(index: &Index) -> State {
        let ids = (0..5).map(|id| ObjectId::from_bytes([id; 32]));
        // Where the erasure of an object was, or which of its copies counts, is another matter.
        let known = |id| match index.known(id).unwrap() {
            Known::Present(record) => Known::Present(Record { at: at(0), ..record }),
            Known::Gone(_) => Known::Gone(None),
            Known::Unknown => Known::Unknown,
        };
        (
            ids.map(|id| (id, known(id))).collect(),
            index.days.keys(&[], [0; _]).collect::<Result<_, _>>().unwrap(),
            index.owners.keys(&[], [0; _]).collect::<Result<_, _>>().unwrap(),
            index.asked.keys(&[], [0; _]).collect::<Result<_, _>>().unwrap(),
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn the_same_frames_put_right_what_a_crash_cut_short(
            events in proptest::collection::vec((0..8u8, 0..5u8, then()), 1..40),
        ) {
            let db = sled::Config::new().temporary(true).flush_every_ms(None).open().unwrap();
            let (mut index, undisturbed) = (Index::open(&db).unwrap(), self::index());
            let mut frames = Frames::new();
            for (what, id, then) in events {
                let new = any_frame(&undisturbed, what, id);
                let number = frames.len();
                frames.push(Some(new));
                take_in(&undisturbed, &mut frames.clone(), number..number + 1);
                take_in(&index, &mut frames, number..number + 1);
                match then {
                    Then::Nothing => {}
                    Then::Cut => drop(index.cut()),
                    Then::WriteDown => index.write_down().unwrap(),
                    Then::Crash(steps) => {
                        index.write_down_to(&mut index.leaving.lock().unwrap(), steps).unwrap();
                        index = Index::open(&db).unwrap();
                        if steps % 2 == 0 {
                            index.learn().unwrap();
                        }
                        let read = index.read_up_to(at(0).segment).unwrap() - HEAD_LEN;
                        let end = frames.len();
                        take_in(&index, &mut frames, usize::try_from(read).unwrap()..end);
                    }
                }
                prop_assert_eq!(state(&index), state(&undisturbed));
            }
        }
    }
}
