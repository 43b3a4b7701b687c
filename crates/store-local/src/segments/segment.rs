//! One segment: a file that is appended to, read from anywhere, and holed where something was deleted.
//!
//! It begins with a head of 32 bytes: `KUA-SEG\n`, or `KUA-DAY\n` where the frames are in the order of ids and
//! nothing is appended any more; version 1, UTC day and number (`u32` each), the marker of its frames (8 random
//! bytes) and the CRC-32C of all that; integers are big-endian. Frames follow, one after the other. The head is
//! durable before the first frame is written.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IoSlice};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

use bytes::Bytes;
use kua_protocol::day::Day;
use rustix::fs::{FallocateFlags, Timespec, Timestamps};
use rustix::io::{Errno, retry_on_intr};

use crate::segments::frame::{FrameError, HEADER_LEN, Header, Marker, array};
use kua_store::StoreError;

/// Length of a segment's head in bytes.
pub(crate) const HEAD_LEN: u64 = size_of::<Head>() as u64;

type Head = [u8; 32];

const OPEN: &[u8; 8] = b"KUA-SEG\n";
const CLOSED: &[u8; 8] = b"KUA-DAY\n";
const VERSION: u32 = 1;
/// Most pieces that one system call takes (`IOV_MAX`).
const MAX_PIECES: usize = 1024;

/// The name of a segment: its day and its number within the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SegmentName {
    /// The day of the objects in it.
    pub(crate) day: Day,
    /// Its number, counted from 0.
    pub(crate) number: u32,
}

impl SegmentName {
    /// The name of the file `YYYY-MM-DD.NNNN.seg`.
    pub(crate) fn of_file(file: &str) -> Option<Self> {
        let (day, number) = file.strip_suffix(".seg")?.split_once('.')?;
        let name = Self { day: day.parse().ok()?, number: number.parse().ok()? };
        (name.to_string() == file).then_some(name)
    }
}

impl fmt::Display for SegmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:04}.seg", self.day, self.number)
    }
}

/// Where a frame begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Position {
    /// In which segment.
    pub(crate) segment: SegmentName,
    /// At which byte.
    pub(crate) offset: u64,
}

/// An open segment.
#[derive(Debug)]
pub(crate) struct Segment {
    name: SegmentName,
    file: File,
    marker: Marker,
    closed: bool,
    sound: bool,
}

impl Segment {
    /// Makes a new segment, whose head is durable when this returns; its name in the folder is not yet.
    pub(crate) fn create(folder: &Path, name: SegmentName) -> io::Result<Self> {
        Self::create_at(&folder.join(name.to_string()), name, false)
    }

    /// Makes a closed segment in a file that will get its name when it is whole.
    pub(crate) fn create_closed(path: &Path, name: SegmentName) -> io::Result<Self> {
        Self::create_at(path, name, true)
    }

    fn create_at(path: &Path, name: SegmentName, closed: bool) -> io::Result<Self> {
        let mut marker = [0; 8];
        getrandom::fill(&mut marker)?;
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
        let segment = Self { name, file, marker, closed, sound: true };
        let begun = segment.file.write_all_at(&head(name, marker, closed), 0).and_then(|()| segment.sync());
        if let Err(error) = begun {
            fs::remove_file(path)?;
            return Err(error);
        }
        Ok(segment)
    }

    /// Opens the segment with this name.
    ///
    /// Where its head is damaged, the name of the file and its first frame tell what the head had said.
    pub(crate) fn open(folder: &Path, name: SegmentName) -> Result<Self, StoreError> {
        let file = OpenOptions::new().read(true).write(true).open(folder.join(name.to_string()))?;
        let mut bytes = Head::default();
        let whole = file.read_exact_at(&mut bytes, 0).is_ok();
        let closed = bytes[..8] == *CLOSED;
        let magic = closed || bytes[..8] == *OPEN;
        if !whole || !magic || crc32c::crc32c(&bytes[..28]).to_be_bytes() != bytes[28..] {
            return Self::open_by_frame(file, name, closed);
        }
        if u32::from_be_bytes(array(&bytes, 8)) != VERSION {
            return Err(StoreError::Newer(name.to_string()));
        }
        let marker = array(&bytes, 20);
        // Under another name than its own a file would give away frames as those of another day.
        if bytes == head(name, marker, closed) {
            Ok(Self { name, file, marker, closed, sound: true })
        } else {
            Err(StoreError::DamagedSegment(name.to_string()))
        }
    }

    fn open_by_frame(file: File, name: SegmentName, closed: bool) -> Result<Self, StoreError> {
        let mut frame = [0; HEADER_LEN];
        let read = file.read_exact_at(&mut frame, HEAD_LEN).is_ok();
        let marker = array(&frame, 0);
        match Header::parse(&frame, marker) {
            Ok(_) if read => Ok(Self { name, file, marker, closed, sound: false }),
            _ => Err(StoreError::DamagedSegment(name.to_string())),
        }
    }

    /// Whether it is in the order of ids and complete.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether its head is as it was written.
    pub(crate) fn has_sound_head(&self) -> bool {
        self.sound
    }

    /// Its name.
    pub(crate) fn name(&self) -> SegmentName {
        self.name
    }

    /// The marker that begins its frames.
    pub(crate) fn marker(&self) -> Marker {
        self.marker
    }

    /// A place in it.
    pub(crate) fn position(&self, offset: u64) -> Position {
        Position { segment: self.name, offset }
    }

    /// Its length in bytes.
    pub(crate) fn len(&self) -> io::Result<u64> {
        self.file.metadata().map(|metadata| metadata.len())
    }

    /// Reads `len` bytes from this place on.
    pub(crate) fn read(&self, at: u64, len: usize) -> io::Result<Bytes> {
        let mut bytes = vec![0; len];
        self.file.read_exact_at(&mut bytes, at)?;
        Ok(bytes.into())
    }

    /// Reads the header of a frame.
    pub(crate) fn header(&self, at: u64) -> io::Result<Result<Header, FrameError>> {
        let mut bytes = [0; HEADER_LEN];
        self.file.read_exact_at(&mut bytes, at)?;
        Ok(Header::parse(&bytes, self.marker))
    }

    /// Writes frames one after the other and returns where they end. Nothing is durable before [`Self::sync`].
    pub(crate) fn write(&self, at: u64, frames: &[(Header, Bytes)]) -> io::Result<u64> {
        let headers: Vec<_> = frames.iter().map(|(header, _)| header.encode(self.marker)).collect();
        let pieces = headers.iter().zip(frames).flat_map(|(header, (_, body))| [&header[..], body]);
        let mut pieces: Vec<_> = pieces.map(IoSlice::new).collect();
        let mut pieces = &mut pieces[..];
        IoSlice::advance_slices(&mut pieces, 0);
        let mut end = at;
        while !pieces.is_empty() {
            let now = &pieces[..pieces.len().min(MAX_PIECES)];
            let written = retry_on_intr(|| rustix::io::pwritev(&self.file, now, end))?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            end += written as u64;
            IoSlice::advance_slices(&mut pieces, written);
        }
        Ok(end)
    }

    /// Makes durable what was written, and the day's midnight the only time that the file tells.
    pub(crate) fn sync(&self) -> io::Result<()> {
        set_midnight(&self.file, self.name.day)?;
        self.file.sync_data()
    }

    /// Shortens the segment, durably.
    pub(crate) fn cut(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)?;
        self.sync()
    }

    /// Gives a body's blocks back to the file system, which then reads as zeros.
    pub(crate) fn punch_body(&self, frame: u64, len: u64) -> io::Result<()> {
        let at = frame + HEADER_LEN as u64;
        let how = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        match retry_on_intr(|| rustix::fs::fallocate(&self.file, how, at, len.max(1))) {
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => self.file.write_all_at(&vec![0; usize_of(len)], at),
            other => Ok(other?),
        }
    }

    /// Replaces a frame's header by one that says nothing but where the next frame begins.
    pub(crate) fn void_header(&self, frame: u64, len: u64) -> io::Result<()> {
        self.file.write_all_at(&Header::void(len).encode(self.marker), frame)
    }
}

/// A length that fits into memory: bodies have at most [`kua_store::MAX_OBJECT_LEN`] bytes.
pub(crate) fn usize_of(len: u64) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}

/// Gives a file or folder the midnight that begins this day as its time.
pub(crate) fn set_midnight(file: &File, day: Day) -> io::Result<()> {
    let midnight = Timespec { tv_sec: day.midnight_unix().cast_signed(), tv_nsec: 0 };
    let times = Timestamps { last_access: midnight, last_modification: midnight };
    Ok(rustix::fs::futimens(file, &times)?)
}

fn head(name: SegmentName, marker: Marker, closed: bool) -> Head {
    let mut bytes = Head::default();
    bytes[..8].copy_from_slice(if closed { CLOSED } else { OPEN });
    bytes[8..12].copy_from_slice(&VERSION.to_be_bytes());
    bytes[12..16].copy_from_slice(&name.day.number().to_be_bytes());
    bytes[16..20].copy_from_slice(&name.number.to_be_bytes());
    bytes[20..28].copy_from_slice(&marker);
    let checksum = crc32c::crc32c(&bytes[..28]);
    bytes[28..].copy_from_slice(&checksum.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use kua_protocol::id::ObjectId;

    use super::*;
    use crate::segments::frame::{FrameKind, Place};
    use kua_store::{Kind, Owner};

    fn name(text: &str) -> SegmentName {
        SegmentName::of_file(text).unwrap()
    }

    fn frame(body: &'static [u8]) -> (Header, Bytes) {
        let frame_kind = FrameKind::Object(Kind::Report, Owner::Nobody, Place::Segment);
        let header =
            Header { frame_kind, id: ObjectId::of(body), day: Day::from_number(9), len: body.len() as u64 };
        (header, Bytes::from_static(body))
    }

    #[test]
    fn a_name_has_one_spelling() {
        assert_eq!(name("2010-10-11.0002.seg").to_string(), "2010-10-11.0002.seg");
        for other in
            ["2010-10-11.2.seg", "2010-10-11.seg", "2010-10-11.0002.seg.tmp", "lock", "2010-10-11.+002.seg"]
        {
            assert_eq!(SegmentName::of_file(other), None, "{other}");
        }
    }

    #[test]
    fn frames_are_read_back_and_the_file_tells_only_its_midnight() {
        let folder = tempfile::tempdir().unwrap();
        let name = name("2010-10-11.0000.seg");
        let segment = Segment::create(folder.path(), name).unwrap();
        let end = segment.write(HEAD_LEN, &[frame(b"first"), frame(b""), frame(b"third")]).unwrap();
        segment.sync().unwrap();
        assert_eq!(segment.len().unwrap(), end);

        let again = Segment::open(folder.path(), name).unwrap();
        assert_eq!(again.header(HEAD_LEN).unwrap().unwrap(), frame(b"first").0);
        assert_eq!(again.read(end - 5, 5).unwrap(), "third");
        let metadata = std::fs::metadata(folder.path().join(name.to_string())).unwrap();
        assert_eq!(metadata.mtime(), 14_893 * 86_400);
        assert_eq!(metadata.mtime_nsec(), 0);
    }

    #[test]
    fn an_erased_body_gives_its_blocks_back() {
        let folder = tempfile::tempdir().unwrap();
        let segment = Segment::create(folder.path(), name("2010-10-11.0000.seg")).unwrap();
        let body: &'static [u8] = vec![7; 1 << 20].leak();
        segment.write(HEAD_LEN, &[frame(body)]).unwrap();
        segment.sync().unwrap();
        let blocks = segment.file.metadata().unwrap().blocks();
        segment.punch_body(HEAD_LEN, body.len() as u64).unwrap();
        segment.void_header(HEAD_LEN, body.len() as u64).unwrap();
        segment.sync().unwrap();
        assert!(segment.file.metadata().unwrap().blocks() < blocks / 8);
        assert_eq!(segment.header(HEAD_LEN).unwrap().unwrap(), Header::void(body.len() as u64));
        assert!(segment.read(HEAD_LEN + 92, body.len()).unwrap().iter().all(|byte| *byte == 0));
    }

    #[test]
    fn a_damaged_or_renamed_segment_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (name("2010-10-11.0000.seg"), name("2010-10-11.0001.seg"));
        drop(Segment::create(folder.path(), first).unwrap());
        std::fs::copy(folder.path().join(first.to_string()), folder.path().join(second.to_string())).unwrap();
        assert!(matches!(Segment::open(folder.path(), second), Err(StoreError::DamagedSegment(_))));
        std::fs::write(folder.path().join(first.to_string()), b"KUA-SEG\n").unwrap();
        assert!(matches!(Segment::open(folder.path(), first), Err(StoreError::DamagedSegment(_))));
    }
}
