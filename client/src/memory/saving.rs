//! Writing what is remembered: little at a time, and nothing of what is to be forgotten.

use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::{Memory, ROWS, VOLUME, volume};
use crate::error::Error;

/// A volume with as many bytes of text takes no more.
pub(super) const FULL: usize = 4 << 20;
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
        let due = self.saved.elapsed() > SAVED_EVERY || self.fresh_bytes > FULL;
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
        self.write_volumes()?;
        self.cache.remember(ROWS, &self.rows)?;
        self.changed = false;
        self.cache.remove_others(VOLUME, &self.rows.volumes)
    }

    /// Gathers what is new, what is left of volumes with something stale in them, and the volume that is not full, and
    /// writes all that to new volumes.
    fn write_volumes(&mut self) -> Result<(), Error> {
        let mut texts = std::mem::take(&mut self.fresh);
        self.fresh_bytes = 0;
        let stale = std::mem::take(&mut self.stale);
        if texts.is_empty() && stale.is_empty() {
            return Ok(());
        }
        let last = self.rows.volumes.len().saturating_sub(1);
        for (n, name) in std::mem::take(&mut self.rows.volumes).into_iter().enumerate() {
            if stale.is_empty() && n < last {
                self.rows.volumes.push(name);
                continue;
            }
            let bytes = self.volume(&name)?;
            let Some(there) = volume::decode(&bytes) else { continue };
            let length: usize = there.iter().map(|(_, text)| text.len()).sum();
            if there.iter().any(|(id, _)| stale.contains(id)) || (n == last && length < FULL) {
                let kept = there.into_iter().filter(|(id, _)| !stale.contains(id));
                texts.extend(kept.filter_map(|(id, text)| {
                    Some((id, Zeroizing::new(std::str::from_utf8(text).ok()?.to_owned())))
                }));
            } else {
                self.rows.volumes.push(name);
            }
        }
        let mut texts: Vec<_> = texts.iter().collect();
        while !texts.is_empty() {
            let mut length = 0;
            let fits = texts.iter().take_while(|(_, text)| {
                let before = length;
                length += text.len();
                before < FULL
            });
            let rest = texts.split_off(fits.count());
            let volume = volume::encode(texts.iter().map(|(id, text)| (**id, text.as_bytes())));
            let name = format!("{VOLUME}{:016x}.age", random()?);
            self.cache.put(&name, &volume)?;
            self.rows.volumes.push(name);
            texts = rest;
        }
        Ok(())
    }
}

fn random() -> Result<u64, Error> {
    getrandom::u64().map_err(|error| Error::System(error.to_string()))
}
