//! Objects that were deleted and are still seen for a while, as where copies of a store agree late.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use tokio::time::Instant;

use crate::{Cursor, Kind, Lookup, ObjectRow, Owner, Page, Store, StoreError};

/// More rows than a test has.
const MANY: usize = 1 << 20;

/// What was deleted of late.
#[derive(Debug, Default)]
pub(super) struct Ghosts {
    /// How long it is still seen.
    time: Duration,
    seen: Mutex<Vec<(Instant, Ghost)>>,
}

/// An object as it was before its deletion.
#[derive(Debug, Clone)]
pub(super) struct Ghost {
    pub(super) row: ObjectRow,
    bytes: Bytes,
}

impl Ghost {
    /// Reads as a store does.
    pub(super) fn read(&self, range: Range<u64>) -> Result<Bytes, StoreError> {
        let size = self.row.size;
        if range.start > range.end || range.end > size {
            return Err(StoreError::OutOfRange { size });
        }
        let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX);
        Ok(self.bytes.slice(at(range.start)..at(range.end)))
    }
}

impl Ghosts {
    /// Ghosts that are seen for so long.
    pub(super) fn of(time: Duration) -> Self {
        Self { time, seen: Mutex::default() }
    }

    /// The object and all that its case owns, as they are now; nothing where no ghosts are seen.
    pub(super) async fn seen_of(&self, store: &dyn Store, id: ObjectId) -> Result<Vec<Ghost>, StoreError> {
        if self.time.is_zero() {
            return Ok(Vec::new());
        }
        let Lookup::Present(row) = store.find(id).await? else { return Ok(Vec::new()) };
        let case = store.owned(Owner::Case(id), Kind::Entry, None, MANY).await?;
        taken(store, [row].into_iter().chain(case.rows)).await
    }

    /// All objects as they are now; nothing where no ghosts are seen.
    pub(super) async fn seen_of_all(&self, store: &dyn Store) -> Result<Vec<Ghost>, StoreError> {
        if self.time.is_zero() {
            return Ok(Vec::new());
        }
        let mut rows = Vec::new();
        for kind in [Kind::Report, Kind::Reply, Kind::Entry] {
            rows.extend(store.list(kind, Day::from_number(0), None, MANY).await?.rows);
        }
        taken(store, rows.into_iter()).await
    }

    /// Keeps those of these objects that are gone by now.
    pub(super) async fn keep_gone(&self, store: &dyn Store, before: Vec<Ghost>) -> Result<(), StoreError> {
        for ghost in before {
            if store.find(ghost.row.id).await? == Lookup::Gone {
                self.lock().push((Instant::now() + self.time, ghost));
            }
        }
        Ok(())
    }

    /// The ghost with this id, if it is still seen.
    pub(super) fn of_id(&self, id: ObjectId) -> Option<Ghost> {
        self.lock().iter().map(|(_, ghost)| ghost).find(|ghost| ghost.row.id == id).cloned()
    }

    /// A page of a listing with the ghosts that belong into it.
    pub(super) fn added_to(
        &self,
        page: Page,
        belongs: impl Fn(&ObjectRow) -> bool,
        after: Option<Cursor>,
        limit: usize,
    ) -> Page {
        let Page { mut rows, next } = page;
        let ghosts = self.lock();
        let seen = ghosts.iter().map(|(_, ghost)| ghost.row).filter(belongs);
        rows.extend(seen.filter(|row| after.is_none_or(|after| (after.day, after.id) < (row.day, row.id))));
        rows.sort_by_key(|row| (row.day, row.id));
        let more = next.is_some() || rows.len() > limit.max(1);
        rows.truncate(limit.max(1));
        let last = rows.last().filter(|_| more);
        let next = last.map(|row| Cursor { day: row.day, id: row.id });
        Page { rows, next }
    }

    /// Those that are still seen.
    fn lock(&self) -> MutexGuard<'_, Vec<(Instant, Ghost)>> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|(until, _)| Instant::now() < *until);
        seen
    }
}

async fn taken(
    store: &dyn Store,
    rows: impl Iterator<Item = ObjectRow> + Send,
) -> Result<Vec<Ghost>, StoreError> {
    let mut ghosts = Vec::new();
    for row in rows {
        ghosts.push(Ghost { row, bytes: store.read(row.id, 0..row.size).await? });
    }
    Ok(ghosts)
}
