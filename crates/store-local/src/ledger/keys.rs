//! The keys of the ledger's trees: fixed in width, and in the order in which they are asked for.

use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;

use crate::LedgerFault;
use crate::ledger::record::Record;
use crate::segments::frame::{Party, array, kind_code};
use crate::segments::segment::{Position, SegmentName};
use kua_store::{Kind, Owner};

/// Kind ‖ day ‖ id.
pub(crate) type DayRow = [u8; 37];
/// Owner ‖ kind ‖ day ‖ id.
pub(crate) type OwnerRow = [u8; 70];
/// Day of a wish ‖ id.
pub(crate) type WishRow = [u8; 36];
/// Day ‖ number.
pub(crate) type SegmentKey = [u8; 8];

/// Where the wish for an object's deletion is listed.
pub(crate) fn wish_row(day: Day, id: ObjectId) -> WishRow {
    joined(&[&day.number().to_be_bytes(), id.as_bytes()])
}

/// Where an object is listed by its day.
pub(crate) fn day_row(kind: Kind, day: Day, id: ObjectId) -> DayRow {
    joined(&[&day_prefix(kind, day), id.as_bytes()])
}

/// How the rows of a kind and a day begin.
pub(crate) fn day_prefix(kind: Kind, day: Day) -> [u8; 5] {
    joined(&[&[kind_code(kind)], &day.number().to_be_bytes()])
}

/// Where an object is listed by its owner.
pub(crate) fn owner_row(record: &Record, id: ObjectId) -> OwnerRow {
    let prefix = owner_prefix(record.owner, record.kind);
    joined(&[&prefix, &record.day.number().to_be_bytes(), id.as_bytes()])
}

/// How the rows of what an owner has of a kind begin.
pub(crate) fn owner_prefix(owner: Owner, kind: Kind) -> [u8; 34] {
    joined(&[&party_prefix(owner), &[kind_code(kind)]])
}

/// How the rows of all that an owner has begin.
pub(crate) fn party_prefix(owner: Owner) -> [u8; 33] {
    let party = Party::of(owner);
    joined(&[&[party.sort], &party.bytes])
}

/// Under which key it stands how far a segment was read.
pub(crate) fn segment_key(segment: SegmentName) -> SegmentKey {
    joined(&[&segment.day.number().to_be_bytes(), &segment.number.to_be_bytes()])
}

/// The end that a row of the tree of segments tells.
pub(crate) fn end_from(key: SegmentKey, offset: &[u8]) -> Result<Position, LedgerFault> {
    let day = Day::from_number(u32::from_be_bytes(array(&key, 0)));
    let segment = SegmentName { day, number: u32::from_be_bytes(array(&key, 4)) };
    Ok(Position { segment, offset: number(offset)? })
}

/// The day in a row of the tree of days.
pub(crate) fn day_of(row: &DayRow) -> Day {
    Day::from_number(u32::from_be_bytes(array(row, 1)))
}

/// The id with which a key ends.
pub(crate) fn id_at_end(key: &[u8]) -> Result<ObjectId, LedgerFault> {
    key.last_chunk().map(|id| ObjectId::from_bytes(*id)).ok_or(LedgerFault::Record)
}

/// A number of eight bytes.
pub(crate) fn number(bytes: &[u8]) -> Result<u64, LedgerFault> {
    bytes.try_into().map(u64::from_be_bytes).map_err(|_| LedgerFault::Record)
}

/// These pieces one after the other, filled up with zeros.
fn joined<const N: usize>(pieces: &[&[u8]]) -> [u8; N] {
    let mut key = [0; N];
    let bytes = pieces.iter().flat_map(|piece| piece.iter());
    key.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    key
}
