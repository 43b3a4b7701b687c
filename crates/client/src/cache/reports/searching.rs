//! Searching the texts of reports, and what coordinators wrote about them.

use std::collections::{BTreeMap, BTreeSet};

use kua_protocol::id::ObjectId;
use memchr::memmem::Finder;

use super::ReportCache;
use crate::error::Error;

impl ReportCache {
    /// Finds the reports in which all of these normalised words occur, or in what coordinators wrote about them. Those whose
    /// texts are [`lost`](Self::lost) are none of them; a case log whose texts are is read again.
    ///
    /// # Errors
    ///
    /// When a volume is there and cannot be read.
    pub fn search(&mut self, words: &[String]) -> Result<BTreeSet<ObjectId>, Error> {
        self.catch_up()?;
        let stamp = self.stamp;
        let found = self.search_once(words)?;
        // Another process may have put its volumes into the place of those that were to be read.
        self.catch_up()?;
        if self.stamp == stamp { Ok(found) } else { self.search_once(words) }
    }

    fn search_once(&mut self, words: &[String]) -> Result<BTreeSet<ObjectId>, Error> {
        let finders: Vec<Finder> = words.iter().map(|word| Finder::new(word.as_bytes())).collect();
        // A bit for each word.
        let found_in = |text: &[u8]| {
            let found = finders.iter().map(|finder| finder.find(text).is_some());
            found.fold(0_u64, |bits, found| bits << 1 | u64::from(found))
        };
        let all = words.iter().fold(0, |bits, _| bits << 1 | 1);
        let open = self.rows.reports.iter().filter(|(_, view)| view.text().is_some());
        let (mut missed, mut found) = (open.map(|(id, _)| *id).collect::<BTreeSet<_>>(), BTreeMap::new());
        self.texts.each(&self.folder, &self.rows.volumes, |id, text| {
            if missed.remove(&id) {
                found.insert(id, found_in(text));
            }
        })?;
        let mut unread = self.noted();
        self.notes.each(&self.folder, &self.rows.notes, |id, text| {
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

    /// Gives the reports whose texts the last search did not find, since a volume is missing or damaged. They have to be
    /// looked at again.
    pub fn lost(&self) -> &BTreeSet<ObjectId> {
        &self.lost
    }
}
