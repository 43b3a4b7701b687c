//! Closing a day: what came on it, and what was said of it, is rewritten in the order of ids.
//!
//! 1. The writer seals the day's row off: frames that come meanwhile go to a segment whose number is higher than
//!    those of the new ones.
//! 2. What is alive is copied into new segments under passing names, with the words that stand.
//! 3. They are synced and get their names; the old ones are still there, and of two copies the later counts.
//! 4. The ids of what was deleted enter the file of tombstones.
//! 5. The writer tells the ledger where the objects are now, and erases copies of what was deleted meanwhile.
//! 6. The old segments are unlinked, the earlier first, and with them those where nothing is alive any more.
//!
//! A crash after any of these leaves a folder that means the same, and the next call begins again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::sync::Arc;

use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use tokio::sync::mpsc;

use crate::durable::sync_parent;
use crate::ledger::record::{Known, Record};
use crate::segments::frame::{FrameKind, HEADER_LEN, Header, Place};
use crate::segments::row::Row;
use crate::segments::segment::{HEAD_LEN, Position, Segment, SegmentName, set_midnight, usize_of};
use crate::upkeep::recovery::{next_frame, read_on, take_in};
use crate::writer::Command;
use crate::{Parts, between};
use kua_store::StoreError;

/// Bytes that are copied at a time.
const PORTION: u64 = 4 * 1024 * 1024;
/// Objects whose places the ledger is told at a time; others are let in between.
const MOVES: usize = 512;

/// Closes a day, and says whether there was anything to close. It runs on a thread that may block, one at a time.
pub(crate) fn compact_day(
    parts: &Parts,
    queue: &mpsc::Sender<Command>,
    day: Day,
    today: Day,
) -> Result<bool, StoreError> {
    let (sealed, next) = between(queue, move |parts| {
        // An earlier attempt may have got no further than giving new segments their names.
        for segment in parts.segments.row(day)?.iter().filter(|segment| segment.is_closed()) {
            read_on(&parts.ledger(), &parts.segments, segment.name())?;
        }
        parts.segments.seal_off(day)
    })?;
    let closed = if sealed.is_empty() { Ok(()) } else { rewrite(parts, queue, &sealed, next, today) };
    parts.segments.reopen(day);
    closed.map(|()| !sealed.is_empty())
}

fn rewrite(
    parts: &Parts,
    queue: &mpsc::Sender<Command>,
    sealed: &[Arc<Segment>],
    next: SegmentName,
    today: Day,
) -> Result<(), StoreError> {
    let day = next.day;
    let names: Vec<_> = sealed.iter().map(|segment| segment.name()).collect();
    let mut records = parts.ask(|index| index.of_day(day))?;
    records.retain(|_, record| names.contains(&record.at.segment));
    if records.values().map(Record::bytes_in_segment).sum::<u64>() > parts.room() {
        return Err(StoreError::Full);
    }
    let survey = Survey::of(parts, sealed, &records)?;
    step(parts, 1)?;
    let Row { names: new, moved, .. } = copy(parts, next, &records, &survey.words)?;
    step(parts, 2)?;
    for name in &new {
        parts.segments.unveil(*name, today)?;
        step(parts, 3)?;
    }
    let mut gone = parts.tombstones.read()?.ids;
    gone.extend(survey.tombstones);
    gone.extend(parts.ask(|index| index.gone().collect::<Result<Vec<_>, _>>())?);
    if !gone.is_empty() {
        parts.tombstones.write(&gone, today)?;
    }
    step(parts, 4)?;
    for (name, moved) in moved {
        for moved in moved.chunks(MOVES) {
            let (Some((header, at)), moved) = (moved.last(), moved.to_vec()) else { continue };
            let end = Position { segment: name, offset: at.offset + header.frame_len() };
            between(queue, move |parts| take_in(&parts.ledger(), &parts.segments, moved.into_iter(), end))?;
        }
    }
    step(parts, 5)?;
    between(queue, move |parts| {
        for name in &new {
            let segment = parts.segments.get(*name)?;
            let end = segment.position(segment.len()?);
            parts.ledger().tell(|index| index.note_read(end))?;
        }
        retire(parts, names, day, today)
    })
}

/// What the segments say besides that objects are there.
#[derive(Default)]
struct Survey {
    tombstones: BTreeSet<ObjectId>,
    /// Objects of which it was said that they should go, or stay.
    words: BTreeSet<ObjectId>,
}

impl Survey {
    /// Reads all headers, and keeps unreadable bytes aside that are not an object known by the ledger.
    fn of(
        parts: &Parts,
        segments: &[Arc<Segment>],
        records: &BTreeMap<ObjectId, Record>,
    ) -> Result<Self, StoreError> {
        let known: BTreeMap<_, _> =
            records.values().map(|record| (record.at, record.bytes_in_segment())).collect();
        let mut survey = Self::default();
        for segment in segments {
            let (mut at, len) = (HEAD_LEN, segment.len()?);
            while at < len {
                let next = next_frame(segment, at, len)?;
                let begin = next.map_or(len, |(begin, _)| begin);
                while at < begin {
                    let Some(size) = known.get(&segment.position(at)) else {
                        keep_aside(parts, segment, at, begin)?;
                        break;
                    };
                    at += HEADER_LEN as u64 + size;
                }
                let Some((begin, header)) = next else { break };
                at = begin + header.frame_len();
                match header.frame_kind {
                    FrameKind::Tombstone => drop(survey.tombstones.insert(header.id)),
                    FrameKind::DeleteAsked(_) | FrameKind::Kept => drop(survey.words.insert(header.id)),
                    FrameKind::Void | FrameKind::Batch | FrameKind::Object(..) => {}
                }
            }
        }
        Ok(survey)
    }
}

fn keep_aside(parts: &Parts, segment: &Segment, begin: u64, end: u64) -> Result<(), StoreError> {
    let folder = parts.path.join("damaged");
    DirBuilder::new().mode(0o700).recursive(true).create(&folder)?;
    sync_parent(&folder)?;
    let path = folder.join(format!("{}.{begin}", segment.name()));
    let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&path)?;
    let mut at = begin;
    while at < end {
        let portion = segment.read(at, usize_of(PORTION.min(end - at)))?;
        file.write_all(&portion)?;
        at += portion.len() as u64;
    }
    set_midnight(&file, segment.name().day)?;
    file.sync_all()?;
    tracing::error!(file = %path.display(), "unreadable bytes of a segment are kept aside");
    Ok(sync_parent(&path)?)
}

/// Copies what is alive, and the words that stand, into new segments that are durable and have no name yet.
fn copy<'a>(
    parts: &'a Parts,
    next: SegmentName,
    records: &BTreeMap<ObjectId, Record>,
    words: &BTreeSet<ObjectId>,
) -> Result<Row<'a>, StoreError> {
    let mut row = Row::new(&parts.segments, next);
    let ids: BTreeSet<_> = records.keys().chain(words).copied().collect();
    for id in ids {
        if let Some(record) = records.get(&id) {
            let frame_kind = FrameKind::Object(record.kind, record.owner, record.place);
            row.add(Header { frame_kind, id, day: record.day, len: record.size }, body(parts, record)?)?;
        }
        if let Known::Present(record) = parts.ask(|index| index.known(id))? {
            match record.delete_asked {
                Some(wish) => row.say(FrameKind::DeleteAsked(wish.by), id, wish.day)?,
                // An earlier segment may say otherwise.
                None if words.contains(&id) => row.say(FrameKind::Kept, id, record.day)?,
                None => {}
            }
        }
    }
    row.finish()?;
    Ok(row)
}

/// The body of an object as it is, right or wrong; zeros where there is nothing. A body in a file of its own stays
/// where it is.
fn body(parts: &Parts, record: &Record) -> Result<Bytes, StoreError> {
    if record.place == Place::File {
        return Ok(Bytes::new());
    }
    let segment = parts.segments.get(record.at.segment)?;
    match segment.read(record.at.offset + HEADER_LEN as u64, usize_of(record.size)) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Ok(vec![0; usize_of(record.size)].into())
        }
        other => Ok(other?),
    }
}

/// Unlinks these segments of a day, and the closed ones in which nothing is alive.
fn retire(parts: &Parts, mut names: Vec<SegmentName>, day: Day, today: Day) -> Result<(), StoreError> {
    let records = parts.ask(|index| index.of_day(day))?;
    let alive: BTreeSet<_> = records.values().map(|record| record.at.segment).collect();
    for segment in parts.segments.row(day)? {
        if segment.is_closed() && !alive.contains(&segment.name()) {
            let survey = Survey::of(parts, &[Arc::clone(&segment)], &records)?;
            if !survey.words.iter().any(|id| records.contains_key(id)) {
                names.push(segment.name());
            }
        }
    }
    names.sort();
    // What they say may be known from nowhere else; so it is written down before they go.
    let ledger = parts.ledger();
    for name in &names {
        ledger.tell(|index| index.forget_segment(*name))?;
    }
    ledger.write_down()?;
    for name in names {
        parts.segments.unlink(name, today)?;
        step(parts, 6)?;
    }
    Ok(())
}

/// Where tests let closing end, as a crash would.
#[allow(clippy::unnecessary_wraps, unused_variables, reason = "tests make it fail")]
fn step(parts: &Parts, number: u8) -> Result<(), StoreError> {
    #[cfg(test)]
    if parts.crash_at.load(std::sync::atomic::Ordering::Relaxed) == number {
        return Err(io::Error::other("a crash").into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::Ordering;
    use std::{fs, iter};

    use kua_protocol::keys::PublicKey;
    use kua_protocol::sealed::SealedBytes;
    use kua_store::{Due, Kind, Lookup, NewObject, Owner, Store as _};
    use tokio::runtime::Runtime;

    use super::*;
    use crate::{LocalStore, Options};

    const HEADER: &str =
        "age-encryption.org/v1\n-> test\n\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";

    fn day(number: u32) -> Day {
        Day::from_number(14_883 + number)
    }

    fn object(number: usize) -> NewObject {
        let part = |part: usize| *ObjectId::of(&(number * 100 + part).to_be_bytes()).as_bytes();
        let body: Vec<u8> = (0..30).flat_map(part).collect();
        let sealed = SealedBytes::try_from(Bytes::from([HEADER.as_bytes(), &body].concat())).unwrap();
        NewObject { sealed, kind: Kind::Report, owner: Owner::Nobody, day: day(0) }
    }

    fn key() -> PublicKey {
        PublicKey::from_bytes(&std::array::from_fn(|at| if at == 0 { 0x58 } else { 0x66 })).unwrap()
    }

    fn open(folder: &Path) -> LocalStore {
        LocalStore::open(folder, Options { reserve_bytes: 0 }).unwrap()
    }

    fn clone(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let to = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                clone(&entry.path(), &to);
            } else {
                fs::copy(entry.path(), to).unwrap();
            }
        }
    }

    /// Objects 0, 3, 6, … are deleted; 1 is wanted deleted; 2 was and is kept.
    fn check(runtime: &Runtime, store: &LocalStore, count: usize) {
        for number in 0..count {
            let sealed = object(number).sealed;
            match runtime.block_on(store.find(sealed.id())).unwrap() {
                Lookup::Present(row) => {
                    assert_ne!(number % 3, 0);
                    assert_eq!(row.delete_asked.is_some(), number == 1);
                    assert_eq!(runtime.block_on(store.read(row.id, 0..row.size)).unwrap(), sealed.as_bytes());
                }
                Lookup::Gone => assert_eq!(number % 3, 0, "{number}"),
                Lookup::Unknown => panic!("{number} is lost"),
            }
        }
        assert_eq!(store.status().objects, (count - count.div_ceil(3)) as u64);
    }

    fn check_closed(folder: &Path, count: usize, own_times: bool) {
        let segments: Vec<_> =
            fs::read_dir(folder.join("segments")).unwrap().map(|entry| entry.unwrap()).collect();
        let content: Vec<u8> = segments.iter().flat_map(|entry| fs::read(entry.path()).unwrap()).collect();
        let place = |number| {
            let sealed = object(number).sealed;
            let body = sealed.as_bytes().slice(HEADER.len()..);
            content.windows(body.len()).position(|bytes| bytes == body)
        };
        let mut ids: Vec<_> = (0..count).map(|number| (object(number).sealed.id(), number)).collect();
        ids.sort();
        for (_, number) in &ids {
            assert_eq!(place(*number).is_none(), number % 3 == 0);
        }
        for entry in segments {
            let segment = Segment::open(
                &folder.join("segments"),
                SegmentName::of_file(entry.file_name().to_str().unwrap()).unwrap(),
            )
            .unwrap();
            assert!(segment.is_closed());
            let frames = iter::successors(
                next_frame(&segment, HEAD_LEN, segment.len().unwrap()).unwrap(),
                |(at, header)| next_frame(&segment, at + header.frame_len(), segment.len().unwrap()).unwrap(),
            );
            let objects: Vec<_> = frames
                .filter(|(_, header)| matches!(header.frame_kind, FrameKind::Object(..)))
                .map(|(_, header)| header.id)
                .collect();
            assert!(objects.is_sorted());
            // Copies that this test made have times of their own.
            if !own_times {
                continue;
            }
            let midnight = std::time::UNIX_EPOCH + std::time::Duration::from_secs(day(0).midnight_unix());
            assert_eq!(entry.metadata().unwrap().modified().unwrap(), midnight);
        }
    }

    #[test]
    fn a_crash_at_any_step_of_closing_loses_nothing_and_leaves_nothing() {
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        let count = 40;
        for crash_at in 0..=6 {
            let folder = tempfile::tempdir().unwrap();
            let store = open(folder.path());
            for number in 0..count {
                runtime.block_on(store.put(object(number))).unwrap();
            }
            let id = |number| object(number).sealed.id();
            for number in (0..count).step_by(3) {
                runtime.block_on(store.delete(id(number))).unwrap();
            }
            for number in [1, 2] {
                runtime.block_on(store.ask_delete(id(number), key(), day(1))).unwrap();
            }
            runtime.block_on(store.keep(id(2))).unwrap();

            store.parts.crash_at.store(crash_at, Ordering::Relaxed);
            let tidied = runtime.block_on(store.tidy(day(2), Due::default()));
            assert_eq!(tidied.is_err(), crash_at > 0, "{tidied:?}");
            let crashed = tempfile::tempdir().unwrap();
            clone(folder.path(), crashed.path());
            // Whoever does not crash, but could not go on, tries again.
            store.parts.crash_at.store(0, Ordering::Relaxed);
            check(&runtime, &store, count);
            runtime.block_on(store.tidy(day(2), Due::default())).unwrap();
            check(&runtime, &store, count);
            drop(store);
            check_closed(folder.path(), count, true);
            for lost in [false, true] {
                if lost {
                    fs::remove_dir_all(crashed.path().join("ledger")).unwrap();
                }
                let store = open(crashed.path());
                check(&runtime, &store, count);
                // The process is killed as soon as its ledger serves.
                let killed = tempfile::tempdir().unwrap();
                clone(crashed.path(), killed.path());
                check(&runtime, &open(killed.path()), count);
                if lost {
                    runtime.block_on(store.tidy(day(2), Due::default())).unwrap();
                    check(&runtime, &store, count);
                    drop(store);
                    check_closed(crashed.path(), count, false);
                }
            }
        }
    }
}
