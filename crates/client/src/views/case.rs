//! A case, and what is done with one.

use std::collections::BTreeSet;
use std::path::PathBuf;

use kua_caselog::{Field, Gap, HandedOut, NotCounted, State};
use kua_protocol::day::Day;
use kua_protocol::entry::{Relation, Status};
use kua_protocol::id::{Digest, MailboxId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_protocol::reply;
use kua_report::vocabulary::Severity;
use schemars::JsonSchema;
use serde::Serialize;

use crate::case::{Cases, Noted};

/// The state of a case, after an entry or without one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CaseView {
    /// The report.
    #[schemars(with = "String")]
    report_id: ObjectId,
    /// The new entry.
    #[schemars(with = "Option<String>")]
    entry: Option<Digest>,
    /// The code of how far the work has come.
    #[schemars(with = "String")]
    status: Status,
    /// The code of how urgent it is, where a coordinator said so.
    #[schemars(with = "Option<String>")]
    severity: Option<Severity>,
    /// The name of whoever works on it.
    assignee: Option<String>,
    /// The labels that are on.
    labels: Vec<String>,
    /// The reports that it has to do with.
    links: Vec<Link>,
    /// The remarks, in order.
    notes: Vec<Note>,
    /// What the submitter was answered, in order.
    replies: Vec<Reply>,
    /// What was given to people outside, in order.
    #[schemars(with = "Vec<serde_json::Map<String, serde_json::Value>>")]
    handed_out: Vec<HandedOut>,
    /// The names of all who can read the report.
    readers: BTreeSet<String>,
    /// Values that were set by people who had not seen the one that holds.
    concurrent: Concurrent,
    /// Entries that build on something that is missing.
    #[schemars(with = "Vec<serde_json::Map<String, serde_json::Value>>")]
    gaps: Vec<Gap>,
    /// Entries that do not count, and why.
    #[schemars(with = "Vec<serde_json::Map<String, serde_json::Value>>")]
    not_counted: Vec<NotCounted>,
    /// The entries that were undone.
    #[schemars(with = "Vec<String>")]
    undone: Vec<Digest>,
    /// The last entries that count, the newest first.
    #[schemars(with = "Vec<String>")]
    heads: Vec<Digest>,
    /// The entries that the drop does not have yet.
    #[schemars(with = "Vec<String>")]
    unsent: Vec<Digest>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Link {
    #[schemars(with = "String")]
    report_id: ObjectId,
    #[schemars(with = "String")]
    relation: Relation,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Note {
    #[schemars(with = "String")]
    entry: Digest,
    by: String,
    #[schemars(with = "String")]
    day: Day,
    text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Reply {
    #[schemars(with = "String")]
    entry: Digest,
    by: String,
    #[schemars(with = "String")]
    day: Day,
    #[schemars(with = "String")]
    kind: reply::Kind,
    text: String,
}

/// Values beside those that hold, each with the entry that set it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Concurrent {
    #[schemars(with = "Vec<(String, String)>")]
    status: Vec<(Status, Digest)>,
    #[schemars(with = "Vec<(Option<String>, String)>")]
    severity: Vec<(Option<Severity>, Digest)>,
    #[schemars(with = "Vec<(Option<String>, String)>")]
    assignee: Vec<(Option<String>, Digest)>,
}

impl CaseView {
    /// Gives a case as programs get it.
    pub fn of(noted: &Noted, cases: &Cases) -> Self {
        let Noted { case, entry } = noted;
        let state: State = case.read(cases.session()).state();
        let name = |key: &PublicKey| cases.name(key).unwrap_or_else(|| key.to_string());
        let links = state.links().map(|(report_id, relation)| Link { report_id, relation });
        let beside = |field: &Field<Option<PublicKey>>| {
            let beside = field.concurrent.iter();
            beside.map(|(key, entry)| (key.as_ref().map(name), *entry)).collect()
        };
        let note = |note: &kua_caselog::Note| Note {
            entry: note.entry,
            by: name(&note.author),
            day: note.day,
            text: note.text.clone(),
        };
        let reply = |reply: &kua_caselog::Answer| Reply {
            entry: reply.entry,
            by: name(&reply.author),
            day: reply.day,
            kind: reply.kind,
            text: reply.text.clone(),
        };
        let entries = case.graph.entries().map(|kept| kept.entry.digest());
        Self {
            report_id: case.row.report_id,
            entry: *entry,
            status: state.status.value,
            severity: state.severity.value,
            assignee: state.assignee.value.as_ref().map(name),
            labels: state.labels().map(str::to_owned).collect(),
            links: links.collect(),
            notes: state.notes.iter().map(note).collect(),
            replies: state.replies.iter().map(reply).collect(),
            readers: state.readers.iter().map(name).collect(),
            concurrent: Concurrent {
                assignee: beside(&state.assignee),
                status: state.status.concurrent,
                severity: state.severity.concurrent,
            },
            handed_out: state.handed_out,
            gaps: state.gaps,
            not_counted: state.not_counted,
            undone: state.undone,
            heads: state.heads,
            unsent: entries.filter(|entry| cases.waits(entry)).collect(),
        }
    }
}

/// Gives the first digits of an entry's digest, as people see and type them.
pub fn short(entry: &Digest) -> String {
    ObjectId::from_bytes(*entry.as_bytes()).short()
}

/// What came of letting somebody into reports.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct GrantedView {
    /// Those that she was let into now.
    #[schemars(with = "Vec<String>")]
    pub granted: Vec<ObjectId>,
    /// Those that she could read already.
    #[schemars(with = "Vec<String>")]
    pub already: Vec<ObjectId>,
    /// Those that are others' to give.
    #[schemars(with = "Vec<String>")]
    pub not_for_you: Vec<ObjectId>,
}

/// A report that was sealed anew for somebody outside.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HandedOutView {
    /// The report.
    #[schemars(with = "String")]
    pub report_id: ObjectId,
    /// The file.
    pub path: PathBuf,
    /// The file's SHA-256.
    #[schemars(with = "String")]
    pub sha256: Digest,
}

/// A reply that lies in a mailbox.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReplyPosted {
    /// The report that it answers.
    #[schemars(with = "String")]
    pub report_id: ObjectId,
    /// The reply's id.
    #[schemars(with = "String")]
    pub message_id: ObjectId,
    /// The mailbox.
    #[schemars(with = "String")]
    pub mailbox: MailboxId,
    /// Its number in the mailbox.
    pub number: u64,
    /// The day on which the drop took it in.
    #[schemars(with = "String")]
    pub day: Day,
}
