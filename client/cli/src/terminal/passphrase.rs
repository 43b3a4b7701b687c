//! Passphrases of vaults: asked for, read from a file, or chosen anew.

use std::path::Path;

use kua_client::ceremony::{VaultFile, check_strength};
use kua_sealing::{Codename, CoordinatorKeys, Vault, VaultKind};
use zeroize::Zeroizing;

use super::ask;
use super::errors::InWords as _;
use super::i18n::Words;
use crate::error::Error;

/// A vault's file, and the file that its passphrase is read from, where it is not asked for.
pub type Locked<'a> = (&'a Path, Option<&'a Path>);

/// Opens a vault of one kind.
///
/// # Errors
///
/// When the file is no vault, the passphrase is wrong, or the vault is of the other kind.
pub fn open((path, file): Locked<'_>, kind: VaultKind, words: &Words) -> Result<Vault, Error> {
    let vault = VaultFile::read(path)?;
    Ok(vault.open_as(kind, &of_vault(path, file, words)?)?)
}

/// Opens a vault of any kind.
///
/// # Errors
///
/// When the file is no vault or the passphrase is wrong.
pub fn open_any((path, file): Locked<'_>, words: &Words) -> Result<Vault, Error> {
    let vault = VaultFile::read(path)?;
    Ok(vault.open(&of_vault(path, file, words)?)?)
}

/// Opens a coordinator's vault and derives her keys.
///
/// # Errors
///
/// As [`open`].
pub fn coordinator(locked: Locked<'_>, words: &Words) -> Result<CoordinatorKeys, Error> {
    Ok(CoordinatorKeys::from_seed(open(locked, VaultKind::Coordinator, words)?.seed()))
}

fn of_vault(path: &Path, file: Option<&Path>, words: &Words) -> Result<Zeroizing<String>, Error> {
    match file {
        Some(file) => ask::secret_from_file(file),
        None => {
            let path = path.display().to_string();
            ask::secret(&words.say_with("ask-passphrase", &[("path", path.into())]))
        }
    }
}

/// Chooses a new passphrase that is not easy to guess: from a file, or typed twice after a suggestion.
///
/// # Errors
///
/// [`kua_client::Error::WeakPassphrase`], or when nothing was typed.
pub fn choose(file: Option<&Path>, name: &str, words: &Words) -> Result<Zeroizing<String>, Error> {
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
