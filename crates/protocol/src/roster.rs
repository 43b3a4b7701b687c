//! The roster: who the coordinators of a drop are, signed offline by its root.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::day::Day;
use crate::dsse::{Envelope, EnvelopeError, Statement};
use crate::id::{Digest, DropId};
use crate::keys::{PublicKey, SigningKey};
use crate::limits::{MAX_COORDINATORS, MAX_NAME_LEN, MAX_ROSTER_DAYS, MAX_WELCOME_LEN};
use crate::link::RootFingerprint;

/// The value of a roster's `format`.
pub const FORMAT: &str = "kua-roster/1";

/// Days that a clock may be wrong by without a roster being refused.
const GRACE_DAYS: i64 = 1;

/// A text in several languages, by BCP 47 tag.
pub type Texts = BTreeMap<String, String>;

/// Who the coordinators of a drop are (protocol, "Roster").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// [`FORMAT`].
    pub format: String,
    /// The drop.
    pub drop: DropId,
    /// The drop's name by language; at least one.
    pub name: Texts,
    /// What a submitter reads first, by language; may be empty.
    #[serde(default)]
    pub welcome: Texts,
    /// Counts up with every roster of the drop, from 1.
    pub serial: u64,
    /// The UTC day on which the root signed.
    pub issued: Day,
    /// The last UTC day on which the roster holds, at most 90 days after `issued`.
    pub expires: Day,
    /// The keys that the drop signs receipts with: the present one and earlier ones.
    pub drop_key: Vec<DropKey>,
    /// 1 to 16 coordinators, in the order of a sealed header's stanzas.
    pub coordinators: Vec<Coordinator>,
    /// What a later version added.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl Statement for Roster {
    const PAYLOAD_TYPE: &'static str = "application/vnd.kua.roster+json";
}

/// A receipt key of the drop and when it was in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropKey {
    /// The Ed25519 key.
    pub key: PublicKey,
    /// Its first UTC day.
    pub from: Day,
    /// Its last UTC day; none for the present key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// What a later version added.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A person to whom reports are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coordinator {
    /// How colleagues and submitters call this person; unique in the roster.
    pub name: String,
    /// What this person does, for submitters to read; may be empty.
    #[serde(default)]
    pub role: String,
    /// One or more sets of keys.
    pub keys: Vec<CoordinatorKeys>,
    /// What a later version added.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// The public keys of a coordinator and when they are in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoordinatorKeys {
    /// The Ed25519 key that signs requests, replies and entries.
    pub sign: PublicKey,
    /// The age recipient that reports are sealed to.
    pub recipient: RecipientText,
    /// The first UTC day.
    pub from: Day,
    /// The last UTC day; none when it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// What a later version added.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// An `age1pq1…` recipient as text: its prefix, length and alphabet were checked, its key was not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecipientText(String);

impl RecipientText {
    /// Characters of the prefix `age1pq1`, of 1216 bytes in groups of five bits, and of the checksum.
    pub const LEN: usize = 7 + 1946 + 6;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RecipientText {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let letters = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if text.starts_with("age1pq1") && text.len() == Self::LEN && letters {
            Ok(Self(text))
        } else {
            Err("not an age1pq1… recipient")
        }
    }
}

impl From<RecipientText> for String {
    fn from(text: RecipientText) -> Self {
        text.0
    }
}

/// Why a roster is refused.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The envelope is no roster, or its signature does not hold.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// Another root than the link's signed it.
    #[error("the roster is signed by another root than the one that the link names")]
    OtherRoot,
    /// The signed content breaks a rule.
    #[error("the roster is not valid: {0}")]
    Invalid(String),
    /// The roster is from a later day than the clock shows.
    #[error("the roster begins to hold on {0}: is this device's date right?")]
    NotYet(Day),
    /// The roster's time is over.
    #[error(
        "the roster's time ended on {0}: the coordinators have to renew it, or this device's date is wrong"
    )]
    Expired(Day),
    /// The roster is of another drop.
    #[error("the roster is of another drop")]
    OtherDrop,
    /// A roster with a higher serial is known.
    #[error("the roster has serial {found}, and serial {known} was seen before")]
    LowerSerial {
        /// The highest serial seen.
        known: u64,
        /// The serial of the refused roster.
        found: u64,
    },
    /// Two rosters have one serial: somebody signed two truths.
    #[error(
        "two different rosters have the serial {0}: do not trust this drop until the coordinators explain it"
    )]
    TwoTruths(u64),
}

/// A roster that its root signed and that keeps every rule. Whether it is in date is asked separately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedRoster {
    roster: Roster,
    root: PublicKey,
    digest: Digest,
}

impl VerifiedRoster {
    /// Checks an envelope against the fingerprint of a link.
    ///
    /// # Errors
    ///
    /// When another root signed it, the signature does not hold, or the content breaks a rule.
    pub fn verify(envelope: &Envelope, root: &RootFingerprint) -> Result<Self, RosterError> {
        if !root.is_of(&envelope.claimed_signer()) {
            return Err(RosterError::OtherRoot);
        }
        let verified = envelope.verify::<Roster>(|signer| root.is_of(signer))?;
        check(&verified.statement).map_err(RosterError::Invalid)?;
        Ok(Self { roster: verified.statement, root: verified.signer, digest: verified.digest })
    }

    /// What the root signed.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The root's key.
    pub fn root(&self) -> PublicKey {
        self.root
    }

    /// The SHA-256 of the signed bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Whether the roster holds on this day, with a day's grace for wrong clocks.
    ///
    /// # Errors
    ///
    /// [`RosterError::NotYet`] or [`RosterError::Expired`].
    pub fn check_date(&self, today: Day) -> Result<(), RosterError> {
        if today.plus(GRACE_DAYS) < self.roster.issued {
            Err(RosterError::NotYet(self.roster.issued))
        } else if today.plus(-GRACE_DAYS) > self.roster.expires {
            Err(RosterError::Expired(self.roster.expires))
        } else {
            Ok(())
        }
    }

    /// Whether this roster may take the place of one with that serial and digest, of the same drop and root.
    ///
    /// # Errors
    ///
    /// [`RosterError::LowerSerial`] or [`RosterError::TwoTruths`].
    pub fn check_follows(&self, known_serial: u64, known_digest: Digest) -> Result<(), RosterError> {
        let found = self.roster.serial;
        if found < known_serial {
            Err(RosterError::LowerSerial { known: known_serial, found })
        } else if found == known_serial && self.digest != known_digest {
            Err(RosterError::TwoTruths(found))
        } else {
            Ok(())
        }
    }

    /// The coordinators to seal to on this day, in roster order, each with the keys in force that end last.
    pub fn sealing_keys(&self, today: Day) -> Vec<(&Coordinator, &CoordinatorKeys)> {
        let last = |coordinator: &'_ Coordinator| {
            let in_force = |keys: &usize| coordinator.keys[*keys].in_force(today);
            (0..coordinator.keys.len()).filter(in_force).max_by_key(|i| coordinator.keys[*i].ends())
        };
        let with_keys = |coordinator| last(coordinator).map(|i| (coordinator, &coordinator.keys[i]));
        self.roster.coordinators.iter().filter_map(with_keys).collect()
    }

    /// The coordinator with this signing key, in force or not.
    pub fn coordinator(&self, sign: &PublicKey) -> Option<&Coordinator> {
        self.roster
            .coordinators
            .iter()
            .find(|coordinator| coordinator.keys.iter().any(|keys| keys.sign == *sign))
    }
}

impl DropKey {
    /// Whether receipts of this day may be signed with the key.
    pub fn in_force(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

impl CoordinatorKeys {
    /// Whether the keys are in force on this day.
    pub fn in_force(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// The last day, the latest possible one when it is open.
    fn ends(&self) -> Day {
        self.until.unwrap_or(Day::from_number(u32::MAX))
    }
}

impl Roster {
    /// Signs the roster after checking every rule.
    ///
    /// # Errors
    ///
    /// [`RosterError::Invalid`], or when it cannot be written as JSON.
    pub fn sign(&self, root: &SigningKey) -> Result<Envelope, RosterError> {
        check(self).map_err(RosterError::Invalid)?;
        Envelope::sign(self, root).map_err(|error| RosterError::Envelope(error.into()))
    }
}

/// Checks what the types cannot say; answers with the broken rule.
fn check(roster: &Roster) -> Result<(), String> {
    let rule = |holds: bool, text: String| if holds { Ok(()) } else { Err(text) };
    rule(roster.format == FORMAT, format!("its format is not {FORMAT}"))?;
    rule(roster.serial >= 1, "its serial is not 1 or more".into())?;
    let days = roster.expires.days_since(roster.issued);
    rule(
        (0..=MAX_ROSTER_DAYS).contains(&days),
        format!("it would hold for {days} days; at most {MAX_ROSTER_DAYS}"),
    )?;
    rule(!roster.name.is_empty(), "the drop has no name".into())?;
    for (language, text) in &roster.name {
        check_text(text, MAX_NAME_LEN).map_err(|why| format!("the drop's name ({language}) {why}"))?;
    }
    for (language, text) in &roster.welcome {
        rule(
            text.len() <= MAX_WELCOME_LEN,
            format!("the welcome ({language}) has over {MAX_WELCOME_LEN} bytes"),
        )?;
    }
    rule(!roster.drop_key.is_empty(), "it names no key of the drop".into())?;
    let count = roster.coordinators.len();
    rule(
        (1..=MAX_COORDINATORS).contains(&count),
        format!("it names {count} coordinators; 1 to {MAX_COORDINATORS}"),
    )?;
    let (mut names, mut signs, mut recipients) = (HashSet::new(), HashSet::new(), HashSet::new());
    for coordinator in &roster.coordinators {
        let name = &coordinator.name;
        check_text(name, MAX_NAME_LEN).map_err(|why| format!("a coordinator's name {why}"))?;
        if !coordinator.role.is_empty() {
            check_text(&coordinator.role, MAX_NAME_LEN).map_err(|why| format!("the role of {name} {why}"))?;
        }
        rule(names.insert(name), format!("two coordinators are called {name}"))?;
        rule(!coordinator.keys.is_empty(), format!("{name} has no keys"))?;
        for keys in &coordinator.keys {
            rule(
                keys.until.is_none_or(|until| keys.from <= until),
                format!("keys of {name} end before they begin"),
            )?;
            let fresh = signs.insert(keys.sign) & recipients.insert(&keys.recipient);
            rule(fresh, format!("a key of {name} stands twice"))?;
        }
    }
    Ok(())
}

/// A name is not empty, not longer than the limit and has no control characters.
fn check_text(text: &str, max: usize) -> Result<(), String> {
    if text.trim().is_empty() {
        Err("is empty".into())
    } else if text.len() > max {
        Err(format!("has over {max} bytes"))
    } else if text.chars().any(char::is_control) {
        Err("holds a control character".into())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
