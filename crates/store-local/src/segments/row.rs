//! Closed segments on their way: written one after the other, durable before they get their names.

use std::collections::BTreeMap;

use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;

use crate::segments::frame::{FrameKind, HEADER_LEN, Header};
use crate::segments::segment::{HEAD_LEN, Position, Segment, SegmentName};
use crate::segments::{FULL_SEGMENT, Segments};
use kua_store::StoreError;

/// Bytes that are written at a time.
const PORTION: u64 = 4 * 1024 * 1024;
/// Frames that are written at a time.
const FRAMES: usize = 256;

/// The closed segments of a day, from a name on.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    segments: &'a Segments,
    next: SegmentName,
    /// The segment that is being written, and where it ends once all that waits is written.
    current: Option<(Segment, u64)>,
    waiting: Vec<(Header, Bytes)>,
    bytes_waiting: u64,
    /// The names that the segments will have.
    pub(crate) names: Vec<SegmentName>,
    /// Where the objects are then.
    pub(crate) moved: BTreeMap<SegmentName, Vec<(Header, Position)>>,
}

impl<'a> Row<'a> {
    /// No segments yet.
    pub(crate) fn new(segments: &'a Segments, next: SegmentName) -> Self {
        Self {
            segments,
            next,
            current: None,
            waiting: Vec::new(),
            bytes_waiting: 0,
            names: Vec::new(),
            moved: BTreeMap::new(),
        }
    }

    /// Adds a frame. Frames come in the order of ids, and what is said of an object after it.
    pub(crate) fn add(&mut self, header: Header, body: Bytes) -> Result<(), StoreError> {
        if self.current.as_ref().is_some_and(|(_, end)| *end >= FULL_SEGMENT) {
            self.finish()?;
        }
        let (segment, end) = match self.current.take() {
            Some(current) => current,
            None => {
                let segment = self.segments.stage(self.next)?;
                self.names.push(self.next);
                self.next.number += 1;
                self.waiting.push((Header::batch(), Bytes::new()));
                self.bytes_waiting = HEADER_LEN as u64;
                (segment, HEAD_LEN + HEADER_LEN as u64)
            }
        };
        if let FrameKind::Object(..) = header.frame_kind {
            self.moved.entry(segment.name()).or_default().push((header, segment.position(end)));
        }
        self.current = Some((segment, end + header.frame_len()));
        self.bytes_waiting += header.frame_len();
        self.waiting.push((header, body));
        if self.bytes_waiting >= PORTION || self.waiting.len() >= FRAMES {
            self.write()?;
        }
        Ok(())
    }

    /// Adds a frame without a body.
    pub(crate) fn say(&mut self, frame_kind: FrameKind, id: ObjectId, day: Day) -> Result<(), StoreError> {
        self.add(Header { frame_kind, id, day, len: 0 }, Bytes::new())
    }

    /// Makes all of it durable.
    pub(crate) fn finish(&mut self) -> Result<(), StoreError> {
        self.write()?;
        if let Some((segment, _)) = self.current.take() {
            segment.sync()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), StoreError> {
        if let Some((segment, end)) = &self.current {
            segment.write(end - self.bytes_waiting, &self.waiting)?;
        }
        self.waiting.clear();
        self.bytes_waiting = 0;
        Ok(())
    }
}
