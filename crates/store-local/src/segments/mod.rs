//! The folder of segments: a row of them for each UTC day.
//!
//! Everything that is ever said of an object stands in the row of its day, in the order in which it was said.

pub(crate) mod frame;
pub(crate) mod row;
pub(crate) mod segment;
pub(crate) mod tombstones;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{io, iter};

use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;

use crate::durable::sync_parent;
use crate::segments::frame::{HEADER_LEN, Header, Place};
use crate::segments::segment::{HEAD_LEN, Position, Segment, SegmentName, set_midnight, usize_of};
use crate::uploads::contents::Contents;
use kua_store::StoreError;

/// A segment that has so many bytes is followed by another.
pub(crate) const FULL_SEGMENT: u64 = if cfg!(test) { 16 * 1024 } else { 256 * 1024 * 1024 };
/// Most segments that are kept open for reading.
const MAX_OPEN: usize = 64;

/// A body that has to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Erasure {
    /// The object that it was.
    pub(crate) id: ObjectId,
    /// Where its frame begins.
    pub(crate) at: Position,
    /// Length of the body in bytes.
    pub(crate) len: u64,
    /// Where the body is.
    pub(crate) place: Place,
}

/// The folder.
#[derive(Debug)]
pub(crate) struct Segments {
    folder: PathBuf,
    handle: File,
    /// The bodies that have files of their own.
    contents: Contents,
    open: Mutex<BTreeMap<SegmentName, Arc<Segment>>>,
    /// For days that are being closed: the first number that frames may go to meanwhile.
    floors: Mutex<BTreeMap<Day, u32>>,
}

impl Segments {
    /// Opens the folder, makes it if need be, and clears away files that were begun and never written to.
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        if !folder.exists() {
            fs::create_dir(folder)?;
            sync_parent(folder)?;
        }
        let segments = Self::as_it_is(folder)?;
        segments.contents.make()?;
        segments.clear_staged()?;
        for name in segments.names()? {
            if let Err(StoreError::DamagedSegment(file)) = segments.get(name) {
                let path = segments.folder.join(file);
                if fs::metadata(&path)?.len() > HEAD_LEN {
                    return Err(StoreError::DamagedSegment(name.to_string()));
                }
                fs::remove_file(path)?;
            }
        }
        Ok(segments)
    }

    /// Opens the folder and changes nothing in it.
    pub(crate) fn as_it_is(folder: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            folder: folder.to_owned(),
            handle: File::open(folder)?,
            contents: Contents::beside(folder),
            open: Mutex::default(),
            floors: Mutex::default(),
        })
    }

    /// The bodies that have files of their own.
    pub(crate) fn contents(&self) -> &Contents {
        &self.contents
    }

    /// The names of all segments, in order.
    pub(crate) fn names(&self) -> io::Result<BTreeSet<SegmentName>> {
        let mut names = BTreeSet::new();
        for entry in fs::read_dir(&self.folder)? {
            names.extend(entry?.file_name().to_str().and_then(SegmentName::of_file));
        }
        Ok(names)
    }

    /// The segment with this name.
    pub(crate) fn get(&self, name: SegmentName) -> Result<Arc<Segment>, StoreError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(segment) = open.get(&name) {
            return Ok(Arc::clone(segment));
        }
        let segment = Arc::new(Segment::open(&self.folder, name)?);
        if open.len() >= MAX_OPEN {
            open.clear();
        }
        open.insert(name, Arc::clone(&segment));
        Ok(segment)
    }

    /// The length of a segment in bytes; 0 when it is not there any more.
    pub(crate) fn size(&self, name: SegmentName) -> io::Result<u64> {
        match fs::metadata(self.folder.join(name.to_string())) {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// The segments of a day, in order.
    pub(crate) fn row(&self, day: Day) -> Result<Vec<Arc<Segment>>, StoreError> {
        let row = SegmentName { day, number: 0 }..=SegmentName { day, number: u32::MAX };
        self.names()?.range(row).map(|name| self.get(*name)).collect()
    }

    /// The end of a day's row, in a new segment if there is none with room.
    pub(crate) fn tail(&self, day: Day) -> Result<Tail, StoreError> {
        let row = self.row(day)?;
        let floor = self.floors().get(&day).copied().unwrap_or(0);
        if let Some(segment) = row.last().filter(|last| !last.is_closed() && last.name().number >= floor) {
            let end = segment.len()?;
            if end < FULL_SEGMENT {
                return Ok(Tail { segment: Arc::clone(segment), end });
            }
        }
        let next = row.last().map_or(0, |last| last.name().number + 1);
        let name = SegmentName { day, number: next.max(floor) };
        let segment = Arc::new(Segment::create(&self.folder, name)?);
        self.settle(day)?;
        Ok(Tail { segment, end: HEAD_LEN })
    }

    /// Lets nothing more be appended to what a day's row has, and returns the segments that are in the order of
    /// arrival, and the name of the first closed one that may take their place. Frames go to segments beyond those
    /// until [`Self::reopen`].
    pub(crate) fn seal_off(&self, day: Day) -> Result<(Vec<Arc<Segment>>, SegmentName), StoreError> {
        let row = self.row(day)?;
        let bytes = row.iter().map(|segment| segment.len()).sum::<io::Result<u64>>()?;
        let reserved = u32::try_from(bytes / FULL_SEGMENT).unwrap_or(u32::MAX).saturating_add(2);
        let next = row.last().map_or(0, |last| last.name().number + 1);
        self.floors().insert(day, next.saturating_add(reserved));
        let sealed = row.into_iter().filter(|segment| !segment.is_closed()).collect();
        Ok((sealed, SegmentName { day, number: next }))
    }

    /// Ends what [`Self::seal_off`] began.
    pub(crate) fn reopen(&self, day: Day) {
        self.floors().remove(&day);
    }

    fn floors(&self) -> MutexGuard<'_, BTreeMap<Day, u32>> {
        self.floors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A closed segment under a passing name.
    pub(crate) fn stage(&self, name: SegmentName) -> io::Result<Segment> {
        let path = self.staged(name);
        fs::remove_file(&path).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        Segment::create_closed(&path, name)
    }

    /// Gives a staged segment, which is durable, its name.
    pub(crate) fn unveil(&self, name: SegmentName, today: Day) -> io::Result<()> {
        fs::rename(self.staged(name), self.folder.join(name.to_string()))?;
        self.settle(today)
    }

    /// Unlinks a segment, durably.
    pub(crate) fn unlink(&self, name: SegmentName, today: Day) -> io::Result<()> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
        fs::remove_file(self.folder.join(name.to_string()))?;
        self.settle(today)
    }

    fn staged(&self, name: SegmentName) -> PathBuf {
        self.folder.join(format!("{name}.new"))
    }

    fn clear_staged(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().ends_with(".seg.new") {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Makes names durable, and midnight the only time that the folder tells.
    fn settle(&self, day: Day) -> io::Result<()> {
        set_midnight(&self.handle, day)?;
        self.handle.sync_all()
    }

    /// Erases bodies and then their headers, durably; what is no longer there is passed over.
    ///
    /// A header goes only after the loss of its body is durable, for it is what leads back to the body when the
    /// power fails in between.
    pub(crate) fn erase(&self, erasures: &[Erasure]) -> Result<(), StoreError> {
        let mut touched = BTreeMap::new();
        for erasure in erasures {
            let segment = self.get(erasure.at.segment)?;
            if erasure.place == Place::File {
                self.contents.remove(erasure.id, erasure.at.segment.day)?;
            }
            if holds(&segment, erasure)? {
                if erasure.place == Place::Segment {
                    segment.punch_body(erasure.at.offset, erasure.len)?;
                }
                touched.entry(erasure.at.segment).or_insert((segment, Vec::new())).1.push(erasure);
            }
        }
        for (segment, erasures) in touched.values() {
            segment.sync()?;
            for erasure in erasures {
                let len = if erasure.place == Place::Segment { erasure.len } else { 0 };
                segment.void_header(erasure.at.offset, len)?;
            }
            segment.sync()?;
        }
        Ok(())
    }
}

/// Whether the body lies where it is said to lie: by its header or, where that is damaged, by itself.
fn holds(segment: &Segment, erasure: &Erasure) -> io::Result<bool> {
    if let Ok(header) = segment.header(erasure.at.offset)? {
        return Ok(header.id == erasure.id
            && header.len == erasure.len
            && header.frame_kind.place() == Some(erasure.place));
    }
    let begin = erasure.at.offset + HEADER_LEN as u64;
    let lies_here = erasure.place == Place::Segment
        && segment.read(begin, usize_of(erasure.len)).is_ok_and(|body| ObjectId::of(&body) == erasure.id);
    if !lies_here {
        tracing::warn!(segment = %segment.name(), "a body that is damaged beyond recognition cannot be erased");
    }
    Ok(lies_here)
}

/// The end of a day's row, where the next frames go. Only the writer has one.
#[derive(Debug)]
pub(crate) struct Tail {
    segment: Arc<Segment>,
    end: u64,
}

impl Tail {
    /// Whether frames of this day still go here.
    pub(crate) fn takes(&self, day: Day) -> bool {
        self.segment.name().day == day && self.end < FULL_SEGMENT
    }

    /// Where the next frame will begin.
    pub(crate) fn position(&self) -> Position {
        self.segment.position(self.end)
    }

    /// Appends frames as a batch, which is durable when this returns, and says where the first of them begins.
    ///
    /// # Errors
    ///
    /// When they are not. They are then taken back as far as the disk allows, and the tail must not be used
    /// again: after a failed sync the system may believe durable what is not.
    pub(crate) fn append(&mut self, frames: &[(Header, Bytes)]) -> io::Result<Position> {
        let begin = Header::batch();
        let batch: Vec<_> = iter::once((begin, Bytes::new())).chain(frames.iter().cloned()).collect();
        let first = self.segment.position(self.end + begin.frame_len());
        let written = self.segment.write(self.end, &batch).and_then(|end| self.segment.sync().map(|()| end));
        match written {
            Ok(end) => self.end = end,
            Err(error) => {
                self.segment
                    .cut(self.end)
                    .unwrap_or_else(|again| tracing::warn!(%again, "cannot take frames back"));
                return Err(error);
            }
        }
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segments::frame::FrameKind;

    fn tombstone(id: u8) -> (Header, Bytes) {
        let id = ObjectId::from_bytes([id; 32]);
        (Header { frame_kind: FrameKind::Tombstone, id, day: Day::from_number(9), len: 0 }, Bytes::new())
    }

    #[test]
    fn a_row_goes_on_where_it_ended() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("segments");
        let day = Day::from_number(9);
        let segments = Segments::open(&folder).unwrap();
        let mut tail = segments.tail(day).unwrap();
        tail.append(&[tombstone(1), tombstone(2)]).unwrap();
        assert!(tail.takes(day) && !tail.takes(day.plus(1)));
        let end = tail.position();
        assert_eq!(segments.tail(day).unwrap().position(), end);
        assert_eq!(segments.tail(day.plus(1)).unwrap().position().offset, HEAD_LEN);
        drop(segments);
        assert_eq!(Segments::open(&folder).unwrap().tail(day).unwrap().position(), end);
    }

    #[test]
    fn a_full_segment_is_followed_by_another() {
        let folder = tempfile::tempdir().unwrap();
        let segments = Segments::open(&folder.path().join("segments")).unwrap();
        let day = Day::from_number(9);
        let tail = segments.tail(day).unwrap();
        tail.segment.cut(FULL_SEGMENT).unwrap();
        let next = segments.tail(day).unwrap().position();
        assert_eq!(next.segment, SegmentName { day, number: 1 });
    }

    #[test]
    fn a_file_that_was_only_begun_is_cleared_away_and_a_damaged_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("segments");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("2010-10-11.0000.seg"), b"KUA").unwrap();
        assert!(Segments::open(&folder).unwrap().names().unwrap().is_empty());
        fs::write(folder.join("2010-10-11.0000.seg"), [7; 4000]).unwrap();
        assert!(matches!(Segments::open(&folder), Err(StoreError::DamagedSegment(_))));
        assert!(folder.join("2010-10-11.0000.seg").exists());
    }
}
