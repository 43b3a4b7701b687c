//! Reports of a list.

use std::collections::BTreeMap;
use std::path::PathBuf;

use kua_protocol::api::{Deletion, ReportRow, TimeLeft};
use kua_protocol::day::Day;
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_report::vocabulary::Severity;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cache::ReportCache;
use crate::case::Cases;
use crate::error::Error;
use crate::inbox::{Listing, Membership};
use crate::inspect::{CaseProgress, ReportView, Summary};

/// Everything that there is to say of one report of a list.
pub struct InboxLine<'a> {
    /// The row as the drop lists it.
    pub row: &'a ReportRow,
    /// The report, or why it could not be inspected.
    pub view: Result<&'a ReportView, &'a Error>,
    /// The progress of the work on it, where its case log can be read.
    pub progress: Option<CaseProgress>,
    /// The thread that it says it belongs to.
    pub thread: Option<Membership>,
    /// Whether the drop dates it on a day that is not reached yet.
    pub false_day: bool,
}

impl<'a> InboxLine<'a> {
    /// Gives the lines of a listing. One of which nothing is known has none.
    pub fn of(listing: &'a Listing, known: &'a ReportCache, cases: &Cases) -> Vec<Self> {
        let lines = listing.rows.iter().filter_map(|row| {
            let id = row.report_id;
            let view = known.view(&id).map(Ok).or_else(|| listing.failed.get(&id).map(Err))?;
            let thread = view.ok().and_then(ReportView::summary);
            let thread = thread.and_then(|summary| Membership::of(summary, known));
            let (progress, false_day) = (known.progress(row), cases.session().is_false_day(row.day));
            Some(Self { row, view, progress, thread, false_day })
        });
        lines.collect()
    }

    /// Gives a few words of the report, where it opened.
    pub fn summary(&self) -> Option<&'a Summary> {
        self.view.ok().and_then(ReportView::summary)
    }

    /// Gives how urgent the report is: what a coordinator said, else what it says itself.
    pub fn severity(&self) -> Option<Severity> {
        let said = self.progress.as_ref().and_then(|progress| progress.severity);
        self.summary().and_then(|summary| said.or(summary.severity))
    }
}

/// A report of the list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InboxRow {
    /// The report's id.
    #[schemars(with = "String")]
    report_id: ObjectId,
    /// The day on which the drop took it in.
    #[schemars(with = "String")]
    day: Day,
    /// Its sealed bytes.
    size: u64,
    /// The mailbox that sent it.
    #[schemars(with = "Option<String>")]
    mailbox: Option<MailboxId>,
    /// Its title.
    title: Option<String>,
    /// The codes of what was done.
    acts: Vec<String>,
    /// Where, in a line.
    place: Option<String>,
    /// The code of how urgent it is, by a coordinator's word or its own.
    severity: Option<&'static str>,
    /// Its language, as a BCP 47 tag.
    language: Option<String>,
    /// The first report of the thread that it names.
    #[schemars(with = "Option<String>")]
    thread: Option<ObjectId>,
    /// Whether it is proven to belong there.
    thread_proven: Option<bool>,
    /// The objects of its case log.
    entries: u32,
    /// The code of how far the work on it has come.
    status: Option<&'static str>,
    /// The name of whoever works on it.
    assignee: Option<String>,
    /// The labels that are on.
    labels: Vec<String>,
    /// Whether people who had not seen each other's word said different things.
    disputed: bool,
    /// How many files came with it.
    attachments: Option<usize>,
    /// Whether all of it was read and agreed with its id.
    verified: bool,
    /// Why it could not be inspected: `not-for-you`, or a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// Who wants it deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_asked: Option<Asked>,
    /// Days that the drop still has to earn until the report goes, where its time is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    expired: Option<u32>,
    /// Whether the drop dates it on a day that is not reached yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    false_day: bool,
}

/// Who wants a report deleted, and how long it can still be kept.
#[derive(Debug, Serialize, JsonSchema)]
struct Asked {
    #[schemars(with = "String")]
    by: PublicKey,
    name: String,
    #[schemars(with = "String")]
    day: Day,
    /// Days of which the drop serves half or more, and hours of serving: both have to pass.
    #[schemars(with = "BTreeMap<String, u32>")]
    left: TimeLeft,
}

impl InboxRow {
    /// Gives a line as programs get it.
    pub fn of(line: &InboxLine<'_>, cases: &Cases) -> Self {
        let InboxLine { row, view, progress, thread, false_day } = line;
        let summary = line.summary();
        let progress = progress.as_ref().filter(|_| summary.is_some());
        // The key of somebody whose name was never seen.
        let name = |key: &PublicKey| cases.name(key).unwrap_or_else(|| key.to_string());
        let asked = row.delete_asked.as_ref().map(|asked| Asked {
            by: asked.by,
            name: name(&asked.by),
            day: asked.day,
            left: asked.left,
        });
        Self {
            report_id: row.report_id,
            day: row.day,
            size: row.size,
            mailbox: row.mailbox,
            title: summary.map(|summary| summary.title.clone()),
            acts: summary.map(|summary| summary.acts.clone()).unwrap_or_default(),
            place: summary.and_then(|summary| summary.place.clone()),
            severity: line.severity().map(Severity::code),
            language: summary.and_then(|summary| summary.language.clone()),
            thread: thread.map(|thread| thread.first),
            thread_proven: thread.map(|thread| thread.is_proven()),
            entries: row.entries,
            status: progress.map(|progress| progress.status.code()),
            assignee: progress.and_then(|progress| progress.assignee.as_ref()).map(name),
            labels: progress.map(|progress| progress.labels.clone()).unwrap_or_default(),
            disputed: progress.is_some_and(|progress| progress.disputed),
            attachments: summary.map(|summary| summary.attachments),
            verified: view.is_ok_and(ReportView::is_verified),
            error: match view {
                Ok(ReportView::Open(_)) => None,
                Ok(ReportView::NotForYou { .. }) => Some("not-for-you".to_owned()),
                Err(error) => Some(error.to_string()),
            },
            delete_asked: asked,
            expired: row.expired,
            false_day: *false_day,
        }
    }
}

/// What a wish to delete or keep a report came to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeletionView {
    /// `deleted`, `asked` with the time `left`, or `kept`.
    #[serde(flatten)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub deletion: Deletion,
    /// The report.
    #[schemars(with = "String")]
    pub report_id: ObjectId,
}

/// A report that was saved as it is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SavedReport {
    /// The report's id.
    #[schemars(with = "String")]
    pub report_id: ObjectId,
    /// Its sealed bytes.
    pub size: u64,
    /// The file.
    pub path: PathBuf,
}
