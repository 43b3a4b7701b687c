//! Vault files: opening them with a passphrase that is asked for or read from a file.

use std::path::Path;

use kua_protocol::secret::Seed;
use kua_sealing::{Argon2Cost, Codename, Vault, VaultKind};
use zeroize::Zeroizing;

use crate::cli::Passphrase;
use crate::error::Error;
use crate::words::Words;
use crate::{ask, files};

/// Most bytes of a vault's file.
const MOST: u64 = 64 * 1024;

/// Opens a vault of one kind.
///
/// # Errors
///
/// When the file is no vault, the passphrase is wrong, or the vault is of the other kind.
pub fn open(path: &Path, passphrase: &Passphrase, kind: VaultKind, words: &Words) -> Result<Vault, Error> {
    let vault = open_any(path, passphrase, words)?;
    if vault.kind() == kind {
        return Ok(vault);
    }
    Err(Error::Refused(match kind {
        VaultKind::Root => {
            format!("{} holds a coordinator's key; rosters are signed with the root's", path.display())
        }
        VaultKind::Coordinator => {
            format!("{} holds a root, which reads nothing; use a coordinator's vault", path.display())
        }
    }))
}

/// Opens a vault of any kind.
///
/// # Errors
///
/// When the file is no vault or the passphrase is wrong.
pub fn open_any(path: &Path, passphrase: &Passphrase, words: &Words) -> Result<Vault, Error> {
    let bytes = files::read(path, MOST)?;
    let passphrase = match &passphrase.passphrase_file {
        Some(file) => ask::secret_from_file(file)?,
        None => {
            let path = path.display().to_string();
            ask::secret(&words.say_with("ask-passphrase", &[("path", path.into())]))?
        }
    };
    Vault::open(&bytes, &passphrase).map_err(|error| Error::Vault { path: path.to_owned(), error })
}

/// A new passphrase that is not easy to guess: from a file, or typed twice after a suggestion.
///
/// # Errors
///
/// [`Error::WeakPassphrase`], or when nothing was typed.
pub fn new_passphrase(file: Option<&Path>, name: &str, words: &Words) -> Result<Zeroizing<String>, Error> {
    if let Some(file) = file {
        let passphrase = ask::secret_from_file(file)?;
        check_strength(&passphrase, name)?;
        return Ok(passphrase);
    }
    // The first six words of a codename are 66 random bits.
    let suggestion = Zeroizing::new(Codename::generate()?.words()[..6].join(" "));
    eprintln!("{}\n\n    {}\n", words.say("passphrase-suggestion"), &*suggestion);
    loop {
        let passphrase = ask::secret(&words.say("passphrase-new"))?;
        if let Err(error) = check_strength(&passphrase, name) {
            eprintln!("{}", error.in_words(words));
            continue;
        }
        if *ask::secret(&words.say("passphrase-again"))? == *passphrase {
            return Ok(passphrase);
        }
        eprintln!("{}", words.say("passphrase-differs"));
    }
}

/// Refuses what a computer guesses in fewer than 10^10 tries, by the estimate of zxcvbn.
fn check_strength(passphrase: &str, name: &str) -> Result<(), Error> {
    let score = zxcvbn::zxcvbn(passphrase, &[name, "kua"]).score();
    if score >= zxcvbn::Score::Four { Ok(()) } else { Err(Error::WeakPassphrase) }
}

/// Locks a seed into the bytes of a vault's file.
///
/// # Errors
///
/// When there is not enough memory.
pub fn lock(vault: &Vault, path: &Path, passphrase: &str) -> Result<Vec<u8>, Error> {
    let locked = vault.lock(passphrase, Argon2Cost::DEFAULT);
    locked.map_err(|error| Error::Vault { path: path.to_owned(), error })
}

/// A new vault with a new seed.
///
/// # Errors
///
/// When the name cannot be one, or the system gives no randomness.
pub fn generate(kind: VaultKind, name: &str, path: &Path) -> Result<Vault, Error> {
    let seed = Seed::generate().map_err(|error| Error::System(error.to_string()))?;
    Vault::new(kind, name, seed).map_err(|error| Error::Vault { path: path.to_owned(), error })
}

#[cfg(test)]
mod tests {
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
