//! Everything that a coordinator's device remembers of one drop, sealed to the coordinator's own key.
//!
//! One owner, [`Cache`], opens each part when it is first needed: the newest roster that was seen, what the drop listed last,
//! the reports and their texts, the case logs, the outbox. Several processes may have one each: they write in turn, and
//! what one has learnt is not lost when another writes.

mod folder;
mod listed;
mod logs;
mod outbox;
mod pin;
mod reports;
mod turn;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use kua_protocol::id::DropId;
use kua_protocol::roster::VerifiedRoster;
use kua_sealing::CoordinatorKeys;

pub use self::folder::SealedFolder;
pub use self::listed::Listed;
pub use self::logs::{CachedObject, LogCache, LogObject, NamedReaders, grants};
pub use self::outbox::{Outbox, Waiting};
pub use self::reports::{FORM as REPORTS_FORM, ReportCache};

use crate::error::Error;

/// A coordinator's memory of one drop.
pub struct Cache {
    folder: SealedFolder,
    reports: OnceLock<Mutex<ReportCache>>,
    logs: OnceLock<Mutex<LogCache>>,
    outbox: OnceLock<Mutex<Outbox>>,
}

impl Cache {
    /// Gives the memory of a drop. Nothing is read yet.
    ///
    /// # Errors
    ///
    /// [`Error::NoFolder`].
    pub fn of(drop: DropId, keys: &Arc<CoordinatorKeys>) -> Result<Self, Error> {
        Ok(Self::in_folder(SealedFolder::of(drop, keys)?))
    }

    /// Gives the memory in a folder.
    pub fn in_folder(folder: SealedFolder) -> Self {
        Self { folder, reports: OnceLock::new(), logs: OnceLock::new(), outbox: OnceLock::new() }
    }

    /// Gives the folder.
    pub fn folder(&self) -> &SealedFolder {
        &self.folder
    }

    /// Checks that a roster follows the newest one that was seen, and remembers it.
    ///
    /// # Errors
    ///
    /// [`Error::Roster`] when it does not; those of the folder.
    pub fn follow(&self, roster: &VerifiedRoster) -> Result<(), Error> {
        pin::follow(&self.folder, roster)
    }

    /// Gives what is remembered of reports.
    ///
    /// # Errors
    ///
    /// When it is there and cannot be read.
    pub fn reports(&self) -> Result<MutexGuard<'_, ReportCache>, Error> {
        opened(&self.reports, || ReportCache::open(self.folder.clone()))
    }

    /// Gives what is remembered of case logs.
    ///
    /// # Errors
    ///
    /// When it is there and does not open.
    pub fn logs(&self) -> Result<MutexGuard<'_, LogCache>, Error> {
        opened(&self.logs, || LogCache::open(self.folder.clone()))
    }

    /// Gives the entries that the drop does not have yet.
    ///
    /// # Errors
    ///
    /// When one is there and does not open.
    pub fn outbox(&self) -> Result<MutexGuard<'_, Outbox>, Error> {
        opened(&self.outbox, || Outbox::open(self.folder.clone()))
    }
}

/// Locks a part, which is opened when it was not yet.
fn opened<T>(
    part: &OnceLock<Mutex<T>>,
    open: impl FnOnce() -> Result<T, Error>,
) -> Result<MutexGuard<'_, T>, Error> {
    let part = match part.get() {
        Some(part) => part,
        None => {
            let opened = open()?;
            part.get_or_init(|| Mutex::new(opened))
        }
    };
    Ok(part.lock().unwrap_or_else(PoisonError::into_inner))
}
