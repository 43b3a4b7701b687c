//! What the entries of a report come to.

use std::collections::BTreeMap;

use kua_protocol::day::Day;
use kua_protocol::entry::{Change, Relation, Status};
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_protocol::reply;
use kua_report::vocabulary::Severity;
use serde::Serialize;

use crate::order::Node;
use crate::reading::Reading;
use crate::standing::{Reason, Standing};

/// The state of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// How far the work has come.
    pub status: Field<Status>,
    /// How urgent it is; where nobody said anything, the report's own word holds.
    pub severity: Field<Option<Severity>>,
    /// Who works on it, by signing key.
    pub assignee: Field<Option<PublicKey>>,
    /// Every label that was ever put on, and whether it is on; [`State::labels`] lists those that are.
    pub labels: BTreeMap<String, Field<bool>>,
    /// Every link that was ever made, and whether it holds; [`State::links`] lists those that do.
    pub links: BTreeMap<(ObjectId, Relation), Field<bool>>,
    /// The remarks, in order.
    pub notes: Vec<Note>,
    /// What the submitter was answered, in order.
    pub replies: Vec<Answer>,
    /// What was given to people outside, in order.
    pub handed_out: Vec<HandedOut>,
    /// The signing keys of all who can read the report, sorted.
    pub readers: Vec<PublicKey>,
    /// Where something is missing.
    pub gaps: Vec<Gap>,
    /// The entries that do not count, in order.
    pub not_counted: Vec<NotCounted>,
    /// The entries that were undone and not brought back.
    pub undone: Vec<Digest>,
    /// The last entries that count, the newest first: more than one when people worked at the same time.
    pub heads: Vec<Digest>,
    /// The clock of the next entry.
    pub next_clock: u64,
}

/// A value that entries set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field<T> {
    /// The value that holds.
    pub value: T,
    /// The entry that set it; none when nobody did.
    pub entry: Option<Digest>,
    /// Other values that were set at the same time, by authors who had not seen the one that holds.
    pub concurrent: Vec<(T, Digest)>,
}

impl<T> Field<T> {
    /// Whether people who had not seen each other's word set different values.
    pub fn is_disputed(&self) -> bool {
        !self.concurrent.is_empty()
    }
}

/// A coordinator's remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The entry.
    pub entry: Digest,
    /// Who wrote it.
    pub author: PublicKey,
    /// When, by the author's clock.
    pub day: Day,
    /// The text.
    pub text: String,
}

/// What the submitter was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The entry.
    pub entry: Digest,
    /// Who wrote it.
    pub author: PublicKey,
    /// When, by the author's clock.
    pub day: Day,
    /// The id of the sealed reply.
    pub message: ObjectId,
    /// What kind of reply it was.
    pub kind: reply::Kind,
    /// Its text.
    pub text: String,
}

/// Something that was given to somebody outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandedOut {
    /// The entry.
    pub entry: Digest,
    /// Who gave it.
    pub author: PublicKey,
    /// When, by the author's clock.
    pub day: Day,
    /// To whom.
    pub to: String,
    /// In which form.
    pub form: String,
    /// The SHA-256 of the file.
    pub digest: Digest,
}

/// An entry that builds on something that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The entry.
    pub entry: Digest,
    /// What is missing, or does not hold.
    pub missing: Vec<Digest>,
}

/// An entry that does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotCounted {
    /// The entry.
    pub entry: Digest,
    /// Who signed it.
    pub author: PublicKey,
    /// Why it does not count.
    pub reason: Reason,
}

impl State {
    /// The labels that are on, sorted.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().filter(|(_, on)| on.value).map(|(label, _)| label.as_str())
    }

    /// The links that hold.
    pub fn links(&self) -> impl Iterator<Item = (ObjectId, Relation)> {
        self.links.iter().filter(|(_, on)| on.value).map(|(link, _)| *link)
    }

    /// Whether people who had not seen each other's word said different things about anything.
    pub fn is_disputed(&self) -> bool {
        self.status.is_disputed()
            || self.severity.is_disputed()
            || self.assignee.is_disputed()
            || self.labels.values().any(Field::is_disputed)
            || self.links.values().any(Field::is_disputed)
    }
}

impl Reading<'_> {
    /// What the entries come to.
    pub fn state(&self) -> State {
        let undone = self.undone();
        let mut fold = Fold::default();
        for node in self.counted() {
            let holds = !undone.contains(&node.digest());
            for change in &node.kept.entry.entry().changes {
                fold.take(node, change, holds);
            }
        }
        let heads = self.heads();
        let gaps = self.all().filter(|(node, _)| !node.missing.is_empty());
        let not_counted = self.all().filter_map(|(node, standing)| match standing {
            Standing::Counts => None,
            Standing::NotCounted(reason) => {
                let author = node.kept.entry.entry().author;
                Some(NotCounted { entry: node.digest(), author, reason })
            }
        });
        State {
            status: settle(&fold.status, Status::New),
            severity: settle(&fold.severity, None),
            assignee: settle(&fold.assignee, None),
            labels: fold.labels.into_iter().map(|(label, set)| (label, settle(&set, false))).collect(),
            links: fold.links.into_iter().map(|(link, set)| (link, settle(&set, false))).collect(),
            notes: fold.notes,
            replies: fold.replies,
            handed_out: fold.handed_out,
            readers: self.readers.clone(),
            gaps: gaps.map(|(node, _)| Gap { entry: node.digest(), missing: node.missing.clone() }).collect(),
            not_counted: not_counted.collect(),
            undone: undone.into_iter().collect(),
            next_clock: self.next(&[]).clock,
            heads,
        }
    }
}

/// Values with the entries that set them, in order.
type Set<'n, 'a, T> = Vec<(T, &'n Node<'a>)>;

/// What was gathered so far.
#[derive(Default)]
struct Fold<'n, 'a> {
    status: Set<'n, 'a, Status>,
    severity: Set<'n, 'a, Option<Severity>>,
    assignee: Set<'n, 'a, Option<PublicKey>>,
    labels: BTreeMap<String, Set<'n, 'a, bool>>,
    links: BTreeMap<(ObjectId, Relation), Set<'n, 'a, bool>>,
    notes: Vec<Note>,
    replies: Vec<Answer>,
    handed_out: Vec<HandedOut>,
}

impl<'n, 'a> Fold<'n, 'a> {
    /// Takes a change in. What was done outside of the log cannot be undone in it: an answer, a grant, a file given away.
    fn take(&mut self, node: &'n Node<'a>, change: &Change, holds: bool) {
        let (entry, author, day) =
            (node.digest(), node.kept.entry.entry().author, node.kept.entry.entry().day);
        match change {
            Change::Reply { message, kind, text, .. } => {
                let (message, kind, text) = (*message, *kind, text.clone());
                self.replies.push(Answer { entry, author, day, message, kind, text });
            }
            Change::HandedOut { to, form, digest } => {
                let (to, form, digest) = (to.clone(), form.clone(), *digest);
                self.handed_out.push(HandedOut { entry, author, day, to, form, digest });
            }
            _ if !holds => {}
            Change::Status { status } => self.status.push((*status, node)),
            Change::Severity { severity: None } => self.severity.push((None, node)),
            Change::Severity { severity: Some(code) } => {
                // A code of a later version changes nothing.
                self.severity.extend(code.parse().ok().map(|severity| (Some(severity), node)));
            }
            Change::Assignee { to } => self.assignee.push((*to, node)),
            Change::Label { label, on } => self.labels.entry(label.clone()).or_default().push((*on, node)),
            Change::Link { to, relation, on } => {
                self.links.entry((*to, *relation)).or_default().push((*on, node));
            }
            Change::Note { text } => self.notes.push(Note { entry, author, day, text: text.clone() }),
            Change::Undo { .. } | Change::GrantMade { .. } | Change::Other(_) => {}
        }
    }
}

/// The last word holds. Beside it stand other values whose authors had not seen it, unless they were set anew since.
fn settle<T: Clone + PartialEq>(set: &Set<'_, '_, T>, unset: T) -> Field<T> {
    let Some((value, last)) = set.last() else {
        return Field { value: unset, entry: None, concurrent: Vec::new() };
    };
    let beside = set.iter().enumerate().filter(|(n, (other, node))| {
        let overtaken = set[*n..].iter().any(|(_, later)| later.builds_on(node));
        other != value && !overtaken && node.digest() != last.digest()
    });
    let concurrent = beside.map(|(_, (other, node))| (other.clone(), node.digest())).collect();
    Field { value: value.clone(), entry: Some(last.digest()), concurrent }
}
