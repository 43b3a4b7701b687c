//! What a list of reports says of each, and what a coordinator's client remembers of it.

use std::collections::{BTreeMap, BTreeSet};

use kua_protocol::id::{DropId, MailboxId, ObjectId};
use kua_report::Report;
use kua_report::vocabulary::Severity;
use kua_sealing::OpenError;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::{followup, session};

/// The form of what is remembered. What another version remembered in another form is learnt anew.
const FORM: u32 = 3;

/// All that is remembered of the reports of a drop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    form: u32,
    /// A report that was looked at, by its id.
    pub reports: BTreeMap<ObjectId, Seen>,
}

impl Default for Remembered {
    fn default() -> Self {
        Self { form: FORM, reports: BTreeMap::new() }
    }
}

impl Remembered {
    /// Whether this version wrote it.
    pub fn is_of_this_form(&self) -> bool {
        self.form == FORM
    }

    /// Forgets what the drop has no more, of all that it lists. Says whether there was any.
    pub fn keep_only(&mut self, listed: &BTreeSet<ObjectId>) -> bool {
        let before = self.reports.len();
        self.reports.retain(|id, _| listed.contains(id));
        self.reports.len() < before
    }

    /// Takes in what whole reports, checked against their ids, turned out to be. Returns those of which the drop had
    /// shown something else before.
    pub fn correct(&mut self, verified: impl IntoIterator<Item = (ObjectId, Seen)>) -> Vec<ObjectId> {
        let mut other = Vec::new();
        for (id, seen) in verified {
            let shown = self.reports.insert(id, seen.clone());
            if shown.is_some_and(|shown| shown.verified() != seen) {
                other.push(id);
            }
        }
        other
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
            Ok(report) => Ok(Self::Open(Box::new(Summary::of(&report, drop, mailbox, verified)))),
            Err(Error::Open { error: OpenError::NotForYou, .. }) => Ok(Self::NotForYou { verified }),
            Err(error) => Err(error),
        }
    }

    /// Whether all of it was read and agreed with its id.
    pub fn is_verified(&self) -> bool {
        match self {
            Self::Open(summary) => summary.verified,
            Self::NotForYou { verified } => *verified,
        }
    }

    /// The same, as if all of it had been read.
    fn verified(mut self) -> Self {
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
            language: event.language.clone(),
            sender: followup::sender(report),
            thread: report
                .routing()
                .thread
                .as_ref()
                .map(|thread| ObjectId::from_bytes(*thread.first.as_bytes())),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(title: &str, verified: bool) -> Seen {
        Seen::Open(Box::new(Summary {
            title: title.into(),
            acts: vec!["01".into()],
            place: None,
            severity: None,
            language: None,
            sender: None,
            thread: None,
            attachments: 1,
            disagreements: Vec::new(),
            verified,
        }))
    }

    #[test]
    fn what_the_drop_showed_before_is_held_against_what_it_serves() {
        let [same, other, for_others, new] = [1, 2, 3, 4].map(|n| ObjectId::from_bytes([n; 32]));
        let mut known = Remembered::default();
        known.reports.insert(same, summary("as it is", false));
        known.reports.insert(other, summary("made up", false));
        known.reports.insert(for_others, Seen::NotForYou { verified: false });
        let verified = [same, other, for_others, new].map(|id| (id, summary("as it is", true)));
        assert_eq!(known.correct(verified), [other, for_others]);
        assert!(known.reports.values().all(|seen| *seen == summary("as it is", true)));
        assert!(known.keep_only(&BTreeSet::from([same, new])));
        assert!(!known.keep_only(&BTreeSet::from([same, new])));
        assert_eq!(known.reports.len(), 2);
    }
}
