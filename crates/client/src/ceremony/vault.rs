//! Vault files: read, opened with a passphrase, and written.

use std::path::{Path, PathBuf};

use kua_protocol::card::{COORDINATOR_CARD_FORMAT, CoordinatorCard};
use kua_protocol::roster::RecipientText;
use kua_sealing::{Argon2Cost, CoordinatorKeys, Vault, VaultKind};

use crate::error::Error;
use crate::files::{self, Place};

/// Most bytes of a vault's file.
const MOST: u64 = 64 * 1024;

/// A vault's file as it was read, still locked.
pub struct VaultFile {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl VaultFile {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        Ok(Self { path: path.to_owned(), bytes: files::read(path, MOST)? })
    }

    /// Opens a vault of any kind.
    ///
    /// # Errors
    ///
    /// [`Error::Vault`] when it is none or the passphrase is wrong.
    pub fn open(&self, passphrase: &str) -> Result<Vault, Error> {
        Vault::open(&self.bytes, passphrase).map_err(|error| Error::Vault { path: self.path.clone(), error })
    }

    /// Opens a vault of one kind.
    ///
    /// # Errors
    ///
    /// As [`VaultFile::open`], and when it is of the other kind.
    pub fn open_as(&self, kind: VaultKind, passphrase: &str) -> Result<Vault, Error> {
        let vault = self.open(passphrase)?;
        if vault.kind() == kind {
            return Ok(vault);
        }
        let path = self.path.display();
        Err(Error::Refused(match kind {
            VaultKind::Root => {
                format!("{path} holds a coordinator's key; rosters are signed with the root's")
            }
            VaultKind::Coordinator => {
                format!("{path} holds a root, which reads nothing; use a coordinator's vault")
            }
        }))
    }
}

/// Locks a vault with a passphrase and writes its file.
///
/// # Errors
///
/// When there is not enough memory, or the file cannot be written.
pub fn save(vault: &Vault, path: &Path, passphrase: &str, place: Place) -> Result<(), Error> {
    let locked = vault.lock(passphrase, Argon2Cost::DEFAULT);
    let locked = locked.map_err(|error| Error::Vault { path: path.to_owned(), error })?;
    files::write(path, &locked, place)
}

/// Refuses a passphrase that a computer guesses in fewer than 10^10 tries, by the estimate of zxcvbn.
///
/// # Errors
///
/// [`Error::WeakPassphrase`].
pub fn check_strength(passphrase: &str, name: &str) -> Result<(), Error> {
    let score = zxcvbn::zxcvbn(passphrase, &[name, "kua"]).score();
    if score >= zxcvbn::Score::Four { Ok(()) } else { Err(Error::WeakPassphrase) }
}

/// Makes the public card of a coordinator's vault.
///
/// # Errors
///
/// [`Error::System`] when the recipient cannot be written, which no recipient of ours is.
pub fn coordinator_card(vault: &Vault) -> Result<CoordinatorCard, Error> {
    let keys = CoordinatorKeys::from_seed(vault.seed());
    let recipient = RecipientText::try_from(keys.recipient().to_string());
    Ok(CoordinatorCard {
        format: COORDINATOR_CARD_FORMAT.to_owned(),
        name: vault.name().to_owned(),
        sign: keys.signing().public(),
        recipient: recipient.map_err(|error| Error::System(error.to_owned()))?,
    })
}

#[cfg(test)]
mod tests {
    use kua_sealing::Codename;

    use super::*;

    #[test]
    fn passphrases_that_are_easily_guessed_are_refused() {
        for weak in ["", "password", "Aigul2010", "qwertyuiop", "aigul aigul aigul"] {
            assert!(check_strength(weak, "Aigul").is_err(), "{weak}");
        }
        let suggestion = Codename::generate().unwrap().words()[..6].join(" ");
        assert!(check_strength(&suggestion, "Aigul").is_ok());
    }
}
