//! One report of the inbox as programs get it.

use kua_protocol::api::TimeLeft;
use kua_protocol::day::Day;
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_report::vocabulary::Severity;
use serde::Serialize;

use super::{Line, severity};
use crate::case::Cases;
use crate::followup::Membership;
use crate::memory::Memory;
use crate::summary::{Progress, Seen};

/// A report of the list. What is not known of it is `null`.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    report_id: ObjectId,
    day: Day,
    size: u64,
    mailbox: Option<MailboxId>,
    title: Option<&'a str>,
    acts: &'a [String],
    place: Option<&'a str>,
    severity: Option<&'static str>,
    language: Option<&'a str>,
    thread: Option<ObjectId>,
    thread_proven: Option<bool>,
    entries: u32,
    status: Option<&'static str>,
    assignee: Option<String>,
    labels: &'a [String],
    disputed: bool,
    attachments: Option<usize>,
    verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
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
#[derive(Serialize)]
struct Asked {
    by: PublicKey,
    name: String,
    day: Day,
    left: TimeLeft,
}

impl<'a> Row<'a> {
    pub(super) fn of(line: &'a Line, cases: &Cases<'_>, known: &Memory<'_>) -> Self {
        let Line { row, seen, progress, false_day } = line;
        let summary = seen.ok().and_then(Seen::summary);
        let progress = progress.as_ref().filter(|_| summary.is_some());
        let thread = summary.and_then(|summary| Membership::of(summary, known));
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
            title: summary.map(|summary| summary.title.as_str()),
            acts: summary.map(|summary| summary.acts.as_slice()).unwrap_or_default(),
            place: summary.and_then(|summary| summary.place.as_deref()),
            severity: summary.and_then(|summary| severity(summary, progress)).map(Severity::code),
            language: summary.and_then(|summary| summary.language.as_deref()),
            thread: thread.map(|thread| thread.first),
            thread_proven: thread.map(|thread| thread.is_proven()),
            entries: row.entries,
            status: progress.map(|progress| progress.status.code()),
            assignee: progress.and_then(|progress| progress.assignee.as_ref()).map(name),
            labels: progress.map(|progress: &Progress| progress.labels.as_slice()).unwrap_or_default(),
            disputed: progress.is_some_and(|progress| progress.disputed),
            attachments: summary.map(|summary| summary.attachments),
            verified: seen.is_ok_and(Seen::is_verified),
            error: match seen {
                Ok(Seen::Open(_)) => None,
                Ok(Seen::NotForYou { .. }) => Some("not-for-you".to_owned()),
                Err(error) => Some(error.to_string()),
            },
            delete_asked: asked,
            expired: row.expired,
            false_day: *false_day,
        }
    }
}
