//! An entry of a report's case log: what one coordinator noted, signed inside the seal, and only good in its place.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::day::Day;
use crate::dsse::{Envelope, EnvelopeError, Statement};
use crate::id::{Digest, DropId, ObjectId};
use crate::json::MAX_INTEGER;
use crate::keys::PublicKey;
use crate::reply;

/// Most changes in one entry.
pub const MAX_CHANGES: usize = 16;
/// Most parents of one entry.
pub const MAX_PARENTS: usize = 256;
/// Most bytes of text in all changes of one entry.
pub const MAX_TEXT_LEN: usize = 1024 * 1024;
/// Most bytes of a label, of a recipient, or of the form in which something was handed out.
pub const MAX_LABEL_LEN: usize = 200;
/// Most bytes of an outsider's age recipient as text.
pub const MAX_RECIPIENT_LEN: usize = 2000;

/// What a coordinator states in an entry (protocol, "Replies, case log, grants").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The drop.
    pub drop: DropId,
    /// The report.
    pub report: ObjectId,
    /// The author's signing key: part of what is signed, so that nobody can sign the same words and take their place.
    pub author: PublicKey,
    /// The UTC day on which it was written, by the author's clock.
    pub day: Day,
    /// The digests of the last entries that the author had seen, sorted; none for a first entry.
    pub parents: Vec<Digest>,
    /// One more than the highest clock of the parents; 1 for a first entry.
    pub clock: u64,
    /// The digest of the roster that the author knew.
    pub roster: Digest,
    /// What it changes, 1 to [`MAX_CHANGES`].
    pub changes: Vec<Change>,
    /// What a later version added.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl Statement for Entry {
    const PAYLOAD_TYPE: &'static str = "application/vnd.kua.entry+json";
}

/// One change to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// How far the work on the report has come.
    Status {
        /// The new status.
        status: Status,
    },
    /// How urgent the report is.
    Severity {
        /// A code of the report's list of severities; none to leave it open again.
        severity: Option<String>,
    },
    /// A label is put on or taken off.
    Label {
        /// The label, at most [`MAX_LABEL_LEN`] bytes.
        label: String,
        /// Whether it is put on.
        on: bool,
    },
    /// Who works on the report.
    Assignee {
        /// A coordinator's signing key; none for nobody.
        to: Option<PublicKey>,
    },
    /// A remark for the other coordinators.
    Note {
        /// The text; of control characters it holds the end of a line and the tabulator only.
        text: String,
    },
    /// The report has to do with another one.
    Link {
        /// The other report.
        to: ObjectId,
        /// What it has to do with it.
        relation: Relation,
        /// Whether the link is made; else it is taken away.
        on: bool,
    },
    /// The submitter was answered.
    Reply {
        /// The id of the sealed reply.
        message: ObjectId,
        /// Its number in the thread.
        number: u64,
        /// What kind of reply it is.
        kind: reply::Kind,
        /// Its text.
        text: String,
        /// The language of the text, as a BCP 47 tag.
        language: String,
        /// The file that went with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attachment: Option<reply::Attachment>,
    },
    /// An earlier entry is not to hold.
    Undo {
        /// The digest of that entry.
        entry: Digest,
    },
    /// A coordinator was let in who could not read the report.
    GrantMade {
        /// Her signing key.
        to: PublicKey,
    },
    /// The report, or something made of it, was given to somebody outside.
    HandedOut {
        /// To whom: an age recipient, or a name.
        to: String,
        /// In which form: `age`, or that of an export.
        form: String,
        /// The SHA-256 of the file that was given.
        digest: Digest,
    },
    /// A change that this version does not know; it changes nothing.
    #[serde(untagged)]
    Other(Map<String, Value>),
}

/// How far the work on a report has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Nobody has said anything of it yet.
    #[default]
    New,
    /// Somebody is at it.
    InReview,
    /// It was found to be true.
    Verified,
    /// More has to be asked.
    NeedsInformation,
    /// The work is done.
    Closed,
    /// It is not taken up.
    Rejected,
}

impl Status {
    /// All of them, in the order of the work.
    pub const ALL: &'static [Self] =
        &[Self::New, Self::InReview, Self::Verified, Self::NeedsInformation, Self::Closed, Self::Rejected];

    /// The code, as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InReview => "in-review",
            Self::Verified => "verified",
            Self::NeedsInformation => "needs-information",
            Self::Closed => "closed",
            Self::Rejected => "rejected",
        }
    }
}

/// What one report has to do with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// It says the same once more.
    Duplicate,
    /// Both tell of one event.
    SameEvent,
    /// They belong together in some other way.
    Related,
}

impl Relation {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Duplicate, Self::SameEvent, Self::Related];

    /// The code, as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::SameEvent => "same-event",
            Self::Related => "related",
        }
    }
}

/// A text is no code of a list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not one of {known}")]
pub struct CodeError {
    found: String,
    known: String,
}

macro_rules! from_code {
    ($name:ident) => {
        impl std::str::FromStr for $name {
            type Err = CodeError;

            fn from_str(code: &str) -> Result<Self, CodeError> {
                let known = Self::ALL.iter().find(|one| one.code() == code).copied();
                known.ok_or_else(|| CodeError {
                    found: code.to_owned(),
                    known: Self::ALL.iter().map(|one| one.code()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}

from_code!(Status);
from_code!(Relation);

/// Why an entry is not taken.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// It is no signed entry, or its signature does not hold.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// Somebody else signed it than it names as its author.
    #[error("somebody else signed it than it names as its author")]
    OtherAuthor,
    /// It was written for another drop.
    #[error("it was written for another drop")]
    OtherDrop,
    /// It was written for another report.
    #[error("it was written for another report")]
    OtherReport,
    /// It breaks a rule of entries; the text says which.
    #[error("it breaks the rules of entries: {0}")]
    Malformed(&'static str),
}

/// An entry whose signature and place were checked. Whether its author may say anything here is asked separately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedEntry {
    entry: Entry,
    digest: Digest,
}

impl VerifiedEntry {
    /// What it says; `author` made the signature.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Its name: the SHA-256 of the signed bytes, which stays the same when it is sealed anew.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

impl Entry {
    /// Signs the entry after checking every rule.
    ///
    /// # Errors
    ///
    /// [`EntryError`], also when the key is not the author's.
    pub fn sign(&self, key: &crate::keys::SigningKey) -> Result<Envelope, EntryError> {
        self.check().map_err(EntryError::Malformed)?;
        if key.public() != self.author {
            return Err(EntryError::OtherAuthor);
        }
        Envelope::sign(self, key).map_err(|error| EntryError::Envelope(error.into()))
    }

    /// Checks an entry for the drop and the report at which it was found.
    ///
    /// # Errors
    ///
    /// [`EntryError`]; an entry that was moved from elsewhere is refused like one that was made up.
    pub fn verify(envelope: &Envelope, drop: DropId, report: ObjectId) -> Result<VerifiedEntry, EntryError> {
        let verified = envelope.verify::<Self>(|_| true)?;
        let (entry, digest) = (verified.statement, verified.digest);
        if entry.author != verified.signer {
            return Err(EntryError::OtherAuthor);
        }
        if entry.drop != drop {
            return Err(EntryError::OtherDrop);
        }
        if entry.report != report {
            return Err(EntryError::OtherReport);
        }
        entry.check().map_err(EntryError::Malformed)?;
        Ok(VerifiedEntry { entry, digest })
    }

    /// Checks what the types cannot say; answers with the broken rule.
    fn check(&self) -> Result<(), &'static str> {
        let rule = |holds: bool, text| if holds { Ok(()) } else { Err(text) };
        rule((1..=MAX_CHANGES).contains(&self.changes.len()), "it has no change, or too many")?;
        rule(self.parents.len() <= MAX_PARENTS, "it has too many parents")?;
        rule(self.parents.is_sorted_by(|a, b| a < b), "its parents are not in order")?;
        rule((1..=MAX_INTEGER).contains(&self.clock), "its clock is out of range")?;
        self.changes.iter().try_for_each(Change::check)?;
        let text: usize = self.changes.iter().map(Change::text_len).sum();
        rule(text <= MAX_TEXT_LEN, "it has more text than an entry may have")
    }
}

impl Change {
    fn text_len(&self) -> usize {
        match self {
            Self::Note { text } | Self::Reply { text, .. } => text.len(),
            _ => 0,
        }
    }

    fn check(&self) -> Result<(), &'static str> {
        let line = |text: &str, most: usize| {
            !text.trim().is_empty() && text.len() <= most && !text.chars().any(char::is_control)
        };
        let (holds, rule) = match self {
            Self::Label { label, .. } => {
                (line(label, MAX_LABEL_LEN) && label.trim() == label, "a label is no label")
            }
            Self::Severity { severity: Some(code) } => (line(code, MAX_LABEL_LEN), "a severity is no code"),
            Self::HandedOut { to, form, .. } => {
                (line(to, MAX_RECIPIENT_LEN) && line(form, MAX_LABEL_LEN), "it does not say to whom and how")
            }
            Self::Note { text } => (is_plain(text), "a note is empty or holds control characters"),
            Self::Reply { text, language, .. } => {
                (text.len() <= reply::MAX_TEXT_LEN && language.len() <= MAX_LABEL_LEN, "a reply is too long")
            }
            _ => (true, ""),
        };
        if holds { Ok(()) } else { Err(rule) }
    }
}

/// Whether a note may have this text: JSON then makes it at most twice as long.
pub fn is_plain(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json;
    use crate::keys::SigningKey;
    use crate::secret::{Purpose, Seed};

    fn key() -> SigningKey {
        SigningKey::derive(&Seed::take(&mut [3; 32]), Purpose::CoordinatorSign)
    }

    fn entry(changes: Vec<Change>) -> Entry {
        Entry {
            drop: DropId::from_bytes([1; 16]),
            report: ObjectId::of(b"a report"),
            author: key().public(),
            day: Day::from_number(20_000),
            parents: vec![Digest::from_bytes([1; 32]), Digest::from_bytes([2; 32])],
            clock: 7,
            roster: Digest::of(b"a roster"),
            changes,
            more: Map::new(),
        }
    }

    fn note(text: impl Into<String>) -> Change {
        Change::Note { text: text.into() }
    }

    #[test]
    fn the_longest_note_fits_into_an_envelope_and_a_longer_one_is_refused() {
        // JSON doubles a quote or the end of a line, and base64 adds a third.
        for text in ["a".repeat(MAX_TEXT_LEN), "ж".repeat(MAX_TEXT_LEN / 2), "\"\n".repeat(MAX_TEXT_LEN / 2)]
        {
            let mut written = entry(vec![note(text.clone())]);
            written.parents = (0..=255).map(|n| Digest::from_bytes([n; 32])).collect();
            let json = written.sign(&key()).unwrap().to_json();
            let envelope = Envelope::parse_entry(&json).unwrap();
            assert!(Entry::verify(&envelope, written.drop, written.report).is_ok());
            assert!(entry(vec![note(text), note("x")]).sign(&key()).is_err());
        }
    }

    #[test]
    fn what_breaks_a_rule_is_neither_signed_nor_taken() {
        let label = |label: &str| Change::Label { label: label.into(), on: true };
        let changed = |change: &dyn Fn(&mut Entry)| {
            let mut changed = entry(vec![note("text")]);
            change(&mut changed);
            changed
        };
        for broken in [
            entry(Vec::new()),
            entry(vec![note("x"); MAX_CHANGES + 1]),
            entry(vec![note(" \n")]),
            entry(vec![note("a\u{1b}[2J")]),
            entry(vec![label("")]),
            entry(vec![label(" arrest")]),
            entry(vec![label("a\nb")]),
            entry(vec![label(&"x".repeat(MAX_LABEL_LEN + 1))]),
            changed(&|entry| entry.parents.reverse()),
            changed(&|entry| entry.parents = vec![Digest::of(b"twice"); 2]),
            changed(&|entry| entry.clock = 0),
        ] {
            assert!(matches!(broken.sign(&key()), Err(EntryError::Malformed(_))), "{broken:?}");
            let envelope = Envelope::sign(&broken, &key()).unwrap();
            let verified = Entry::verify(&envelope, broken.drop, broken.report);
            assert!(matches!(verified, Err(EntryError::Malformed(_))), "{broken:?}");
        }
        let beyond = changed(&|entry| entry.clock = MAX_INTEGER + 1);
        let envelope = Envelope::sign(&beyond, &key()).unwrap();
        assert!(matches!(Entry::verify(&envelope, beyond.drop, beyond.report), Err(EntryError::Envelope(_))));
    }

    #[test]
    fn codes_are_those_of_json() {
        for status in Status::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.code());
            assert_eq!(status.code().parse(), Ok(*status));
        }
        for relation in Relation::ALL {
            assert_eq!(serde_json::to_value(relation).unwrap(), relation.code());
        }
        let error = "done".parse::<Status>().unwrap_err().to_string();
        assert!(error.starts_with("`done` is not one of new, in-review"), "{error}");
    }

    proptest! {
        #[test]
        fn an_entry_comes_back_as_it_was(text in "\\PC{1,200}", label in "[a-zа-я]{1,20}", on in any::<bool>(), number in 1..=MAX_INTEGER) {
            let unknown = serde_json::json!({ "change": "mood", "weather": label, "number": number });
            let Value::Object(unknown) = unknown else { unreachable!() };
            let reply = Change::Reply {
                message: ObjectId::of(text.as_bytes()), number, kind: reply::Kind::Text, text: text.clone(), language: "kk".into(), attachment: None,
            };
            let changes = vec![note(text), Change::Label { label, on }, reply, Change::Severity { severity: None }, Change::Other(unknown)];
            let mut written = entry(changes);
            written.more.insert("later".into(), number.into());
            let bytes = serde_json::to_vec(&written).unwrap();
            prop_assert_eq!(json::from_slice::<Entry>(&bytes).unwrap(), written);
        }

        #[test]
        fn any_bytes_are_read_or_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = json::from_slice::<Entry>(&bytes);
            let _ = json::from_slice::<Change>(&bytes);
        }
    }
}
