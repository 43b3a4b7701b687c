//! Writing what is remembered: little at a time, and nothing of what is to be forgotten.

use std::time::{Duration, Instant};

use super::{Memory, ROWS};
use crate::error::Error;

/// What was learnt is saved every so often.
const SAVED_EVERY: Duration = Duration::from_secs(10);

impl Memory<'_> {
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

    /// Writes what was learnt and forgotten since the last time. The rows come last: until then they name the volumes
    /// that were there before.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn save(&mut self) -> Result<(), Error> {
        self.saved = Instant::now();
        if !self.changed {
            return Ok(());
        }
        self.texts.write(&self.cache, &mut self.rows.volumes)?;
        self.notes.write(&self.cache, &mut self.rows.notes)?;
        self.cache.remember(ROWS, &self.rows)?;
        self.changed = false;
        self.texts.tidy(&self.cache, &self.rows.volumes)?;
        self.notes.tidy(&self.cache, &self.rows.notes)
    }
}
