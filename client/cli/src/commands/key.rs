//! `kua key`: vaults, cards and recovery shares.

use std::path::Path;

use kua_client::ceremony::{coordinator_card, save};
use kua_client::files::Place;
use kua_client::views::RootCard;
use kua_clock::Clock;
use kua_protocol::link::RootFingerprint;
use kua_sealing::{CoordinatorKeys, RootKey, Vault, VaultKind};

use crate::args::{Key, Passphrase};
use crate::error::Error;
use crate::terminal::i18n::Words;
use crate::terminal::{passphrase, print, sanitise};

mod shares;

/// Runs one of the commands about keys.
///
/// # Errors
///
/// When a vault does not open or cannot be written.
pub fn run(command: Key, clock: &Clock, words: &Words) -> Result<(), Error> {
    match command {
        Key::New { name, out, root, passphrase } => new(&name, &out, root, &passphrase, words),
        Key::Show { file, json, passphrase } => {
            show(&passphrase::open_any((&file, passphrase.file()), words)?, json)
        }
        Key::Export { file, passphrase, .. } => export(&file, &passphrase, words),
        Key::Passphrase { file, passphrase, new_passphrase_file } => {
            change(&file, &passphrase, new_passphrase_file.as_deref(), words)
        }
        Key::Split(options) => shares::split(&options, clock.today(), words),
        Key::Combine(options) => shares::combine(&options, words),
    }
}

fn new(name: &str, out: &Path, root: bool, passphrase: &Passphrase, words: &Words) -> Result<(), Error> {
    if out.exists() {
        return Err(kua_client::Error::Occupied(out.to_owned()).into());
    }
    let kind = if root { VaultKind::Root } else { VaultKind::Coordinator };
    let vault = Vault::generate(kind, name)
        .map_err(|error| kua_client::Error::Vault { path: out.to_owned(), error })?;
    let passphrase = passphrase::choose(passphrase.file(), name, words)?;
    save(&vault, out, &passphrase, Place::New)?;
    let path = out.display().to_string();
    let next = if root { "key-made-root" } else { "key-made" };
    outln!("{}", words.say_with(next, &[("path", path.into())]));
    Ok(())
}

/// Shows the public card of a coordinator, or the fingerprint of a root.
fn show(vault: &Vault, as_json: bool) -> Result<(), Error> {
    let (name, shown) = (vault.name(), sanitise::one_line(vault.name()));
    match vault.kind() {
        VaultKind::Coordinator => {
            let card = coordinator_card(vault)?;
            if as_json {
                print::json(&card)?;
            } else {
                outln!(
                    "name       {shown}\nsign       {}\nrecipient  {}",
                    card.sign,
                    card.recipient.as_str()
                );
            }
        }
        VaultKind::Root => {
            let root = RootKey::from_seed(vault.seed()).signing().public();
            let fingerprint = RootFingerprint::of(&root);
            if as_json {
                print::json(&RootCard {
                    format: "kua-root-card/1",
                    name: name.to_owned(),
                    root,
                    fingerprint: fingerprint.to_string(),
                    digits: fingerprint.digits(),
                })?;
            } else {
                outln!(
                    "name         {shown} (a root)\nfingerprint  {fingerprint}\ndigits       {}",
                    fingerprint.digits()
                );
            }
        }
    }
    Ok(())
}

/// Prints the identity as age and programs like it take it.
fn export(file: &Path, passphrase: &Passphrase, words: &Words) -> Result<(), Error> {
    let vault = passphrase::open((file, passphrase.file()), VaultKind::Coordinator, words)?;
    let keys = CoordinatorKeys::from_seed(vault.seed());
    eprintln!("{}", words.say("key-export-warning"));
    outln!("# {}\n{}", keys.recipient(), &*keys.stock_identity());
    Ok(())
}

fn change(file: &Path, old: &Passphrase, new: Option<&Path>, words: &Words) -> Result<(), Error> {
    let vault = passphrase::open_any((file, old.file()), words)?;
    let passphrase = passphrase::choose(new, vault.name(), words)?;
    save(&vault, file, &passphrase, Place::Replace)?;
    outln!("{}", words.say("key-passphrase-changed"));
    Ok(())
}
