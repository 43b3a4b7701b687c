//! What a coordinator's client remembers of the reports of a drop: a row of each, its text, and what coordinators wrote about
//! it, to be searched.
//!
//! Everything is sealed to the coordinator's own key. The rows are one small file, which every list reads. The texts, folded
//! as they are searched, lie in volumes of a few megabytes, which only a search reads, one after another: ten thousand
//! reports need no more memory than one volume, and a new report rewrites no more than the rows and the last volume.
//! What is damaged, or was written in another form, is forgotten, and the reports are looked at again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use kua_protocol::id::{Digest, ObjectId};
use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};

use crate::cache::Cache;
use crate::error::Error;
use crate::summary::{Learnt, Seen};

mod cases;
mod listed;
mod saving;
mod texts;
mod volume;

use self::cases::Case;
pub use self::listed::Listed;
use self::texts::Texts;

/// The form of what is remembered. What another version remembered in another form is learnt anew.
pub const FORM: u32 = 6;

/// The file with the rows.
const ROWS: &str = "reports.age";
/// What the names of volumes begin with.
const VOLUME: &str = "text-";
/// The same for what coordinators wrote.
const NOTES: &str = "notes-";

/// A coordinator's memory of the reports of one drop.
pub struct Memory<'a> {
    cache: Cache<'a>,
    rows: Rows,
    /// The texts of reports.
    texts: Texts,
    /// What coordinators wrote about reports.
    notes: Texts,
    /// Reports whose texts a search did not find where they should be.
    lost: BTreeSet<ObjectId>,
    changed: bool,
    saved: Instant,
}

/// The rows as they are written.
#[derive(Serialize, Deserialize)]
struct Rows {
    form: u32,
    reports: BTreeMap<ObjectId, Seen>,
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

impl<'a> Memory<'a> {
    /// Reads the rows. What is damaged, or of another form, counts as nothing.
    ///
    /// # Errors
    ///
    /// When a file is there and cannot be read.
    pub fn open(cache: Cache<'a>) -> Result<Self, Error> {
        let rows = match cache.recall::<Rows>(ROWS) {
            Err(Error::Damaged(_)) => None,
            read => read?,
        };
        let rows = rows.filter(|rows| rows.form == FORM);
        let rows = rows.unwrap_or_default();
        Ok(Self {
            cache,
            rows,
            texts: Texts::new(VOLUME),
            notes: Texts::new(NOTES),
            lost: BTreeSet::new(),
            changed: false,
            saved: Instant::now(),
        })
    }

    /// What is known of a report.
    pub fn seen(&self, id: &ObjectId) -> Option<&Seen> {
        self.rows.reports.get(id)
    }

    /// Takes in what a report turned out to be. Gives what was known of it before.
    pub fn learn(&mut self, id: ObjectId, learnt: Learnt) -> Option<Seen> {
        let Learnt { seen, text } = learnt;
        let before = self.rows.reports.get(&id).cloned();
        let other_text = before.as_ref().is_none_or(|before| before.text() != seen.text());
        // A beginning says nothing against what was checked to its end.
        let known_better = before.as_ref().is_some_and(Seen::is_verified) && !seen.is_verified();
        if known_better && other_text {
            return before;
        }
        if self.lost.remove(&id) || other_text {
            self.changed = true;
            self.texts.put(id, text, before.is_some());
        }
        if !known_better && before.as_ref() != Some(&seen) {
            self.changed = true;
            self.rows.reports.insert(id, seen);
        }
        before
    }

    /// Takes in what a whole report, checked against its id, turned out to be. Says whether the drop had shown something
    /// else before.
    pub fn correct(&mut self, id: ObjectId, verified: Learnt) -> bool {
        let shown = self.learn(id, verified);
        shown.is_some_and(|shown| Some(&shown.verified()) != self.seen(&id))
    }

    /// Forgets what the drop has no more, of all that it lists.
    pub fn keep_only(&mut self, listed: &BTreeSet<ObjectId>) {
        let gone: Vec<ObjectId> =
            self.rows.reports.keys().filter(|id| !listed.contains(*id)).copied().collect();
        for id in gone {
            self.changed = true;
            self.rows.reports.remove(&id);
            self.texts.put(id, None, true);
            self.forget_case(id);
        }
    }

    /// Forgets that a report was sealed to others, which it was until a grant came: nobody made that up.
    pub fn forget_closed(&mut self, id: ObjectId) {
        if matches!(self.seen(&id), Some(Seen::NotForYou { .. })) {
            self.changed = true;
            self.rows.reports.remove(&id);
        }
    }

    /// The reports in which all of these folded words occur, or in what coordinators wrote about them. Those whose texts are
    /// [`lost`](Self::lost) are none of them; a case log whose texts are is read again.
    ///
    /// # Errors
    ///
    /// When a volume is there and cannot be read.
    pub fn search(&mut self, words: &[String]) -> Result<BTreeSet<ObjectId>, Error> {
        let finders: Vec<Finder> = words.iter().map(|word| Finder::new(word.as_bytes())).collect();
        // A bit for each word.
        let found_in = |text: &[u8]| {
            let found = finders.iter().map(|finder| finder.find(text).is_some());
            found.fold(0_u64, |bits, found| bits << 1 | u64::from(found))
        };
        let all = words.iter().fold(0, |bits, _| bits << 1 | 1);
        let open = self.rows.reports.iter().filter(|(_, seen)| seen.text().is_some());
        let (mut missed, mut found) = (open.map(|(id, _)| *id).collect::<BTreeSet<_>>(), BTreeMap::new());
        self.texts.each(&self.cache, &self.rows.volumes, |id, text| {
            if missed.remove(&id) {
                found.insert(id, found_in(text));
            }
        })?;
        let mut unread = self.noted();
        self.notes.each(&self.cache, &self.rows.notes, |id, text| {
            if unread.remove(&id)
                && let Some(bits) = found.get_mut(&id)
            {
                *bits |= found_in(text);
            }
        })?;
        self.lost = missed;
        self.read_again(&unread);
        Ok(found.into_iter().filter(|(_, bits)| *bits == all).map(|(id, _)| id).collect())
    }

    /// The reports whose texts the last search did not find, since a volume is missing or damaged. They have to be looked
    /// at again.
    pub fn lost(&self) -> &BTreeSet<ObjectId> {
        &self.lost
    }
}

#[cfg(test)]
mod tests;
