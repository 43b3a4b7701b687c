//! What a coordinator's client remembers of the reports of a drop: a row of each, and its text, to be searched.
//!
//! Everything is sealed to the coordinator's own key. The rows are one small file, which every list reads. The texts, folded
//! as they are searched, lie in volumes of a few megabytes, which only a search reads, one after another: ten thousand
//! reports need no more memory than one volume, and a new report rewrites no more than the rows and the last volume.
//! What is damaged, or was written in another form, is forgotten, and the reports are looked at again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use kua_protocol::api::ReportRow;
use kua_protocol::id::{Digest, ObjectId};
use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::cache::Cache;
use crate::error::Error;
use crate::summary::{Learnt, Progress, Seen};

mod volume;

/// The form of what is remembered. What another version remembered in another form is learnt anew.
pub const FORM: u32 = 4;

/// The file with the rows.
const ROWS: &str = "reports.age";
/// What the names of volumes begin with.
const VOLUME: &str = "text-";
/// A volume with as many bytes of text takes no more.
const FULL: usize = 4 << 20;
/// What was learnt is saved every so often.
const SAVED_EVERY: Duration = Duration::from_secs(10);

/// A coordinator's memory of the reports of one drop.
pub struct Memory<'a> {
    cache: Cache<'a>,
    rows: Rows,
    /// Texts that lie in no volume yet.
    fresh: BTreeMap<ObjectId, Zeroizing<String>>,
    /// Reports whose texts in the volumes are out of date or to be forgotten.
    stale: BTreeSet<ObjectId>,
    /// Reports whose texts a search did not find where they should be.
    lost: BTreeSet<ObjectId>,
    /// How many bytes of text lie in no volume yet.
    fresh_bytes: usize,
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
    /// The names of the volumes; the last one may not be full.
    volumes: Vec<String>,
}

impl Default for Rows {
    fn default() -> Self {
        Self {
            form: FORM,
            reports: BTreeMap::new(),
            cases: BTreeMap::new(),
            roster: None,
            volumes: Vec::new(),
        }
    }
}

/// What a case log came to.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Case {
    /// How many entries the drop listed then.
    entries: u32,
    progress: Option<Progress>,
}

impl<'a> Memory<'a> {
    /// Reads the rows. What is damaged, or of another form, counts as nothing.
    ///
    /// # Errors
    ///
    /// When a file is there and cannot be read.
    pub fn open(cache: Cache<'a>) -> Result<Self, Error> {
        let bytes = match cache.get(ROWS) {
            Err(Error::Damaged(_)) => None,
            read => read?,
        };
        let rows = bytes.and_then(|bytes| serde_json::from_slice::<Rows>(&bytes).ok());
        let rows = rows.filter(|rows| rows.form == FORM);
        let rows = rows.unwrap_or_default();
        Ok(Self {
            cache,
            rows,
            fresh: BTreeMap::new(),
            stale: BTreeSet::new(),
            lost: BTreeSet::new(),
            fresh_bytes: 0,
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
            self.stale.extend(before.is_some().then_some(id));
            self.fresh.remove(&id);
            if let Some(text) = text {
                self.fresh_bytes += text.len();
                self.fresh.insert(id, text);
            }
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
            self.rows.cases.remove(&id);
            self.fresh.remove(&id);
            self.stale.insert(id);
        }
    }

    /// Forgets that a report was sealed to others, which it was until a grant came: nobody made that up.
    pub fn forget_closed(&mut self, id: ObjectId) {
        if matches!(self.seen(&id), Some(Seen::NotForYou { .. })) {
            self.changed = true;
            self.rows.reports.remove(&id);
        }
    }

    /// Whether a case log is known as it is now: with as many entries as the drop lists, and under this roster.
    pub fn knows_case(&self, row: &ReportRow, roster: Digest) -> bool {
        let case = self.rows.cases.get(&row.report_id);
        row.entries == 0
            || case.is_some_and(|case| case.entries == row.entries && self.rows.roster == Some(roster))
    }

    /// How far the work on a report has come, as far as is known; none when its case log cannot be read.
    pub fn progress(&self, row: &ReportRow) -> Option<Progress> {
        match self.rows.cases.get(&row.report_id) {
            _ if row.entries == 0 => Some(Progress::default()),
            case => case.and_then(|case| case.progress.clone()),
        }
    }

    /// Remembers what a case log came to under this roster; none when it cannot be read.
    pub fn set_case(&mut self, row: &ReportRow, roster: Digest, progress: Option<Progress>) {
        if self.rows.roster != Some(roster) {
            // Who counts may be others now.
            self.rows.cases.values_mut().for_each(|case| case.entries = 0);
            self.rows.roster = Some(roster);
        }
        self.changed = true;
        self.rows.cases.insert(row.report_id, Case { entries: row.entries, progress });
    }

    /// The reports in which all of these folded words occur. Those whose texts are [`lost`](Self::lost) are none of them.
    ///
    /// # Errors
    ///
    /// When a volume is there and cannot be read.
    pub fn search(&mut self, words: &[String]) -> Result<BTreeSet<ObjectId>, Error> {
        let finders: Vec<Finder> = words.iter().map(|word| Finder::new(word.as_bytes())).collect();
        let has_all = |text: &[u8]| finders.iter().all(|finder| finder.find(text).is_some());
        let open = self.rows.reports.iter().filter(|(_, seen)| seen.text().is_some());
        let (mut missed, mut found) = (open.map(|(id, _)| *id).collect::<BTreeSet<_>>(), BTreeSet::new());
        let mut look = |id: ObjectId, text: &[u8]| {
            if missed.remove(&id) && has_all(text) {
                found.insert(id);
            }
        };
        for (id, text) in &self.fresh {
            look(*id, text.as_bytes());
        }
        for name in &self.rows.volumes {
            let bytes = self.volume(name)?;
            for (id, text) in volume::decode(&bytes).unwrap_or_default() {
                if !self.stale.contains(&id) {
                    look(id, text);
                }
            }
        }
        self.lost = missed;
        Ok(found)
    }

    /// The reports whose texts the last search did not find, since a volume is missing or damaged. They have to be looked
    /// at again.
    pub fn lost(&self) -> &BTreeSet<ObjectId> {
        &self.lost
    }

    /// The bytes of a volume; none when it is missing or damaged.
    fn volume(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        match self.cache.get_padded(name) {
            Err(Error::Damaged(_)) => Ok(Zeroizing::default()),
            read => Ok(read?.unwrap_or_default()),
        }
    }

    /// Writes what was learnt every so often, so that long work over a bad line is not for nothing, and before much of it
    /// is in memory.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn save_in_passing(&mut self) -> Result<(), Error> {
        let due = self.saved.elapsed() > SAVED_EVERY || self.fresh_bytes > FULL;
        if due { self.save() } else { Ok(()) }
    }

    /// Writes what was learnt and forgotten since the last time. The rows come last: until then they name the volumes
    /// that were there before.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn save(&mut self) -> Result<(), Error> {
        self.saved = Instant::now();
        if !self.changed {
            return Ok(());
        }
        self.write_volumes()?;
        let rows = serde_json::to_vec(&self.rows).map_err(|error| Error::System(error.to_string()))?;
        self.cache.put(ROWS, &Zeroizing::new(rows))?;
        self.changed = false;
        self.cache.remove_others(VOLUME, &self.rows.volumes)
    }

    /// Gathers what is new, what is left of volumes with something stale in them, and the volume that is not full, and
    /// writes all that to new volumes.
    fn write_volumes(&mut self) -> Result<(), Error> {
        let mut texts = std::mem::take(&mut self.fresh);
        self.fresh_bytes = 0;
        let stale = std::mem::take(&mut self.stale);
        if texts.is_empty() && stale.is_empty() {
            return Ok(());
        }
        let last = self.rows.volumes.len().saturating_sub(1);
        for (n, name) in std::mem::take(&mut self.rows.volumes).into_iter().enumerate() {
            if stale.is_empty() && n < last {
                self.rows.volumes.push(name);
                continue;
            }
            let bytes = self.volume(&name)?;
            let Some(there) = volume::decode(&bytes) else { continue };
            let length: usize = there.iter().map(|(_, text)| text.len()).sum();
            if there.iter().any(|(id, _)| stale.contains(id)) || (n == last && length < FULL) {
                let kept = there.into_iter().filter(|(id, _)| !stale.contains(id));
                texts.extend(kept.filter_map(|(id, text)| {
                    Some((id, Zeroizing::new(std::str::from_utf8(text).ok()?.to_owned())))
                }));
            } else {
                self.rows.volumes.push(name);
            }
        }
        let mut texts: Vec<_> = texts.iter().collect();
        while !texts.is_empty() {
            let mut length = 0;
            let fits = texts.iter().take_while(|(_, text)| {
                let before = length;
                length += text.len();
                before < FULL
            });
            let rest = texts.split_off(fits.count());
            let volume = volume::encode(texts.iter().map(|(id, text)| (**id, text.as_bytes())));
            let name = format!("{VOLUME}{:016x}.age", random()?);
            self.cache.put(&name, &volume)?;
            self.rows.volumes.push(name);
            texts = rest;
        }
        Ok(())
    }
}

fn random() -> Result<u64, Error> {
    getrandom::u64().map_err(|error| Error::System(error.to_string()))
}

#[cfg(test)]
mod tests;
