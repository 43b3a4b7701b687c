//! Writing case logs, on top of what another process has learnt meanwhile.

use std::collections::BTreeSet;

use kua_protocol::id::ObjectId;

use super::{FORM, IDS, INDEX, LogCache, file_of, read_index, read_shelf, shelf_of};
use crate::error::Error;

impl LogCache {
    /// Writes what was learnt and forgotten, together with what another process has learnt meanwhile.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn save(&mut self) -> Result<(), Error> {
        let changed: BTreeSet<u8> = self.learnt.union(&self.forgotten).map(shelf_of).collect();
        if changed.is_empty() && !self.index_changed {
            return Ok(());
        }
        let _turn = self.folder.turn()?;
        for byte in &changed {
            self.write_shelf(*byte)?;
        }
        if !changed.is_empty() {
            self.write_ids()?;
        }
        if self.index_changed {
            self.write_index()?;
        }
        // What could not be written is written the next time.
        self.learnt.clear();
        self.forgotten.clear();
        self.index_changed = false;
        Ok(())
    }

    fn write_ids(&mut self) -> Result<(), Error> {
        let there = self.folder.recall::<BTreeSet<ObjectId>>(IDS)?.unwrap_or_default();
        let mut ids = there.clone();
        ids.extend(&self.learnt);
        ids.retain(|id| !self.forgotten.contains(id));
        if ids != there {
            self.folder.remember(IDS, &ids)?;
        }
        self.ids = Some(ids);
        Ok(())
    }

    fn write_shelf(&mut self, byte: u8) -> Result<(), Error> {
        let there = read_shelf(&self.folder, byte)?;
        let logs = self.loaded.entry(byte).or_default();
        for (report, log) in there.cases {
            if !self.forgotten.contains(&report) {
                logs.cases.entry(report).or_default().merge(log);
            }
        }
        logs.form = FORM;
        self.folder.remember(&file_of(byte), logs)
    }

    fn write_index(&mut self) -> Result<(), Error> {
        let there = read_index(&self.folder)?;
        for (key, name) in there.names {
            self.index.names.entry(key).or_insert(name);
        }
        self.index.since = self.index.since.max(there.since);
        self.index.form = FORM;
        self.folder.remember(INDEX, &self.index)
    }
}
