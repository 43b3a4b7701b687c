//! A store in one folder on one disk: segments as the truth, a ledger to find objects in them.
//!
//! ```text
//! lock            held by the process that serves
//! segments/       the truth: YYYY-MM-DD.NNNN.seg, rows of frames
//! contents/       ID.obj, the bodies of what came by an upload
//! uploads/        HASH.part, unfinished uploads; HASH.done, what became of the others
//! tombstones      ids of what was deleted on days that are closed
//! damaged/        unreadable pieces of segments, kept aside when their day was closed
//! ledger/TOKEN/   sled, an index of the segments
//! ledger.stamp    its manifest: which ledger may be believed
//! *.json          the drop's documents, unless another folder has them
//! ```

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::thread::{self, JoinHandle};

use async_trait::async_trait;
use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_store::{
    Appending, Checked, Copied, Cursor, DeleteAsked, Document, Due, Expiring, Kind, Lookup, MAX_FILE_LEN,
    MAX_OBJECT_LEN, NewObject, NewUpload, Owner, Page, Progress, Put, Retention, State, Status, Store,
    StoreError, Tidied, Upkeep, Upload,
};
use tokio::sync::{OwnedMutexGuard, mpsc, oneshot};
use tokio::task::spawn_blocking;

pub use self::documents::Documents;
use self::ledger::Ledger;
use self::ledger::index::Index;
use self::ledger::record::{Known, Record};
use self::lock::FolderLock;
use self::segments::Segments;
use self::segments::frame::{FrameKind, HEADER_LEN, Header, Place};
use self::segments::segment::usize_of;
use self::segments::tombstones::Tombstones;
use self::upkeep::{recovery, tidy};
use self::uploads::upload::{self, Writing};
use self::uploads::{Uploads, adoption};
use self::writer::{Command, Reply, Writer};

mod documents;
mod ledger;
mod lock;
mod segments;
mod upkeep;
mod uploads;
mod writer;

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
    documents: Documents,
}

/// What readers and the writer share. The lock is the last to go.
#[derive(Debug)]
struct Parts {
    /// Replaced by a new one when days were closed.
    ledger: RwLock<Arc<Ledger>>,
    segments: Segments,
    tombstones: Tombstones,
    uploads: Uploads,
    path: PathBuf,
    folder: File,
    reserve: u64,
    read_only: OnceLock<String>,
    /// Objects whose bytes were found to be wrong.
    damaged: Mutex<BTreeSet<ObjectId>>,
    /// Held by whoever closes days.
    tidying: Mutex<()>,
    /// The step after which closing a day fails.
    #[cfg(test)]
    crash_at: std::sync::atomic::AtomicU8,
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
        let tombstones = Tombstones::of(path);
        let ledger = recovery::open_ledger(path, &segments, &tombstones)?;
        let parts = Arc::new(Parts {
            ledger: RwLock::new(Arc::new(ledger)),
            uploads: Uploads::open(path.join("uploads"), segments.contents())?,
            segments,
            tombstones,
            path: path.to_owned(),
            folder: File::open(path)?,
            reserve: options.reserve_bytes,
            read_only: OnceLock::new(),
            damaged: Mutex::default(),
            tidying: Mutex::default(),
            #[cfg(test)]
            crash_at: std::sync::atomic::AtomicU8::new(0),
            _lock: lock,
        });
        let (queue, commands) = mpsc::channel(QUEUE);
        let writer = Writer::new(Arc::clone(&parts), commands)?;
        let writer = thread::Builder::new().name("store-writer".into()).spawn(|| writer.run())?;
        let documents = Documents::of(path);
        let store = Self { parts, queue: Some(queue), writer: Some(writer), documents };
        // On a thread of its own, since the caller may be one that must not block on the writer.
        let adopted = thread::scope(|scope| {
            let adopt = || adoption::adopt(&store.parts, store.queue()?);
            scope.spawn(adopt).join().map_err(|_| stopped())?
        });
        adopted.map(|()| store)
    }

    /// Keeps documents in this folder, and not in the store's own.
    #[must_use]
    pub fn with_documents_in(mut self, folder: impl Into<PathBuf>) -> Self {
        self.documents = Documents::of(folder);
        self
    }

    /// Tells the writer something and waits for its answer.
    async fn tell<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.queue()?.send(command(reply)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    fn queue(&self) -> Result<&mpsc::Sender<Command>, StoreError> {
        self.queue.as_ref().ok_or_else(stopped)
    }

    /// An unfinished upload, and the right to go on with it.
    async fn unfinished(
        &self,
        id: Digest,
    ) -> Result<(Arc<upload::Upload>, OwnedMutexGuard<upload::Cursor>), StoreError> {
        if let Some(upload) = self.parts.uploads.get(id) {
            match upload.take_over().await {
                Ok(cursor) => return Ok((upload, cursor)),
                Err(StoreError::Unknown) => {}
                Err(other) => return Err(other),
            }
        }
        Err(if self.parts.uploads.done(id).is_some() { StoreError::Finished } else { StoreError::Unknown })
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

/// Tells the writer something and waits for its answer, on a thread that may block.
fn tell_blocking<T>(
    queue: &mpsc::Sender<Command>,
    command: impl FnOnce(Reply<T>) -> Command,
) -> Result<T, StoreError> {
    let (reply, answer) = oneshot::channel();
    queue.blocking_send(command(reply)).map_err(|_| stopped())?;
    answer.blocking_recv().map_err(|_| stopped())?
}

/// Does something on the writer's thread, while nothing is being written.
fn between<T: Send + 'static>(
    queue: &mpsc::Sender<Command>,
    work: impl FnOnce(&Parts) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tell_blocking(queue, |reply| Command::Between(Box::new(move |parts| drop(reply.send(work(parts))))))
}

fn stopped() -> StoreError {
    StoreError::ReadOnly("the writer has stopped".into())
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
        let NewObject { sealed, kind, owner, day } = object;
        if sealed.size() > MAX_OBJECT_LEN {
            return Err(StoreError::TooLarge);
        }
        let frame_kind = FrameKind::Object(kind, owner, Place::Segment);
        let header = Header { frame_kind, id: sealed.id(), day, len: sealed.size() };
        self.tell(|reply| Command::Put((header, sealed.as_bytes().clone()), reply)).await
    }

    async fn find(&self, id: ObjectId) -> Result<Lookup, StoreError> {
        let found = self.parts.ask(|index| match index.known(id)? {
            Known::Present(record) => Ok(Lookup::Present(index.row(id, &record)?)),
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
        self.aside(move |parts| Ok(parts.ask(|index| index.list(kind, since, after, limit))?)).await
    }

    async fn owned(
        &self,
        owner: Owner,
        kind: Kind,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.aside(move |parts| Ok(parts.ask(|index| index.owned(owner, kind, after, limit))?)).await
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

    async fn wishes(&self) -> Result<Vec<(ObjectId, DeleteAsked)>, StoreError> {
        self.aside(|parts| Ok(parts.ask(Index::wishes)?)).await
    }

    async fn expiring(&self, through: Day, retention: Retention) -> Result<Expiring, StoreError> {
        self.aside(move |parts| tidy::count(parts, through, retention)).await
    }

    async fn tidy(&self, today: Day, due: Due) -> Result<Tidied, StoreError> {
        let queue = self.queue()?.clone();
        self.aside(move |parts| tidy::tidy(parts, &queue, today, &due)).await
    }

    async fn begin(&self, upload: NewUpload) -> Result<(), StoreError> {
        if upload.len > MAX_FILE_LEN {
            return Err(StoreError::TooLarge);
        }
        self.aside(move |parts| parts.uploads.begin(parts, &upload)).await
    }

    async fn upload(&self, id: Digest) -> Result<Upload, StoreError> {
        if let Some(upload) = self.parts.uploads.get(id) {
            let (len, until) = (upload.len(), upload.beginning.until);
            match upload.take_over().await {
                Ok(cursor) => return Ok(Upload { len, offset: cursor.durable(), until, finished: None }),
                // It was finished while the right to it was waited for.
                Err(StoreError::Unknown) => {}
                Err(other) => return Err(other),
            }
        }
        let done = self.parts.uploads.done(id).ok_or(StoreError::Unknown)?;
        match self.find(done.object).await? {
            Lookup::Present(row) => {
                Ok(Upload { len: row.size, offset: row.size, until: done.until, finished: Some(row) })
            }
            Lookup::Gone => Err(StoreError::Gone),
            Lookup::Unknown => Err(StoreError::Unknown),
        }
    }

    async fn append(&self, id: Digest, offset: u64) -> Result<Box<dyn Appending>, StoreError> {
        let (upload, cursor) = self.unfinished(id).await?;
        if cursor.durable() != offset {
            return Err(StoreError::OtherOffset { offset: cursor.durable() });
        }
        Ok(Box::new(Writing::new(Arc::clone(&self.parts), upload, cursor)))
    }

    async fn finish(&self, id: Digest, most: u64, day: Day) -> Result<Put, StoreError> {
        let (upload, mut cursor) = self.unfinished(id).await?;
        if cursor.durable() != upload.len() {
            return Err(StoreError::OtherOffset { offset: cursor.durable() });
        }
        let parts = Arc::clone(&self.parts);
        let queue = self.queue()?.clone();
        let whole = move || {
            let header = uploads::complete(&parts, id, &upload, &mut cursor, most, day)?;
            adoption::commit(&parts, &queue, header)
        };
        spawn_blocking(whole).await.map_err(io::Error::other)?
    }

    async fn abandon(&self, id: Digest) -> Result<(), StoreError> {
        let (upload, mut cursor) = self.unfinished(id).await?;
        self.aside(move |parts| parts.uploads.discard(id, &upload, &mut cursor)).await
    }

    async fn expire_uploads(&self, now: u64) -> Result<u64, StoreError> {
        self.aside(move |parts| parts.uploads.expire(now)).await
    }

    fn document(&self, document: Document) -> Result<Option<Vec<u8>>, StoreError> {
        self.documents.read(document)
    }

    fn set_document(&self, document: Document, bytes: &[u8]) -> Result<(), StoreError> {
        self.documents.replace(document, bytes)
    }

    fn status(&self) -> Status {
        let (uploads, oldest_upload_until) = self.parts.uploads.unfinished();
        let (objects, bytes) = self.parts.ledger().totals();
        let free_bytes = self.parts.free_bytes();
        let state = match self.parts.read_only.get() {
            Some(reason) => State::ReadOnly(reason.clone()),
            None if free_bytes <= self.parts.reserve => State::Full,
            None => State::Writable,
        };
        let damaged = self.parts.damaged().len() as u64;
        Status { objects, bytes, free_bytes, state, damaged, uploads, oldest_upload_until }
    }
}

impl Upkeep for LocalStore {
    fn check(&self, progress: &mut dyn FnMut(Progress)) -> Result<Checked, StoreError> {
        self.check_serving(progress)
    }

    fn backup(
        &self,
        roster: &[u8],
        to: &mut dyn Write,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Copied, StoreError> {
        self.copy_to(roster, to, progress)
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

    /// The ledger of now.
    fn ledger(&self) -> Arc<Ledger> {
        Arc::clone(&self.ledger.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a question to the ledger.
    fn ask<T>(&self, question: impl FnOnce(&Index) -> Result<T, LedgerFault>) -> Result<T, LedgerFault> {
        self.ledger().ask(question)
    }

    /// Ends all writing, and returns the reason: after an error of the disk nobody can say what the next
    /// acknowledgement would be worth.
    fn fail(&self, while_doing: &str, error: &StoreError) -> String {
        let source = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
        let reason = self.read_only.get_or_init(|| format!("an error while {while_doing}: {source}"));
        tracing::error!(reason, "the store is read-only from now on");
        reason.clone()
    }

    /// The objects that are known to be damaged.
    fn damaged(&self) -> MutexGuard<'_, BTreeSet<ObjectId>> {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The record of an object that must be there.
    fn present(&self, id: ObjectId) -> Result<Record, StoreError> {
        match self.ask(|index| index.known(id))? {
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
                if let Err(StoreError::Damaged) = bytes {
                    self.damaged().insert(id);
                }
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
            io::ErrorKind::UnexpectedEof | io::ErrorKind::NotFound => StoreError::Damaged,
            _ => StoreError::Io(error),
        };
        let len = usize_of(range.end - range.start);
        if record.place == Place::File {
            let found = self.segments.contents().open(id).map_err(cut_short)?;
            let (file, _) = found.ok_or(StoreError::Damaged)?;
            return file.read(range.start, len).map_err(cut_short);
        }
        let segment = self.segments.get(record.at.segment)?;
        let header = segment.header(record.at.offset).map_err(cut_short)?;
        if !header.is_ok_and(|header| header.id == id && header.len == record.size) {
            return Err(StoreError::Damaged);
        }
        let begin = record.at.offset + HEADER_LEN as u64 + range.start;
        let bytes = segment.read(begin, len).map_err(cut_short)?;
        let whole = *range == (0..record.size);
        if whole && ObjectId::of(&bytes) != id { Err(StoreError::Damaged) } else { Ok(bytes) }
    }
}
