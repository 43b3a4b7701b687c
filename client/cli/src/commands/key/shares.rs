//! `kua key split` and `kua key combine`: a key that several people can restore together.

use std::path::PathBuf;

use kua_client::ceremony::{self, read_shares, save};
use kua_client::files::{self, Place};
use kua_client::views::{CombinedView, SplitView};
use kua_protocol::day::Day;
use kua_protocol::link::RootFingerprint;
use kua_protocol::secret::Seed;
use kua_sealing::{CoordinatorKeys, RootKey, Share, ShareError, Vault, VaultKind};
use zeroize::Zeroizing;

use crate::args::{Combine, Split};
use crate::error::Error;
use crate::terminal::errors::InWords as _;
use crate::terminal::i18n::Words;
use crate::terminal::share_page::Pages;
use crate::terminal::{ask, passphrase, print, sanitise};

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
        return Err(kua_client::Error::Occupied(out.clone()).into());
    }
    let vault = passphrase::open_any((&options.file, options.passphrase.file()), words)?;
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
        return print::json(&SplitView { set, shares: *count, threshold: *threshold, files });
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

/// Gives what the pages call the drop, on one line.
fn drop_name(given: &str, vault: &Vault) -> Result<String, Error> {
    let name = ceremony::drop_name(given, vault)?;
    Ok(sanitise::one_line(&name).chars().take(LONGEST_NAME).collect())
}

/// Restores a vault from shares, under a new passphrase.
///
/// # Errors
///
/// When a share is none, damaged, foreign or given twice, when they are too few or false, or the vault cannot be written.
pub(super) fn combine(options: &Combine, words: &Words) -> Result<(), Error> {
    if options.out.exists() {
        return Err(kua_client::Error::Occupied(options.out.clone()).into());
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
            return Err(Error::refused("the shares do not say whose key it is: add --name NAME"));
        }
        (None, several) => {
            let names = sanitise::one_line(&several.join(", "));
            return Err(Error::refused(format!(
                "the pages name different keys: {names}. Say which, with --name NAME"
            )));
        }
    };
    let out = &options.out;
    let vault = Vault::new(kind, &name, seed)
        .map_err(|error| kua_client::Error::Vault { path: out.clone(), error })?;
    let passphrase = passphrase::choose(options.passphrase.file(), &name, words)?;
    save(&vault, out, &passphrase, Place::New)?;
    let public = match kind {
        VaultKind::Root => RootFingerprint::of(&RootKey::from_seed(vault.seed()).signing().public()).digits(),
        VaultKind::Coordinator => CoordinatorKeys::from_seed(vault.seed()).signing().public().to_string(),
    };
    if options.json {
        let (file, name) = (out.clone(), vault.name().to_owned());
        return print::json(&CombinedView { file, kind, name, public });
    }
    let message = if kind == VaultKind::Root { "key-restored-root" } else { "key-restored" };
    let args = [("path", out.display().to_string().into()), ("name", sanitise::one_line(&name).into())];
    outln!("{}\n  {public}", words.say_with(message, &args));
    Ok(())
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
    kua_client::Error::Share { what: what.to_owned(), error }.into()
}
