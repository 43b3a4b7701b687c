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

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, RwLock};
use std::thread::{self, JoinHandle};

use kua_protocol::id::Digest;
use kua_store::StoreError;
use tokio::sync::{OwnedMutexGuard, mpsc, oneshot};
use tokio::task::spawn_blocking;

pub use self::documents::Documents;
use self::lock::FolderLock;
use self::parts::Parts;
use self::segments::Segments;
use self::segments::tombstones::Tombstones;
use self::upkeep::recovery;
use self::uploads::{Uploads, adoption, upload};
use self::writer::{Command, Reply, Writer};

mod batch;
mod documents;
mod durable;
mod ledger;
mod lock;
mod parts;
mod segments;
mod store;
mod upkeep;
mod uploads;
mod writer;

pub use self::ledger::LedgerFault;

/// Commands that may wait for the writer; who comes later waits to be let in.
const QUEUE: usize = 512;

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
