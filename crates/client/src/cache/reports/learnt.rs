//! Changes that are not written yet, and how they go on top of what another process has written meanwhile.

use std::collections::BTreeSet;

use kua_protocol::id::{Digest, ObjectId};

use super::{ROWS, ReportCache, Rows, read};
use crate::error::Error;
use crate::inspect::ReportView;

/// The reports and case logs whose rows have changed since the last writing. The rows themselves are in memory.
#[derive(Default)]
pub(super) struct Learnt {
    reports: BTreeSet<ObjectId>,
    cases: BTreeSet<ObjectId>,
    /// Reports that the drop has no more.
    forgotten: BTreeSet<ObjectId>,
    /// Reports that were sealed to others until a grant came.
    reopened: BTreeSet<ObjectId>,
    /// Whether the cases are of another roster now.
    roster: bool,
    /// The digest of what the drop listed, and the stamp of the file that it was written to.
    pub(super) listed: Option<(Digest, Option<Digest>)>,
}

impl Learnt {
    pub(super) fn is_empty(&self) -> bool {
        let Self { reports, cases, forgotten, reopened, roster, listed } = self;
        [reports, cases, forgotten, reopened].iter().all(|ids| ids.is_empty()) && !roster && listed.is_none()
    }

    pub(super) fn report(&mut self, id: ObjectId) {
        self.forgotten.remove(&id);
        self.reports.insert(id);
    }

    pub(super) fn case(&mut self, id: ObjectId) {
        self.cases.insert(id);
    }

    pub(super) fn roster(&mut self) {
        self.roster = true;
    }

    pub(super) fn forget(&mut self, id: ObjectId) {
        self.reports.remove(&id);
        self.forgotten.insert(id);
    }

    pub(super) fn reopen(&mut self, id: ObjectId) {
        self.reports.remove(&id);
        self.reopened.insert(id);
    }
}

impl ReportCache {
    /// Takes in what another process has written since the rows were read, and puts what was learnt here on top of it.
    ///
    /// # Errors
    ///
    /// When the file is there and cannot be read.
    pub(super) fn catch_up(&mut self) -> Result<(), Error> {
        let stamp = self.folder.stamp(ROWS)?;
        if stamp == self.stamp {
            return Ok(());
        }
        self.stamp = stamp;
        // Where there is nothing that can be read, what is in memory is all there is.
        if let Some(theirs) = read(&self.folder)? {
            let ours = std::mem::replace(&mut self.rows, theirs);
            self.forget_again();
            self.learn_reports_again(&ours);
            self.learn_cases_again(ours);
        }
        Ok(())
    }

    fn forget_again(&mut self) {
        for id in &self.learnt.forgotten {
            if self.rows.reports.remove(id).is_some() {
                self.texts.supersede(*id);
            }
            if self.rows.cases.remove(id).is_some_and(|case| case.noted) {
                self.notes.supersede(*id);
            }
        }
        for id in &self.learnt.reopened {
            if matches!(self.rows.reports.get(id), Some(ReportView::NotForYou { .. })) {
                self.rows.reports.remove(id);
            }
        }
    }

    fn learn_reports_again(&mut self, ours: &Rows) {
        for id in &self.learnt.reports {
            let Some(view) = ours.reports.get(id) else { continue };
            let theirs = self.rows.reports.get(id);
            let other_text = theirs.is_some_and(|theirs| theirs.text() != view.text());
            let is_better = theirs.is_some_and(|theirs| is_better(theirs, view));
            if is_better && other_text {
                self.texts.withdraw(*id);
                continue;
            }
            if theirs.is_some() && (other_text || self.texts.has_fresh(id)) {
                self.texts.supersede(*id);
            }
            if !is_better {
                self.rows.reports.insert(*id, view.clone());
            }
        }
    }

    fn learn_cases_again(&mut self, mut ours: Rows) {
        if self.learnt.roster && self.rows.roster != ours.roster {
            self.rows.cases.values_mut().for_each(|case| case.entries = 0);
            self.rows.roster = ours.roster;
        }
        let same_roster = self.rows.roster == ours.roster;
        for id in &self.learnt.cases {
            let (case, theirs) = (ours.cases.remove(id), self.rows.cases.get(id));
            let is_newer = theirs.zip(case.as_ref()).is_some_and(|(theirs, ours)| theirs.is_newer_than(ours));
            if same_roster && is_newer {
                self.notes.withdraw(*id);
                continue;
            }
            if theirs.is_some_and(|theirs| theirs.noted) {
                self.notes.supersede(*id);
            }
            match case {
                Some(case) => drop(self.rows.cases.insert(*id, case)),
                None => drop(self.rows.cases.remove(id)),
            }
        }
    }
}

/// Says whether another process knows a report better: it has read all of it, or could open it, or knows the same.
fn is_better(theirs: &ReportView, ours: &ReportView) -> bool {
    let opened_there = theirs.summary().is_some() && ours.summary().is_none();
    theirs == ours || opened_there || (theirs.is_verified() && !ours.is_verified())
}
