//! The file of one large object, from its first byte on.
//!
//! | bytes | what |
//! |---|---|
//! | 0..8 | `KUA-OBJ\n` |
//! | 8..12 | version, 1 |
//! | 12..20 | the marker of the header below: 8 random bytes |
//! | 20..28 | until when an unfinished upload is kept, in seconds; 0 once the object is whole |
//! | 28..32 | CRC-32C of the bytes before |
//! | 32..124 | the object's header, as in a segment; its id is zero until the object is whole |
//! | 128..152, 152..176 | how much of an unfinished upload is durable; zero once the object is whole |
//! | 4096.. | the body |
//!
//! Durable bytes are noted in the two places by turns, and in the same sync as the bytes themselves: where the last
//! portion began and ends (`u64` each), its CRC-32C, and the CRC-32C of the note. A loss of power may leave a note
//! whose portion never reached the disk; its checksum tells, and the other note counts. Integers are big-endian.

use std::fs::{File, OpenOptions};
use std::io;
use std::num::NonZeroU64;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use rustix::fs::Advice;
use sha2::{Digest as _, Sha256};

use crate::segments::frame::{HEADER_LEN, Header, Marker, array};
use crate::segments::segment::{set_midnight, usize_of};

/// Where the body begins.
const BODY: u64 = BODY_AT as u64;
const BODY_AT: usize = 4096;
const MAGIC: &[u8; 8] = b"KUA-OBJ\n";
const VERSION: u32 = 1;
const HEADER_AT: usize = 32;
const NOTES_AT: usize = 128;
const NOTE_LEN: usize = 24;
const HEAD_LEN: usize = NOTES_AT + 2 * NOTE_LEN;
/// Bytes that are read at a time when the whole body is looked through.
const PORTION: u64 = 1 << 20;

/// An open file.
#[derive(Debug)]
pub(crate) struct ContentFile {
    file: File,
    marker: Marker,
}

/// What the beginning of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Beginning {
    /// The object; its id is zero while the upload is unfinished.
    pub(crate) header: Header,
    /// Until when an unfinished upload is kept, by the clock of [`kua_store::NewUpload::until`]; 0 for a whole object.
    pub(crate) until: u64,
}

/// A portion of the body that is durable together with all before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Portion {
    /// Where it begins in the body.
    pub(crate) from: u64,
    /// Where it ends.
    pub(crate) to: u64,
    /// The CRC-32C of what is between.
    pub(crate) checksum: u32,
}

impl ContentFile {
    /// Makes the file of an upload, whose beginning is durable when this returns; its name in the folder is not yet.
    pub(crate) fn create(path: &Path, beginning: &Beginning) -> io::Result<Self> {
        let mut marker = [0; 8];
        getrandom::fill(&mut marker)?;
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
        let content = Self { file, marker };
        content.begin(beginning)?;
        Ok(content)
    }

    /// Opens a file and reads its beginning; nothing when that is damaged or of another version.
    pub(crate) fn open(path: &Path) -> io::Result<Option<(Self, Beginning)>> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let mut head = [0; HEAD_LEN];
        match file.read_exact_at(&mut head, 0) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        let sound = head[..8] == *MAGIC
            && u32::from_be_bytes(array(&head, 8)) == VERSION
            && crc32c::crc32c(&head[..28]).to_be_bytes() == head[28..32];
        let marker = array(&head, 12);
        let header = Header::parse(&head[HEADER_AT..], marker);
        Ok(header.ok().filter(|_| sound).map(|header| {
            let until = u64::from_be_bytes(array(&head, 20));
            (Self { file, marker }, Beginning { header, until })
        }))
    }

    /// Writes the beginning, which is durable when this returns; notes about durable bytes are gone then.
    pub(crate) fn begin(&self, beginning: &Beginning) -> io::Result<()> {
        let mut head = [0; HEAD_LEN];
        head[..8].copy_from_slice(MAGIC);
        head[8..12].copy_from_slice(&VERSION.to_be_bytes());
        head[12..20].copy_from_slice(&self.marker);
        head[20..28].copy_from_slice(&beginning.until.to_be_bytes());
        let checksum = crc32c::crc32c(&head[..28]);
        head[28..32].copy_from_slice(&checksum.to_be_bytes());
        head[HEADER_AT..HEADER_AT + HEADER_LEN].copy_from_slice(&beginning.header.encode(self.marker));
        self.file.write_all_at(&head, 0)?;
        set_midnight(&self.file, beginning.header.day)?;
        self.file.sync_data()
    }

    /// Writes a part of the body. Nothing is durable before [`Self::sync`].
    pub(crate) fn write(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, BODY + at)?;
        // Lets the disk begin at once, so that the sync has less to wait for; and keeps the system's memory for others.
        // Where the system does not know the advice nothing is lost.
        let _ =
            rustix::fs::fadvise(&self.file, BODY + at, NonZeroU64::new(bytes.len() as u64), Advice::DontNeed);
        Ok(())
    }

    /// Makes durable what was written, and a note that says how much that is. `turn` alternates.
    pub(crate) fn sync(&self, portion: Portion, turn: bool, day: Day) -> io::Result<()> {
        let mut note = [0; NOTE_LEN];
        note[..8].copy_from_slice(&portion.from.to_be_bytes());
        note[8..16].copy_from_slice(&portion.to.to_be_bytes());
        note[16..20].copy_from_slice(&portion.checksum.to_be_bytes());
        let checksum = crc32c::crc32c(&note[..20]);
        note[20..].copy_from_slice(&checksum.to_be_bytes());
        self.file.write_all_at(&note, (NOTES_AT + NOTE_LEN * usize::from(turn)) as u64)?;
        set_midnight(&self.file, day)?;
        self.file.sync_data()
    }

    /// How many bytes of the body are durable, and in which turn that was noted.
    pub(crate) fn durable(&self) -> io::Result<(u64, bool)> {
        let mut notes = Vec::new();
        for turn in [false, true] {
            let mut note = [0; NOTE_LEN];
            self.file.read_exact_at(&mut note, (NOTES_AT + NOTE_LEN * usize::from(turn)) as u64)?;
            if crc32c::crc32c(&note[..20]).to_be_bytes() == note[20..] {
                let (from, to) = (u64::from_be_bytes(array(&note, 0)), u64::from_be_bytes(array(&note, 8)));
                notes.push((Portion { from, to, checksum: u32::from_be_bytes(array(&note, 16)) }, turn));
            }
        }
        notes.sort_by_key(|(portion, _)| std::cmp::Reverse(portion.to));
        for (portion, turn) in notes {
            if portion.from <= portion.to && self.holds(portion)? {
                return Ok((portion.to, turn));
            }
        }
        Ok((0, true))
    }

    fn holds(&self, portion: Portion) -> io::Result<bool> {
        if self.len()? < portion.to {
            return Ok(false);
        }
        let mut checksum = 0;
        self.each(portion.from..portion.to, |bytes| checksum = crc32c::crc32c_append(checksum, bytes))?;
        Ok(checksum == portion.checksum)
    }

    /// Length of the body as far as it was written, in bytes.
    pub(crate) fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len().saturating_sub(BODY))
    }

    /// Forgets what was written beyond this length of the body.
    pub(crate) fn cut(&self, len: u64) -> io::Result<()> {
        self.file.set_len(BODY + len)
    }

    /// Reads a part of the body.
    pub(crate) fn read(&self, at: u64, len: usize) -> io::Result<Bytes> {
        let mut bytes = vec![0; len];
        self.file.read_exact_at(&mut bytes, BODY + at)?;
        Ok(bytes.into())
    }

    /// Whether nothing stands between the object's header and its body.
    pub(crate) fn has_clean_head(&self) -> io::Result<bool> {
        let mut rest = [0; BODY_AT - HEADER_AT - HEADER_LEN];
        self.file.read_exact_at(&mut rest, (HEADER_AT + HEADER_LEN) as u64)?;
        Ok(rest.iter().all(|byte| *byte == 0))
    }

    /// Hands a range of the body over, portion by portion.
    pub(crate) fn each(&self, range: std::ops::Range<u64>, mut take: impl FnMut(&[u8])) -> io::Result<()> {
        let mut bytes = vec![0; usize_of(PORTION.min(range.end - range.start))];
        let mut at = range.start;
        while at < range.end {
            let portion = &mut bytes[..usize_of(PORTION.min(range.end - at))];
            self.file.read_exact_at(portion, BODY + at)?;
            take(portion);
            at += portion.len() as u64;
        }
        Ok(())
    }

    /// The SHA-256 of the first `len` bytes of the body.
    pub(crate) fn digest(&self, len: u64) -> io::Result<ObjectId> {
        let mut digest = Sha256::new();
        self.each(0..len, |bytes| digest.update(bytes))?;
        Ok(ObjectId::from_bytes(digest.finalize().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segments::frame::{FrameKind, Place};
    use kua_store::{Kind, Owner};

    fn beginning(until: u64) -> Beginning {
        let frame_kind = FrameKind::Object(Kind::Report, Owner::Nobody, Place::File);
        let header =
            Header { frame_kind, id: ObjectId::from_bytes([0; 32]), day: Day::from_number(9), len: 1 << 40 };
        Beginning { header, until }
    }

    fn portion(from: u64, to: u64, bytes: &[u8]) -> Portion {
        Portion { from, to, checksum: crc32c::crc32c(bytes) }
    }

    #[test]
    fn a_beginning_is_read_back_and_a_damaged_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        drop(ContentFile::create(&path, &beginning(7)).unwrap());
        assert_eq!(ContentFile::open(&path).unwrap().unwrap().1, beginning(7));
        assert!(ContentFile::create(&path, &beginning(7)).is_err(), "it is there");
        let whole = std::fs::read(&path).unwrap();
        for at in 0..HEADER_AT + HEADER_LEN {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&path, bytes).unwrap();
            assert!(ContentFile::open(&path).unwrap().is_none(), "byte {at}");
        }
        std::fs::write(&path, &whole[..50]).unwrap();
        assert!(ContentFile::open(&path).unwrap().is_none());
    }

    #[test]
    fn only_what_a_sound_note_vouches_for_is_durable() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let content = ContentFile::create(&path, &beginning(7)).unwrap();
        assert_eq!(content.durable().unwrap().0, 0);
        content.write(0, b"first second").unwrap();
        content.sync(portion(0, 5, b"first"), false, Day::from_number(9)).unwrap();
        assert_eq!(content.durable().unwrap(), (5, false));
        content.sync(portion(5, 12, b" second"), true, Day::from_number(9)).unwrap();
        assert_eq!(content.durable().unwrap(), (12, true));
        // The note reached the disk and its bytes did not.
        content.write(7, b"?").unwrap();
        assert_eq!(content.durable().unwrap(), (5, false));
        content.cut(4).unwrap();
        assert_eq!(content.durable().unwrap().0, 0);
    }

    #[test]
    fn a_digest_is_that_of_the_body_alone() {
        let folder = tempfile::tempdir().unwrap();
        let content = ContentFile::create(&folder.path().join("x"), &beginning(7)).unwrap();
        let body: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_be_bytes).take(2_500_001).collect();
        content.write(0, &body).unwrap();
        assert_eq!(content.digest(body.len() as u64).unwrap(), ObjectId::of(&body));
        assert_eq!(content.read(2_500_000, 1).unwrap(), body[2_500_000..]);
    }
}
