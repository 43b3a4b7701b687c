//! Reports as they are remembered: a row of each, its text, and what coordinators wrote about it, to be searched.
//!
//! The rows are one small file, which every list reads. The texts, normalised as they are searched, lie in volumes of a few
//! megabytes, which only a search reads, one after another: ten thousand reports need no more memory than one volume, and
//! a new report rewrites no more than the rows and the last volume. What is damaged, or was written in another form, is
//! forgotten, and the reports are looked at again. What another process has written since is taken in before anything
//! is written here: the rows are what it wrote, with what was learnt here.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use kua_protocol::id::{Digest, ObjectId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::SealedFolder;
use super::listed::LISTED;
use crate::error::Error;
use crate::inspect::{Inspected, ReportView};

mod cases;
mod learnt;
mod saving;
mod searching;
mod texts;
mod volume;

use self::cases::Case;
use self::learnt::Learnt;
use self::texts::Texts;

/// The form of what is remembered. What another version remembered in another form is learnt anew.
pub const FORM: u32 = 6;

/// The file with the rows.
const ROWS: &str = "reports.age";
/// The beginning of the names of volumes with the texts of reports.
const VOLUME: &str = "text-";
/// The beginning of the names of volumes with what coordinators wrote.
const NOTES: &str = "notes-";

/// The reports of one drop.
pub struct ReportCache {
    folder: SealedFolder,
    rows: Rows,
    /// The stamp of the file that the rows were read from or written to last.
    stamp: Option<Digest>,
    /// What the file does not have yet.
    learnt: Learnt,
    /// The texts of reports.
    texts: Texts,
    /// What coordinators wrote about reports.
    notes: Texts,
    /// Reports whose texts a search did not find where they should be.
    lost: BTreeSet<ObjectId>,
    saved: Instant,
}

/// The rows as they are written.
#[derive(Clone, Serialize, Deserialize)]
struct Rows {
    form: u32,
    reports: BTreeMap<ObjectId, ReportView>,
    /// What the case logs came to, of the reports that have one.
    cases: BTreeMap<ObjectId, Case>,
    /// The roster under which the cases are so.
    roster: Option<Digest>,
    /// The names of the volumes with the texts of reports; the last one may not be full.
    volumes: Vec<String>,
    /// The names of those with what coordinators wrote.
    notes: Vec<String>,
    /// The digest of what the drop said last, which has a file of its own.
    listed: Option<Digest>,
}

impl Default for Rows {
    fn default() -> Self {
        Self {
            form: FORM,
            reports: BTreeMap::new(),
            cases: BTreeMap::new(),
            roster: None,
            volumes: Vec::new(),
            notes: Vec::new(),
            listed: None,
        }
    }
}

impl ReportCache {
    /// Reads the rows. What is damaged, or of another form, counts as nothing.
    ///
    /// # Errors
    ///
    /// When a file is there and cannot be read.
    pub fn open(folder: SealedFolder) -> Result<Self, Error> {
        // Rows that are written between the two are read once more later, and none of them is missed.
        let stamp = folder.stamp(ROWS)?;
        let rows = read(&folder)?.unwrap_or_default();
        Ok(Self {
            folder,
            rows,
            stamp,
            learnt: Learnt::default(),
            texts: Texts::new(VOLUME),
            notes: Texts::new(NOTES),
            lost: BTreeSet::new(),
            saved: Instant::now(),
        })
    }

    /// Gives what is known of a report.
    pub fn view(&self, id: &ObjectId) -> Option<&ReportView> {
        self.rows.reports.get(id)
    }

    /// Takes in what a report turned out to be. Gives what was known of it before.
    pub fn learn(&mut self, id: ObjectId, inspected: Inspected) -> Option<ReportView> {
        let Inspected { view, text } = inspected;
        let before = self.rows.reports.get(&id).cloned();
        let other_text = before.as_ref().is_none_or(|before| before.text() != view.text());
        // A beginning says nothing against what was checked to its end.
        let known_better = before.as_ref().is_some_and(ReportView::is_verified) && !view.is_verified();
        if known_better && other_text {
            return before;
        }
        if self.lost.remove(&id) || other_text {
            self.texts.put(id, text, before.is_some());
            self.learnt.report(id);
        }
        if !known_better && before.as_ref() != Some(&view) {
            self.learnt.report(id);
            self.rows.reports.insert(id, view);
        }
        before
    }

    /// Takes in what a whole report, checked against its id, turned out to be. Says whether the drop had shown something
    /// else before.
    pub fn correct(&mut self, id: ObjectId, verified: Inspected) -> bool {
        let shown = self.learn(id, verified);
        shown.is_some_and(|shown| Some(&shown.verified()) != self.view(&id))
    }

    /// Forgets what the drop has no more, of all that it lists.
    pub fn keep_only(&mut self, listed: &BTreeSet<ObjectId>) {
        let gone: Vec<ObjectId> =
            self.rows.reports.keys().filter(|id| !listed.contains(*id)).copied().collect();
        for id in gone {
            self.rows.reports.remove(&id);
            self.texts.put(id, None, true);
            self.forget_case(id);
            self.learnt.forget(id);
        }
    }

    /// Forgets that a report was sealed to others, which it was until a grant came: nobody made that up.
    pub fn forget_closed(&mut self, id: ObjectId) {
        if matches!(self.view(&id), Some(ReportView::NotForYou { .. })) {
            self.rows.reports.remove(&id);
            self.learnt.reopen(id);
        }
    }

    /// Keeps what the drop listed, at once: what comes next may fail. Where nothing is new, nothing is written.
    ///
    /// # Errors
    ///
    /// When it cannot be written; those of what gives the bytes.
    pub(super) fn keep_listed(
        &mut self,
        digest: Digest,
        bytes: impl FnOnce() -> Result<Zeroizing<Vec<u8>>, Error>,
    ) -> Result<(), Error> {
        if self.rows.listed != Some(digest) {
            let bytes = bytes()?;
            let _turn = self.folder.turn()?;
            self.folder.put(LISTED, &bytes)?;
            self.learnt.listed = Some((digest, self.folder.stamp(LISTED)?));
            self.rows.listed = Some(digest);
        }
        Ok(())
    }
}

/// Reads the rows; none when there are none, or they are damaged or of another form.
fn read(folder: &SealedFolder) -> Result<Option<Rows>, Error> {
    match folder.recall::<Rows>(ROWS) {
        Err(Error::Damaged(_)) => Ok(None),
        read => Ok(read?.filter(|rows| rows.form == FORM)),
    }
}

#[cfg(test)]
mod tests;
