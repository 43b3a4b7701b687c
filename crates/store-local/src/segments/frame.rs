//! The format of a frame: a header of 92 bytes, then the body of an object.
//!
//! | bytes | what |
//! |---|---|
//! | 0..8 | the segment's marker: random, so that no body can imitate a frame of its segment |
//! | 8 | version, 1 |
//! | 9 | what the frame says: 0 void, 1 report, 2 reply, 3 entry, 16 tombstone, 17 deletion asked, 18 kept, 19 a batch begins; 33, 34, 35 are 1, 2, 3 with the body in a file of its own |
//! | 10 | the party's sort: 0 nobody, 1 mailbox, 2 case, 3 coordinator |
//! | 11 | zero |
//! | 12..16 | UTC day, counted from 1970-01-01 |
//! | 16..24 | length of the body, here or in its file |
//! | 24..56 | id of the object, which is the SHA-256 of its body |
//! | 56..88 | the party: mailbox id and zeros, report id, or signing key |
//! | 88..92 | CRC-32C of the bytes before |
//!
//! Integers are big-endian. A frame that a newer version wrote keeps the marker, the version and the checksum
//! in these places.

use kua_protocol::day::Day;
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::keys::PublicKey;

use kua_store::{Kind, MAX_FILE_LEN, MAX_OBJECT_LEN, Owner};

/// Length of a header in bytes.
pub(crate) const HEADER_LEN: usize = 92;
/// Bytes that begin every frame of one segment.
pub(crate) type Marker = [u8; 8];

const VERSION: u8 = 1;
const CHECKED: usize = 88;

/// What a frame says of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FrameKind {
    /// Nothing: the body that followed was erased.
    Void,
    /// Here it is, or here is that it is in a file of its own.
    Object(Kind, Owner, Place),
    /// It was deleted.
    Tombstone,
    /// This coordinator wants it deleted.
    DeleteAsked(PublicKey),
    /// It stays.
    Kept,
    /// Nothing of any object: what follows, up to the next such frame, became durable together, and all that
    /// stands before was durable then.
    Batch,
}

impl FrameKind {
    /// Where the body is, if this is an object.
    pub(crate) fn place(&self) -> Option<Place> {
        if let Self::Object(_, _, place) = self { Some(*place) } else { None }
    }

    /// Where the object belongs that this is about, if it tells.
    pub(crate) fn owner(&self) -> Option<Owner> {
        if let Self::Object(_, owner, _) = self { Some(*owner) } else { None }
    }
}

/// A frame without its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// What it says.
    pub(crate) frame_kind: FrameKind,
    /// Of which object.
    pub(crate) id: ObjectId,
    /// The day of the object or, for a wish, of the wish.
    pub(crate) day: Day,
    /// Length of the body in bytes, wherever it is.
    pub(crate) len: u64,
}

/// Where the body of an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Behind its header, in a segment.
    Segment,
    /// In a file of its own.
    File,
}

/// Why bytes are not a frame of this segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FrameError {
    /// They are something else, or damaged.
    Garbage,
    /// They are a frame whose meaning a newer version knows.
    Newer,
}

impl Header {
    /// The header that erases a body of this length.
    pub(crate) fn void(len: u64) -> Self {
        Self { frame_kind: FrameKind::Void, id: ObjectId::from_bytes([0; 32]), day: Day::from_number(0), len }
    }

    /// The header that begins a batch.
    pub(crate) fn batch() -> Self {
        Self { frame_kind: FrameKind::Batch, ..Self::void(0) }
    }

    /// Length of the frame in bytes, with its body where that follows.
    pub(crate) fn frame_len(&self) -> u64 {
        HEADER_LEN as u64
            + if matches!(self.frame_kind, FrameKind::Object(_, _, Place::File)) { 0 } else { self.len }
    }

    /// Writes the header.
    pub(crate) fn encode(&self, marker: Marker) -> [u8; HEADER_LEN] {
        let (code, party) = match self.frame_kind {
            FrameKind::Void => (0, Party::nobody()),
            FrameKind::Object(kind, owner, place) => (kind_code(kind) | place_code(place), Party::of(owner)),
            FrameKind::Tombstone => (16, Party::nobody()),
            FrameKind::DeleteAsked(by) => (17, Party { sort: 3, bytes: *by.as_bytes() }),
            FrameKind::Kept => (18, Party::nobody()),
            FrameKind::Batch => (19, Party::nobody()),
        };
        let mut bytes = [0; HEADER_LEN];
        bytes[..8].copy_from_slice(&marker);
        bytes[8..11].copy_from_slice(&[VERSION, code, party.sort]);
        bytes[12..16].copy_from_slice(&self.day.number().to_be_bytes());
        bytes[16..24].copy_from_slice(&self.len.to_be_bytes());
        bytes[24..56].copy_from_slice(self.id.as_bytes());
        bytes[56..88].copy_from_slice(&party.bytes);
        let checksum = crc32c::crc32c(&bytes[..CHECKED]);
        bytes[CHECKED..].copy_from_slice(&checksum.to_be_bytes());
        bytes
    }

    /// Reads a header at the beginning of `bytes`.
    ///
    /// # Errors
    ///
    /// When they are no frame of the segment with this marker.
    pub(crate) fn parse(bytes: &[u8], marker: Marker) -> Result<Self, FrameError> {
        let bytes: &[u8; HEADER_LEN] = bytes.first_chunk().ok_or(FrameError::Garbage)?;
        if bytes[..8] != marker || crc32c::crc32c(&bytes[..CHECKED]).to_be_bytes() != bytes[CHECKED..] {
            return Err(FrameError::Garbage);
        }
        if bytes[8] != VERSION {
            return Err(FrameError::Newer);
        }
        let party = Party { sort: bytes[10], bytes: array(bytes, 56) };
        let frame_kind = match (bytes[9], party.sort) {
            (0, 0) => FrameKind::Void,
            (16, 0) => FrameKind::Tombstone,
            (17, 3) => {
                FrameKind::DeleteAsked(PublicKey::from_bytes(&party.bytes).map_err(|_| FrameError::Newer)?)
            }
            (18, 0) => FrameKind::Kept,
            (19, 0) => FrameKind::Batch,
            (code, _) => {
                let (kind, place) = object_from(code).ok_or(FrameError::Newer)?;
                FrameKind::Object(kind, party.owner().ok_or(FrameError::Newer)?, place)
            }
        };
        let header = Self {
            frame_kind,
            id: ObjectId::from_bytes(array(bytes, 24)),
            day: Day::from_number(u32::from_be_bytes(array(bytes, 12))),
            len: u64::from_be_bytes(array(bytes, 16)),
        };
        let longest = match frame_kind {
            FrameKind::Object(_, _, Place::File) => MAX_FILE_LEN,
            FrameKind::Object(_, _, Place::Segment) | FrameKind::Void => MAX_OBJECT_LEN,
            _ => 0,
        };
        if header.len > longest { Err(FrameError::Newer) } else { Ok(header) }
    }
}

/// Whom a frame or a record names besides the object: a sort and 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Party {
    /// 0 nobody, 1 mailbox, 2 case, 3 coordinator.
    pub(crate) sort: u8,
    /// The name, filled up with zeros.
    pub(crate) bytes: [u8; 32],
}

impl Party {
    const fn nobody() -> Self {
        Self { sort: 0, bytes: [0; 32] }
    }

    /// An owner, written.
    pub(crate) fn of(owner: Owner) -> Self {
        match owner {
            Owner::Nobody => Self::nobody(),
            Owner::Mailbox(mailbox) => {
                let mut bytes = [0; 32];
                bytes[..16].copy_from_slice(mailbox.as_bytes());
                Self { sort: 1, bytes }
            }
            Owner::Case(report) => Self { sort: 2, bytes: *report.as_bytes() },
        }
    }

    /// The owner, read.
    pub(crate) fn owner(&self) -> Option<Owner> {
        match self.sort {
            0 => Some(Owner::Nobody),
            1 => Some(Owner::Mailbox(MailboxId::from_bytes(array(&self.bytes, 0)))),
            2 => Some(Owner::Case(ObjectId::from_bytes(self.bytes))),
            _ => None,
        }
    }
}

/// The number of a kind, on the disk and in the ledger.
pub(crate) const fn kind_code(kind: Kind) -> u8 {
    match kind {
        Kind::Report => 1,
        Kind::Reply => 2,
        Kind::Entry => 3,
    }
}

/// What is added to the number of a kind.
pub(crate) const fn place_code(place: Place) -> u8 {
    match place {
        Place::Segment => 0,
        Place::File => 32,
    }
}

/// The kind and place with this number.
pub(crate) const fn object_from(code: u8) -> Option<(Kind, Place)> {
    let place = if code & 32 == 0 { Place::Segment } else { Place::File };
    match kind_from(code & !32) {
        Some(kind) => Some((kind, place)),
        None => None,
    }
}

/// The kind with this number.
const fn kind_from(code: u8) -> Option<Kind> {
    match code {
        1 => Some(Kind::Report),
        2 => Some(Kind::Reply),
        3 => Some(Kind::Entry),
        _ => None,
    }
}

/// The `N` bytes at this place of a record whose length is known to reach so far.
pub(crate) fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&bytes[at..at + N]);
    array
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MARKER: Marker = *b"a marker";

    fn key() -> PublicKey {
        let mut base_point = [0x66; 32];
        base_point[0] = 0x58;
        PublicKey::from_bytes(&base_point).unwrap()
    }

    prop_compose! {
        fn any_header()(
            which in 0..12usize, id: [u8; 32], party: [u8; 32], day in 0u32..2_932_896, len in 0..=MAX_OBJECT_LEN,
        ) -> Header {
            let mailbox = Owner::Mailbox(MailboxId::from_bytes(array(&party, 0)));
            let case = Owner::Case(ObjectId::from_bytes(party));
            let frame_kind = [
                FrameKind::Void, FrameKind::Tombstone, FrameKind::Kept, FrameKind::DeleteAsked(key()),
                FrameKind::Object(Kind::Report, mailbox, Place::Segment), FrameKind::Object(Kind::Report, Owner::Nobody, Place::File),
                FrameKind::Object(Kind::Reply, mailbox, Place::Segment), FrameKind::Object(Kind::Entry, case, Place::Segment),
                FrameKind::Object(Kind::Entry, Owner::Nobody, Place::Segment), FrameKind::Object(Kind::Reply, case, Place::File), FrameKind::Batch,
                FrameKind::Object(Kind::Report, mailbox, Place::File),
            ][which];
            let len = if matches!(frame_kind, FrameKind::Void | FrameKind::Object(..)) { len } else { 0 };
            Header { frame_kind, id: ObjectId::from_bytes(id), day: Day::from_number(day), len }
        }
    }

    proptest! {
        #[test]
        fn a_header_comes_back_equal(header in any_header()) {
            prop_assert_eq!(Header::parse(&header.encode(MARKER), MARKER), Ok(header));
        }

        #[test]
        fn a_changed_or_foreign_header_is_garbage(header in any_header(), at in 0..HEADER_LEN, bit in 0..8u32) {
            let mut bytes = header.encode(MARKER);
            prop_assert_eq!(Header::parse(&bytes, *b"another!"), Err(FrameError::Garbage));
            prop_assert_eq!(Header::parse(&bytes[..at], MARKER), Err(FrameError::Garbage));
            bytes[at] ^= 1 << bit;
            prop_assert_eq!(Header::parse(&bytes, MARKER), Err(FrameError::Garbage));
        }

        #[test]
        fn no_bytes_make_the_reader_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Header::parse(&bytes, MARKER);
            if bytes.len() >= HEADER_LEN {
                bytes[..8].copy_from_slice(&MARKER);
                let checksum = crc32c::crc32c(&bytes[..CHECKED]);
                bytes[CHECKED..HEADER_LEN].copy_from_slice(&checksum.to_be_bytes());
                if let Ok(header) = Header::parse(&bytes, MARKER) {
                    prop_assert!(header.frame_len() <= MAX_OBJECT_LEN + HEADER_LEN as u64);
                }
            }
        }
    }

    #[test]
    fn the_format_does_not_drift() {
        let owner = Owner::Mailbox(MailboxId::from_bytes([0xcc; 16]));
        let header = Header {
            frame_kind: FrameKind::Object(Kind::Report, owner, Place::Segment),
            id: ObjectId::from_bytes([0xbb; 32]),
            day: Day::from_number(0x3a2d),
            len: 0x4131,
        };
        let mut expected =
            b"a marker\x01\x01\x01\x00\x00\x00\x3a\x2d\x00\x00\x00\x00\x00\x00\x41\x31".to_vec();
        expected.extend([0xbb; 32]);
        expected.extend([0xcc; 16]);
        expected.extend([0; 16]);
        assert_eq!(header.encode(MARKER)[..CHECKED], expected);
        let elsewhere = Header { frame_kind: FrameKind::Object(Kind::Report, owner, Place::File), ..header };
        expected[9] = 33;
        assert_eq!(elsewhere.encode(MARKER)[..CHECKED], expected);
        assert_eq!((elsewhere.frame_len(), header.frame_len()), (92, 92 + 0x4131));
    }

    #[test]
    fn what_a_newer_version_wrote_is_not_taken_for_garbage() {
        for (place, value) in [(8, 2), (9, 99), (10, 7)] {
            let mut bytes = Header::void(0).encode(MARKER);
            bytes[place] = value;
            let checksum = crc32c::crc32c(&bytes[..CHECKED]);
            bytes[CHECKED..].copy_from_slice(&checksum.to_be_bytes());
            assert_eq!(Header::parse(&bytes, MARKER), Err(FrameError::Newer));
        }
    }
}
