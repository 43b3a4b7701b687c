//! Recovery shares: a key that several people can restore together.

use std::path::{Path, PathBuf};

use kua_protocol::link::DropLink;
use kua_protocol::roster::RosterError;
use kua_protocol::secret::Seed;
use kua_sealing::{CoordinatorKeys, RootKey, Share, ShareError, Vault, VaultKind};
use zeroize::Zeroizing;

use super::roster;
use crate::error::Error;
use crate::files;

/// Most bytes of a share's file; a page takes two thousand.
const MOST: u64 = 64 * 1024;
/// The beginning of the line of a page that bears the key's name, in every language.
pub const KEY_LINE: &str = "key   ";

/// Gives what pages call the drop. A link or a roster has to be one that this key belongs to.
///
/// # Errors
///
/// When it is not; when a link or a roster is none.
pub fn drop_name(given: &str, vault: &Vault) -> Result<String, Error> {
    let root = match vault.kind() {
        VaultKind::Root => Some(RootKey::from_seed(vault.seed()).signing().public()),
        VaultKind::Coordinator => None,
    };
    if given.contains('#') {
        let link: DropLink = given.parse()?;
        if root.is_some_and(|root| !link.root().is_of(&root)) {
            return Err(RosterError::OtherRoot.into());
        }
        return Ok(link.to_string());
    }
    if !Path::new(given).is_file() {
        return Ok(given.to_owned());
    }
    let (_, verified) = roster::read(Path::new(given))?;
    let belongs = match root {
        Some(root) => verified.root() == root,
        None => {
            let own = CoordinatorKeys::from_seed(vault.seed()).signing().public();
            verified.coordinator(&own).is_some()
        }
    };
    if belongs {
        Ok(verified.roster().name.values().cloned().collect::<Vec<_>>().join(" / "))
    } else {
        Err(Error::OtherDropsRoster { path: given.into(), name: vault.name().to_owned() })
    }
}

/// Combines shares from files, and gives the names of keys that their pages bear.
///
/// # Errors
///
/// [`Error::Share`] names the files concerned.
pub fn read_shares(files: &[PathBuf]) -> Result<(VaultKind, Seed, Vec<String>), Error> {
    let (mut shares, mut names) = (Vec::new(), Vec::new());
    for path in files {
        let bytes = Zeroizing::new(files::read(path, MOST)?);
        let what = path.display().to_string();
        let page = std::str::from_utf8(&bytes).map_err(|_| refused(&what, ShareError::NotAShare))?;
        shares.push(page.parse::<Share>().map_err(|error| refused(&what, error))?);
        if let Some(name) = key_name(page).filter(|name| !names.contains(name)) {
            names.push(name);
        }
    }
    let (kind, seed) = Share::combine(&shares).map_err(|error| {
        let file = |at: &usize| files[*at].display().to_string();
        let what = match &error {
            ShareError::Foreign(those) | ShareError::DoNotFit(those) => {
                those.iter().map(file).collect::<Vec<_>>().join(", ")
            }
            ShareError::Twice(first, second) | ShareError::Contradict(first, second) => {
                format!("{}, {}", file(first), file(second))
            }
            _ => String::new(),
        };
        refused(&what, error)
    })?;
    Ok((kind, seed, names))
}

/// Reads the name of the key that a page bears, if it bears one.
pub fn key_name(page: &str) -> Option<String> {
    let name = page.lines().find_map(|line| line.strip_prefix(KEY_LINE))?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

fn refused(what: &str, error: ShareError) -> Error {
    Error::Share { what: what.to_owned(), error }
}
