//! Why an export came to nothing.

use std::io;
use std::path::PathBuf;

/// Why an export came to nothing; what was written of it is to be removed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be written: make room, or choose another folder.
    #[error("{}: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The bytes of an attachment cannot be read, or are not what its report says: fetch the report again.
    #[error("{name}: {error}")]
    Attachment {
        /// The attachment's name.
        name: String,
        /// What was said of it.
        error: io::Error,
    },
    /// An export for people has words of its own: give at least one language.
    #[error("no languages were given to write the export's words in")]
    NoWords,
}

impl Error {
    /// A function that turns what the system said of this file into ours.
    pub(crate) fn write<E: Into<io::Error>>(path: impl Into<PathBuf>) -> impl FnOnce(E) -> Self {
        let path = path.into();
        |error| Self::Write { path, error: error.into() }
    }
}
