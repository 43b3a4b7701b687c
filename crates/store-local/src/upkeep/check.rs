//! Reading everything and comparing: bytes with their digests, the ledger with the segments.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use crate::ledger::index::Index;
use crate::ledger::manifest::{Left, Manifest};
use crate::ledger::record::Known;
use crate::ledger::{Ledger, files_are_as_closed};
use crate::lock::FolderLock;
use crate::segments::Segments;
use crate::segments::frame::{FrameKind, HEADER_LEN, Header, Place};
use crate::segments::segment::{HEAD_LEN, Position, Segment, SegmentName, usize_of};
use crate::segments::tombstones::Tombstones;
use crate::upkeep::recovery::{next_frame, remake_ledger};
use crate::{LedgerFault, LocalStore, between};
use kua_protocol::id::ObjectId;
use kua_store::{Checked, Fault, Progress, StoreError};

impl LocalStore {
    /// Reads every object of a stopped store and compares every digest, and the ledger with the segments.
    ///
    /// Nothing that matters is changed: sled may rewrite its own files when it opens them. It blocks. The progress
    /// is in bytes of the segments.
    ///
    /// # Errors
    ///
    /// `InUse`, `Newer`, `Io`. What is damaged is no error of the check.
    pub fn check_stopped(
        folder: impl AsRef<Path>,
        progress: impl FnMut(Progress),
    ) -> Result<Checked, StoreError> {
        let path = folder.as_ref();
        let _lock = FolderLock::take(path)?;
        let mut checked = Checked::default();
        let begun = ["segments", "ledger", "ledger.stamp"].iter().any(|part| path.join(part).exists());
        if !begun {
            return Ok(checked);
        }
        let segments = Segments::as_it_is(&path.join("segments"))?;
        let left_open =
            matches!(Manifest::read(&path.join("ledger.stamp")), Some(Manifest { left: Left::Open(_), .. }));
        // A ledger whose files have changed is not opened: closing it would declare them good.
        let ledger = if files_are_as_closed(path).unwrap_or(false) { Ledger::reopen(path) } else { None };
        if ledger.is_none() && !left_open {
            checked.fault("ledger", "it is not as it was when it was closed; it can be rebuilt", None);
        }
        let mut ends = BTreeMap::new();
        if let Some(ledger) = &ledger {
            ledger.activate()?;
            ends = ledger
                .ask(Index::ends)
                .unwrap_or_default()
                .into_iter()
                .map(|end| (end.segment, end.offset))
                .collect();
        }
        let ask = |question: Question<'_>| ledger.as_ref().map(|ledger| ledger.ask(question));
        let check = Check { segments: &segments, ends, ask: &ask, serving: false, progress };
        check.run(path, &mut checked)?;
        if let Some(ledger) = &ledger {
            ledger.close();
        }
        Ok(checked)
    }

    /// The same for this store, which goes on serving meanwhile. It blocks.
    ///
    /// # Errors
    ///
    /// `Newer`, `Io`.
    pub(crate) fn check_serving(&self, progress: impl FnMut(Progress)) -> Result<Checked, StoreError> {
        let ends = between(self.queue()?, |parts| Ok(parts.ask(Index::ends)?))?;
        let ends = ends.into_iter().map(|end| (end.segment, end.offset)).collect();
        let mut checked = Checked::default();
        let ask = |question: Question<'_>| Some(self.parts.ask(question));
        let check = Check { segments: &self.parts.segments, ends, ask: &ask, serving: true, progress };
        check.run(&self.parts.path, &mut checked)?;
        self.parts.damaged().extend(checked.faults.iter().filter_map(Fault::id));
        Ok(checked)
    }

    /// Makes the ledger of a stopped store anew from the segments, and returns how many objects it holds.
    ///
    /// It blocks. The progress is in bytes of the segments.
    ///
    /// # Errors
    ///
    /// `InUse`, `Io`, `Ledger`, `DamagedSegment`, `Newer`.
    pub fn rebuild_ledger(
        folder: impl AsRef<Path>,
        mut progress: impl FnMut(Progress),
    ) -> Result<u64, StoreError> {
        let path = folder.as_ref();
        let _lock = FolderLock::take(path)?;
        let segments = Segments::open(&path.join("segments"))?;
        let mut now = Progress { done: 0, total: total(&segments)? };
        progress(now);
        let ledger = remake_ledger(path, &segments, &Tombstones::of(path), |bytes| {
            now.done += bytes;
            progress(now);
        })?;
        ledger.close();
        Ok(ledger.totals().0)
    }
}

/// Bytes of all segments, and of all files beside them.
fn total(segments: &Segments) -> Result<u64, StoreError> {
    let small = segments.names()?.into_iter().map(|name| segments.size(name)).sum::<io::Result<u64>>()?;
    let contents = segments.contents();
    Ok(small + contents.ids()?.into_iter().map(|id| contents.size(id)).sum::<u64>())
}

/// What the ledger is asked.
type Question<'a> = &'a dyn Fn(&Index) -> Result<(), LedgerFault>;

/// A check of one folder.
struct Check<'a, P> {
    segments: &'a Segments,
    /// Up to where the ledger has read each segment. What is beyond was never acknowledged, or came just now.
    ends: BTreeMap<SegmentName, u64>,
    /// Puts a question to the ledger, if there is one to be believed.
    ask: &'a dyn Fn(Question<'_>) -> Option<Result<(), LedgerFault>>,
    /// Whether others change things meanwhile.
    serving: bool,
    progress: P,
}

impl<P: FnMut(Progress)> Check<'_, P> {
    fn run(mut self, path: &Path, checked: &mut Checked) -> Result<(), StoreError> {
        let mut now = Progress { done: 0, total: total(self.segments)? };
        for name in self.segments.names()? {
            (self.progress)(now);
            let begin = now.done;
            let mut large = 0;
            match self.segments.get(name) {
                Ok(segment) => large = self.segment(&segment, &mut now, checked)?,
                Err(StoreError::DamagedSegment(_)) => {
                    checked.fault(
                        name.to_string(),
                        "its beginning is damaged, so that nothing in it can be found",
                        None,
                    );
                }
                // A day was closed meanwhile.
                Err(StoreError::Io(error)) if error.kind() == io::ErrorKind::NotFound && self.serving => {}
                Err(other) => return Err(other),
            }
            now.done = begin + large + self.segments.size(name).unwrap_or(0);
        }
        now.done = now.total;
        (self.progress)(now);
        self.ledger(checked);
        self.contents(checked)?;
        self.tombstones(path, checked)?;
        for file in fs::read_dir(path.join("damaged")).into_iter().flatten() {
            let place = Path::new("damaged").join(file?.file_name());
            checked.fault(
                place.display().to_string(),
                "unreadable bytes, kept aside when their day was closed",
                None,
            );
        }
        Ok(())
    }

    /// What is known of an id; nothing when there is no ledger to ask.
    fn known(&self, id: ObjectId) -> Option<Known> {
        let known = std::cell::Cell::new(None);
        (self.ask)(&|index| {
            known.set(Some(index.known(id)?));
            Ok(())
        });
        known.into_inner()
    }

    /// Reads one segment, and returns how many bytes its objects have in files of their own.
    fn segment(
        &mut self,
        segment: &Segment,
        now: &mut Progress,
        checked: &mut Checked,
    ) -> Result<u64, StoreError> {
        let name = segment.name();
        if !segment.has_sound_head() {
            checked.fault(name.to_string(), "its head is damaged", None);
        }
        let len = segment.len()?;
        let end = match self.ends.get(&name) {
            Some(end) => *end.min(&len),
            None if self.serving => return Ok(0),
            None => len,
        };
        // Bytes of bodies in files of their own.
        let mut large = 0;
        let begin = now.done;
        let mut at = HEAD_LEN;
        while at < end {
            let next = next_frame(segment, at, len)?;
            let found = next.map_or(end, |(found, _)| found.min(end));
            // Without the ledger nobody can tell damage at the end from what a crash has torn.
            if found > at && (next.is_some() || self.ends.contains_key(&name)) {
                checked.fault(format!("{name} at byte {at}"), "unreadable bytes", None);
            }
            let Some((found, header)) = next else { break };
            if found >= end {
                break;
            }
            at = found + header.frame_len();
            self.frame(segment, found, &header, checked)?;
            if header.frame_kind.place() == Some(Place::File) {
                large += header.len;
            }
            now.done = begin + large + at;
            (self.progress)(*now);
        }
        Ok(large)
    }

    fn frame(
        &self,
        segment: &Segment,
        at: u64,
        header: &Header,
        checked: &mut Checked,
    ) -> Result<(), StoreError> {
        let here = || format!("{} at byte {at}", segment.name());
        let id = header.id;
        match header.frame_kind {
            FrameKind::Object(_, _, place) => {
                let sound = match place {
                    Place::Segment => {
                        ObjectId::of(&segment.read(at + HEADER_LEN as u64, usize_of(header.len))?) == id
                    }
                    Place::File => self.file_is_sound(id, header.len)?,
                };
                let known = self.known(id);
                let counts = match &known {
                    Some(Known::Present(record)) => record.at == segment.position(at),
                    Some(_) => false,
                    None => true,
                };
                match known {
                    _ if counts && sound => {
                        checked.objects += 1;
                        checked.bytes += header.len;
                    }
                    _ if counts => checked.fault(here(), "its bytes do not have its digest", Some(id)),
                    Some(Known::Unknown) => checked.fault(here(), "the ledger does not know it", Some(id)),
                    // While serving, whoever deletes it may be on the way.
                    Some(Known::Gone(_)) if !self.serving => {
                        checked.fault(here(), "it was deleted and is still there", Some(id));
                    }
                    _ => {}
                }
            }
            FrameKind::Tombstone => {
                if matches!(self.known(id), Some(Known::Present(_) | Known::Unknown)) {
                    checked.fault(here(), "the ledger does not know that it was deleted", Some(id));
                }
            }
            FrameKind::Void => {
                let body = segment.read(at + HEADER_LEN as u64, usize_of(header.len))?;
                if body.iter().any(|byte| *byte != 0) {
                    checked.fault(here(), "there are bytes where an object was erased", None);
                }
            }
            FrameKind::DeleteAsked(_) | FrameKind::Kept | FrameKind::Batch => {}
        }
        Ok(())
    }

    /// Whether an object's own file is as it should be.
    fn file_is_sound(&self, id: ObjectId, len: u64) -> io::Result<bool> {
        match self.segments.contents().open(id) {
            Ok(Some((file, beginning))) => {
                let whole = beginning.header.len == len && file.len()? == len && file.has_clean_head()?;
                Ok(whole && file.digest(len)? == id)
            }
            Ok(None) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Files that belong to nothing.
    fn contents(&self, checked: &mut Checked) -> io::Result<()> {
        for id in self.segments.contents().ids()? {
            // While serving, an upload may have come just now.
            if !self.serving && matches!(self.known(id), Some(Known::Gone(_) | Known::Unknown)) {
                checked.fault(format!("contents/{id}.obj"), "the ledger does not know it", Some(id));
            }
        }
        Ok(())
    }

    /// Whether the ledger leads to every object that it knows, and to no other.
    fn ledger(&self, checked: &mut Checked) {
        let found = std::cell::RefCell::new(Vec::new());
        let asked = (self.ask)(&|index| {
            let (mut count, mut wishes) = (0, 0);
            for entry in index.present() {
                let (id, record) = entry?;
                count += 1;
                wishes += usize::from(record.delete_asked.is_some());
                let there = self.holds(id, record.at, record.size) && index.leads_to(id, &record)?;
                if !there && index.known(id)? == Known::Present(record) {
                    found.borrow_mut().push((Some(id), "it is not where the ledger has it"));
                }
            }
            if !self.serving && index.rows()? != (count, count, wishes) {
                found
                    .borrow_mut()
                    .push((None, "its listings do not agree with its objects; it can be rebuilt"));
            }
            Ok(())
        });
        if let Some(Err(_)) = asked {
            checked.fault("ledger", "it cannot be read; it can be rebuilt", None);
        }
        for (id, what) in found.into_inner() {
            checked.fault("ledger", what, id);
        }
    }

    fn holds(&self, id: ObjectId, at: Position, len: u64) -> bool {
        self.segments
            .get(at.segment)
            .is_ok_and(|segment| {
                matches!(segment.header(at.offset), Ok(Ok(header)) if header.id == id && header.len == len)
            })
    }

    fn tombstones(&self, path: &Path, checked: &mut Checked) -> Result<(), StoreError> {
        let gone = Tombstones::of(path).read()?;
        for at in gone.damaged {
            checked.fault(format!("tombstones at byte {at}"), "unreadable bytes", None);
        }
        for id in gone.ids {
            if matches!(self.known(id), Some(Known::Present(_) | Known::Unknown)) {
                checked.fault("tombstones", "the ledger does not know that it was deleted", Some(id));
            }
        }
        Ok(())
    }
}
