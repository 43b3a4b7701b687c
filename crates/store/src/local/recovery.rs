//! What happens at start: the ledger is brought to where the segments are, and torn tails are cut.
//!
//! A batch is acknowledged only after it was synced, and no other is written before that. So what a crash can
//! tear is the end of a segment, no longer than one batch; and nothing in it was acknowledged. Whatever is
//! unreadable elsewhere is damage: it is left where it is, and reading goes on at the next frame. No body can
//! pass for that frame, since the segment's marker is known to nobody outside.

use std::io;
use std::path::Path;

use bytes::Bytes;
use kua_protocol::id::ObjectId;

use super::commit::LONGEST_BATCH;
use super::frame::{FrameError, HEADER_LEN, Header, Word};
use super::ledger::Ledger;
use super::segment::{Position, Segment, SegmentName, usize_of};
use super::segments::{Grave, Segments};
use crate::StoreError;

/// Frames that are taken in at a time; where the tail is in doubt they wait until all of it was seen.
const PORTION: usize = 4096;
/// Bytes that are searched at a time for the next frame.
const WINDOW: u64 = 1024 * 1024;

/// Opens the ledger and brings it up to the segments; makes a new one where the old is lost or wrong.
pub(super) fn open_ledger(folder: &Path, segments: &Segments) -> Result<Ledger, StoreError> {
    if let Some(ledger) = Ledger::reopen(folder) {
        match catch_up_if_agreed(&ledger, segments) {
            Ok(true) => return Ok(ledger),
            Ok(false) | Err(StoreError::Ledger(_)) => {}
            Err(error) => return Err(error),
        }
    }
    tracing::info!("the ledger is made anew from the segments");
    let ledger = Ledger::fresh(folder)?;
    catch_up(&ledger, segments)?;
    Ok(ledger)
}

fn catch_up_if_agreed(ledger: &Ledger, segments: &Segments) -> Result<bool, StoreError> {
    let names = segments.names()?;
    for end in ledger.ask(|index| index.ends().collect::<Result<Vec<_>, _>>())? {
        if !names.contains(&end.segment) || segments.get(end.segment)?.len()? < end.offset {
            return Ok(false);
        }
    }
    catch_up(ledger, segments).map(|()| true)
}

fn catch_up(ledger: &Ledger, segments: &Segments) -> Result<(), StoreError> {
    for name in segments.names()? {
        read_on(ledger, segments, name)?;
    }
    Ok(())
}

/// Reads what a segment holds beyond the ledger's knowledge.
fn read_on(ledger: &Ledger, segments: &Segments, name: SegmentName) -> Result<(), StoreError> {
    let segment = segments.get(name)?;
    let from = ledger.ask(|index| index.read_up_to(name))?;
    let len = segment.len()?;
    if from == len {
        return Ok(());
    }
    let doubtful = len.saturating_sub(LONGEST_BATCH);
    let (mut frames, mut torn) = (Vec::new(), Vec::new());
    let (mut at, mut end) = (from, from);
    while let Some((begin, header)) = next_frame(&segment, at, len)? {
        if begin > at {
            tracing::warn!(segment = %name, at, bytes = begin - at, "unreadable bytes are passed over");
        }
        at = begin + header.frame_len();
        if begin >= doubtful && !is_sound(&segment, begin, &header)? {
            torn.push(Grave { id: header.id, at: segment.position(begin), len: header.len });
            continue;
        }
        end = at;
        frames.push((header, segment.position(begin)));
        if frames.len() >= PORTION && end < doubtful {
            take_in(ledger, segments, frames.drain(..), segment.position(end))?;
        }
    }
    if end < doubtful {
        tracing::error!(segment = %name, bytes = len - end, "the segment is damaged at its end, which is left as it is");
        end = len;
    }
    torn.retain(|grave| grave.at.offset < end);
    segments.erase(&torn)?;
    // Also where nothing is cut: frames that were written and never synced are about to count as durable.
    segment.cut(end)?;
    take_in(ledger, segments, frames.drain(..), segment.position(end))
}

/// Enters frames into the ledger, erases what they say is deleted, and notes how far the segment was read.
///
/// In this order: a reader who finds a body erased finds its object gone, and a crash in between leads here again.
pub(super) fn take_in(
    ledger: &Ledger,
    segments: &Segments,
    frames: impl Iterator<Item = (Header, Position)>,
    end: Position,
) -> Result<(), StoreError> {
    let mut graves = Vec::new();
    for (header, at) in frames {
        graves.extend(ledger.apply(&header, at)?.grave);
    }
    segments.erase(&graves)?;
    ledger.ask(|index| {
        graves.iter().try_for_each(|grave| index.erased(grave.id))?;
        index.note_read(end)
    })?;
    Ok(())
}

/// The frame at this place or, where there is none, the next one that lies wholly within the segment.
fn next_frame(segment: &Segment, at: u64, len: u64) -> Result<Option<(u64, Header)>, StoreError> {
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
    if !matches!(header.word, Word::Object(..)) {
        return Ok(true);
    }
    let body = segment.read(begin + HEADER_LEN as u64, usize_of(header.len))?;
    Ok(ObjectId::of(&body) == header.id)
}
