//! Whether a follow-up belongs to the thread that it names.
//!
//! Two things make a proof. The follow-up carries a statement of its own mailbox key about this drop, the thread's first
//! report and the follow-up's own number. And the first report, opened here and whole, names the same key: without that,
//! anybody could sign himself into the thread of somebody else.

use kua_protocol::id::ObjectId;

use crate::cache::ReportCache;
use crate::inspect::{DISAGREES, ReportView, Summary};

/// How sure it is that a follow-up belongs to the thread that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The same mailbox key stands in the first report and signed that this one follows it.
    Proven,
    /// Nothing speaks against it, and not all of both reports was read here.
    Unproven,
    /// Its statement does not hold, or the first report is another person's.
    Refuted,
}

/// The thread of a report, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The first report of the thread.
    pub first: ObjectId,
    /// How sure it is.
    pub standing: Standing,
}

impl Membership {
    /// The thread of a report, judged by what is known of its first one; none for a report that follows none.
    pub fn of(summary: &Summary, known: &ReportCache) -> Option<Self> {
        let first = summary.thread?;
        let same_sender = |other: &Summary| summary.sender.is_some() && other.sender == summary.sender;
        let standing = match known.view(&first) {
            _ if !summary.disagreements.is_empty() => Standing::Refuted,
            Some(ReportView::Open(start)) if start.verified && !same_sender(start) => Standing::Refuted,
            Some(ReportView::Open(start)) if start.verified && summary.verified => Standing::Proven,
            _ => Standing::Unproven,
        };
        Some(Self { first, standing })
    }

    /// Whether it is proven.
    pub fn is_proven(&self) -> bool {
        self.standing == Standing::Proven
    }
}

/// Everything that is wrong with a report, its place in a thread included.
pub fn disagreements<'a>(summary: &'a Summary, membership: Option<&Membership>) -> Vec<&'a str> {
    let mut found: Vec<&str> = summary.disagreements.iter().map(String::as_str).collect();
    if found.is_empty() && membership.is_some_and(|thread| thread.standing == Standing::Refuted) {
        found.push(DISAGREES);
    }
    found
}
