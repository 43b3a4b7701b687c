//! What readers and the writer share, and reading by it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use bytes::Bytes;
use kua_protocol::id::ObjectId;
use kua_store::StoreError;

use crate::ledger::index::Index;
use crate::ledger::record::{Known, Record};
use crate::ledger::{Ledger, LedgerFault};
use crate::lock::FolderLock;
use crate::segments::Segments;
use crate::segments::frame::{HEADER_LEN, Place};
use crate::segments::segment::usize_of;
use crate::segments::tombstones::Tombstones;
use crate::uploads::Uploads;

/// What readers and the writer share. The lock is the last to go.
#[derive(Debug)]
pub(crate) struct Parts {
    /// Replaced by a new one when days were closed.
    pub(crate) ledger: RwLock<Arc<Ledger>>,
    pub(crate) segments: Segments,
    pub(crate) tombstones: Tombstones,
    pub(crate) uploads: Uploads,
    pub(crate) path: PathBuf,
    pub(crate) folder: File,
    pub(crate) reserve: u64,
    pub(crate) read_only: OnceLock<String>,
    /// Objects whose bytes were found to be wrong.
    pub(crate) damaged: Mutex<BTreeSet<ObjectId>>,
    /// Held by whoever closes days.
    pub(crate) tidying: Mutex<()>,
    /// The step after which closing a day fails.
    #[cfg(test)]
    pub(crate) crash_at: std::sync::atomic::AtomicU8,
    pub(crate) _lock: FolderLock,
}

impl Parts {
    /// Bytes that the disk has left; 0 when it does not tell.
    pub(crate) fn free_bytes(&self) -> u64 {
        rustix::fs::fstatvfs(&self.folder).map_or(0, |disk| disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Bytes that objects may still take.
    pub(crate) fn room(&self) -> u64 {
        self.free_bytes().saturating_sub(self.reserve)
    }

    /// The ledger of now.
    pub(crate) fn ledger(&self) -> Arc<Ledger> {
        Arc::clone(&self.ledger.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a question to the ledger.
    pub(crate) fn ask<T>(
        &self,
        question: impl FnOnce(&Index) -> Result<T, LedgerFault>,
    ) -> Result<T, LedgerFault> {
        self.ledger().ask(question)
    }

    /// Ends all writing, and returns the reason: after an error of the disk nobody can say what the next
    /// acknowledgement would be worth.
    pub(crate) fn fail(&self, while_doing: &str, error: &StoreError) -> String {
        let source = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
        let reason = self.read_only.get_or_init(|| format!("an error while {while_doing}: {source}"));
        tracing::error!(reason, "the store is read-only from now on");
        reason.clone()
    }

    /// The objects that are known to be damaged.
    pub(crate) fn damaged(&self) -> MutexGuard<'_, BTreeSet<ObjectId>> {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The record of an object that must be there.
    pub(crate) fn present(&self, id: ObjectId) -> Result<Record, StoreError> {
        match self.ask(|index| index.known(id))? {
            Known::Present(record) => Ok(record),
            Known::Gone(_) => Err(StoreError::Gone),
            Known::Unknown => Err(StoreError::Unknown),
        }
    }

    /// Reads a part of an object, and looks again afterwards: a body is erased only after its object is gone, so
    /// what was still there then was whole before.
    pub(crate) fn read(&self, id: ObjectId, range: &Range<u64>) -> Result<Bytes, StoreError> {
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
