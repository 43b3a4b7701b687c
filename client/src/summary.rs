//! What a list of reports says of each, and what a coordinator's client remembers of it.

use std::collections::BTreeMap;

use kua_protocol::id::{DropId, MailboxId, ObjectId};
use kua_report::Report;
use kua_report::vocabulary::Severity;
use serde::{Deserialize, Serialize};

use crate::session;

/// All that is remembered of the reports of a drop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// A report that was looked at, by its id.
    pub reports: BTreeMap<ObjectId, Seen>,
}

/// What came of looking at a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// It opened.
    Open(Box<Summary>),
    /// It is sealed to others.
    NotForYou,
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
    /// How many files came with it.
    pub attachments: usize,
    /// Messages about what it says of itself that does not agree with where it was found.
    pub disagreements: Vec<String>,
    /// Whether all of it was read and agreed with its id. Until then its end may yet prove to be missing.
    pub verified: bool,
}

impl Summary {
    /// A report of this mailbox at this drop, in a few words.
    pub fn of(report: &Report, drop: DropId, mailbox: Option<MailboxId>, verified: bool) -> Self {
        let event = report.event();
        let disagreements = session::disagreements(report, drop, mailbox);
        Self {
            title: event.title.clone(),
            acts: event.acts.iter().map(|act| act.code().to_owned()).collect(),
            place: place(report),
            severity: event.severity,
            attachments: report.attachments().len(),
            disagreements: disagreements.into_iter().map(str::to_owned).collect(),
            verified,
        }
    }
}

/// The place in a line: its name, its country.
fn place(report: &Report) -> Option<String> {
    let place = report.event().place.as_ref()?;
    let parts: Vec<&str> = [&place.name, &place.country].into_iter().flatten().map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
