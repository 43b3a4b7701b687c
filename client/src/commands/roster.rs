//! `kua roster`: the signed list of coordinators, made offline.

use std::path::Path;

use kua_protocol::card::{COORDINATOR_CARD_FORMAT, CoordinatorCard, DROP_CARD_FORMAT, DropCard};
use kua_protocol::day::Day;
use kua_protocol::dsse::{Envelope, MAX_ENVELOPE_LEN};
use kua_protocol::json;
use kua_protocol::limits::MAX_ROSTER_DAYS;
use kua_protocol::link::{DropLink, RootFingerprint, is_onion, parse_origin};
use kua_protocol::roster::{Coordinator, CoordinatorKeys, DropKey, FORMAT, Roster, Texts, VerifiedRoster};
use kua_sealing::{RootKey, VaultKind};
use serde::de::DeserializeOwned;
use serde_json::Map;

use crate::cli::{self, Change, Roster as Command};
use crate::error::Error;
use crate::files::{self, Place};
use crate::words::Words;
use crate::{drop, show, vault};

/// Runs one of the commands about the roster.
///
/// # Errors
///
/// When a file is not what it should be, or the drop refuses the roster.
pub async fn run(command: Command, words: &Words) -> Result<(), Error> {
    match command {
        Command::New { root, drop, name, welcome, card, role, expires, out } => {
            if out.exists() {
                return Err(Error::Occupied(out));
            }
            let drop: DropCard = read_card(&drop, DROP_CARD_FORMAT, |card: &DropCard| &card.format)?;
            let today = Day::today();
            let mut roster = Roster {
                format: FORMAT.to_owned(),
                drop: drop.drop,
                name: texts(&name),
                welcome: texts(&welcome),
                serial: 1,
                issued: today,
                expires: expires.unwrap_or(today.plus(MAX_ROSTER_DAYS)),
                drop_key: vec![DropKey {
                    key: drop.drop_key,
                    from: drop.from,
                    until: None,
                    more: Map::new(),
                }],
                coordinators: coordinators(&card, today)?,
                more: Map::new(),
            };
            give_roles(&mut roster, &role)?;
            let key = root_key(&root, words)?;
            sign(&roster, &key, &out, Place::New, words)
        }
        Command::Add { root, card, change } => {
            let added = coordinators(&card, Day::today())?;
            renew(&root, &change, words, |roster| {
                roster.coordinators.extend(added);
                Ok(())
            })
        }
        Command::Remove { root, name, change } => renew(&root, &change, words, |roster| {
            let before = roster.coordinators.len();
            roster.coordinators.retain(|coordinator| coordinator.name != name);
            if roster.coordinators.len() < before {
                return Ok(());
            }
            let known: Vec<&str> = roster.coordinators.iter().map(|known| known.name.as_str()).collect();
            Err(Error::NoSuchCoordinator { name, known: known.join(", ") })
        }),
        Command::Renew { root, change } => renew(&root, &change, words, |_| Ok(())),
        Command::Show { file, host, json } => show(&file, host.as_deref(), json),
        Command::Publish { url, file, network } => {
            let (envelope, roster) = read(&file)?;
            drop::publish(parse_origin(&url)?, network.proxy.as_deref(), &envelope).await?;
            let serial = roster.roster().serial;
            outln!("{}", words.say_with("roster-published", &[("serial", serial.into())]));
            Ok(())
        }
    }
}

fn root_key(root: &cli::Root, words: &Words) -> Result<RootKey, Error> {
    let vault = vault::open(&root.key, &root.passphrase, VaultKind::Root, words)?;
    Ok(RootKey::from_seed(vault.seed()))
}

/// Signs a changed roster with the next serial, from today on.
fn renew(
    root: &cli::Root,
    change: &Change,
    words: &Words,
    apply: impl FnOnce(&mut Roster) -> Result<(), Error>,
) -> Result<(), Error> {
    let (_, verified) = read(&change.roster)?;
    let mut roster = verified.roster().clone();
    apply(&mut roster)?;
    give_roles(&mut roster, &change.role)?;
    let today = Day::today();
    roster.serial += 1;
    roster.issued = today;
    roster.expires = change.expires.unwrap_or(today.plus(MAX_ROSTER_DAYS));
    let key = root_key(root, words)?;
    if key.signing().public() != verified.root() {
        return Err(Error::Refused(format!(
            "{} is signed by another root than the one in {}: with another root the link changes",
            change.roster.display(),
            root.key.display()
        )));
    }
    match &change.out {
        Some(out) => sign(&roster, &key, out, Place::New, words),
        None => sign(&roster, &key, &change.roster, Place::Replace, words),
    }
}

fn sign(roster: &Roster, key: &RootKey, out: &Path, place: Place, words: &Words) -> Result<(), Error> {
    let envelope = roster.sign(key.signing())?;
    files::write(out, &envelope.to_json(), place)?;
    let (path, day) = (out.display().to_string(), roster.expires.to_string());
    let args = [
        ("path", path.into()),
        ("serial", roster.serial.into()),
        ("count", roster.coordinators.len().into()),
        ("day", day.into()),
    ];
    outln!("{}", words.say_with("roster-signed", &args));
    outln!("  {}", RootFingerprint::of(&key.signing().public()).digits());
    Ok(())
}

/// A roster file, under whatever root signed it.
pub fn read(path: &Path) -> Result<(Envelope, VerifiedRoster), Error> {
    let bytes = files::read(path, MAX_ENVELOPE_LEN as u64)?;
    let envelope = Envelope::parse(&bytes).map_err(|error| Error::Roster(error.into()))?;
    let roster = VerifiedRoster::verify(&envelope, &RootFingerprint::of(&envelope.claimed_signer()))?;
    Ok((envelope, roster))
}

fn read_card<T: DeserializeOwned>(
    path: &Path,
    format: &str,
    found: impl Fn(&T) -> &String,
) -> Result<T, Error> {
    let bytes = files::read(path, 64 * 1024)?;
    let refused = |why: String| Error::Refused(format!("{} is not a card: {why}", path.display()));
    let card: T = json::from_slice(&bytes).map_err(|error| refused(error.to_string()))?;
    if found(&card) == format { Ok(card) } else { Err(refused(format!("its format is not {format}"))) }
}

fn coordinators(cards: &[std::path::PathBuf], from: Day) -> Result<Vec<Coordinator>, Error> {
    let coordinator = |path: &std::path::PathBuf| {
        let card = read_card(path, COORDINATOR_CARD_FORMAT, |card: &CoordinatorCard| &card.format)?;
        let keys = CoordinatorKeys {
            sign: card.sign,
            recipient: card.recipient,
            from,
            until: None,
            more: Map::new(),
        };
        Ok(Coordinator { name: card.name, role: String::new(), keys: vec![keys], more: Map::new() })
    };
    cards.iter().map(coordinator).collect()
}

/// `NAME=ROLE`, for coordinators that the roster has.
fn give_roles(roster: &mut Roster, roles: &[String]) -> Result<(), Error> {
    for given in roles {
        let (name, role) = given.split_once('=').unwrap_or((given, ""));
        let known =
            roster.coordinators.iter().map(|known| known.name.as_str()).collect::<Vec<_>>().join(", ");
        match roster.coordinators.iter_mut().find(|coordinator| coordinator.name == name) {
            Some(coordinator) => role.clone_into(&mut coordinator.role),
            None => return Err(Error::NoSuchCoordinator { name: name.to_owned(), known }),
        }
    }
    Ok(())
}

/// `[LANG=]TEXT`: English unless a language is named.
fn texts(given: &[String]) -> Texts {
    let is_language = |tag: &str| {
        (2..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let text = |text: &String| match text.split_once('=') {
        Some((language, text)) if is_language(language) => (language.to_owned(), text.to_owned()),
        _ => ("en".to_owned(), text.clone()),
    };
    given.iter().map(text).collect()
}

fn show(path: &Path, host: Option<&str>, as_json: bool) -> Result<(), Error> {
    let (_, verified) = read(path)?;
    let roster = verified.roster();
    if as_json {
        outln!("{}", serde_json::to_string(roster).map_err(|error| Error::System(error.to_string()))?);
        return Ok(());
    }
    let fingerprint = RootFingerprint::of(&verified.root());
    for (language, name) in &roster.name {
        outln!("name     {} ({language})", show::one_line(name));
    }
    outln!("drop     {}", roster.drop);
    outln!("serial   {}", roster.serial);
    let left = roster.expires.days_since(Day::today());
    outln!("holds    {} to {} ({left} days left)", roster.issued, roster.expires);
    for coordinator in &roster.coordinators {
        outln!("         {}  {}", show::one_line(&coordinator.name), show::one_line(&coordinator.role));
    }
    outln!("digits   {}", fingerprint.digits());
    match host {
        Some(host) => outln!("link     {}", link(host, fingerprint)?),
        None => outln!("link     …/#{fingerprint}   (with --host the whole of it)"),
    }
    Ok(())
}

/// The link for a host: http for an onion service and this machine, https for the rest.
fn link(host: &str, root: RootFingerprint) -> Result<DropLink, Error> {
    if host.contains("://") {
        return Ok(DropLink::new(host, root)?);
    }
    let https = DropLink::new(&format!("https://{host}"), root)?;
    if is_onion(https.origin()) { Ok(DropLink::new(&format!("http://{host}"), root)?) } else { Ok(https) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_english_unless_they_say_otherwise() {
        let texts = texts(&["Steppe Watch".into(), "ru=Дозор".into(), "1+1 = 2".into()]);
        assert_eq!(texts["ru"], "Дозор");
        assert_eq!(texts["en"], "1+1 = 2");
    }
}
