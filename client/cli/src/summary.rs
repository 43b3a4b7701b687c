//! What a list of reports says of each, and what a coordinator's client remembers of it.

use kua_caselog::State;
use kua_protocol::entry::Status;
use kua_protocol::id::{Digest, DropId, MailboxId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_report::vocabulary::Severity;
use kua_report::{PartialDate, Report};
use kua_sealing::OpenError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::folding::fold;
use crate::followup;

/// What was learnt by looking at a report: what a list says of it, and its text as it is searched.
pub struct Learnt {
    /// What came of looking.
    pub seen: Seen,
    /// Everything in it that a person reads, folded; none when it did not open.
    pub text: Option<Zeroizing<String>>,
}

impl Learnt {
    /// What came of opening a report that lies in this mailbox at this drop.
    ///
    /// # Errors
    ///
    /// When opening it failed for another reason than that it is sealed to others.
    pub fn of(
        opened: Result<Report, Error>,
        drop: DropId,
        mailbox: Option<MailboxId>,
        verified: bool,
    ) -> Result<Self, Error> {
        match opened {
            Ok(report) => Ok(Self::open(Summary::with_text(&report, drop, mailbox, verified))),
            Err(Error::Open { error: OpenError::NotForYou, .. }) => {
                Ok(Self { seen: Seen::NotForYou { verified }, text: None })
            }
            Err(error) => Err(error),
        }
    }

    /// A report that opened.
    pub fn open((summary, text): (Summary, Zeroizing<String>)) -> Self {
        Self { seen: Seen::Open(Box::new(summary)), text: Some(text) }
    }
}

/// What came of looking at a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// It opened.
    Open(Box<Summary>),
    /// It is sealed to others, as far as was read.
    NotForYou {
        /// Whether all of it was read and agreed with its id.
        verified: bool,
    },
}

impl Seen {
    /// A report in a few words, if it opened.
    pub fn summary(&self) -> Option<&Summary> {
        match self {
            Self::Open(summary) => Some(summary),
            Self::NotForYou { .. } => None,
        }
    }

    /// The digest of its text, if it opened.
    pub fn text(&self) -> Option<Digest> {
        self.summary().map(|summary| summary.text)
    }

    /// Whether all of it was read and agreed with its id.
    pub fn is_verified(&self) -> bool {
        match self {
            Self::Open(summary) => summary.verified,
            Self::NotForYou { verified } => *verified,
        }
    }

    /// The same, as if all of it had been read.
    #[must_use]
    pub fn verified(mut self) -> Self {
        match &mut self {
            Self::Open(summary) => summary.verified = true,
            Self::NotForYou { verified } => *verified = true,
        }
        self
    }
}

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
    /// A report of this mailbox at this drop, in a few words, and its text as it is searched.
    pub fn with_text(
        report: &Report,
        drop: DropId,
        mailbox: Option<MailboxId>,
        verified: bool,
    ) -> (Self, Zeroizing<String>) {
        let event = report.event();
        let text = Zeroizing::new(fold(&everything_to_read(report)));
        let thread = report.routing().thread.as_ref();
        let occurred = event.occurred.as_ref();
        let summary = Self {
            title: event.title.clone(),
            acts: event.acts.iter().map(|act| act.code().to_owned()).collect(),
            place: place(report),
            severity: event.severity,
            language: event.language.clone(),
            sender: followup::sender(report),
            thread: thread.map(|thread| ObjectId::from_bytes(*thread.first.as_bytes())),
            occurred: occurred.map(|at| (at.from.days().0, at.to.unwrap_or(at.from).days().1)),
            attachments: report.attachments().len(),
            text: Digest::of(text.as_bytes()),
            disagreements: disagreements(report, drop, mailbox).into_iter().map(str::to_owned).collect(),
            verified,
        };
        (summary, text)
    }
}

/// How far the coordinators' work on a report has come, as a list shows it and a filter asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// How far.
    pub status: Status,
    /// How urgent it is, where a coordinator said so.
    pub severity: Option<Severity>,
    /// The signing key of the one who works on it.
    pub assignee: Option<PublicKey>,
    /// The labels that are on, sorted.
    pub labels: Vec<String>,
    /// Whether people who had not seen each other's word said different things.
    pub disputed: bool,
}

/// What a case log came to: what a list says of it, and what coordinators wrote, as it is searched.
pub struct Told {
    /// What a list says of it.
    pub progress: Progress,
    /// Notes, answers, labels, and to whom it was handed out, folded.
    pub text: Zeroizing<String>,
}

impl Told {
    /// A case, to be remembered.
    pub fn of(state: &State) -> Self {
        let notes = state.notes.iter().map(|note| note.text.as_str());
        let answers = state.replies.iter().map(|answer| answer.text.as_str());
        let others = state.handed_out.iter().map(|handed| handed.to.as_str());
        let texts: Vec<&str> = notes.chain(answers).chain(others).chain(state.labels()).collect();
        Self { progress: Progress::of(state), text: Zeroizing::new(fold(&Zeroizing::new(texts.join("\n")))) }
    }
}

impl Progress {
    /// A case in a few words.
    pub fn of(state: &State) -> Self {
        Self {
            status: state.status.value,
            severity: state.severity.value,
            assignee: state.assignee.value,
            labels: state.labels().map(str::to_owned).collect(),
            disputed: state.is_disputed(),
        }
    }
}

/// What a report says about itself that does not agree with where it was found.
fn disagreements(report: &Report, drop: DropId, mailbox: Option<MailboxId>) -> Vec<&'static str> {
    let mut found = Vec::new();
    if report.routing().drop.as_bytes() != drop.as_bytes() {
        found.push("disagrees-drop");
    }
    if mailbox.is_some() && followup::sender(report) != mailbox {
        found.push("disagrees-mailbox");
    }
    if !followup::holds(report, drop) {
        found.push(followup::DISAGREES);
    }
    found
}

/// All that a person reads in a report: every text of the event, fields of a later version included, and the names of the
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

/// The place in a line: its name, its country.
fn place(report: &Report) -> Option<String> {
    let place = report.event().place.as_ref()?;
    let parts: Vec<&str> = [&place.name, &place.country].into_iter().flatten().map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
