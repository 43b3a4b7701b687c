//! `kua key split` and `kua key combine`: a key that several people can restore together.

use std::path::{Path, PathBuf};

use kua_protocol::day::Day;
use kua_protocol::link::{DropLink, RootFingerprint};
use kua_protocol::roster::RosterError;
use kua_protocol::secret::Seed;
use kua_sealing::{CoordinatorKeys, RootKey, Share, ShareError, Vault, VaultKind};
use serde_json::json;
use zeroize::Zeroizing;

use super::page::{self, Pages};
use crate::cli::{Combine, Split};
use crate::commands::roster;
use crate::error::Error;
use crate::files::{self, Place};
use crate::words::Words;
use crate::{ask, show, vault};

/// Most bytes of a share's file; a page takes two thousand.
const MOST: u64 = 64 * 1024;
/// Most characters of a drop's name or link on a page.
const LONGEST_NAME: usize = 200;

/// Splits the seed of a vault into pages, each a file.
///
/// # Errors
///
/// When the vault does not open, the drop is another one's, or the folder cannot be written.
pub(super) fn split(options: &Split, today: Day, words: &Words) -> Result<(), Error> {
    let Split { out, shares: count, threshold, .. } = options;
    if out.exists() {
        return Err(Error::Occupied(out.clone()));
    }
    let vault = vault::open_any(&options.file, &options.passphrase, words)?;
    let drop = drop_name(&options.drop, &vault)?;
    let shares = Share::split(&vault, *count, *threshold).map_err(|error| refused("", error))?;
    let pages = Pages { key: vault.name(), drop: &drop, shares: *count, today };
    let named = |share: &Share| format!("share-{}-of-{count}.txt", share.index());
    files::fill_folder(out, |folder| {
        shares.iter().try_for_each(|share| {
            files::write(&folder.join(named(share)), pages.write(share, words).as_bytes(), Place::New)
        })
    })?;
    let set = shares.first().map(Share::set).unwrap_or_default();
    if options.json {
        let files: Vec<PathBuf> = shares.iter().map(|share| out.join(named(share))).collect();
        outln!("{}", json!({ "set": set, "shares": count, "threshold": threshold, "files": files }));
        return Ok(());
    }
    let args = [
        ("path", out.display().to_string().into()),
        ("shares", (*count).into()),
        ("threshold", (*threshold).into()),
        ("set", set.into()),
    ];
    outln!("{}", words.say_with("key-split", &args));
    Ok(())
}

/// What the pages call the drop. A link or a roster has to be one that this key belongs to.
fn drop_name(given: &str, vault: &Vault) -> Result<String, Error> {
    let root = match vault.kind() {
        VaultKind::Root => Some(RootKey::from_seed(vault.seed()).signing().public()),
        VaultKind::Coordinator => None,
    };
    let name = if given.contains('#') {
        let link: DropLink = given.parse()?;
        if root.is_some_and(|root| !link.root().is_of(&root)) {
            return Err(RosterError::OtherRoot.into());
        }
        link.to_string()
    } else if Path::new(given).is_file() {
        let (_, verified) = roster::read(Path::new(given))?;
        let belongs = match root {
            Some(root) => verified.root() == root,
            None => {
                let own = CoordinatorKeys::from_seed(vault.seed()).signing().public();
                verified.coordinator(&own).is_some()
            }
        };
        if !belongs {
            let name = show::one_line(vault.name());
            return Err(Error::Refused(format!(
                "{given} is the roster of a drop that the key of {name} is not for"
            )));
        }
        verified.roster().name.values().cloned().collect::<Vec<_>>().join(" / ")
    } else {
        given.to_owned()
    };
    Ok(show::one_line(&name).chars().take(LONGEST_NAME).collect())
}

/// Restores a vault from shares, under a new passphrase.
///
/// # Errors
///
/// When a share is none, damaged, foreign or given twice, when they are too few or false, or the vault cannot be written.
pub(super) fn combine(options: &Combine, words: &Words) -> Result<(), Error> {
    if options.out.exists() {
        return Err(Error::Occupied(options.out.clone()));
    }
    let (kind, seed, names) = if options.files.is_empty() {
        let (kind, seed) = type_shares(words)?;
        (kind, seed, Vec::new())
    } else {
        read_shares(&options.files)?
    };
    let name = match (&options.name, names.as_slice()) {
        (Some(name), _) | (None, [name]) => name.clone(),
        (None, []) => {
            return Err(Error::Refused("the shares do not say whose key it is: add --name NAME".into()));
        }
        (None, several) => {
            let names = show::one_line(&several.join(", "));
            return Err(Error::Refused(format!(
                "the pages name different keys: {names}. Say which, with --name NAME"
            )));
        }
    };
    let out = &options.out;
    let vault = Vault::new(kind, &name, seed).map_err(|error| Error::Vault { path: out.clone(), error })?;
    let passphrase = vault::new_passphrase(options.passphrase.passphrase_file.as_deref(), &name, words)?;
    files::write(out, &vault::lock(&vault, out, &passphrase)?, Place::New)?;
    let public = match kind {
        VaultKind::Root => RootFingerprint::of(&RootKey::from_seed(vault.seed()).signing().public()).digits(),
        VaultKind::Coordinator => CoordinatorKeys::from_seed(vault.seed()).signing().public().to_string(),
    };
    if options.json {
        outln!("{}", json!({ "file": out, "kind": kind, "name": vault.name(), "public": public }));
        return Ok(());
    }
    let message = if kind == VaultKind::Root { "key-restored-root" } else { "key-restored" };
    let args = [("path", out.display().to_string().into()), ("name", show::one_line(&name).into())];
    outln!("{}\n  {public}", words.say_with(message, &args));
    Ok(())
}

/// Combines shares from files, and gives the names of keys that their pages bear.
fn read_shares(files: &[PathBuf]) -> Result<(VaultKind, Seed, Vec<String>), Error> {
    let (mut shares, mut names) = (Vec::new(), Vec::new());
    for path in files {
        let bytes = Zeroizing::new(files::read(path, MOST)?);
        let what = path.display().to_string();
        let page = std::str::from_utf8(&bytes).map_err(|_| refused(&what, ShareError::NotAShare))?;
        shares.push(page.parse::<Share>().map_err(|error| refused(&what, error))?);
        if let Some(name) = page::key_name(page).filter(|name| !names.contains(name)) {
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

/// Asks for shares, one after another, until they are enough. One that does not belong is asked for again.
fn type_shares(words: &Words) -> Result<(VaultKind, Seed), Error> {
    let mut shares: Vec<Share> = Vec::new();
    loop {
        match type_share(shares.len() + 1, words)?.parse::<Share>() {
            Ok(share) => shares.push(share),
            Err(error) => {
                eprintln!("{}", refused("", error).in_words(words));
                continue;
            }
        }
        match Share::combine(&shares) {
            Ok(restored) => return Ok(restored),
            Err(ShareError::TooFew { have, need }) => {
                eprintln!(
                    "{}",
                    words.say_with("share-more", &[("have", have.into()), ("need", need.into())])
                );
            }
            // All were typed and none of them is damaged: typing the last one again changes nothing.
            Err(error @ ShareError::DoNotFit(_)) => return Err(refused("", error)),
            Err(error) => {
                eprintln!("{}", refused("", error).in_words(words));
                shares.pop();
            }
        }
    }
}

/// Asks for one share, which is printed in several lines, until it is whole or an empty line ends it.
fn type_share(number: usize, words: &Words) -> Result<Zeroizing<String>, Error> {
    let mut typed = ask::secret(&words.say_with("share-ask", &[("number", number.into())]))?;
    loop {
        let missing = Share::missing(&typed);
        if missing == 0 {
            return Ok(typed);
        }
        let line = ask::secret(&words.say_with("share-goes-on", &[("missing", missing.into())]))?;
        if line.trim().is_empty() {
            return Ok(typed);
        }
        // Room beforehand: a string that grows leaves copies of itself behind.
        let mut longer = Zeroizing::new(String::with_capacity(typed.len() + line.len()));
        longer.push_str(&typed);
        longer.push_str(&line);
        typed = longer;
    }
}

fn refused(what: &str, error: ShareError) -> Error {
    Error::Share { what: what.to_owned(), error }
}
