//! The writer: one thread through which every change goes.
//!
//! It takes what waits in the queue as one batch, writes it with one system call and syncs it once: so many
//! people who send at the same time wait for the disk together. A batch is of one day, hence of one segment.
//! The ledger knows of its objects before their senders are answered. Deletions and wishes for them are rare, and
//! each is a batch of its own.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use tokio::sync::{mpsc, oneshot};

use crate::Parts;
use crate::batch::{MAX_BYTES, MAX_FRAMES};
use crate::ledger::indexer::Indexer;
use crate::ledger::record::{Known, Record};
use crate::segments::Tail;
use crate::segments::frame::{FrameKind, HEADER_LEN, Header};
use crate::segments::segment::Position;
use crate::upkeep::recovery::take_in;
use kua_store::{DeleteAsked, ObjectRow, Owner, Put, StoreError};

/// Where the answer to a command goes.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// The header of a new object, and its body unless that has a durable file of its own already.
pub(crate) type NewFrame = (Header, Bytes);

/// What the writer is told to do.
pub(crate) enum Command {
    Put(NewFrame, Reply<Put>),
    AskDelete(ObjectId, DeleteAsked, Reply<DeleteAsked>),
    Keep(ObjectId, Reply<()>),
    Delete(ObjectId, Reply<()>),
    /// Deletes those of these that are still there, and of which this wish still stands if one is given; says how many
    /// they were.
    DeleteAll(Vec<(ObjectId, Option<DeleteAsked>)>, Reply<u64>),
    /// Does this while nothing is being written.
    Between(Box<dyn FnOnce(&Parts) + Send>),
}

/// The writer.
pub(crate) struct Writer {
    parts: Arc<Parts>,
    queue: mpsc::Receiver<Command>,
    /// A command that was taken from the queue and did not belong to the batch.
    held: Option<Command>,
    tail: Option<Tail>,
    indexer: Indexer,
}

impl Writer {
    /// A writer that serves this queue.
    pub(crate) fn new(parts: Arc<Parts>, queue: mpsc::Receiver<Command>) -> io::Result<Self> {
        let indexer = Indexer::start(Arc::clone(&parts))?;
        Ok(Self { parts, queue, held: None, tail: None, indexer })
    }

    /// Serves until nobody can send commands any more.
    pub(crate) fn run(mut self) {
        // A caller who no longer waits for an answer has gone away; what was done stays done.
        while let Some(command) = self.held.take().or_else(|| self.queue.blocking_recv()) {
            match command {
                Command::Put(object, reply) => self.put_batch(object, reply),
                Command::AskDelete(id, wish, reply) => drop(reply.send(self.ask_delete(id, wish))),
                Command::Keep(id, reply) => drop(reply.send(self.keep(id))),
                Command::Delete(id, reply) => drop(reply.send(self.delete(&[id]))),
                Command::DeleteAll(due, reply) => drop(reply.send(self.delete_all(&due))),
                Command::Between(work) => {
                    work(&self.parts);
                    // What was done may have moved the end of a row.
                    self.tail = None;
                }
            }
            let ledger = self.parts.ledger();
            if let Err(fault) = self.indexer.relieve(&ledger) {
                self.parts.fail("indexing", &fault.into());
            }
        }
        let Self { parts, indexer, .. } = self;
        drop(indexer);
        parts.ledger().close();
    }

    fn put_batch(&mut self, first: NewFrame, reply: Reply<Put>) {
        let day = first.0.day;
        let mut batch = Batch { room: self.parts.room(), ..Batch::default() };
        let mut next = Some((first, reply));
        while let Some((object, reply)) = next.take() {
            match batch.admit(&self.parts, object) {
                Ok(put) => batch.waiting.push((put, reply)),
                Err(error) => drop(reply.send(Err(error))),
            }
            if batch.frames.len() == MAX_FRAMES || batch.bytes >= MAX_BYTES {
                break;
            }
            match self.queue.try_recv() {
                Ok(Command::Put(object, reply)) if object.0.day == day => next = Some((object, reply)),
                other => self.held = other.ok(),
            }
        }
        let Batch { frames, waiting, .. } = batch;
        let outcome = self.keep_objects(day, &frames);
        for (put, reply) in waiting {
            drop(reply.send(outcome.clone().map(|()| put).map_err(StoreError::from)));
        }
    }

    /// Makes new objects durable, then known.
    fn keep_objects(&mut self, day: Day, frames: &[NewFrame]) -> Result<(), Refusal> {
        if frames.is_empty() {
            return Ok(());
        }
        let (placed, end) = self.append(day, frames)?;
        let entered = self.parts.ledger().enter(&placed, end);
        entered.map_err(|fault| Refusal::ReadOnly(self.parts.fail("indexing", &fault.into())))
    }

    fn ask_delete(&mut self, id: ObjectId, wish: DeleteAsked) -> Result<DeleteAsked, StoreError> {
        let record = self.parts.present(id)?;
        if let Some(standing) = record.delete_asked {
            return Ok(standing);
        }
        self.commit(record.day, &[word(FrameKind::DeleteAsked(wish.by), id, wish.day)])?;
        Ok(wish)
    }

    fn keep(&mut self, id: ObjectId) -> Result<(), StoreError> {
        let record = self.parts.present(id)?;
        if record.delete_asked.is_some() {
            self.commit(record.day, &[word(FrameKind::Kept, id, record.day)])?;
        }
        Ok(())
    }

    fn delete_all(&mut self, due: &[(ObjectId, Option<DeleteAsked>)]) -> Result<u64, StoreError> {
        let is_due = |(id, wish): &&(ObjectId, Option<DeleteAsked>)| {
            let still = |record: Record| wish.is_none() || record.delete_asked == *wish;
            self.parts.present(*id).is_ok_and(still)
        };
        let ids: Vec<ObjectId> = due.iter().filter(is_due).map(|(id, _)| *id).collect();
        self.delete(&ids).map(|()| ids.len() as u64)
    }

    /// What a case owns goes before its report: should the power fail in between, the report still leads to it.
    fn delete(&mut self, ids: &[ObjectId]) -> Result<(), StoreError> {
        let (mut owned, mut own) = (BTreeMap::<Day, Vec<_>>::new(), BTreeMap::<Day, Vec<_>>::new());
        for &id in ids {
            let record = self.parts.present(id)?;
            own.entry(record.day).or_default().push(word(FrameKind::Tombstone, id, record.day));
            for id in self.parts.ask(|index| index.case(id))? {
                let day = self.parts.present(id)?.day;
                owned.entry(day).or_default().push(word(FrameKind::Tombstone, id, day));
            }
        }
        for (day, tombstones) in owned.into_iter().chain(own) {
            for batch in tombstones.chunks(MAX_FRAMES) {
                self.commit(day, batch)?;
            }
        }
        Ok(())
    }

    /// Makes frames durable, then known. An error means that neither was done, or that the store is read-only now.
    fn commit(&mut self, day: Day, frames: &[(Header, Bytes)]) -> Result<(), Refusal> {
        let (placed, end) = self.append(day, frames)?;
        take_in(&self.parts.ledger(), &self.parts.segments, placed.into_iter(), end)
            .map_err(|error| Refusal::ReadOnly(self.parts.fail("deleting or indexing", &error)))
    }

    /// Makes frames durable in the day's row, and returns where each begins and where the last one ends.
    fn append(
        &mut self,
        day: Day,
        frames: &[(Header, Bytes)],
    ) -> Result<(Vec<(Header, Position)>, Position), Refusal> {
        if let Some(reason) = self.parts.read_only.get() {
            return Err(Refusal::ReadOnly(reason.clone()));
        }
        // A tail is put back only when all went well: after a failure the row's end has to be found anew.
        let tail = match self.tail.take().filter(|tail| tail.takes(day)) {
            Some(tail) => Ok(tail),
            None => self.parts.segments.tail(day),
        };
        let appended = tail.and_then(|mut tail| {
            let mut at = tail.append(frames)?;
            let placed = frames.iter().map(|(header, _)| {
                let here = at;
                at.offset += header.frame_len();
                (*header, here)
            });
            let placed = (placed.collect(), tail.position());
            self.tail = Some(tail);
            Ok(placed)
        });
        match appended {
            Err(StoreError::Io(error)) if is_out_of_space(&error) => Err(Refusal::Full),
            other => other.map_err(|error| Refusal::ReadOnly(self.parts.fail("writing", &error))),
        }
    }
}

/// Objects that become durable together.
#[derive(Debug, Default)]
struct Batch {
    frames: Vec<(Header, Bytes)>,
    bytes: u64,
    room: u64,
    rows: HashMap<ObjectId, ObjectRow>,
    waiting: Vec<(Put, Reply<Put>)>,
}

impl Batch {
    /// Adds an object unless it is there already, and says what its sender will be told once the batch is durable.
    fn admit(&mut self, parts: &Parts, new: NewFrame) -> Result<Put, StoreError> {
        let (header @ Header { id, day, len: size, .. }, body) = new;
        let FrameKind::Object(kind, owner, _) = header.frame_kind else { return Err(StoreError::Unknown) };
        if let Some(row) = self.rows.get(&id).copied() {
            return Ok(Put::AlreadyThere(row));
        }
        match parts.ask(|index| index.known(id))? {
            Known::Present(record) => {
                return Ok(Put::AlreadyThere(parts.ask(|index| index.row(id, &record))?));
            }
            Known::Gone(_) => return Err(StoreError::Gone),
            Known::Unknown => {}
        }
        if let Owner::Case(report) = owner
            && !self.rows.contains_key(&report)
        {
            parts.present(report)?;
        }
        self.room = self.room.checked_sub(header.frame_len() + HEADER_LEN as u64).ok_or(StoreError::Full)?;
        self.bytes += header.frame_len();
        self.frames.push((header, body));
        let row = ObjectRow { id, kind, owner, day, size, entries: 0, delete_asked: None };
        self.rows.insert(id, row);
        Ok(Put::Stored(row))
    }
}

/// Why a whole batch was not committed.
#[derive(Debug, Clone)]
enum Refusal {
    Full,
    ReadOnly(String),
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Full => Self::Full,
            Refusal::ReadOnly(reason) => Self::ReadOnly(reason),
        }
    }
}

fn word(frame_kind: FrameKind, id: ObjectId, day: Day) -> (Header, Bytes) {
    (Header { frame_kind, id, day, len: 0 }, Bytes::new())
}

/// Whether the disk, or what this user may use of it, is full.
pub(crate) fn is_out_of_space(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
