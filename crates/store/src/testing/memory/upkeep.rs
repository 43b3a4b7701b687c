//! What the keeper of a store in memory can do with it, which is little.

use std::io::Write;

use super::MemoryStore;
use crate::{Checked, Copied, Progress, Status, Store as _, StoreError, Upkeep};

impl Upkeep for MemoryStore {
    fn check(&self, progress: &mut dyn FnMut(Progress)) -> Result<Checked, StoreError> {
        let Status { objects, bytes, .. } = self.status();
        progress(Progress { done: bytes, total: bytes });
        Ok(Checked { objects, bytes, faults: Vec::new() })
    }

    fn backup(
        &self,
        _roster: &[u8],
        _to: &mut dyn Write,
        _progress: &mut dyn FnMut(Progress),
    ) -> Result<Copied, StoreError> {
        Err(StoreError::Backup("a store in memory has none"))
    }
}
