//! The data folder of a drop: what lies where, and how it gets there whole.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kua_protocol::card::{DROP_CARD_FORMAT, DropCard};
use kua_protocol::day::Day;
use kua_protocol::id::DropId;
use kua_protocol::json;
use kua_protocol::keys::SigningKey;
use kua_protocol::secret::{Purpose, Seed};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::config::{Config, TEMPLATE};

const SEED_FORMAT: &str = "kua-drop-seed/1";

/// Why a data folder cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// `init` found something at the place.
    #[error("{0} is there already and not empty: choose another folder, or serve the drop that it holds")]
    Occupied(PathBuf),
    /// The folder holds no drop.
    #[error("{0} holds no drop: make one with `kua-server init --data {0}`", path.display())]
    NoDrop {
        /// The folder.
        path: PathBuf,
    },
    /// The seed's file was damaged or written by hand.
    #[error("{0} is not a drop's seed: put back the copy that you kept")]
    BadSeed(PathBuf),
    /// The configuration has an error.
    #[error("{path}: {error}")]
    BadConfig {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line.
        error: Box<toml::de::Error>,
    },
    /// The configuration says what cannot be meant.
    #[error("{path}: {why}")]
    Meaningless {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to set instead.
        why: String,
    },
    /// The system has no randomness to give.
    #[error("the system gave no randomness for the drop's keys")]
    NoRandomness,
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// A drop's data folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// The drop's own secret and its id.
#[derive(Debug)]
pub struct DropSecret {
    /// The drop's id.
    pub drop: DropId,
    /// What its keys are derived from.
    pub seed: Seed,
    /// The day on which it was made.
    pub from: Day,
}

#[derive(Serialize, Deserialize)]
struct SeedFile {
    format: String,
    drop: DropId,
    seed: Zeroizing<String>,
    from: Day,
}

impl Folder {
    /// The folder at this path, whatever is there.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where sealed objects are.
    pub fn store(&self) -> PathBuf {
        self.0.join("store")
    }

    /// Where the operator's own socket is, unless the configuration says otherwise.
    pub fn admin_socket(&self) -> PathBuf {
        self.0.join("admin.sock")
    }

    /// Where the drop's seed is.
    pub fn seed_file(&self) -> PathBuf {
        self.0.join("drop.seed")
    }

    /// Where the card for the roster is.
    pub fn card_file(&self) -> PathBuf {
        self.0.join("drop-card.json")
    }

    /// Where the configuration is.
    pub fn config_file(&self) -> PathBuf {
        self.0.join("kua.toml")
    }

    /// Makes a new drop's folder. It appears whole or not at all.
    ///
    /// # Errors
    ///
    /// When something is at the place, or the disk or the system refuses.
    pub fn create(path: &Path, today: Day) -> Result<(Self, DropCard), FolderError> {
        let seed = Seed::generate().map_err(|_| FolderError::NoRandomness)?;
        let drop = DropId::generate().map_err(|_| FolderError::NoRandomness)?;
        let secret = DropSecret { drop, seed, from: today };
        let folder = Self::appear(path, &secret, |new| {
            let store = new.store();
            DirBuilder::new()
                .mode(0o700)
                .create(&store)
                .map_err(|error| FolderError::Io { path: store, error })
        })?;
        Ok((folder, secret.card()))
    }

    /// Makes a drop's folder with this secret, lets `fill` add the rest, and puts it in its place when all went well.
    ///
    /// # Errors
    ///
    /// When something is at the place, or the disk refuses; whatever `fill` answers.
    pub fn appear<E: From<FolderError>>(
        path: &Path,
        secret: &DropSecret,
        fill: impl FnOnce(&Self) -> Result<(), E>,
    ) -> Result<Self, E> {
        let at = |error| FolderError::Io { path: path.to_owned(), error };
        if fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some()) || path.is_file() {
            return Err(FolderError::Occupied(path.to_owned()).into());
        }
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(at)?;
        let made = tempfile::Builder::new().prefix(".kua-new-").tempdir_in(parent).map_err(at)?;
        fs::set_permissions(made.path(), fs::Permissions::from_mode(0o700)).map_err(at)?;
        let new = Self::at(made.path());
        write_whole(&new.seed_file(), &to_json(&secret.file()))?;
        write_whole(&new.card_file(), &to_json(&secret.card()))?;
        write_whole(&new.config_file(), TEMPLATE.as_bytes())?;
        fill(&new)?;
        // An empty folder at the place gives way to the new one.
        fs::rename(made.path(), path).map_err(at)?;
        let _ = made.keep();
        sync_folder(parent).map_err(at)?;
        Ok(Self::at(path))
    }

    /// The drop's secret and id.
    ///
    /// # Errors
    ///
    /// When there is none, or its file is damaged.
    pub fn secret(&self) -> Result<DropSecret, FolderError> {
        DropSecret::read(&self.seed_file()).map_err(|error| match error {
            FolderError::Io { error, .. } if error.kind() == io::ErrorKind::NotFound => {
                FolderError::NoDrop { path: self.0.clone() }
            }
            error => error,
        })
    }

    /// The configuration.
    ///
    /// # Errors
    ///
    /// When the file has an error. A missing file means the defaults.
    pub fn config(&self) -> Result<Config, FolderError> {
        let path = self.config_file();
        let config: Config = match fs::read_to_string(&path) {
            Ok(text) => match toml::from_str(&text) {
                Ok(config) => config,
                Err(error) => return Err(FolderError::BadConfig { path, error: Box::new(error) }),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Config::default(),
            Err(error) => return Err(FolderError::Io { path, error }),
        };
        config.check().map_err(|why| FolderError::Meaningless { path, why })?;
        Ok(config)
    }
}

impl DropSecret {
    /// Reads a seed's file.
    ///
    /// # Errors
    ///
    /// When there is none, or it is damaged.
    pub fn read(path: &Path) -> Result<Self, FolderError> {
        let bytes = fs::read(path).map_err(|error| FolderError::Io { path: path.to_owned(), error })?;
        let bytes = Zeroizing::new(bytes);
        let bad = || FolderError::BadSeed(path.to_owned());
        let file: SeedFile = json::from_slice(json::without_mark(&bytes)).map_err(|_| bad())?;
        let decoded = URL_SAFE_NO_PAD.decode(file.seed.as_bytes()).ok().map(Zeroizing::new);
        let mut seed = [0; 32];
        match decoded {
            Some(bytes) if bytes.len() == 32 && file.format == SEED_FORMAT => seed.copy_from_slice(&bytes),
            _ => return Err(bad()),
        }
        Ok(Self { drop: file.drop, seed: Seed::take(&mut seed), from: file.from })
    }

    /// The key that signs receipts.
    pub fn receipt_key(&self) -> SigningKey {
        SigningKey::derive(&self.seed, Purpose::DropReceipt)
    }

    /// The card for those who sign the roster.
    pub fn card(&self) -> DropCard {
        let drop_key = self.receipt_key().public();
        DropCard { format: DROP_CARD_FORMAT.to_owned(), drop: self.drop, drop_key, from: self.from }
    }

    fn file(&self) -> SeedFile {
        let seed = Zeroizing::new(URL_SAFE_NO_PAD.encode(self.seed.expose()));
        SeedFile { format: SEED_FORMAT.to_owned(), drop: self.drop, seed, from: self.from }
    }
}

/// A small file of ours as JSON, for people to read too.
fn to_json(value: &impl Serialize) -> Zeroizing<Vec<u8>> {
    // Strings and numbers: nothing that could fail to be written.
    Zeroizing::new(serde_json::to_vec_pretty(value).unwrap_or_default())
}

/// Writes a file, its owner's alone, that appears whole or not at all, and is durable when this returns.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let write = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new().prefix(".kua-new-").tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        sync_folder(folder)
    };
    write().map_err(|error| FolderError::Io { path: path.to_owned(), error })
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
