//! The ledger: an index of the segments, which can be lost without losing anything.
//!
//! sled is kept at arm's length here: its panics are caught, its answers are believed only under a good
//! [`Stamp`], and after any fault the stamp goes, so that the next start makes a new ledger.

use std::fs::{self, File};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::frame::Header;
use super::index::{Change, Index};
use super::segment::Position;
use super::segments::sync_parent;
use super::stamp::{Left, Stamp, boot_id};
use crate::StoreError;

/// sled's cache in bytes: rows are small, and the pages of the system's cache come for free.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;

/// What is wrong with the ledger.
#[derive(Debug, thiserror::Error)]
pub enum LedgerFault {
    /// sled reported an error.
    #[error("sled: {0}")]
    Sled(#[from] sled::Error),
    /// A record has none of the known forms.
    #[error("a record of the ledger is malformed")]
    Record,
    /// sled panicked.
    #[error("sled panicked")]
    Panicked,
}

/// The ledger of one folder.
#[derive(Debug)]
pub(super) struct Ledger {
    db: sled::Db,
    index: Index,
    files: PathBuf,
    stamp: PathBuf,
    token: u128,
    trusted: AtomicBool,
    objects: AtomicU64,
    bytes: AtomicU64,
}

impl Ledger {
    /// Opens the ledger that an earlier run left in this folder, if it may be believed.
    pub(super) fn reopen(folder: &Path) -> Option<Self> {
        let Stamp { token, left } = Stamp::read(&folder.join("ledger.stamp"))?;
        if let Left::Open(boot) = &left
            && boot_id().as_ref() != Some(boot)
        {
            return None;
        }
        let ledger = Self::open(folder, token).ok()?;
        let believed = ledger.ask(|index| {
            let same = index.token()? == Some(token);
            Ok((
                same,
                if let Left::Closed { objects, bytes } = left { (objects, bytes) } else { index.count()? },
            ))
        });
        match believed {
            Ok((true, (objects, bytes))) => {
                ledger.objects.store(objects, Ordering::Relaxed);
                ledger.bytes.store(bytes, Ordering::Relaxed);
                ledger.mark_open().ok()?;
                Some(ledger)
            }
            _ => None,
        }
    }

    /// Makes a new, empty ledger in place of whatever is there.
    ///
    /// # Errors
    ///
    /// `Ledger` or `Io` when even that cannot be done.
    pub(super) fn fresh(folder: &Path) -> Result<Self, StoreError> {
        match fs::remove_dir_all(folder.join("ledger")) {
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                fs::remove_file(folder.join("ledger"))?;
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let mut token = [0; 16];
        getrandom::fill(&mut token).map_err(io::Error::from)?;
        let ledger = Self::open(folder, u128::from_be_bytes(token))?;
        ledger.ask(|index| index.set_token(ledger.token))?;
        ledger.mark_open()?;
        Ok(ledger)
    }

    fn open(folder: &Path, token: u128) -> Result<Self, LedgerFault> {
        let files = folder.join("ledger");
        // Nothing is gained by flushing while serving: what sled would lose is read from the segments again.
        let config = sled::Config::new().path(&files).cache_capacity(CACHE_BYTES).flush_every_ms(None);
        let open = || config.open().map_err(LedgerFault::from).and_then(|db| Ok((Index::open(&db)?, db)));
        let (index, db) = catch_unwind(AssertUnwindSafe(open)).unwrap_or(Err(LedgerFault::Panicked))?;
        Ok(Self {
            db,
            index,
            files,
            stamp: folder.join("ledger.stamp"),
            token,
            trusted: AtomicBool::new(true),
            objects: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        })
    }

    /// Before anything is written, so that a loss of power from now on leads to a new ledger.
    fn mark_open(&self) -> io::Result<()> {
        let boot = boot_id().unwrap_or_else(|| "unknown".to_owned());
        Stamp { token: self.token, left: Left::Open(boot) }.write(&self.stamp)
    }

    /// Puts a question to the index; a fault or panic costs the ledger its trust.
    pub(super) fn ask<T>(
        &self,
        question: impl FnOnce(&Index) -> Result<T, LedgerFault>,
    ) -> Result<T, LedgerFault> {
        let answer =
            catch_unwind(AssertUnwindSafe(|| question(&self.index))).unwrap_or(Err(LedgerFault::Panicked));
        if answer.is_err() && self.trusted.swap(false, Ordering::Relaxed) {
            tracing::error!("the ledger is faulty; the next start makes a new one");
            fs::remove_file(&self.stamp).unwrap_or_default();
        }
        answer
    }

    /// Takes in what a frame says, and where it says it.
    pub(super) fn apply(&self, frame: &Header, at: Position) -> Result<Change, LedgerFault> {
        let change = self.ask(|index| index.apply(frame, at))?;
        if let Some(size) = change.came {
            self.objects.fetch_add(1, Ordering::Relaxed);
            self.bytes.fetch_add(size, Ordering::Relaxed);
        }
        if let Some(size) = change.went {
            self.objects.fetch_sub(1, Ordering::Relaxed);
            self.bytes.fetch_sub(size, Ordering::Relaxed);
        }
        Ok(change)
    }

    /// How many objects there are, and how many bytes they have together.
    pub(super) fn totals(&self) -> (u64, u64) {
        (self.objects.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed))
    }

    /// Leaves the ledger in good order, so that the next start may believe it.
    pub(super) fn close(&self) {
        let flushed = self.ask(|_| Ok(self.db.flush()?)).is_ok();
        if flushed && self.trusted.load(Ordering::Relaxed) {
            let (objects, bytes) = self.totals();
            let stamp = Stamp { token: self.token, left: Left::Closed { objects, bytes } };
            // Failing here costs time at the next start, no more.
            if let Err(error) = self.sync_files().and_then(|()| stamp.write(&self.stamp)) {
                tracing::warn!(%error, "the ledger could not be closed in good order");
            }
        }
    }

    fn sync_files(&self) -> io::Result<()> {
        let mut folders = vec![self.files.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    File::open(&path)?.sync_all()?;
                }
            }
            File::open(&folder)?.sync_all()?;
        }
        sync_parent(&self.files)
    }
}
