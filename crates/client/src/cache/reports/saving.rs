//! Writing what is remembered: little at a time, and nothing of what is to be forgotten.

use std::time::{Duration, Instant};

use super::learnt::Learnt;
use super::{ROWS, ReportCache};
use crate::cache::listed::LISTED;
use crate::error::Error;

/// The longest time for which what was learnt is not saved while more comes.
const SAVED_EVERY: Duration = Duration::from_secs(10);

impl ReportCache {
    /// Writes what was learnt every so often, so that long work over a bad line is not for nothing, and before much of it
    /// is in memory.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn save_in_passing(&mut self) -> Result<(), Error> {
        let due = self.saved.elapsed() > SAVED_EVERY || self.texts.is_full() || self.notes.is_full();
        if due { self.save() } else { Ok(()) }
    }

    /// Writes what was learnt and forgotten since the last time, on top of what another process has written. The rows come
    /// last: until then they name the volumes that were there before.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn save(&mut self) -> Result<(), Error> {
        self.saved = Instant::now();
        if self.learnt.is_empty() {
            return Ok(());
        }
        let _turn = self.folder.turn()?;
        self.catch_up()?;
        if let Some((digest, stamp)) = self.learnt.listed {
            // Another process may have kept another list since; then nobody can say here which one lies there.
            self.rows.listed = (self.folder.stamp(LISTED)? == stamp).then_some(digest);
        }
        self.texts.write(&self.folder, &mut self.rows.volumes)?;
        self.notes.write(&self.folder, &mut self.rows.notes)?;
        self.folder.remember(ROWS, &self.rows)?;
        self.stamp = self.folder.stamp(ROWS)?;
        self.learnt = Learnt::default();
        self.texts.tidy(&self.folder, &self.rows.volumes)?;
        self.notes.tidy(&self.folder, &self.rows.notes)
    }
}
