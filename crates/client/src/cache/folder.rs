//! Files that are sealed to the coordinator's own key.
//!
//! The folder of all is `KUA_CACHE`, or `kua` where the system keeps a user's data. Whoever can write there can read
//! nothing, and can make the client forget, or remember what never was: anybody can seal to a public key. Who can write
//! there can exchange the client itself, too.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::sync::Arc;

use kua_protocol::id::{Digest, DropId};
use kua_sealing::{CoordinatorKeys, Floor, OpenError, Recipients, SealPlan, open};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::turn::Turn;
use crate::error::Error;
use crate::files;

/// Most bytes of one remembered thing.
const MOST: u64 = 256 << 20;
/// Bytes of a sealed file that differ whenever it was sealed anew: its header.
const STAMPED: u64 = 1024;

/// A folder in which everything is sealed to one coordinator's own key.
#[derive(Debug, Clone)]
pub struct SealedFolder {
    path: PathBuf,
    keys: Arc<CoordinatorKeys>,
}

impl SealedFolder {
    /// Gives the folder for one drop. Its name tells neither drop nor coordinator.
    ///
    /// # Errors
    ///
    /// [`Error::NoFolder`].
    pub fn of(drop: DropId, keys: &Arc<CoordinatorKeys>) -> Result<Self, Error> {
        let mut name = b"kua/v1/cache".to_vec();
        name.extend_from_slice(keys.signing().public().as_bytes());
        name.extend_from_slice(drop.as_bytes());
        let root = root().ok_or(Error::NoFolder)?;
        Ok(Self::at(root.join(Digest::of(&name).to_string()), keys))
    }

    /// Gives the folders of all drops, and of other coordinators of this machine, too: theirs do not open.
    ///
    /// # Errors
    ///
    /// When the folder that they are in is there and cannot be read.
    pub fn all(keys: &Arc<CoordinatorKeys>) -> Result<Vec<Self>, Error> {
        let Some(root) = root() else { return Ok(Vec::new()) };
        let entries = match fs::read_dir(&root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::file(&root))?,
        };
        let folders = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
        Ok(folders.map(|folder| Self::at(folder, keys)).collect())
    }

    /// Names a folder, which need not be there yet.
    pub fn at(path: PathBuf, keys: &Arc<CoordinatorKeys>) -> Self {
        Self { path, keys: Arc::clone(keys) }
    }

    /// Makes a file without a name for sealed bytes, which goes with its last user.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn passing_file(&self) -> Result<File, Error> {
        fs::create_dir_all(&self.path).map_err(Error::file(&self.path))?;
        tempfile::tempfile_in(&self.path).map_err(Error::file(&self.path))
    }

    /// Reads what lies under this name, in the form of `T`; none when nothing does, or something of another form,
    /// which is learnt anew.
    ///
    /// # Errors
    ///
    /// As [`SealedFolder::get`].
    pub fn recall<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error> {
        let plain = self.get_padded(name)?;
        // What follows is padding.
        let parse = |plain: &[u8]| postcard::take_from_bytes(plain).map(|(value, _)| value).ok();
        Ok(plain.and_then(|plain| parse(&plain)))
    }

    /// Writes this under this name, sealed.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn remember<T: Serialize>(&self, name: &str, value: &T) -> Result<(), Error> {
        let bytes = postcard::to_stdvec(value).map_err(|error| Error::System(error.to_string()))?;
        self.put(name, &Zeroizing::new(bytes))
    }

    /// Reads what lies under this name; none when nothing does. It does not end with a zero, as no JSON does.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] when it is there and does not open, [`Error::File`] when it cannot be read.
    pub fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let plain = self.get_padded(name)?;
        Ok(plain.map(|mut plain| {
            let length = plain.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            plain.truncate(length);
            plain
        }))
    }

    /// Reads the same with the zeros that it was padded with.
    ///
    /// # Errors
    ///
    /// As [`SealedFolder::get`].
    pub fn get_padded(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let path = self.path.join(name);
        let sealed = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(Error::file(&path))?,
        };
        let length = sealed.metadata().map_err(Error::file(&path))?.len().min(MOST);
        let mut plain = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or_default()));
        let opened =
            open(sealed.take(MOST), self.keys.identity()).map_err(|error| self.closed(name, error))?;
        opened.take(MOST).read_to_end(&mut plain).map_err(|_| self.damaged(name))?;
        Ok(Some(plain))
    }

    /// Writes these bytes under this name, sealed.
    ///
    /// # Errors
    ///
    /// When they cannot be written.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        fs::create_dir_all(&self.path).map_err(Error::file(&self.path))?;
        let recipient = self.keys.recipient().to_string();
        let plan =
            SealPlan::new(Recipients::new([(recipient.as_str(), true)])?, bytes.len() as u64, Floor::Entry)?;
        let mut sealed = Vec::new();
        plan.seal(bytes, &mut sealed)?;
        files::write(&self.path.join(name), &sealed, files::Place::Replace)
    }

    /// Lists the names that begin so.
    ///
    /// # Errors
    ///
    /// When the folder is there and cannot be read.
    pub fn names(&self, beginning: &str) -> Result<Vec<String>, Error> {
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::file(&self.path))?,
        };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        Ok(names.filter(|name| name.starts_with(beginning)).collect())
    }

    /// Removes what lies under this name; another kua may have been faster.
    ///
    /// # Errors
    ///
    /// When it cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), Error> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(Error::file(&path)),
        }
    }

    /// Removes all whose names begin so, but for those that are named here.
    ///
    /// # Errors
    ///
    /// When one cannot be removed.
    pub fn remove_others(&self, beginning: &str, kept: &[String]) -> Result<(), Error> {
        let names = self.names(beginning)?;
        names.iter().filter(|name| !kept.contains(name)).try_for_each(|name| self.remove(name))
    }

    /// Waits until no other process writes here, and keeps others from writing until what is returned is dropped.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made or opened.
    pub fn turn(&self) -> Result<Turn, Error> {
        fs::create_dir_all(&self.path).map_err(Error::file(&self.path))?;
        Turn::take(&self.path)
    }

    /// Gives what tells one writing of a file from every other: a sealed file begins with a header that is never the same
    /// twice. None for a file that is not there.
    ///
    /// # Errors
    ///
    /// [`Error::File`] when it cannot be read.
    pub fn stamp(&self, name: &str) -> Result<Option<Digest>, Error> {
        let path = self.path.join(name);
        let mut beginning = Vec::new();
        let read = File::open(&path).and_then(|file| file.take(STAMPED).read_to_end(&mut beginning));
        match read {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(|_| Some(Digest::of(&beginning))).map_err(Error::file(&path)),
        }
    }

    /// Says why a file does not open. That it cannot be read is no damage.
    fn closed(&self, name: &str, error: OpenError) -> Error {
        match error {
            OpenError::Read(error) => Error::File { path: self.path.join(name), error },
            OpenError::NotForYou | OpenError::Broken => self.damaged(name),
        }
    }

    /// Makes the error of a file that is not what it should be.
    pub fn damaged(&self, name: &str) -> Error {
        Error::Damaged(self.path.join(name))
    }
}

/// The folder of all: none where the system names no folder of this user. One that all users share would be read, filled and
/// taken away by others.
fn root() -> Option<PathBuf> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let of_user = || {
        let home = || named("HOME").map(|home| home.join(".local/share"));
        named("XDG_DATA_HOME").or_else(home).map(|folder| folder.join("kua"))
    };
    named("KUA_CACHE").or_else(of_user)
}
