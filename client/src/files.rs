//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Whether a file may take the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing may be there.
    New,
    /// What is there is replaced.
    Replace,
}

/// Writes a file that only its owner reads, durably. It appears whole or not at all.
///
/// # Errors
///
/// [`Error::Occupied`] or [`Error::File`].
pub fn write(path: &Path, bytes: &[u8], place: Place) -> Result<(), Error> {
    fill(path, place, |file| file.write_all(bytes).map_err(Error::file(path)))
}

/// Writes such a file with whatever this writes.
///
/// # Errors
///
/// [`Error::Occupied`] or [`Error::File`], or those of what writes.
pub fn fill<T>(
    path: &Path,
    place: Place,
    content: impl FnOnce(&mut File) -> Result<T, Error>,
) -> Result<T, Error> {
    let folder = folder_of(path);
    let mut file = tempfile::Builder::new()
        .prefix(".kua-")
        .permissions(fs::Permissions::from_mode(0o600))
        .tempfile_in(&folder)
        .map_err(Error::file(path))?;
    let done = content(file.as_file_mut())?;
    let write = || {
        file.as_file().sync_all()?;
        let persisted = match place {
            Place::New => file.persist_noclobber(path),
            Place::Replace => file.persist(path),
        };
        persisted.map_err(|error| error.error)?;
        File::open(&folder)?.sync_all()
    };
    write().map(|()| done).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Error::Occupied(path.to_owned()),
        _ => Error::File { path: path.to_owned(), error },
    })
}

/// Reads a file of at most `most` bytes.
///
/// # Errors
///
/// [`Error::File`], also when it is larger.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, Error> {
    let read = || {
        let length = fs::metadata(path)?.len();
        if length > most {
            return Err(std::io::Error::other(format!("has {length} bytes, and at most {most} are read")));
        }
        fs::read(path)
    };
    read().map_err(Error::file(path))
}

/// The folder that a path is in.
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
