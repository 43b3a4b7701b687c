//! What is remembered of case logs: what they came to, and whether that still holds.

use std::collections::BTreeSet;

use kua_protocol::api::ReportRow;
use kua_protocol::id::{Digest, ObjectId};
use serde::{Deserialize, Serialize};

use super::ReportCache;
use crate::inspect::{CaseDigest, CaseProgress};

/// More entries than any log has: it has to be read.
const UNREAD: u32 = u32::MAX;

/// What a case log came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Case {
    /// How many entries the drop listed then.
    pub(super) entries: u32,
    progress: Option<CaseProgress>,
    /// Whether there are texts of it to be searched.
    pub(super) noted: bool,
}

impl Case {
    /// Says whether more of the log was read than of another.
    pub(super) fn is_newer_than(&self, other: &Self) -> bool {
        self.entries != UNREAD && other.entries != UNREAD && self.entries > other.entries
    }
}

impl ReportCache {
    /// Says whether a case log is known as it is now: with as many entries as the drop lists, and under this roster.
    pub fn knows_case(&self, row: &ReportRow, roster: Digest) -> bool {
        let case = self.rows.cases.get(&row.report_id);
        row.entries == 0
            || case.is_some_and(|case| case.entries == row.entries && self.rows.roster == Some(roster))
    }

    /// Tells how far the work on a report has come, as far as is known; none when its case log cannot be read.
    pub fn progress(&self, row: &ReportRow) -> Option<CaseProgress> {
        match self.rows.cases.get(&row.report_id) {
            // What was noted may still wait to be sent.
            None if row.entries == 0 => Some(CaseProgress::default()),
            case => case.and_then(|case| case.progress.clone()),
        }
    }

    /// Remembers what a case log with so many entries came to under this roster; none when it cannot be read.
    pub fn set_case(&mut self, report: ObjectId, entries: u32, roster: Digest, digest: Option<CaseDigest>) {
        if self.rows.roster != Some(roster) {
            // Who counts may be others now.
            self.rows.cases.values_mut().for_each(|case| case.entries = 0);
            self.rows.roster = Some(roster);
            self.learnt.roster();
        }
        self.learnt.case(report);
        let known = self.rows.cases.get(&report).is_some_and(|case| case.noted);
        let (progress, text) = digest.map(|CaseDigest { progress, text }| (progress, text)).unzip();
        let text = text.filter(|text| !text.is_empty());
        let noted = text.is_some();
        if noted || known {
            self.notes.put(report, text, known);
        }
        self.rows.cases.insert(report, Case { entries, progress, noted });
    }

    /// Forgets a case log.
    pub(super) fn forget_case(&mut self, report: ObjectId) {
        if let Some(case) = self.rows.cases.remove(&report) {
            self.learnt.case(report);
            if case.noted {
                self.notes.put(report, None, true);
            }
        }
    }

    /// The reports about which coordinators wrote anything.
    pub(super) fn noted(&self) -> BTreeSet<ObjectId> {
        self.rows.cases.iter().filter(|(_, case)| case.noted).map(|(id, _)| *id).collect()
    }

    /// Marks these logs to be read again, since their texts are missing.
    pub(super) fn read_again(&mut self, reports: &BTreeSet<ObjectId>) {
        for report in reports {
            if let Some(case) = self.rows.cases.get_mut(report) {
                *case = Case { entries: UNREAD, progress: case.progress.take(), noted: false };
            }
        }
    }
}
