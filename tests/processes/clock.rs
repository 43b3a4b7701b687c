//! A wall clock that shows a process whatever a test wants (libfaketime). `CLOCK_BOOTTIME` stays true.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{Failure, Run as _};

/// A wall clock that can be set while processes look at it.
#[derive(Debug, Clone)]
pub struct FakeClock {
    library: String,
    file: PathBuf,
}

impl FakeClock {
    /// A clock that is right until it is set; what it shows is kept in `file`.
    ///
    /// # Errors
    ///
    /// When `faketime` is not installed, or the file cannot be written.
    pub fn new(file: impl Into<PathBuf>) -> Result<Self, Failure> {
        // Where the library lies, its own wrapper knows.
        let told = Command::new("faketime").args(["-f", "+0", "printenv", "LD_PRELOAD"]).succeed()?;
        let clock = Self { library: told.trim().to_owned(), file: file.into() };
        clock.set("+0")?;
        Ok(clock)
    }

    /// Sets it, in the words of faketime(1): `+200d`, `-31d`, or `@1970-01-01 00:00:10` for a clock that goes on from there.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn set(&self, shown: &str) -> Result<(), Failure> {
        // Renamed into its place: whoever reads meanwhile sees the one or the other.
        let new = self.file.with_extension("new");
        fs::write(&new, shown).and_then(|()| fs::rename(&new, &self.file)).map_err(Failure::io(&self.file))
    }

    /// Lets a command see it.
    pub fn show_to(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("FAKETIME_TIMESTAMP_FILE", &self.file)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("DONT_FAKE_MONOTONIC", "1")
            .env("TZ", "UTC");
    }
}
