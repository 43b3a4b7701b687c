//! How what changed comes to sled.

use std::sync::PoisonError;

use super::{Answer, Index};
use crate::ledger::memtable::Which;

/// Changes in memory that are worth being written down: some ten MiB of them.
const MANY: usize = 96 * 1024;

impl Index {
    /// Whether so much has changed that it is worth being written down.
    pub(crate) fn is_full(&self, times: usize) -> bool {
        self.objects.young() + self.days.young() + self.owners.young() >= MANY * times
    }

    /// Cuts off what has changed, so that another thread may write it down; nothing when what was cut off before
    /// is not written yet. Whoever applies frames calls it, between two of them: what leaves belongs together.
    pub(crate) fn cut(&self) -> bool {
        let Ok(mut leaving) = self.leaving.try_lock() else { return false };
        !std::mem::replace(&mut *leaving, true) && {
            self.cut_all();
            true
        }
    }

    /// Writes down what was cut off.
    pub(crate) fn write_down(&self) -> Answer<()> {
        let mut leaving = self.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        self.write_down_to(&mut leaving, usize::MAX)
    }

    /// Writes down all that has changed; for whoever applies frames.
    pub(crate) fn write_down_all(&self) -> Answer<()> {
        let mut leaving = self.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        self.write_down_to(&mut leaving, usize::MAX)?;
        self.cut_all();
        *leaving = true;
        self.write_down_to(&mut leaving, usize::MAX)
    }

    fn cut_all(&self) {
        self.objects.cut();
        self.days.cut();
        self.owners.cut();
        self.asked.cut();
        self.read.cut();
    }

    /// An object is listed only while its record is there, and a listing goes before the record changes that leads
    /// to it; so the same frames put right what a crash cut short at any place. The marks say that all else is
    /// written, hence come last.
    pub(super) fn write_down_to(&self, leaving: &mut bool, steps: usize) -> Answer<()> {
        if !*leaving {
            return Ok(());
        }
        let in_order: [&dyn Fn() -> Answer<()>; 8] = [
            &|| self.days.write_down(Which::Removals),
            &|| self.owners.write_down(Which::Removals),
            &|| self.asked.write_down(Which::Removals),
            &|| self.objects.write_down(Which::All),
            &|| self.days.write_down(Which::Insertions),
            &|| self.owners.write_down(Which::Insertions),
            &|| self.asked.write_down(Which::Insertions),
            &|| self.read.write_down(Which::All),
        ];
        in_order.iter().take(steps).try_for_each(|step| step())?;
        self.objects.let_go();
        self.days.let_go();
        self.owners.let_go();
        self.asked.let_go();
        self.read.let_go();
        *leaving = false;
        Ok(())
    }
}
