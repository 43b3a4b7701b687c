//! Turns: processes of one coordinator write one after another.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::error::Error;

/// A turn to write. Dropping it lets the next process write; so does the end of this one.
#[derive(Debug)]
#[must_use = "others may write as soon as it is dropped"]
pub struct Turn {
    _folder: File,
}

impl Turn {
    /// Waits for the lock of a folder. The folder itself is locked, so that no file of another kind lies in it: that a folder
    /// can be opened and locked is Unix's own (flock(2)).
    ///
    /// # Errors
    ///
    /// [`Error::File`] when the folder cannot be opened. On a file system that has no locks nobody is waited for.
    pub(super) fn take(folder: &Path) -> Result<Self, Error> {
        let opened = File::open(folder).map_err(Error::file(folder))?;
        match opened.lock() {
            Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(Error::file(folder)(error)),
            _ => Ok(Self { _folder: opened }),
        }
    }
}
