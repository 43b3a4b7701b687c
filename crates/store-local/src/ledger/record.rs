//! What the ledger writes down of an id: 0 bytes for gone, 24 for gone with a body yet to be erased,
//! 62 for present and 98 for present with a wish for deletion. Integers are big-endian.

use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_protocol::keys::PublicKey;

use crate::LedgerFault;
use crate::segments::Erasure;
use crate::segments::frame::{Party, Place, array, kind_code, object_from, place_code};
use crate::segments::segment::{Position, SegmentName};
use kua_store::{DeleteAsked, Kind, ObjectRow, Owner};

/// The bit of an erasure's length that tells of a file.
const IN_FILE: u64 = 1 << 63;

/// An object that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) kind: Kind,
    pub(crate) owner: Owner,
    pub(crate) day: Day,
    pub(crate) size: u64,
    /// Where its frame begins.
    pub(crate) at: Position,
    /// Where its body is.
    pub(crate) place: Place,
    pub(crate) delete_asked: Option<DeleteAsked>,
}

/// What the ledger knows of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "the answer to one question, which lives on the stack")]
pub(crate) enum Known {
    /// It is there.
    Present(Record),
    /// It was deleted; perhaps its body has yet to be erased.
    Gone(Option<Erasure>),
    /// Nothing.
    Unknown,
}

impl Record {
    /// The row that a caller sees.
    pub(crate) fn row(&self, id: ObjectId, entries: u32) -> ObjectRow {
        let Self { kind, owner, day, size, delete_asked, .. } = *self;
        ObjectRow { id, kind, owner, day, size, entries, delete_asked }
    }

    /// How many bytes of the object's body are in a segment.
    pub(crate) fn bytes_in_segment(&self) -> u64 {
        if self.place == Place::Segment { self.size } else { 0 }
    }

    /// Where the object's body lies.
    pub(crate) fn erasure(&self, id: ObjectId) -> Erasure {
        Erasure { id, at: self.at, len: self.size, place: self.place }
    }

    /// Writes the record.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let party = Party::of(self.owner);
        let mut bytes = Vec::with_capacity(if self.delete_asked.is_some() { 98 } else { 62 });
        bytes.extend([kind_code(self.kind) | place_code(self.place), party.sort]);
        bytes.extend(party.bytes);
        bytes.extend(self.day.number().to_be_bytes());
        bytes.extend(self.size.to_be_bytes());
        bytes.extend(position_bytes(self.at));
        if let Some(wish) = self.delete_asked {
            bytes.extend(wish.by.as_bytes());
            bytes.extend(wish.day.number().to_be_bytes());
        }
        bytes
    }
}

impl Known {
    /// Reads what stands under an id.
    ///
    /// # Errors
    ///
    /// `LedgerFault::Record` when the bytes are none of the four forms.
    pub(crate) fn decode(id: ObjectId, bytes: &[u8]) -> Result<Self, LedgerFault> {
        let delete_asked = match bytes.len() {
            0 => return Ok(Self::Gone(None)),
            24 => {
                let (place, len) = match u64::from_be_bytes(array(bytes, 16)) {
                    len if len & IN_FILE == 0 => (Place::Segment, len),
                    len => (Place::File, len & !IN_FILE),
                };
                return Ok(Self::Gone(Some(Erasure { id, at: position_from(bytes, 0), len, place })));
            }
            62 => None,
            98 => {
                let by = PublicKey::from_bytes(&array(bytes, 62)).map_err(|_| LedgerFault::Record)?;
                Some(DeleteAsked { by, day: day_from(bytes, 94) })
            }
            _ => return Err(LedgerFault::Record),
        };
        let party = Party { sort: bytes[1], bytes: array(bytes, 2) };
        let (kind, place) = object_from(bytes[0]).ok_or(LedgerFault::Record)?;
        Ok(Self::Present(Record {
            kind,
            owner: party.owner().ok_or(LedgerFault::Record)?,
            day: day_from(bytes, 34),
            size: u64::from_be_bytes(array(bytes, 38)),
            at: position_from(bytes, 46),
            place,
            delete_asked,
        }))
    }
}

/// Writes down a body that has yet to be erased.
pub(crate) fn erasure_bytes(erasure: &Erasure) -> [u8; 24] {
    let mut bytes = [0; 24];
    bytes[..16].copy_from_slice(&position_bytes(erasure.at));
    let place = if erasure.place == Place::File { IN_FILE } else { 0 };
    bytes[16..].copy_from_slice(&(erasure.len | place).to_be_bytes());
    bytes
}

fn position_bytes(at: Position) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&at.segment.day.number().to_be_bytes());
    bytes[4..8].copy_from_slice(&at.segment.number.to_be_bytes());
    bytes[8..].copy_from_slice(&at.offset.to_be_bytes());
    bytes
}

fn position_from(bytes: &[u8], at: usize) -> Position {
    let number = u32::from_be_bytes(array(bytes, at + 4));
    let segment = SegmentName { day: day_from(bytes, at), number };
    Position { segment, offset: u64::from_be_bytes(array(bytes, at + 8)) }
}

fn day_from(bytes: &[u8], at: usize) -> Day {
    Day::from_number(u32::from_be_bytes(array(bytes, at)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_record_comes_back_equal(id: [u8; 32], case: [u8; 32], day in 0u32..2_932_896, size in 0..1u64 << 60, offset: u64, asked: bool, file: bool) {
            let id = ObjectId::from_bytes(id);
            let day = Day::from_number(day);
            let by = PublicKey::from_bytes(&std::array::from_fn(|i| if i == 0 { 0x58 } else { 0x66 })).unwrap();
            let at = Position { segment: SegmentName { day, number: 3 }, offset };
            let owner = Owner::Case(ObjectId::from_bytes(case));
            let delete_asked = asked.then_some(DeleteAsked { by, day });
            let place = if file { Place::File } else { Place::Segment };
            let record = Record { kind: Kind::Entry, owner, day, size, at, place, delete_asked };
            prop_assert_eq!(Known::decode(id, &record.encode()).unwrap(), Known::Present(record));
            let erasure = record.erasure(id);
            prop_assert_eq!(Known::decode(id, &erasure_bytes(&erasure)).unwrap(), Known::Gone(Some(erasure)));
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = Known::decode(ObjectId::from_bytes([0; 32]), &bytes);
        }
    }
}
