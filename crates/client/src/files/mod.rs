//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use kua_protocol::json::without_mark;
use sha2::{Digest as _, Sha256};
use tempfile::{NamedTempFile, TempDir};

use self::unfinished::Unfinished;
use crate::error::Error;

pub mod private;
mod unfinished;

pub use self::unfinished::remove_unfinished;

/// A choice of whether a file may take the place of another.
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
        .permissions(private::of_file())
        .tempfile_in(&folder)
        .map_err(Error::file(path))?;
    let done = content(file.as_file_mut())?;
    let write = || {
        file.as_file().sync_all()?;
        match place {
            Place::New => persist_new(file, path)?,
            Place::Replace => drop(file.persist(path).map_err(|error| error.error)?),
        }
        File::open(&folder)?.sync_all()
    };
    write().map(|()| done).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Error::Occupied(path.to_owned()),
        _ => Error::File { path: path.to_owned(), error },
    })
}

/// Gives a finished file its name, where nothing may be.
fn persist_new(file: NamedTempFile, path: &Path) -> std::io::Result<()> {
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(refused) if refused.error.kind() == std::io::ErrorKind::AlreadyExists => Err(refused.error),
        Err(refused) => place_first(refused.file, path),
    }
}

/// Takes the name with an empty file, and lets the finished one take its place: sticks have file systems with neither hard links
/// nor a renaming that replaces nothing.
fn place_first(file: NamedTempFile, path: &Path) -> std::io::Result<()> {
    drop(File::options().write(true).create_new(true).open(path)?);
    file.persist(path).map(drop).map_err(|refused| {
        let _ = fs::remove_file(path);
        refused.error
    })
}

/// Fills a new folder that only its owner reads. It appears whole or not at all.
///
/// # Errors
///
/// Those of [`Staged`], or those of what fills it.
pub fn fill_folder<T>(path: &Path, content: impl FnOnce(&Path) -> Result<T, Error>) -> Result<T, Error> {
    let staged = Staged::at(path)?;
    let done = content(staged.path())?;
    staged.appear()?;
    Ok(done)
}

/// A new folder that only its owner reads, in the making: it appears whole, when all that is to be in it is there.
///
/// Until then it is removed when it is dropped, and when the program is ended.
pub struct Staged {
    folder: TempDir,
    unfinished: Unfinished,
    place: PathBuf,
}

impl Staged {
    /// Begins a folder that is to appear at this place.
    ///
    /// # Errors
    ///
    /// [`Error::Occupied`] or [`Error::File`].
    pub fn at(place: &Path) -> Result<Self, Error> {
        if place.exists() {
            return Err(Error::Occupied(place.to_owned()));
        }
        let parent = folder_of(place);
        let folder = tempfile::Builder::new()
            .prefix(".kua-")
            .permissions(private::of_folder())
            .tempdir_in(&parent)
            .map_err(Error::file(&parent))?;
        let unfinished = Unfinished::folder(folder.path());
        Ok(Self { folder, unfinished, place: place.to_owned() })
    }

    /// Where it is made.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Lets it appear.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    pub fn appear(self) -> Result<(), Error> {
        let parent = folder_of(&self.place);
        fs::rename(self.folder.path(), &self.place).map_err(Error::file(&self.place))?;
        drop(self.unfinished);
        let _ = self.folder.keep();
        File::open(&parent).and_then(|parent| parent.sync_all()).map_err(Error::file(&parent))
    }
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

/// Reads a text of at most `most` bytes, without a byte order mark.
///
/// # Errors
///
/// As [`read`].
pub fn read_text(path: &Path, most: u64) -> Result<Vec<u8>, Error> {
    Ok(without_mark(&read(path, most)?).to_vec())
}

/// The SHA-256 of all that is in a file, still open for more, and how many bytes that is. It is read to its end.
///
/// # Errors
///
/// When it cannot be read.
pub fn digest(file: &mut File) -> std::io::Result<(Sha256, u64)> {
    file.seek(SeekFrom::Start(0))?;
    let (mut digest, mut length, mut bytes) = (Sha256::new(), 0, vec![0; 256 * 1024]);
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok((digest, length)),
            read => {
                digest.update(&bytes[..read]);
                length += read as u64;
            }
        }
    }
}

/// The folder that a path is in.
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_no_rename_spares_what_is_there_the_name_is_taken_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.kua");
        let finished = |text: &str| {
            let mut file = NamedTempFile::new_in(folder.path()).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            file
        };
        place_first(finished("one"), &path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
        let occupied = place_first(finished("two"), &path).unwrap_err();
        assert_eq!(occupied.kind(), std::io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }
}
