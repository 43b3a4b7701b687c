//! The ledger: an index of the segments, which can be lost without losing anything.
//!
//! sled is kept at arm's length here: its panics are caught, its answers are believed only under a good
//! [`Manifest`], and after any fault the manifest goes, so that the next start makes a new ledger.

mod block;
mod bloom;
pub(crate) mod index;
pub(crate) mod indexer;
mod keys;
pub(crate) mod manifest;
mod memtable;
mod questions;
pub(crate) mod record;

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::durable::sync_parent;
use crate::ledger::index::{Change, Index};
use crate::ledger::manifest::{Left, Manifest, boot_id};
use crate::ledger::record::Known;
use crate::segments::frame::Header;
use crate::segments::segment::Position;
use kua_store::StoreError;

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

impl From<LedgerFault> for StoreError {
    fn from(fault: LedgerFault) -> Self {
        Self::Ledger(Box::new(fault))
    }
}

/// The ledger of one folder.
#[derive(Debug)]
pub(crate) struct Ledger {
    db: sled::Db,
    index: Index,
    manifest: PathBuf,
    token: u128,
    trusted: AtomicBool,
    objects: AtomicU64,
    bytes: AtomicU64,
    /// Made from nothing in this run, hence without knowledge that the segments do not hold.
    fresh: bool,
    /// The last to go: sled must have let go of its files before they are removed.
    files: Files,
}

/// The folder of one ledger, `ledger/TOKEN`; removed at the end when another has taken its place, or it never
/// took one.
#[derive(Debug)]
struct Files {
    path: PathBuf,
    retired: AtomicBool,
}

impl Drop for Files {
    fn drop(&mut self) {
        if self.retired.load(Ordering::Relaxed)
            && let Err(error) = fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%error, "the former ledger cannot be removed; the next start tries again");
        }
    }
}

impl Ledger {
    /// Opens the ledger that an earlier run left in this folder, if it may be believed.
    pub(crate) fn reopen(folder: &Path) -> Option<Self> {
        let Manifest { token, left } = Manifest::read(&folder.join("ledger.stamp"))?;
        if let Left::Open(boot) = &left
            && boot_id().as_ref() != Some(boot)
        {
            return None;
        }
        let ledger = Self::open(folder, token, false).ok()?;
        let believed = ledger.ask(|index| {
            let same = index.token()? == Some(token);
            Ok((
                same,
                if let Left::Closed { objects, bytes, .. } = left {
                    (objects, bytes)
                } else {
                    index.count()?
                },
            ))
        });
        match believed {
            Ok((true, (objects, bytes))) => {
                ledger.objects.store(objects, Ordering::Relaxed);
                ledger.bytes.store(bytes, Ordering::Relaxed);
                Some(ledger)
            }
            _ => None,
        }
    }

    /// Makes a new, empty ledger beside whatever is there. It counts from [`Self::activate`] on.
    ///
    /// # Errors
    ///
    /// `Ledger` or `Io` when even that cannot be done.
    pub(crate) fn fresh(folder: &Path) -> Result<Self, StoreError> {
        let mut token = [0; 16];
        getrandom::fill(&mut token).map_err(io::Error::from)?;
        Ok(Self::open(folder, u128::from_be_bytes(token), true)?)
    }

    fn open(folder: &Path, token: u128, fresh: bool) -> Result<Self, LedgerFault> {
        let path = folder.join("ledger").join(format!("{token:032x}"));
        clear_begun_snapshots(&path);
        // Nothing is gained by flushing while serving: what sled would lose is read from the segments again.
        let config = sled::Config::new().path(&path).cache_capacity(CACHE_BYTES).flush_every_ms(None);
        let open = || config.open().map_err(LedgerFault::from).and_then(|db| Ok((Index::open(&db)?, db)));
        let (index, db) = guarded(open)?;
        Ok(Self {
            db,
            index,
            manifest: folder.join("ledger.stamp"),
            token,
            trusted: AtomicBool::new(true),
            objects: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            fresh,
            files: Files { path, retired: AtomicBool::new(fresh) },
        })
    }

    /// Makes this the ledger of its folder, once all that it knows is written. From now on a loss of power leads to
    /// a new ledger.
    pub(crate) fn activate(&self) -> Result<(), StoreError> {
        // The token last: whatever a crash leaves without it is not believed.
        self.ask(|index| {
            index.write_down_all()?;
            index.set_token(self.token)?;
            self.db.flush()?;
            Ok(())
        })?;
        let boot = boot_id().unwrap_or_else(|| "unknown".to_owned());
        Manifest { token: self.token, left: Left::Open(boot) }.write(&self.manifest)?;
        self.files.retired.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Removes the files of all other ledgers.
    pub(crate) fn clear_others(&self) -> io::Result<()> {
        let Some(ledgers) = self.files.path.parent() else { return Ok(()) };
        for entry in fs::read_dir(ledgers)? {
            let path = entry?.path();
            match (path == self.files.path, path.is_dir()) {
                (true, _) => {}
                (false, true) => fs::remove_dir_all(path)?,
                (false, false) => fs::remove_file(path)?,
            }
        }
        Ok(())
    }

    /// Lets its files go with the last who uses it.
    pub(crate) fn retire(&self) {
        self.files.retired.store(true, Ordering::Relaxed);
    }

    /// Whether it was made from nothing in this run.
    pub(crate) fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// Puts a question to the index; a fault or panic costs the ledger its trust.
    pub(crate) fn ask<T>(
        &self,
        question: impl FnOnce(&Index) -> Result<T, LedgerFault>,
    ) -> Result<T, LedgerFault> {
        let answer = guarded(|| question(&self.index));
        if answer.is_err() && self.trusted.swap(false, Ordering::Relaxed) {
            tracing::error!("the ledger is faulty; the next start makes a new one");
            fs::remove_file(&self.manifest).unwrap_or_default();
        }
        answer
    }

    /// Tells the index something.
    pub(crate) fn tell(&self, note: impl FnOnce(&Index)) -> Result<(), LedgerFault> {
        self.ask(|index| {
            note(index);
            Ok(())
        })
    }

    /// Takes in what a frame says, and where it says it.
    pub(crate) fn apply(&self, frame: &Header, at: Position) -> Result<Change, LedgerFault> {
        let change = self.ask(|index| index.apply(frame, at))?;
        self.count(&change);
        Ok(change)
    }

    /// Takes in objects that it does not know, the last of which ends here.
    pub(crate) fn enter(&self, frames: &[(Header, Position)], end: Position) -> Result<(), LedgerFault> {
        self.ask(|index| {
            for (frame, at) in frames {
                self.count(&index.apply_to(&Known::Unknown, frame, *at));
            }
            index.note_read(end);
            Ok(())
        })
    }

    fn count(&self, change: &Change) {
        if let Some(size) = change.came {
            self.objects.fetch_add(1, Ordering::Relaxed);
            self.bytes.fetch_add(size, Ordering::Relaxed);
        }
        if let Some(size) = change.went {
            self.objects.fetch_sub(1, Ordering::Relaxed);
            self.bytes.fetch_sub(size, Ordering::Relaxed);
        }
    }

    /// Writes down what is in memory, if that is much; for whoever alone takes something in.
    pub(crate) fn relieve(&self) -> Result<(), LedgerFault> {
        self.ask(|index| if index.is_full(1) { index.write_down_all() } else { Ok(()) })
    }

    /// Writes down all that is in memory, so that it outlives the process.
    pub(crate) fn write_down(&self) -> Result<(), LedgerFault> {
        self.ask(|index| {
            index.write_down_all()?;
            self.db.flush()?;
            Ok(())
        })
    }

    /// How many objects there are, and how many bytes they have together.
    pub(crate) fn totals(&self) -> (u64, u64) {
        (self.objects.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed))
    }

    /// Leaves the ledger in good order, so that the next start may believe it.
    pub(crate) fn close(&self) {
        if self.write_down().is_ok() && self.trusted.load(Ordering::Relaxed) {
            // Failing here costs time at the next start, no more.
            if let Err(error) = self.stamp_closed() {
                tracing::warn!(%error, "the ledger could not be closed in good order");
            }
        }
    }

    fn stamp_closed(&self) -> io::Result<()> {
        let (objects, bytes) = self.totals();
        let digest = seal_files(&self.files.path)?;
        sync_parent(&self.files.path)?;
        Manifest { token: self.token, left: Left::Closed { objects, bytes, digest } }.write(&self.manifest)
    }
}

/// Does what sled takes part in: a panic of its is a fault like any other, and costs a rebuild.
fn guarded<T>(work: impl FnOnce() -> Result<T, LedgerFault>) -> Result<T, LedgerFault> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(LedgerFault::Panicked))
}

/// Whether the files of a ledger that was closed in good order are as they were then; yes where none was.
pub(crate) fn files_are_as_closed(folder: &Path) -> io::Result<bool> {
    match Manifest::read(&folder.join("ledger.stamp")) {
        Some(Manifest { token, left: Left::Closed { digest, .. } }) => {
            Ok(seal_files(&folder.join("ledger").join(format!("{token:032x}")))? == digest)
        }
        _ => Ok(true),
    }
}

/// Makes all files of this folder durable, and returns the CRC-32C of what is in them.
fn seal_files(folder: &Path) -> io::Result<u32> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    let mut digest = 0;
    let mut portion = vec![0; 1 << 20];
    for path in paths {
        if path.is_dir() {
            digest = crc32c::crc32c_append(digest, &seal_files(&path)?.to_be_bytes());
            continue;
        }
        let mut file = File::open(&path)?;
        loop {
            match file.read(&mut portion)? {
                0 => break,
                len => digest = crc32c::crc32c_append(digest, &portion[..len]),
            }
        }
        file.sync_all()?;
    }
    File::open(folder)?.sync_all()?;
    Ok(digest)
}

/// A full disk makes sled leave a snapshot of no bytes, over which it stumbles at every later start.
fn clear_begun_snapshots(path: &Path) {
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let empty = entry.metadata().is_ok_and(|metadata| metadata.len() == 0);
        if empty && name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(entry.path()).unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_sled_is_a_fault_and_makes_the_ledger_one_not_to_be_believed() {
        let panics = || -> Result<(), LedgerFault> { panic!("as sled does on some files") };
        assert!(matches!(guarded(panics), Err(LedgerFault::Panicked)));
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::fresh(folder.path()).unwrap();
        ledger.activate().unwrap();
        assert!(folder.path().join("ledger.stamp").exists());
        let asked: Result<(), _> = ledger.ask(|_| panic!("as sled does on some pages"));
        assert!(matches!(asked, Err(LedgerFault::Panicked)));
        assert!(!folder.path().join("ledger.stamp").exists(), "the next start makes a new one");
    }
}
