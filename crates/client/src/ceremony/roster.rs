//! The signed list of coordinators, made offline.

use std::path::{Path, PathBuf};

use kua_protocol::card::{COORDINATOR_CARD_FORMAT, CoordinatorCard, DROP_CARD_FORMAT, DropCard};
use kua_protocol::day::Day;
use kua_protocol::dsse::{Envelope, MAX_ENVELOPE_LEN};
use kua_protocol::json;
use kua_protocol::limits::MAX_ROSTER_DAYS;
use kua_protocol::link::RootFingerprint;
use kua_protocol::roster::{Coordinator, CoordinatorKeys, DropKey, FORMAT, Roster, Texts, VerifiedRoster};
use kua_sealing::RootKey;
use serde::de::DeserializeOwned;
use serde_json::Map;

use super::leaving::Leaving;
use super::names::no_such;
use crate::error::Error;
use crate::files::{self, Place};

/// Most bytes of a card.
const MAX_CARD: u64 = 64 * 1024;

/// The first roster of a drop, as its root wants it.
pub struct NewRoster {
    /// The drop's card.
    pub drop: DropCard,
    /// The drop's name in some languages.
    pub name: Texts,
    /// What a submitter reads first.
    pub welcome: Texts,
    /// The coordinators.
    pub coordinators: Vec<Coordinator>,
    /// `NAME=ROLE` of coordinators.
    pub roles: Vec<String>,
    /// The last day on which it holds.
    pub expires: Option<Day>,
}

/// A first roster that waits for its signature.
pub struct Beginning(Roster);

/// A changed roster that waits for its signature.
pub struct Renewal {
    path: PathBuf,
    before: VerifiedRoster,
    roster: Roster,
    /// The person or keys that leave it.
    pub leaving: Option<Leaving>,
}

/// Puts the first roster of a drop together.
///
/// # Errors
///
/// [`Error::NoSuchCoordinator`] for a role of somebody who is not in it.
pub fn begin(new: NewRoster, today: Day) -> Result<Beginning, Error> {
    let NewRoster { drop, name, welcome, coordinators, roles, expires } = new;
    let mut roster = Roster {
        format: FORMAT.to_owned(),
        drop: drop.drop,
        name,
        welcome,
        serial: 1,
        issued: today,
        expires: expires.unwrap_or(today.plus(MAX_ROSTER_DAYS)),
        drop_key: vec![DropKey { key: drop.drop_key, from: drop.from, until: None, more: Map::new() }],
        coordinators,
        more: Map::new(),
    };
    give_roles(&mut roster, &roles)?;
    Ok(Beginning(roster))
}

impl Beginning {
    /// Signs it into a new file.
    ///
    /// # Errors
    ///
    /// [`Error::Roster`] when it breaks a rule of rosters; when the file cannot be written.
    pub fn sign(self, key: &RootKey, out: &Path) -> Result<Roster, Error> {
        files::write(out, &self.0.sign(key.signing())?.to_json(), Place::New)?;
        Ok(self.0)
    }
}

/// Changes a roster: the next serial, from today on. The change says who can read less from then on.
///
/// # Errors
///
/// When the file is no roster, and those of the change.
pub fn renew(
    path: &Path,
    roles: &[String],
    expires: Option<Day>,
    today: Day,
    apply: impl FnOnce(&mut Roster) -> Result<Option<Leaving>, Error>,
) -> Result<Renewal, Error> {
    let (_, before) = read(path)?;
    let mut roster = before.roster().clone();
    let leaving = apply(&mut roster)?;
    give_roles(&mut roster, roles)?;
    roster.serial += 1;
    roster.issued = today;
    roster.expires = expires.unwrap_or(today.plus(MAX_ROSTER_DAYS));
    Ok(Renewal { path: path.to_owned(), before, roster, leaving })
}

impl Renewal {
    /// Signs it into a file: a new one, or in the place of the roster that was changed. `vault` names the root's vault, for
    /// the error.
    ///
    /// # Errors
    ///
    /// When another root signed the roster before, it breaks a rule of rosters, or the file cannot be written.
    pub fn sign(&self, key: &RootKey, vault: &Path, out: Option<&Path>) -> Result<&Roster, Error> {
        if key.signing().public() != self.before.root() {
            return Err(Error::Refused(format!(
                "{} is signed by another root than the one in {}: with another root the link changes",
                self.path.display(),
                vault.display()
            )));
        }
        let (out, place) = match out {
            Some(out) => (out, Place::New),
            None => (self.path.as_path(), Place::Replace),
        };
        files::write(out, &self.roster.sign(key.signing())?.to_json(), place)?;
        Ok(&self.roster)
    }
}

/// Reads a roster file, under whatever root signed it.
///
/// # Errors
///
/// [`Error::NotARoster`]; when it cannot be read.
pub fn read(path: &Path) -> Result<(Envelope, VerifiedRoster), Error> {
    let bytes = files::read_text(path, MAX_ENVELOPE_LEN as u64)?;
    let verified = || {
        let envelope = Envelope::parse(&bytes)?;
        let root = RootFingerprint::of(&envelope.claimed_signer());
        let roster = VerifiedRoster::verify(&envelope, &root)?;
        Ok((envelope, roster))
    };
    verified().map_err(|error| Error::NotARoster { path: path.to_owned(), error })
}

/// Reads the card of a drop.
///
/// # Errors
///
/// When the file is none.
pub fn read_drop_card(path: &Path) -> Result<DropCard, Error> {
    read_card(path, DROP_CARD_FORMAT, |card: &DropCard| &card.format)
}

/// Reads the cards of coordinators whose keys hold from this day on.
///
/// # Errors
///
/// When a file is none.
pub fn coordinators(cards: &[PathBuf], from: Day) -> Result<Vec<Coordinator>, Error> {
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

fn read_card<T: DeserializeOwned>(
    path: &Path,
    format: &str,
    found: impl Fn(&T) -> &String,
) -> Result<T, Error> {
    let bytes = files::read_text(path, MAX_CARD)?;
    let refused = |why: String| Error::Refused(format!("{} is not a card: {why}", path.display()));
    let card: T = json::from_slice(&bytes).map_err(|error| refused(error.to_string()))?;
    if found(&card) == format { Ok(card) } else { Err(refused(format!("its format is not {format}"))) }
}

/// Gives roles, each `NAME=ROLE`, to coordinators that the roster has.
fn give_roles(roster: &mut Roster, roles: &[String]) -> Result<(), Error> {
    for given in roles {
        let (name, role) = given.split_once('=').unwrap_or((given, ""));
        let unknown = no_such(roster, name);
        let found = roster.coordinators.iter_mut().find(|coordinator| coordinator.name == name);
        role.clone_into(&mut found.ok_or(unknown)?.role);
    }
    Ok(())
}

/// Reads texts, each `[LANG=]TEXT`: English unless a language is named.
pub fn texts(given: &[String]) -> Texts {
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
