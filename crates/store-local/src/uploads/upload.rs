//! One unfinished upload, and the one who writes to it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{fs, io};

use async_trait::async_trait;
use bytes::Bytes;
use kua_protocol::id::ObjectId;
use kua_protocol::sealed::{HeaderScan, MAX_HEADER_LEN, SealedError, SealedShape, scan_header};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::Parts;
use crate::segments::frame::FrameKind;
use crate::segments::segment::usize_of;
use crate::uploads::content::{Beginning, ContentFile, Portion};
use crate::writer::is_out_of_space;
use kua_store::{Appending, Kind, StoreError};

/// How long the one who writes is waited for after being told to stop.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most bytes that one note vouches for, since they are all read again after a crash.
const LONGEST_PORTION: u64 = 32 << 20;

/// An unfinished upload.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) path: PathBuf,
    pub(crate) file: ContentFile,
    pub(crate) beginning: Beginning,
    cursor: Arc<Mutex<Cursor>>,
    /// Tells the one who writes that somebody else wants to.
    interrupt: watch::Sender<()>,
    /// When this process began to know of it.
    known_since: Instant,
    /// When bytes came last, in seconds since then.
    touched: AtomicU64,
}

/// How far an upload has come.
#[derive(Debug)]
pub(crate) struct Cursor {
    durable: u64,
    turn: bool,
    /// The digest of what is durable; nothing where an earlier run wrote it.
    digest: Option<Sha256>,
    written: u64,
    /// The CRC-32C of what is written and not durable.
    checksum: u32,
    running: Option<Sha256>,
    /// Whether the header of the sealed file was read to its end.
    scanned: bool,
    /// Whether the upload is finished or abandoned.
    pub(crate) over: bool,
}

impl Upload {
    /// An upload of which so much is durable as its file says.
    pub(crate) fn new(path: PathBuf, file: ContentFile, beginning: Beginning) -> io::Result<Self> {
        let (durable, turn) = file.durable()?;
        file.cut(durable)?;
        let digest = (durable == 0).then(Sha256::new);
        let running = digest.clone();
        let cursor = Cursor {
            durable,
            turn,
            digest,
            written: durable,
            checksum: 0,
            running,
            scanned: false,
            over: false,
        };
        let (cursor, interrupt) = (Arc::new(Mutex::new(cursor)), watch::Sender::new(()));
        let touched = AtomicU64::new(0);
        Ok(Self { path, file, beginning, cursor, interrupt, known_since: Instant::now(), touched })
    }

    /// Whether bytes came within so many seconds, or it became known within them.
    pub(crate) fn is_moving(&self, within: u64) -> bool {
        let known = self.known_since.elapsed().as_secs();
        known.saturating_sub(self.touched.load(Ordering::Relaxed)) <= within
    }

    /// What the object is for; nothing for a file that holds none.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match self.beginning.header.frame_kind {
            FrameKind::Object(kind, ..) => Some(kind),
            _ => None,
        }
    }

    /// How many bytes it will have.
    pub(crate) fn len(&self) -> u64 {
        self.beginning.header.len
    }

    /// The right to go on with it, which whoever writes at the moment gives up.
    pub(crate) async fn take_over(&self) -> Result<OwnedMutexGuard<Cursor>, StoreError> {
        self.interrupt.send_replace(());
        let cursor = timeout(PATIENCE, Arc::clone(&self.cursor).lock_owned()).await;
        let cursor = cursor.map_err(|_| StoreError::Locked)?;
        if cursor.over { Err(StoreError::Unknown) } else { Ok(cursor) }
    }

    /// Bytes that are still to come, as far as nobody is writing them.
    pub(crate) fn outstanding(&self) -> u64 {
        self.cursor.try_lock().map_or(self.len(), |cursor| self.len() - cursor.durable)
    }

    /// Whether somebody writes at the moment.
    pub(crate) fn idle_cursor(&self) -> Option<OwnedMutexGuard<Cursor>> {
        Arc::clone(&self.cursor).try_lock_owned().ok()
    }

    /// Reads the header of the sealed file and the digest of all of it. It blocks.
    pub(crate) fn seal_of(&self, cursor: &Cursor) -> Result<(ObjectId, SealedShape), StoreError> {
        let len = self.len();
        let beginning = self.file.read(0, usize_of(len.min(MAX_HEADER_LEN as u64)))?;
        let shape = SealedShape::of(&beginning, len)?;
        let id = match &cursor.digest {
            Some(digest) => ObjectId::from_bytes(digest.clone().finalize().into()),
            None => self.file.digest(len)?,
        };
        Ok((id, shape))
    }

    /// Unlinks the file.
    pub(crate) fn discard(&self, cursor: &mut Cursor) -> io::Result<()> {
        cursor.over = true;
        fs::remove_file(&self.path)
    }
}

impl Cursor {
    /// How many bytes are durable.
    pub(crate) fn durable(&self) -> u64 {
        self.durable
    }

    /// Forgets what is not durable.
    pub(crate) fn rewind(&mut self) {
        (self.written, self.checksum, self.running) = (self.durable, 0, self.digest.clone());
    }
}

/// The one who writes to an upload.
pub(crate) struct Writing {
    work: Option<Work>,
    interrupted: watch::Receiver<()>,
    offset: u64,
    len: u64,
}

struct Work {
    parts: Arc<Parts>,
    upload: Arc<Upload>,
    cursor: OwnedMutexGuard<Cursor>,
}

impl Writing {
    /// Goes on where the durable bytes end.
    pub(crate) fn new(parts: Arc<Parts>, upload: Arc<Upload>, mut cursor: OwnedMutexGuard<Cursor>) -> Self {
        cursor.rewind();
        let (offset, len) = (cursor.durable, upload.len());
        let interrupted = upload.interrupt.subscribe();
        Self { work: Some(Work { parts, upload, cursor }), interrupted, offset, len }
    }

    /// Does what blocks on a thread that may. Should the caller go away meanwhile, it is done to its end and the
    /// right to write given back.
    async fn aside(
        &mut self,
        work: impl FnOnce(&mut Work) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let mut own = self.work.take().ok_or(StoreError::Unknown)?;
        let done = spawn_blocking(move || {
            let outcome = work(&mut own);
            (own, outcome)
        });
        let (own, outcome) = done.await.map_err(io::Error::other)?;
        self.offset = own.cursor.written;
        self.work = Some(own);
        outcome
    }
}

#[async_trait]
impl Appending for Writing {
    fn offset(&self) -> u64 {
        self.offset
    }

    fn left(&self) -> u64 {
        self.len - self.offset
    }

    async fn write(&mut self, bytes: Bytes) -> Result<(), StoreError> {
        self.aside(move |work| work.write(&bytes)).await
    }

    async fn sync(&mut self) -> Result<(), StoreError> {
        self.aside(Work::sync).await
    }

    async fn interrupted(&mut self) {
        // The sender lives as long as the upload, of which this is a part.
        drop(self.interrupted.changed().await);
    }
}

impl Work {
    fn write(&mut self, bytes: &Bytes) -> Result<(), StoreError> {
        let cursor = &mut *self.cursor;
        let after = cursor.written + bytes.len() as u64;
        if after > self.upload.len() {
            return Err(StoreError::TooLarge);
        }
        if let Some(reason) = self.parts.read_only.get() {
            return Err(StoreError::ReadOnly(reason.clone()));
        }
        if self.parts.room() < bytes.len() as u64 {
            return Err(StoreError::Full);
        }
        self.upload.file.write(cursor.written, bytes).map_err(|error| self.parts.refusal(error))?;
        cursor.checksum = crc32c::crc32c_append(cursor.checksum, bytes);
        if let Some(running) = &mut cursor.running {
            running.update(bytes);
        }
        cursor.written = after;
        if !cursor.scanned {
            self.scan()?;
        }
        if self.cursor.written - self.cursor.durable >= LONGEST_PORTION { self.sync() } else { Ok(()) }
    }

    /// Refuses what does not begin like a sealed file as soon as that can be seen.
    fn scan(&mut self) -> Result<(), StoreError> {
        let len = self.cursor.written.min(MAX_HEADER_LEN as u64);
        match scan_header(&self.upload.file.read(0, usize_of(len))?)? {
            HeaderScan::Complete { .. } => self.cursor.scanned = true,
            HeaderScan::NeedsMore if len < MAX_HEADER_LEN as u64 => {}
            HeaderScan::NeedsMore => return Err(SealedError::TooLarge.into()),
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        let cursor = &mut *self.cursor;
        if cursor.written == cursor.durable {
            return Ok(());
        }
        let portion = Portion { from: cursor.durable, to: cursor.written, checksum: cursor.checksum };
        let day = self.upload.beginning.header.day;
        self.upload.file.sync(portion, !cursor.turn, day).map_err(|error| self.parts.refusal(error))?;
        cursor.turn = !cursor.turn;
        (cursor.durable, cursor.checksum) = (cursor.written, 0);
        cursor.digest.clone_from(&cursor.running);
        self.upload.touched.store(self.upload.known_since.elapsed().as_secs(), Ordering::Relaxed);
        Ok(())
    }
}

impl Parts {
    /// What an error of the disk means for who sends: no room, or the end of all writing.
    pub(crate) fn refusal(&self, error: io::Error) -> StoreError {
        if is_out_of_space(&error) {
            return StoreError::Full;
        }
        StoreError::ReadOnly(self.fail("writing an upload", &error.into()))
    }
}
