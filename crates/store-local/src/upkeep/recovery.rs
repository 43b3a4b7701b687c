//! What happens at start: the ledger is brought to where the segments are, and torn tails are cut.
//!
//! A batch is acknowledged only after it was synced, and no other is written before that. So what a crash can
//! tear is the last batch of a segment, and nothing in it was acknowledged. Whatever is unreadable elsewhere is
//! damage: it is left where it is, and reading goes on at the next frame. No body can pass for that frame, since
//! the segment's marker is known to nobody outside. A closed segment got its name when it was whole: nothing in it
//! can be torn.

use std::path::Path;
use std::{fs, io};

use bytes::Bytes;
use kua_protocol::id::ObjectId;

use crate::Parts;
use crate::batch::LONGEST_BATCH;
use crate::ledger::Ledger;
use crate::ledger::index::Index;
use crate::segments::frame::{FrameError, FrameKind, HEADER_LEN, Header, Place};
use crate::segments::segment::{HEAD_LEN, Position, Segment, SegmentName, usize_of};
use crate::segments::tombstones::Tombstones;
use crate::segments::{Erasure, Segments};
use kua_store::StoreError;

/// Frames that are taken in at a time, once it is certain that they are whole.
const PORTION: usize = 4096;
/// Bytes that are searched at a time for the next frame.
const WINDOW: u64 = 1024 * 1024;

/// Opens the ledger and brings it up to the segments; makes a new one where the old is lost or wrong.
pub(crate) fn open_ledger(
    folder: &Path,
    segments: &Segments,
    tombstones: &Tombstones,
) -> Result<Ledger, StoreError> {
    if let Some(ledger) = Ledger::reopen(folder) {
        ledger.activate()?;
        match catch_up_if_agreed(&ledger, segments) {
            Ok(true) => {
                ledger.clear_others()?;
                return Ok(ledger);
            }
            Ok(false) | Err(StoreError::Ledger(_)) => {}
            Err(error) => return Err(error),
        }
    }
    remake_ledger(folder, segments, tombstones, |_| {})
}

/// Makes a new ledger from the segments alone, in the place of whatever is there.
pub(crate) fn remake_ledger(
    folder: &Path,
    segments: &Segments,
    tombstones: &Tombstones,
    mut progress: impl FnMut(u64),
) -> Result<Ledger, StoreError> {
    tracing::info!("the ledger is made anew from the segments");
    let ledgers = folder.join("ledger");
    if ledgers.exists() && !ledgers.is_dir() {
        fs::remove_file(ledgers)?;
    }
    let ledger = Ledger::fresh(folder)?;
    ledger.clear_others()?;
    enter_tombstones(&ledger, tombstones)?;
    for name in segments.names()? {
        read_on(&ledger, segments, name)?;
        progress(segments.get(name)?.len()?);
    }
    ledger.activate()?;
    Ok(ledger)
}

/// Makes a new ledger beside the one that serves, up to where that one has read the segments; and returns the
/// bodies that are yet to be erased.
pub(crate) fn copy_ledger(parts: &Parts, ends: &[Position]) -> Result<(Ledger, Vec<Erasure>), StoreError> {
    let ledger = Ledger::fresh(&parts.path)?;
    enter_tombstones(&ledger, &parts.tombstones)?;
    let mut erasures = Vec::new();
    for end in ends {
        let segment = parts.segments.get(end.segment)?;
        let mut at = HEAD_LEN;
        while let Some((begin, header)) = next_frame(&segment, at, end.offset)? {
            at = begin + header.frame_len();
            erasures.extend(ledger.apply(&header, segment.position(begin))?.erasure);
            ledger.relieve()?;
        }
        ledger.tell(|index| index.note_read(*end))?;
    }
    ledger.write_down()?;
    Ok((ledger, erasures))
}

fn enter_tombstones(ledger: &Ledger, tombstones: &Tombstones) -> Result<(), StoreError> {
    let ids = tombstones.read()?.ids;
    for id in ids {
        ledger.tell(|index| index.erased(id))?;
        ledger.relieve()?;
    }
    Ok(())
}

fn catch_up_if_agreed(ledger: &Ledger, segments: &Segments) -> Result<bool, StoreError> {
    let names = segments.names()?;
    for end in ledger.ask(Index::ends)? {
        if !names.contains(&end.segment) || segments.get(end.segment)?.len()? < end.offset {
            return Ok(false);
        }
    }
    catch_up(ledger, segments).map(|()| true)
}

/// Reads what the segments hold beyond the ledger's knowledge.
pub(crate) fn catch_up(ledger: &Ledger, segments: &Segments) -> Result<(), StoreError> {
    for name in segments.names()? {
        read_on(ledger, segments, name)?;
    }
    Ok(())
}

/// Reads what one segment holds beyond the ledger's knowledge.
pub(crate) fn read_on(ledger: &Ledger, segments: &Segments, name: SegmentName) -> Result<(), StoreError> {
    let segment = segments.get(name)?;
    let from = ledger.ask(|index| index.read_up_to(name))?;
    let len = segment.len()?;
    if from >= len {
        return Ok(());
    }
    let mut frames = Vec::new();
    let mut at = from;
    while let Some((begin, header)) = next_frame(&segment, at, len)? {
        if begin > at {
            tracing::warn!(segment = %name, at, bytes = begin - at, "unreadable bytes are passed over");
        }
        // What came before is whole: it was synced before this was written.
        if frames.len() >= PORTION && (segment.is_closed() || header.frame_kind == FrameKind::Batch) {
            take_in(ledger, segments, frames.drain(..), segment.position(begin))?;
            ledger.relieve()?;
        }
        at = begin + header.frame_len();
        // Of a ledger that knew better, a closed segment changes the places of objects and nothing else: what was
        // said of them since its words were written stands elsewhere.
        if !segment.is_closed() || ledger.is_fresh() || matches!(header.frame_kind, FrameKind::Object(..)) {
            frames.push((header, segment.position(begin)));
        }
    }
    let end = if segment.is_closed() { len } else { cut_torn(segments, &segment, &mut frames, from, len)? };
    take_in(ledger, segments, frames.drain(..), segment.position(end))
}

/// Takes the torn frames of the last batch out of these and off the disk, and returns where the segment ends now.
fn cut_torn(
    segments: &Segments,
    segment: &Segment,
    frames: &mut Vec<(Header, Position)>,
    from: u64,
    len: u64,
) -> Result<u64, StoreError> {
    let last_batch =
        frames.iter().rposition(|(header, _)| header.frame_kind == FrameKind::Batch).unwrap_or(0);
    let (mut end, mut torn) = (from, Vec::new());
    if let Some((header, at)) = last_batch.checked_sub(1).and_then(|before| frames.get(before)) {
        end = at.offset + header.frame_len();
    }
    for (header, at) in frames.split_off(last_batch) {
        if is_sound(segment, at.offset, &header)? {
            end = at.offset + header.frame_len();
            frames.push((header, at));
        } else {
            torn.push(Erasure { id: header.id, at, len: header.len, place: Place::Segment });
        }
    }
    if len - end > LONGEST_BATCH {
        tracing::error!(segment = %segment.name(), bytes = len - end, "the segment is damaged at its end, which is left as it is");
        end = len;
    }
    torn.retain(|erasure| erasure.at.offset < end);
    segments.erase(&torn)?;
    // Also where nothing is cut: frames that were written and never synced are about to count as durable.
    segment.cut(end)?;
    Ok(end)
}

/// Enters frames into the ledger, erases what they say is deleted, and notes how far the segment was read.
///
/// In this order: a reader who finds a body erased finds its object gone, and a crash in between leads here again.
pub(crate) fn take_in(
    ledger: &Ledger,
    segments: &Segments,
    frames: impl Iterator<Item = (Header, Position)>,
    end: Position,
) -> Result<(), StoreError> {
    let mut erasures = Vec::new();
    for (header, at) in frames {
        erasures.extend(ledger.apply(&header, at)?.erasure);
    }
    segments.erase(&erasures)?;
    ledger.tell(|index| {
        for erasure in erasures {
            index.erased(erasure.id);
        }
        index.note_read(end);
    })?;
    Ok(())
}

/// The frame at this place or, where there is none, the next one that lies wholly within the segment.
pub(crate) fn next_frame(segment: &Segment, at: u64, len: u64) -> Result<Option<(u64, Header)>, StoreError> {
    if at + HEADER_LEN as u64 <= len
        && let Ok(header) = segment.header(at)?
        && at + header.frame_len() <= len
    {
        return Ok(Some((at, header)));
    }
    let mut from = at;
    while from + HEADER_LEN as u64 <= len {
        let window = segment.read(from, usize_of(WINDOW.min(len - from)))?;
        for place in places_of(&segment.marker(), &window) {
            let begin = from + place as u64;
            match Header::parse(&window[place..], segment.marker()) {
                Ok(header) if begin + header.frame_len() <= len => return Ok(Some((begin, header))),
                Err(FrameError::Newer) => return Err(StoreError::Newer(segment.name().to_string())),
                Ok(_) | Err(FrameError::Garbage) => {}
            }
        }
        // A header may begin at the end of this window.
        from += window.len() as u64 - (HEADER_LEN as u64 - 1);
    }
    Ok(None)
}

fn places_of<'a>(marker: &'a [u8], window: &'a Bytes) -> impl Iterator<Item = usize> + 'a {
    window
        .windows(marker.len())
        .enumerate()
        .filter_map(move |(place, bytes)| (bytes == marker).then_some(place))
}

fn is_sound(segment: &Segment, begin: u64, header: &Header) -> io::Result<bool> {
    // What has a file of its own was durable before its header was written.
    if header.frame_kind.place() != Some(Place::Segment) {
        return Ok(true);
    }
    let body = segment.read(begin + HEADER_LEN as u64, usize_of(header.len))?;
    Ok(ObjectId::of(&body) == header.id)
}
