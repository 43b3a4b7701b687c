//! What a coordinator's client remembers, sealed to the coordinator's own key.
//!
//! The folder is `KUA_CACHE`, or `kua` where the system keeps a user's data. Whoever can write there can read
//! nothing, and can make the client forget, or remember what never was: anybody can seal to a public key. Who can write
//! there can exchange the client itself, too.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::PathBuf;

use kua_protocol::id::{Digest, DropId};
use kua_protocol::json;
use kua_sealing::{CoordinatorKeys, Floor, OpenError, Recipients, SealPlan, open};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::files;

/// Most bytes of one remembered thing.
const MOST: u64 = 256 << 20;
/// The file with the newest roster that was seen.
const ROSTER: &str = "roster.age";

/// A coordinator's memory of one drop.
pub struct Cache<'a> {
    folder: PathBuf,
    keys: &'a CoordinatorKeys,
}

/// The newest roster that was seen: a drop cannot go back behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// Its serial.
    pub serial: u64,
    /// The SHA-256 of its signed bytes.
    pub digest: Digest,
}

impl<'a> Cache<'a> {
    /// The memory of a drop. Its folder's name tells neither drop nor coordinator.
    pub fn of(drop: DropId, keys: &'a CoordinatorKeys) -> Self {
        let mut name = b"kua/v1/cache".to_vec();
        name.extend_from_slice(keys.signing().public().as_bytes());
        name.extend_from_slice(drop.as_bytes());
        Self::in_folder(root().join(Digest::of(&name).to_string()), keys)
    }

    /// The memories of all drops, of other coordinators of this machine, too: theirs do not open.
    ///
    /// # Errors
    ///
    /// When the folder that they are in is there and cannot be read.
    pub fn all(keys: &'a CoordinatorKeys) -> Result<Vec<Self>, Error> {
        let root = root();
        let entries = match fs::read_dir(&root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::file(&root))?,
        };
        let folders = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
        Ok(folders.map(|folder| Self::in_folder(folder, keys)).collect())
    }

    /// The memory in this folder.
    pub(crate) fn in_folder(folder: PathBuf, keys: &'a CoordinatorKeys) -> Self {
        Self { folder, keys }
    }

    /// The pinned roster, if one was seen.
    ///
    /// # Errors
    ///
    /// When the file is there and does not open.
    pub fn pin(&self) -> Result<Option<Pin>, Error> {
        let Some(bytes) = self.get(ROSTER)? else {
            return Ok(None);
        };
        json::from_slice(&bytes).map(Some).map_err(|_| self.damaged(ROSTER))
    }

    /// Remembers the newest roster.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn set_pin(&self, pin: Pin) -> Result<(), Error> {
        let bytes = serde_json::to_vec(&pin).map_err(|error| Error::System(error.to_string()))?;
        self.put(ROSTER, &bytes)
    }

    /// A file without a name for sealed bytes, which goes with its last user.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn passing_file(&self) -> Result<File, Error> {
        fs::create_dir_all(&self.folder).map_err(Error::file(&self.folder))?;
        tempfile::tempfile_in(&self.folder).map_err(Error::file(&self.folder))
    }

    /// What lies in the cache under this name, in the form of `T`; none when nothing does, or something of another form,
    /// which is learnt anew.
    ///
    /// # Errors
    ///
    /// As [`Cache::get`].
    pub fn recall<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error> {
        let plain = self.get_padded(name)?;
        // What follows is padding.
        let parse = |plain: &[u8]| postcard::take_from_bytes(plain).map(|(value, _)| value).ok();
        Ok(plain.and_then(|plain| parse(&plain)))
    }

    /// Keeps this under this name, sealed.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn remember<T: Serialize>(&self, name: &str, value: &T) -> Result<(), Error> {
        let bytes = postcard::to_stdvec(value).map_err(|error| Error::System(error.to_string()))?;
        self.put(name, &Zeroizing::new(bytes))
    }

    /// What lies in the cache under this name; none when nothing does. It does not end with a zero, as no JSON does.
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

    /// The same with the zeros that it was padded with.
    ///
    /// # Errors
    ///
    /// As [`Cache::get`].
    pub fn get_padded(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let path = self.folder.join(name);
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

    /// Keeps these bytes under this name, sealed.
    ///
    /// # Errors
    ///
    /// When they cannot be written.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        fs::create_dir_all(&self.folder).map_err(Error::file(&self.folder))?;
        let recipient = self.keys.recipient().to_string();
        let plan =
            SealPlan::new(Recipients::new([(recipient.as_str(), true)])?, bytes.len() as u64, Floor::Entry)?;
        let mut sealed = Vec::new();
        plan.seal(bytes, &mut sealed)?;
        files::write(&self.folder.join(name), &sealed, files::Place::Replace)
    }

    /// The names of what lies in the cache that begin so.
    ///
    /// # Errors
    ///
    /// When the folder is there and cannot be read.
    pub fn names(&self, beginning: &str) -> Result<Vec<String>, Error> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::file(&self.folder))?,
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
        let path = self.folder.join(name);
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

    /// Why a file does not open. That it cannot be read is no damage.
    fn closed(&self, name: &str, error: OpenError) -> Error {
        match error {
            OpenError::Read(error) => Error::File { path: self.folder.join(name), error },
            OpenError::NotForYou | OpenError::Broken => self.damaged(name),
        }
    }

    /// That a file is not what it should be.
    pub fn damaged(&self, name: &str) -> Error {
        Error::Damaged(self.folder.join(name))
    }
}

fn root() -> PathBuf {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let of_user = || {
        let home = || named("HOME").map(|home| home.join(".local/share"));
        named("XDG_DATA_HOME").or_else(home).unwrap_or_else(std::env::temp_dir).join("kua")
    };
    named("KUA_CACHE").unwrap_or_else(of_user)
}
