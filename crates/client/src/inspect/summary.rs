//! A report in a few words, and the text of it that is searched.

use kua_protocol::id::{Digest, DropId, MailboxId, ObjectId};
use kua_report::vocabulary::Severity;
use kua_report::{PartialDate, Report};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use super::proof;
use crate::search::normalise;

/// A report in a few words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Its title.
    pub title: String,
    /// The codes of what was done.
    pub acts: Vec<String>,
    /// Where, in a line.
    pub place: Option<String>,
    /// How urgent it is.
    pub severity: Option<Severity>,
    /// The language that it is written in, as a BCP 47 tag.
    pub language: Option<String>,
    /// The mailbox that it names as its sender's; none when that is no key.
    pub sender: Option<MailboxId>,
    /// For a follow-up: the first report of its thread, as it says itself.
    pub thread: Option<ObjectId>,
    /// When it happened, the first and the last day that it can have been.
    pub occurred: Option<(PartialDate, PartialDate)>,
    /// How many files came with it.
    pub attachments: usize,
    /// The SHA-256 of its folded text: a drop cannot show one text in the inbox and serve another.
    pub text: Digest,
    /// Messages about what it says of itself that does not agree with where it was found.
    pub disagreements: Vec<String>,
    /// Whether all of it was read and agreed with its id. Until then its end may yet prove to be missing.
    pub verified: bool,
}

impl Summary {
    /// Sums up a report of this mailbox at this drop, and gives its text as it is searched.
    pub fn with_text(
        report: &Report,
        drop: DropId,
        mailbox: Option<MailboxId>,
        verified: bool,
    ) -> (Self, Zeroizing<String>) {
        let event = report.event();
        let text = Zeroizing::new(normalise(&everything_to_read(report)));
        let thread = report.routing().thread.as_ref();
        let occurred = event.occurred.as_ref();
        let summary = Self {
            title: event.title.clone(),
            acts: event.acts.iter().map(|act| act.code().to_owned()).collect(),
            place: place(report),
            severity: event.severity,
            language: event.language.clone(),
            sender: proof::sender(report),
            thread: thread.map(|thread| thread.first),
            occurred: occurred.map(|at| (at.from.days().0, at.to.unwrap_or(at.from).days().1)),
            attachments: report.attachments().len(),
            text: Digest::of(text.as_bytes()),
            disagreements: disagreements(report, drop, mailbox).into_iter().map(str::to_owned).collect(),
            verified,
        };
        (summary, text)
    }
}

/// Finds what a report says about itself that does not agree with where it was found.
fn disagreements(report: &Report, drop: DropId, mailbox: Option<MailboxId>) -> Vec<&'static str> {
    let mut found = Vec::new();
    if report.routing().drop != drop {
        found.push("disagrees-drop");
    }
    if mailbox.is_some() && proof::sender(report) != mailbox {
        found.push("disagrees-mailbox");
    }
    if !proof::holds(report, drop) {
        found.push(proof::DISAGREES);
    }
    found
}

/// Gathers all that a person reads in a report: every text of the event, fields of a later version included, and the names of the
/// files.
fn everything_to_read(report: &Report) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::new());
    // An event of plain fields can always be written.
    gather(&serde_json::to_value(report.event()).unwrap_or_default(), &mut text);
    for file in report.attachments() {
        for name in [Some(file.name.as_str()), file.original_name.as_deref()].into_iter().flatten() {
            text.push_str(name);
            text.push('\n');
        }
    }
    text
}

fn gather(value: &Value, text: &mut String) {
    match value {
        Value::String(string) => {
            text.push_str(string);
            text.push('\n');
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, text)),
        Value::Object(fields) => fields.values().for_each(|value| gather(value, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Writes the place in a line: its name, its country.
fn place(report: &Report) -> Option<String> {
    let place = report.event().place.as_ref()?;
    let parts: Vec<&str> = [&place.name, &place.country].into_iter().flatten().map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
