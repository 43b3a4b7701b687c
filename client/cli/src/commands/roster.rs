//! `kua roster`: the signed list of coordinators, made offline.

use std::path::{Path, PathBuf};

use kua_clock::Clock;
use kua_protocol::card::{COORDINATOR_CARD_FORMAT, CoordinatorCard, DROP_CARD_FORMAT, DropCard};
use kua_protocol::day::Day;
use kua_protocol::dsse::{Envelope, MAX_ENVELOPE_LEN};
use kua_protocol::json;
use kua_protocol::limits::MAX_ROSTER_DAYS;
use kua_protocol::link::{RootFingerprint, parse_origin};
use kua_protocol::roster::{Coordinator, CoordinatorKeys, DropKey, FORMAT, Roster, Texts, VerifiedRoster};
use kua_sealing::{RootKey, VaultKind};
use serde::de::DeserializeOwned;
use serde_json::{Map, json};

use crate::cli::{self, Change, Roster as Command};
use crate::drop::{self, Drop};
use crate::error::Error;
use crate::files::{self, Place};
use crate::vault;
use crate::words::Words;

mod leaving;
mod show;

use self::leaving::Leaving;

/// Runs one of the commands about the roster.
///
/// # Errors
///
/// When a file is not what it should be, or the drop refuses the roster.
pub async fn run(command: Command, clock: &Clock, words: &Words) -> Result<(), Error> {
    match command {
        Command::New { root, drop, name, welcome, card, role, expires, out, json } => {
            if out.exists() {
                return Err(Error::Occupied(out));
            }
            let drop: DropCard = read_card(&drop, DROP_CARD_FORMAT, |card: &DropCard| &card.format)?;
            let today = clock.today();
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
            sign(&roster, &key, &out, Place::New)?;
            say_signed(&roster, &key, &out, None, json, words);
            Ok(())
        }
        Command::Add { root, card, change } => {
            let added = coordinators(&card, clock.today())?;
            renew(&root, &change, clock.today(), words, |roster| {
                roster.coordinators.extend(added);
                Ok(None)
            })
        }
        Command::Remove { root, name, change } => {
            renew(&root, &change, clock.today(), words, |roster| leaving::remove(roster, &name).map(Some))
        }
        Command::Rotate { root, name, card, leaked, change } => {
            let mut new = coordinators(&[card], clock.today())?;
            renew(&root, &change, clock.today(), words, |roster| {
                new.pop().map(|new| leaving::rotate(roster, &name, new, leaked)).transpose()
            })
        }
        Command::Renew { root, change } => renew(&root, &change, clock.today(), words, |_| Ok(None)),
        Command::Show { file, host, qr, json } => {
            show::run(&file, host.as_deref(), qr.as_deref(), json, clock.today())
        }
        Command::Publish { url, file, json, network } => {
            let (envelope, roster) = read(&file)?;
            drop::publish(parse_origin(&url)?, network.proxy.as_deref(), &envelope).await?;
            let serial = roster.roster().serial;
            if json {
                outln!("{}", json!({ "drop": roster.roster().drop, "serial": serial }));
            } else {
                outln!("{}", words.say_with("roster-published", &[("serial", serial.into())]));
            }
            Ok(())
        }
        Command::Fetch { link, out, json, network } => {
            if out.exists() {
                return Err(Error::Occupied(out));
            }
            let drop = Drop::open(&link.parse()?, network.proxy.as_deref(), clock).await?;
            files::write(&out, &drop.roster_envelope().to_json(), Place::New)?;
            let roster = drop.roster().roster();
            if json {
                let (serial, expires) = (roster.serial, roster.expires);
                outln!(
                    "{}",
                    json!({ "file": out, "drop": roster.drop, "serial": serial, "expires": expires })
                );
            } else {
                let (path, day) = (out.display().to_string(), roster.expires.to_string());
                let args = [("path", path.into()), ("serial", roster.serial.into()), ("day", day.into())];
                outln!("{}", words.say_with("roster-fetched", &args));
            }
            Ok(())
        }
    }
}

fn root_key(root: &cli::Root, words: &Words) -> Result<RootKey, Error> {
    let vault = vault::open(&root.key, &root.passphrase, VaultKind::Root, words)?;
    Ok(RootKey::from_seed(vault.seed()))
}

/// Signs a changed roster with the next serial, from today on. The change says who can read less from then on.
fn renew(
    root: &cli::Root,
    change: &Change,
    today: Day,
    words: &Words,
    apply: impl FnOnce(&mut Roster) -> Result<Option<Leaving>, Error>,
) -> Result<(), Error> {
    let (_, verified) = read(&change.roster)?;
    let mut roster = verified.roster().clone();
    let leaving = apply(&mut roster)?;
    give_roles(&mut roster, &change.role)?;
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
    let (out, place) = match &change.out {
        Some(out) => (out, Place::New),
        None => (&change.roster, Place::Replace),
    };
    sign(&roster, &key, out, place)?;
    say_signed(&roster, &key, out, leaving.as_ref(), change.json, words);
    Ok(())
}

fn sign(roster: &Roster, key: &RootKey, out: &Path, place: Place) -> Result<(), Error> {
    files::write(out, &roster.sign(key.signing())?.to_json(), place)
}

fn say_signed(
    roster: &Roster,
    key: &RootKey,
    out: &Path,
    leaving: Option<&Leaving>,
    as_json: bool,
    words: &Words,
) {
    let digits = RootFingerprint::of(&key.signing().public()).digits();
    if as_json {
        outln!(
            "{}",
            json!({
                "file": out, "serial": roster.serial, "issued": roster.issued, "expires": roster.expires,
                "coordinators": names(roster), "leaving": leaving.map(Leaving::to_json), "digits": digits,
            })
        );
        return;
    }
    let (path, day) = (out.display().to_string(), roster.expires.to_string());
    let args = [
        ("path", path.into()),
        ("serial", roster.serial.into()),
        ("count", roster.coordinators.len().into()),
        ("day", day.into()),
    ];
    outln!("{}", words.say_with("roster-signed", &args));
    outln!("  {digits}");
    if let Some(leaving) = leaving {
        outln!("\n{}", leaving.in_words(out, words));
    }
}

fn names(roster: &Roster) -> Vec<&str> {
    roster.coordinators.iter().map(|known| known.name.as_str()).collect()
}

fn no_such(roster: &Roster, name: &str) -> Error {
    Error::NoSuchCoordinator { name: name.to_owned(), known: names(roster).join(", ") }
}

/// A roster file, under whatever root signed it.
pub fn read(path: &Path) -> Result<(Envelope, VerifiedRoster), Error> {
    let bytes = files::read(path, MAX_ENVELOPE_LEN as u64)?;
    let verified = || {
        let envelope = Envelope::parse(&bytes)?;
        let root = RootFingerprint::of(&envelope.claimed_signer());
        let roster = VerifiedRoster::verify(&envelope, &root)?;
        Ok((envelope, roster))
    };
    verified().map_err(|error| Error::NotARoster { path: path.to_owned(), error })
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

fn coordinators(cards: &[PathBuf], from: Day) -> Result<Vec<Coordinator>, Error> {
    let coordinator = |path: &PathBuf| {
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
        let unknown = no_such(roster, name);
        let found = roster.coordinators.iter_mut().find(|coordinator| coordinator.name == name);
        role.clone_into(&mut found.ok_or(unknown)?.role);
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
