//! All that is in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::{Digest, ObjectId};

use super::uploads::Begun;
use crate::{Cursor, Document, Kind, ObjectRow, Owner, Page, Put, Retention, StoreError};

/// Objects, uploads and documents.
#[derive(Debug, Default)]
pub(super) struct Inner {
    /// All ids that were ever taken in; nothing stands under those that were deleted.
    pub(super) objects: BTreeMap<ObjectId, Option<Stored>>,
    pub(super) open: HashMap<Digest, Arc<Begun>>,
    /// What became of finished uploads, and until when that may be asked for.
    pub(super) done: HashMap<Digest, (ObjectId, u64)>,
    pub(super) documents: BTreeMap<Document, Vec<u8>>,
}

/// An object.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) row: ObjectRow,
    pub(super) bytes: Bytes,
}

impl Inner {
    pub(super) fn present(&self, id: ObjectId) -> Result<&Stored, StoreError> {
        match self.objects.get(&id) {
            Some(Some(stored)) => Ok(stored),
            Some(None) => Err(StoreError::Gone),
            None => Err(StoreError::Unknown),
        }
    }

    /// The row of an object, with the number of its case's entries.
    pub(super) fn row(&self, stored: &Stored) -> ObjectRow {
        let owned = |one: &&Stored| one.row.owner == Owner::Case(stored.row.id);
        let entries = self.objects.values().flatten().filter(owned).count();
        ObjectRow { entries: u32::try_from(entries).unwrap_or(u32::MAX), ..stored.row }
    }

    pub(super) fn put(&mut self, new: &ObjectRow, bytes: Bytes) -> Result<Put, StoreError> {
        match self.present(new.id) {
            Ok(stored) => return Ok(Put::AlreadyThere(self.row(stored))),
            Err(StoreError::Unknown) => {}
            Err(other) => return Err(other),
        }
        if let Owner::Case(report) = new.owner {
            self.present(report)?;
        }
        self.objects.insert(new.id, Some(Stored { row: *new, bytes }));
        Ok(Put::Stored(*new))
    }

    /// A page of the rows that this is true of.
    pub(super) fn page(
        &self,
        holds: impl Fn(&ObjectRow) -> bool,
        after: Option<Cursor>,
        limit: usize,
    ) -> Page {
        let mut rows: Vec<ObjectRow> =
            self.objects.values().flatten().map(|stored| self.row(stored)).filter(holds).collect();
        rows.sort_by_key(|row| (row.day, row.id));
        rows.retain(|row| after.is_none_or(|after| (after.day, after.id) < (row.day, row.id)));
        let (limit, more) = (limit.max(1), rows.len() > limit.max(1));
        rows.truncate(limit);
        let last = rows.last().filter(|_| more);
        let next = last.map(|row| Cursor { day: row.day, id: row.id });
        Page { rows, next }
    }

    pub(super) fn expiring(&self, through: Day, retention: Retention) -> Vec<(ObjectId, Day)> {
        let expires =
            |row: &ObjectRow| row.kind != Kind::Entry && retention.last_day(row.day, row.id) <= through;
        let rows = self.objects.values().flatten().map(|stored| &stored.row).filter(|row| expires(row));
        rows.map(|row| (row.id, retention.last_day(row.day, row.id))).collect()
    }

    pub(super) fn delete(&mut self, id: ObjectId) -> Result<(), StoreError> {
        self.present(id)?;
        for (other, stored) in &mut self.objects {
            if *other == id || stored.as_ref().is_some_and(|stored| stored.row.owner == Owner::Case(id)) {
                *stored = None;
            }
        }
        Ok(())
    }

    /// Deletes those that are still there, and says how many they were.
    pub(super) fn delete_all(&mut self, ids: impl IntoIterator<Item = ObjectId>) -> u64 {
        ids.into_iter().map(|id| u64::from(self.delete(id).is_ok())).sum()
    }
}
