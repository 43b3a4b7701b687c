//! The indexer: a thread that enters into the ledger what is durable, while the writer waits for the disk again.
//!
//! A sender is answered as soon as the object is durable; whoever then asks for it waits, some milliseconds at
//! most, until the ledger has come so far. So an acknowledged object is always found.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use kua_protocol::id::ObjectId;

use super::Parts;
use super::frame::Header;
use super::recovery::take_in;
use super::segment::Position;
use crate::ObjectRow;

/// Batches that may wait for the ledger; the writer waits when there are more.
const BEHIND: usize = 16;

/// New objects that are durable.
#[derive(Debug)]
pub(super) struct Batch {
    /// Their frames, and where they begin.
    pub(super) frames: Vec<(Header, Position)>,
    /// Where the last one ends.
    pub(super) end: Position,
    /// Their bytes together.
    pub(super) bytes: u64,
}

/// The writer's end of the thread.
#[derive(Debug)]
pub(super) struct Indexer {
    batches: Option<SyncSender<Batch>>,
    done: Receiver<()>,
    /// What was handed over and is perhaps not in the ledger yet.
    behind: VecDeque<HashMap<ObjectId, ObjectRow>>,
    thread: Option<JoinHandle<()>>,
}

impl Indexer {
    /// Starts the thread.
    pub(super) fn start(parts: Arc<Parts>) -> io::Result<Self> {
        let (batches, waiting) = sync_channel::<Batch>(BEHIND);
        let (tell, done) = sync_channel(BEHIND * 2 + 2);
        let thread = thread::Builder::new().name("store-indexer".into()).spawn(move || {
            let ending = Ending(parts);
            let parts = &ending.0;
            for batch in waiting {
                index(parts, batch);
                parts.applied.send_modify(|applied| *applied += 1);
                if tell.send(()).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { batches: Some(batches), done, behind: VecDeque::new(), thread: Some(thread) })
    }

    /// The row of an object that is durable and perhaps not in the ledger yet.
    pub(super) fn row(&mut self, id: ObjectId) -> Option<ObjectRow> {
        self.behind.iter().find_map(|rows| rows.get(&id)).copied()
    }

    /// Hands over a batch.
    pub(super) fn take(&mut self, batch: Batch, rows: HashMap<ObjectId, ObjectRow>) {
        while self.done.try_recv().is_ok() {
            self.behind.pop_front();
        }
        self.behind.push_back(rows);
        if self.batches.as_ref().is_some_and(|batches| batches.send(batch).is_err()) {
            tracing::error!("the store's indexer has stopped");
        }
    }

    /// Waits until the ledger holds all that was handed over.
    pub(super) fn settle(&mut self) {
        while !self.behind.is_empty() && self.done.recv().is_ok() {
            self.behind.pop_front();
        }
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.batches = None;
        // Whoever tells that it is done must not wait for somebody to listen.
        self.settle();
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            tracing::error!("the store's indexer had panicked");
        }
    }
}

/// However the thread ends, nobody waits for it any more.
struct Ending(Arc<Parts>);

impl Drop for Ending {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.fail("indexing", &io::Error::other("the indexer panicked").into());
        }
        self.0.applied.send_replace(u64::MAX);
    }
}

fn index(parts: &Parts, batch: Batch) {
    let mut pending = parts.pending();
    let objects = batch.frames.len() as u64;
    if parts.read_only.get().is_none()
        && let Err(error) = take_in(&parts.ledger(), &parts.segments, batch.frames.into_iter(), batch.end)
    {
        parts.fail("indexing", &error);
    }
    pending.objects -= objects;
    pending.bytes -= batch.bytes;
}
