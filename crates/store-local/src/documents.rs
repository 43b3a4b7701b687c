//! The drop's small documents: files that appear whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use kua_store::{Document, StoreError};

use crate::durable::sync_parent;

/// The documents in one folder.
///
/// To read them takes no lock, since each is replaced whole: an operator's command reads what a serving process wrote.
#[derive(Debug, Clone)]
pub struct Documents(PathBuf);

impl Documents {
    /// The documents in this folder.
    pub fn of(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// Reads a document; none where it was never set.
    ///
    /// # Errors
    ///
    /// `Io`, with the file's name.
    pub fn read(&self, document: Document) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(document);
        match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io::Error::new(error.kind(), format!("{}: {error}", path.display())).into()),
            Ok(bytes) => Ok(Some(bytes)),
        }
    }

    /// Puts a document in the place of the one before, whole and durably.
    ///
    /// # Errors
    ///
    /// `Io`; the one before is then untouched.
    pub fn replace(&self, document: Document, bytes: &[u8]) -> Result<(), StoreError> {
        Ok(write_whole(&self.path(document), bytes)?)
    }

    fn path(&self, document: Document) -> PathBuf {
        self.0.join(document.file_name())
    }
}

/// Puts a file in the place of the one before, its owner's alone, and durable when this returns.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".kua-new-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_parent(path)
}
