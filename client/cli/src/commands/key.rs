//! `kua key`: vaults, cards and recovery shares.

use std::path::Path;

use kua_clock::Clock;
use kua_protocol::card::{COORDINATOR_CARD_FORMAT, CoordinatorCard};
use kua_protocol::link::RootFingerprint;
use kua_protocol::roster::RecipientText;
use kua_sealing::{CoordinatorKeys, RootKey, Vault, VaultKind};
use serde_json::json;

use crate::cli::{Key, Passphrase};
use crate::error::Error;
use crate::files::{self, Place};
use crate::words::Words;
use crate::{show, vault};

mod page;
mod shares;

/// Runs one of the commands about keys.
///
/// # Errors
///
/// When a vault does not open or cannot be written.
pub fn run(command: Key, clock: &Clock, words: &Words) -> Result<(), Error> {
    match command {
        Key::New { name, out, root, passphrase } => new(&name, &out, root, &passphrase, words),
        Key::Show { file, json, passphrase } => show(&vault::open_any(&file, &passphrase, words)?, json),
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
        return Err(Error::Occupied(out.to_owned()));
    }
    let kind = if root { VaultKind::Root } else { VaultKind::Coordinator };
    let vault = vault::generate(kind, name, out)?;
    let passphrase = vault::new_passphrase(passphrase.passphrase_file.as_deref(), name, words)?;
    files::write(out, &vault::lock(&vault, out, &passphrase)?, Place::New)?;
    let path = out.display().to_string();
    let next = if root { "key-made-root" } else { "key-made" };
    outln!("{}", words.say_with(next, &[("path", path.into())]));
    Ok(())
}

/// The public card of a coordinator, or the fingerprint of a root.
fn show(vault: &Vault, as_json: bool) -> Result<(), Error> {
    let (name, shown) = (vault.name(), show::one_line(vault.name()));
    match vault.kind() {
        VaultKind::Coordinator => {
            let card = card(vault)?;
            if as_json {
                outln!("{}", to_json(&card)?);
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
                let digits = fingerprint.digits();
                outln!(
                    "{}",
                    json!({ "format": "kua-root-card/1", "name": name, "root": root, "fingerprint": fingerprint.to_string(), "digits": digits })
                );
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

fn card(vault: &Vault) -> Result<CoordinatorCard, Error> {
    let keys = CoordinatorKeys::from_seed(vault.seed());
    let recipient = RecipientText::try_from(keys.recipient().to_string());
    Ok(CoordinatorCard {
        format: COORDINATOR_CARD_FORMAT.to_owned(),
        name: vault.name().to_owned(),
        sign: keys.signing().public(),
        recipient: recipient.map_err(|error| Error::System(error.to_owned()))?,
    })
}

fn to_json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::System(error.to_string()))
}

/// The identity as age and programs like it take it.
fn export(file: &Path, passphrase: &Passphrase, words: &Words) -> Result<(), Error> {
    let vault = vault::open(file, passphrase, VaultKind::Coordinator, words)?;
    let keys = CoordinatorKeys::from_seed(vault.seed());
    eprintln!("{}", words.say("key-export-warning"));
    outln!("# {}\n{}", keys.recipient(), &*keys.stock_identity());
    Ok(())
}

fn change(file: &Path, old: &Passphrase, new: Option<&Path>, words: &Words) -> Result<(), Error> {
    let vault = vault::open_any(file, old, words)?;
    let passphrase = vault::new_passphrase(new, vault.name(), words)?;
    files::write(file, &vault::lock(&vault, file, &passphrase)?, Place::Replace)?;
    outln!("{}", words.say("key-passphrase-changed"));
    Ok(())
}
