//! The local store: one folder on one disk.
//!
//! ```text
//! lock            held by the process that serves
//! segments/       the truth: YYYY-MM-DD.NNNN.seg, rows of frames
//! ledger/         sled, an index of the segments
//! ledger.stamp    whether the ledger may be believed
//! ```

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

use async_trait::async_trait;
use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_protocol::keys::PublicKey;
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

use self::commit::{Command, Reply, Writer};
use self::frame::HEADER_LEN;
use self::ledger::Ledger;
use self::lock::FolderLock;
use self::record::{Known, Record};
use self::segment::usize_of;
use self::segments::Segments;
use crate::{
    Cursor, DeleteAsked, Kind, Lookup, NewObject, Owner, Page, Put, State, Status, Store, StoreError,
};

mod commit;
mod frame;
mod index;
mod ledger;
mod lock;
mod record;
mod recovery;
mod segment;
mod segments;
mod stamp;

pub use self::ledger::LedgerFault;

/// Commands that may wait for the writer; who comes later waits to be let in.
const QUEUE: usize = 512;
/// Reads up to this length, in bytes, are done at once; longer ones on a thread that may block.
const SHORT_READ: u64 = 64 * 1024;

/// How a [`LocalStore`] is kept.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Bytes of the disk that are kept free: objects that would use them are refused with [`StoreError::Full`].
    pub reserve_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { reserve_bytes: 1024 * 1024 * 1024 }
    }
}

/// Sealed objects in one folder, which one process uses at a time.
///
/// Dropping it waits until all that was handed in is written and the ledger is closed.
#[derive(Debug)]
pub struct LocalStore {
    parts: Arc<Parts>,
    queue: Option<mpsc::Sender<Command>>,
    writer: Option<JoinHandle<()>>,
}

/// What readers and the writer share. The lock is the last to go.
#[derive(Debug)]
struct Parts {
    ledger: Ledger,
    segments: Segments,
    folder: File,
    reserve: u64,
    read_only: OnceLock<String>,
    _lock: FolderLock,
}

impl LocalStore {
    /// Opens the store in this folder, which is made if it is not there.
    ///
    /// It blocks: for some milliseconds as a rule, for as long as reading all headers takes when the ledger has
    /// to be made anew.
    ///
    /// # Errors
    ///
    /// `InUse`, `DamagedSegment`, `Newer`, `Io`; `Ledger` when not even a new ledger can be made.
    pub fn open(folder: impl AsRef<Path>, options: Options) -> Result<Self, StoreError> {
        let path = folder.as_ref();
        fs::create_dir_all(path)?;
        let lock = FolderLock::take(path)?;
        let segments = Segments::open(&path.join("segments"))?;
        let ledger = recovery::open_ledger(path, &segments)?;
        let parts = Arc::new(Parts {
            ledger,
            segments,
            folder: File::open(path)?,
            reserve: options.reserve_bytes,
            read_only: OnceLock::new(),
            _lock: lock,
        });
        let (queue, commands) = mpsc::channel(QUEUE);
        let writer = Writer::new(Arc::clone(&parts), commands);
        let writer = thread::Builder::new().name("store-writer".into()).spawn(|| writer.run())?;
        Ok(Self { parts, queue: Some(queue), writer: Some(writer) })
    }

    /// Tells the writer something and waits for its answer.
    async fn tell<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, StoreError> {
        let stopped = || StoreError::ReadOnly("the writer has stopped".into());
        let (reply, answer) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.send(command(reply)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// Does what may block on a thread that may.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Parts) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let parts = Arc::clone(&self.parts);
        spawn_blocking(move || work(&parts)).await.map_err(io::Error::other)?
    }
}

impl Drop for LocalStore {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(Err(_)) = self.writer.take().map(JoinHandle::join) {
            tracing::error!("the store's writer had panicked");
        }
    }
}

#[async_trait]
impl Store for LocalStore {
    async fn put(&self, object: NewObject) -> Result<Put, StoreError> {
        self.tell(|reply| Command::Put(object, reply)).await
    }

    async fn find(&self, id: ObjectId) -> Result<Lookup, StoreError> {
        let found = self.parts.ledger.ask(|index| match index.known(id)? {
            Known::Present(record) => Ok(Lookup::Present(index.row(id, &record))),
            Known::Gone(_) => Ok(Lookup::Gone),
            Known::Unknown => Ok(Lookup::Unknown),
        });
        Ok(found?)
    }

    async fn read(&self, id: ObjectId, range: Range<u64>) -> Result<Bytes, StoreError> {
        if range.end.saturating_sub(range.start) <= SHORT_READ {
            return self.parts.read(id, &range);
        }
        self.aside(move |parts| parts.read(id, &range)).await
    }

    async fn list(
        &self,
        kind: Kind,
        since: Day,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.aside(move |parts| Ok(parts.ledger.ask(|index| index.list(kind, since, after, limit))?)).await
    }

    async fn owned(
        &self,
        owner: Owner,
        kind: Kind,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.aside(move |parts| Ok(parts.ledger.ask(|index| index.owned(owner, kind, after, limit))?)).await
    }

    async fn ask_delete(&self, id: ObjectId, by: PublicKey, day: Day) -> Result<DeleteAsked, StoreError> {
        self.tell(|reply| Command::AskDelete(id, DeleteAsked { by, day }, reply)).await
    }

    async fn keep(&self, id: ObjectId) -> Result<(), StoreError> {
        self.tell(|reply| Command::Keep(id, reply)).await
    }

    async fn delete(&self, id: ObjectId) -> Result<(), StoreError> {
        self.tell(|reply| Command::Delete(id, reply)).await
    }

    async fn delete_due(&self, today: Day) -> Result<usize, StoreError> {
        self.tell(|reply| Command::DeleteDue(today, reply)).await
    }

    fn status(&self) -> Status {
        let (objects, bytes) = self.parts.ledger.totals();
        let free_bytes = self.parts.free_bytes();
        let state = match self.parts.read_only.get() {
            Some(reason) => State::ReadOnly(reason.clone()),
            None if free_bytes <= self.parts.reserve => State::Full,
            None => State::Writable,
        };
        Status { objects, bytes, free_bytes, state }
    }
}

impl Parts {
    /// Bytes that the disk has left; 0 when it does not tell.
    fn free_bytes(&self) -> u64 {
        rustix::fs::fstatvfs(&self.folder).map_or(0, |disk| disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Bytes that objects may still take.
    fn room(&self) -> u64 {
        self.free_bytes().saturating_sub(self.reserve)
    }

    /// The record of an object that must be there.
    fn present(&self, id: ObjectId) -> Result<Record, StoreError> {
        match self.ledger.ask(|index| index.known(id))? {
            Known::Present(record) => Ok(record),
            Known::Gone(_) => Err(StoreError::Gone),
            Known::Unknown => Err(StoreError::Unknown),
        }
    }

    /// Reads a part of an object, and looks again afterwards: a body is erased only after its object is gone, so
    /// what was still there then was whole before.
    fn read(&self, id: ObjectId, range: &Range<u64>) -> Result<Bytes, StoreError> {
        let mut record = self.present(id)?;
        loop {
            let bytes = self.read_at(id, &record, range);
            let then = self.present(id)?;
            if then.at == record.at {
                return bytes;
            }
            record = then;
        }
    }

    fn read_at(&self, id: ObjectId, record: &Record, range: &Range<u64>) -> Result<Bytes, StoreError> {
        if range.start > range.end || range.end > record.size {
            return Err(StoreError::OutOfRange { size: record.size });
        }
        let cut_short = |error: io::Error| match error.kind() {
            io::ErrorKind::UnexpectedEof => StoreError::Damaged,
            _ => StoreError::Io(error),
        };
        let segment = self.segments.get(record.at.segment)?;
        let header = segment.header(record.at.offset).map_err(cut_short)?;
        if !header.is_ok_and(|header| header.id == id && header.len == record.size) {
            return Err(StoreError::Damaged);
        }
        let begin = record.at.offset + HEADER_LEN as u64 + range.start;
        let bytes = segment.read(begin, usize_of(range.end - range.start)).map_err(cut_short)?;
        let whole = *range == (0..record.size);
        if whole && ObjectId::of(&bytes) != id { Err(StoreError::Damaged) } else { Ok(bytes) }
    }
}
