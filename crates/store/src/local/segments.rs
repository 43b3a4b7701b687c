//! The folder of segments: a row of them for each UTC day.
//!
//! Everything that is ever said of an object stands in the row of its day, in the order in which it was said.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;

use super::frame::{HEADER_LEN, Header};
use super::segment::{HEAD_LEN, Position, Segment, SegmentName, set_midnight, usize_of};
use crate::StoreError;

/// A segment that has so many bytes is followed by another.
const FULL_SEGMENT: u64 = 256 * 1024 * 1024;
/// Most segments that are kept open for reading.
const MAX_OPEN: usize = 64;

/// A body that has to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grave {
    /// The object that it was.
    pub(super) id: ObjectId,
    /// Where its frame begins.
    pub(super) at: Position,
    /// Length of the body in bytes.
    pub(super) len: u64,
}

/// The folder.
#[derive(Debug)]
pub(super) struct Segments {
    folder: PathBuf,
    handle: File,
    open: Mutex<BTreeMap<SegmentName, Arc<Segment>>>,
}

impl Segments {
    /// Opens the folder, makes it if need be, and clears away files that were begun and never written to.
    pub(super) fn open(folder: &Path) -> Result<Self, StoreError> {
        if !folder.exists() {
            fs::create_dir(folder)?;
            sync_parent(folder)?;
        }
        let segments =
            Self { folder: folder.to_owned(), handle: File::open(folder)?, open: Mutex::default() };
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

    /// The names of all segments, in order.
    pub(super) fn names(&self) -> io::Result<BTreeSet<SegmentName>> {
        let mut names = BTreeSet::new();
        for entry in fs::read_dir(&self.folder)? {
            names.extend(entry?.file_name().to_str().and_then(SegmentName::of_file));
        }
        Ok(names)
    }

    /// The segment with this name.
    pub(super) fn get(&self, name: SegmentName) -> Result<Arc<Segment>, StoreError> {
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

    /// The end of a day's row, in a new segment if there is none with room.
    pub(super) fn tail(&self, day: Day) -> Result<Tail, StoreError> {
        let row = SegmentName { day, number: 0 }..=SegmentName { day, number: u32::MAX };
        let last = self.names()?.range(row).next_back().copied();
        if let Some(name) = last {
            let segment = self.get(name)?;
            let end = segment.len()?;
            if end < FULL_SEGMENT {
                return Ok(Tail { segment, end });
            }
        }
        let name = SegmentName { day, number: last.map_or(0, |name| name.number + 1) };
        let segment = Arc::new(Segment::create(&self.folder, name)?);
        set_midnight(&self.handle, day)?;
        self.handle.sync_all()?;
        Ok(Tail { segment, end: HEAD_LEN })
    }

    /// Erases bodies and then their headers, durably; what is no longer there is passed over.
    ///
    /// A header goes only after the loss of its body is durable, for it is what leads back to the body when the
    /// power fails in between.
    pub(super) fn erase(&self, graves: &[Grave]) -> Result<(), StoreError> {
        let mut touched = BTreeMap::new();
        for grave in graves {
            let segment = self.get(grave.at.segment)?;
            if holds(&segment, grave)? {
                segment.punch_body(grave.at.offset, grave.len)?;
                touched.entry(grave.at.segment).or_insert((segment, Vec::new())).1.push(grave);
            }
        }
        for (segment, graves) in touched.values() {
            segment.sync()?;
            for grave in graves {
                segment.void_header(grave.at.offset, grave.len)?;
            }
            segment.sync()?;
        }
        Ok(())
    }
}

/// Whether the body lies where it is said to lie: by its header or, where that is damaged, by itself.
fn holds(segment: &Segment, grave: &Grave) -> io::Result<bool> {
    if let Ok(header) = segment.header(grave.at.offset)? {
        return Ok(header.id == grave.id && header.len == grave.len);
    }
    let begin = grave.at.offset + HEADER_LEN as u64;
    let lies_here =
        segment.read(begin, usize_of(grave.len)).is_ok_and(|body| ObjectId::of(&body) == grave.id);
    if !lies_here {
        tracing::warn!(segment = %segment.name(), "a body that is damaged beyond recognition cannot be erased");
    }
    Ok(lies_here)
}

/// Makes the name of a file or folder durable.
pub(super) fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
}

/// The end of a day's row, where the next frames go. Only the writer has one.
#[derive(Debug)]
pub(super) struct Tail {
    segment: Arc<Segment>,
    end: u64,
}

impl Tail {
    /// Whether frames of this day still go here.
    pub(super) fn takes(&self, day: Day) -> bool {
        self.segment.name().day == day && self.end < FULL_SEGMENT
    }

    /// Where the next frame will begin.
    pub(super) fn position(&self) -> Position {
        self.segment.position(self.end)
    }

    /// Appends frames, which are durable when this returns.
    ///
    /// # Errors
    ///
    /// When they are not. They are then taken back as far as the disk allows, and the tail must not be used
    /// again: after a failed sync the system may believe durable what is not.
    pub(super) fn append(&mut self, frames: &[(Header, Bytes)]) -> io::Result<()> {
        let written = self.segment.write(self.end, frames).and_then(|end| self.segment.sync().map(|()| end));
        match written {
            Ok(end) => self.end = end,
            Err(error) => {
                self.segment
                    .cut(self.end)
                    .unwrap_or_else(|again| tracing::warn!(%again, "cannot take frames back"));
                return Err(error);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::frame::Word;

    fn tombstone(id: u8) -> (Header, Bytes) {
        let id = ObjectId::from_bytes([id; 32]);
        (Header { word: Word::Tombstone, id, day: Day::from_number(9), len: 0 }, Bytes::new())
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
