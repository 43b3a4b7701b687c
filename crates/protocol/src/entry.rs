//! An entry of a report's case log: what one coordinator noted, signed inside the seal, and only good in its place.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::day::Day;
use crate::dsse::{Envelope, EnvelopeError, Statement};
use crate::id::{Digest, DropId, ObjectId};
use crate::json::MAX_INTEGER;
use crate::keys::PublicKey;

mod change;

pub use self::change::{Change, CodeError, Relation, Status, is_line, is_plain};

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
    #[serde(deserialize_with = "change::read_all")]
    pub changes: Vec<Change>,
    /// What a later version added.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl Statement for Entry {
    const PAYLOAD_TYPE: &'static str = "application/vnd.kua.entry+json";
}

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
                message: ObjectId::of(text.as_bytes()), number, kind: crate::reply::Kind::Text, text: text.clone(), language: "kk".into(), attachment: None,
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
