//! A drop, a report and the people who write about it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kua_caselog::{Graph, Next};
use kua_protocol::day::Day;
use kua_protocol::entry::{Change, Entry, Status, VerifiedEntry};
use kua_protocol::id::{Digest, DropId, ObjectId};
use kua_protocol::keys::{PublicKey, SigningKey};
use kua_protocol::roster::{Coordinator, CoordinatorKeys, FORMAT, RecipientText, Roster};
use kua_protocol::secret::{Purpose, Seed};
use serde_json::Map;

pub(crate) const DROP: DropId = DropId::from_bytes([1; 16]);

/// Who there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    /// Three coordinators who can read the report, the third one by two keys.
    Aigul,
    Marat,
    Dana,
    /// The third one's earlier key.
    DanaBefore,
    /// Could read the report, and is not on the roster any more.
    Removed,
    /// Is on the roster and was not chosen.
    NotChosen,
}

static KEYS: LazyLock<Vec<SigningKey>> = LazyLock::new(|| {
    (1..=6).map(|n| SigningKey::derive(&Seed::take(&mut [n; 32]), Purpose::CoordinatorSign)).collect()
});

impl Who {
    pub(crate) fn signing(self) -> &'static SigningKey {
        &KEYS[self as usize]
    }

    pub(crate) fn key(self) -> PublicKey {
        self.signing().public()
    }
}

pub(crate) fn report() -> ObjectId {
    ObjectId::of(b"a report")
}

pub(crate) fn today() -> Day {
    Day::from_number(20_000)
}

/// Whom the report names.
pub(crate) fn to() -> Vec<PublicKey> {
    [Who::Aigul, Who::Marat, Who::DanaBefore, Who::Removed].map(Who::key).to_vec()
}

/// The present roster.
pub(crate) fn roster() -> Roster {
    let keys = |who: Who| {
        let letter = char::from(b'a' + who as u8).to_string();
        let recipient = RecipientText::try_from(format!("age1pq1{}", letter.repeat(1952))).unwrap();
        CoordinatorKeys { sign: who.key(), recipient, from: today(), until: None, more: Map::new() }
    };
    let coordinator = |name: &str, people: &[Who]| Coordinator {
        name: name.into(),
        role: String::new(),
        keys: people.iter().map(|who| keys(*who)).collect(),
        more: Map::new(),
    };
    Roster {
        format: FORMAT.into(),
        drop: DROP,
        name: [("en".to_owned(), "Steppe Watch".to_owned())].into(),
        welcome: BTreeMap::new(),
        serial: 2,
        issued: today(),
        expires: today().plus(60),
        drop_key: Vec::new(),
        coordinators: vec![
            coordinator("Aigul", &[Who::Aigul]),
            coordinator("Marat", &[Who::Marat]),
            coordinator("Dana", &[Who::Dana, Who::DanaBefore]),
            coordinator("Serik", &[Who::NotChosen]),
        ],
        more: Map::new(),
    }
}

/// An entry as it is written.
pub(crate) fn entry(who: Who, next: Next, changes: Vec<Change>) -> Entry {
    Entry {
        drop: DROP,
        report: report(),
        author: who.key(),
        day: today(),
        parents: next.parents,
        clock: next.clock,
        roster: Digest::of(b"a roster"),
        changes,
        more: Map::new(),
    }
}

/// The same, signed and verified.
pub(crate) fn verified(who: Who, next: Next, changes: Vec<Change>) -> VerifiedEntry {
    let envelope = entry(who, next, changes).sign(who.signing()).unwrap();
    Entry::verify(&envelope, DROP, report()).unwrap()
}

/// An entry that builds on what is in a graph, which then has it.
pub(crate) fn append(graph: &mut Graph, who: Who, changes: Vec<Change>) -> Digest {
    let next = graph.read(&to(), &roster()).next(&[]);
    let entry = verified(who, next, changes);
    let digest = entry.digest();
    graph.insert(entry, today());
    digest
}

pub(crate) fn note(text: &str) -> Change {
    Change::Note { text: text.into() }
}

pub(crate) fn status(status: Status) -> Change {
    Change::Status { status }
}
