//! A store that lasts as long as its process.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use kua_protocol::day::Day;
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_protocol::sealed::{HeaderScan, MAX_HEADER_LEN, SealedError, SealedShape, scan_header};
use tokio::sync::{OwnedMutexGuard, watch};
use tokio::time::timeout;

use crate::{
    Appending, Checked, Copied, Cursor, DeleteAsked, Document, Due, Expiring, Kind, Lookup, MAX_FILE_LEN,
    MAX_OBJECT_LEN, NewObject, NewUpload, ObjectRow, Owner, Page, Progress, Put, Retention, State, Status,
    Store, StoreError, Tidied, Upkeep, Upload,
};

/// How long the one who writes to an upload is waited for after being told to stop.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sealed objects in memory: nothing of it is durable.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// All ids that were ever taken in; nothing stands under those that were deleted.
    objects: BTreeMap<ObjectId, Option<Stored>>,
    open: HashMap<Digest, Arc<Begun>>,
    /// What became of finished uploads, and until when that may be asked for.
    done: HashMap<Digest, (ObjectId, u64)>,
    documents: BTreeMap<Document, Vec<u8>>,
}

#[derive(Debug)]
struct Stored {
    row: ObjectRow,
    bytes: Bytes,
}

/// An unfinished upload.
#[derive(Debug)]
struct Begun {
    new: NewUpload,
    durable: Arc<tokio::sync::Mutex<Durable>>,
    interrupt: watch::Sender<()>,
}

/// What is durable of an upload.
#[derive(Debug, Default)]
struct Durable {
    bytes: BytesMut,
    /// Whether the upload is finished or abandoned.
    over: bool,
}

impl Begun {
    async fn take_over(&self) -> Result<OwnedMutexGuard<Durable>, StoreError> {
        self.interrupt.send_replace(());
        let durable = timeout(PATIENCE, Arc::clone(&self.durable).lock_owned()).await;
        let durable = durable.map_err(|_| StoreError::Locked)?;
        if durable.over { Err(StoreError::Unknown) } else { Ok(durable) }
    }
}

impl Inner {
    fn present(&self, id: ObjectId) -> Result<&Stored, StoreError> {
        match self.objects.get(&id) {
            Some(Some(stored)) => Ok(stored),
            Some(None) => Err(StoreError::Gone),
            None => Err(StoreError::Unknown),
        }
    }

    /// The row of an object, with the number of its case's entries.
    fn row(&self, stored: &Stored) -> ObjectRow {
        let owned = |one: &&Stored| one.row.owner == Owner::Case(stored.row.id);
        let entries = self.objects.values().flatten().filter(owned).count();
        ObjectRow { entries: u32::try_from(entries).unwrap_or(u32::MAX), ..stored.row }
    }

    fn put(&mut self, new: &ObjectRow, bytes: Bytes) -> Result<Put, StoreError> {
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
    fn page(&self, holds: impl Fn(&ObjectRow) -> bool, after: Option<Cursor>, limit: usize) -> Page {
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

    fn expiring(&self, through: Day, retention: Retention) -> Vec<(ObjectId, Day)> {
        let expires =
            |row: &ObjectRow| row.kind != Kind::Entry && retention.last_day(row.day, row.id) <= through;
        let rows = self.objects.values().flatten().map(|stored| &stored.row).filter(|row| expires(row));
        rows.map(|row| (row.id, retention.last_day(row.day, row.id))).collect()
    }

    fn delete(&mut self, id: ObjectId) -> Result<(), StoreError> {
        self.present(id)?;
        for (other, stored) in &mut self.objects {
            if *other == id || stored.as_ref().is_some_and(|stored| stored.row.owner == Owner::Case(id)) {
                *stored = None;
            }
        }
        Ok(())
    }

    /// Deletes those that are still there, and says how many they were.
    fn delete_all(&mut self, ids: impl IntoIterator<Item = ObjectId>) -> u64 {
        ids.into_iter().map(|id| u64::from(self.delete(id).is_ok())).sum()
    }
}

impl MemoryStore {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn unfinished(&self, id: Digest) -> Result<(Arc<Begun>, OwnedMutexGuard<Durable>), StoreError> {
        let begun = self.inner().open.get(&id).cloned();
        if let Some(begun) = begun {
            match begun.take_over().await {
                Ok(durable) => return Ok((begun, durable)),
                Err(StoreError::Unknown) => {}
                Err(other) => return Err(other),
            }
        }
        Err(if self.inner().done.contains_key(&id) { StoreError::Finished } else { StoreError::Unknown })
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn put(&self, object: NewObject) -> Result<Put, StoreError> {
        let NewObject { sealed, kind, owner, day } = object;
        if sealed.size() > MAX_OBJECT_LEN {
            return Err(StoreError::TooLarge);
        }
        let (id, size) = (sealed.id(), sealed.size());
        let row = ObjectRow { id, kind, owner, day, size, entries: 0, delete_asked: None };
        self.inner().put(&row, sealed.as_bytes().clone())
    }

    async fn find(&self, id: ObjectId) -> Result<Lookup, StoreError> {
        let inner = self.inner();
        match inner.present(id) {
            Ok(stored) => Ok(Lookup::Present(inner.row(stored))),
            Err(StoreError::Gone) => Ok(Lookup::Gone),
            Err(_) => Ok(Lookup::Unknown),
        }
    }

    async fn read(&self, id: ObjectId, range: Range<u64>) -> Result<Bytes, StoreError> {
        let inner = self.inner();
        let stored = inner.present(id)?;
        let size = stored.row.size;
        if range.start > range.end || range.end > size {
            return Err(StoreError::OutOfRange { size });
        }
        let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX);
        Ok(stored.bytes.slice(at(range.start)..at(range.end)))
    }

    async fn list(
        &self,
        kind: Kind,
        since: Day,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        Ok(self.inner().page(|row| row.kind == kind && row.day >= since, after, limit))
    }

    async fn owned(
        &self,
        owner: Owner,
        kind: Kind,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        Ok(self.inner().page(|row| row.kind == kind && row.owner == owner, after, limit))
    }

    async fn ask_delete(&self, id: ObjectId, by: PublicKey, day: Day) -> Result<DeleteAsked, StoreError> {
        let mut inner = self.inner();
        inner.present(id)?;
        let stored = inner.objects.get_mut(&id).and_then(Option::as_mut).ok_or(StoreError::Unknown)?;
        Ok(*stored.row.delete_asked.get_or_insert(DeleteAsked { by, day }))
    }

    async fn keep(&self, id: ObjectId) -> Result<(), StoreError> {
        let mut inner = self.inner();
        inner.present(id)?;
        if let Some(Some(stored)) = inner.objects.get_mut(&id) {
            stored.row.delete_asked = None;
        }
        Ok(())
    }

    async fn delete(&self, id: ObjectId) -> Result<(), StoreError> {
        self.inner().delete(id)
    }

    async fn wishes(&self) -> Result<Vec<(ObjectId, DeleteAsked)>, StoreError> {
        let inner = self.inner();
        let asked = |stored: &Stored| stored.row.delete_asked.map(|asked| (stored.row.id, asked));
        let mut wishes: Vec<_> = inner.objects.values().flatten().filter_map(asked).collect();
        wishes.sort_by_key(|(id, asked)| (asked.day, *id));
        Ok(wishes)
    }

    async fn expiring(&self, through: Day, retention: Retention) -> Result<Expiring, StoreError> {
        let found = self.inner().expiring(through, retention);
        Ok(Expiring { objects: found.len() as u64, oldest: found.into_iter().map(|(_, last)| last).min() })
    }

    async fn tidy(&self, _today: Day, due: Due) -> Result<Tidied, StoreError> {
        let mut inner = self.inner();
        let stands = |(id, wish): &(ObjectId, DeleteAsked)| {
            inner.present(*id).is_ok_and(|stored| stored.row.delete_asked == Some(*wish))
        };
        let still: Vec<ObjectId> = due.wished.into_iter().filter(stands).map(|(id, _)| id).collect();
        let deleted = inner.delete_all(still);
        let expired = due.through.map(|through| inner.expiring(through, due.retention)).unwrap_or_default();
        let expired = inner.delete_all(expired.into_iter().map(|(id, _)| id));
        Ok(Tidied { deleted, expired, closed: Vec::new() })
    }

    async fn begin(&self, upload: NewUpload) -> Result<(), StoreError> {
        if upload.len > MAX_FILE_LEN {
            return Err(StoreError::TooLarge);
        }
        let mut inner = self.inner();
        if inner.open.contains_key(&upload.id) {
            return Err(StoreError::Locked);
        }
        if inner.open.values().filter(|begun| begun.new.owner == upload.owner).count() >= upload.most_open {
            return Err(StoreError::TooManyUploads);
        }
        let begun = Begun { new: upload, durable: Arc::default(), interrupt: watch::Sender::new(()) };
        inner.open.insert(upload.id, Arc::new(begun));
        Ok(())
    }

    async fn upload(&self, id: Digest) -> Result<Upload, StoreError> {
        match self.unfinished(id).await {
            Ok((begun, durable)) => {
                let NewUpload { len, until, .. } = begun.new;
                return Ok(Upload { len, offset: durable.bytes.len() as u64, until, finished: None });
            }
            Err(StoreError::Finished) => {}
            Err(other) => return Err(other),
        }
        let inner = self.inner();
        let (object, until) = *inner.done.get(&id).ok_or(StoreError::Unknown)?;
        let row = inner.row(inner.present(object)?);
        Ok(Upload { len: row.size, offset: row.size, until, finished: Some(row) })
    }

    async fn append(&self, id: Digest, offset: u64) -> Result<Box<dyn Appending>, StoreError> {
        let (begun, durable) = self.unfinished(id).await?;
        if durable.bytes.len() as u64 != offset {
            return Err(StoreError::OtherOffset { offset: durable.bytes.len() as u64 });
        }
        let interrupt = begun.interrupt.subscribe();
        Ok(Box::new(Writing { begun, durable, written: BytesMut::new(), interrupt }))
    }

    async fn finish(&self, id: Digest, most: u64, day: Day) -> Result<Put, StoreError> {
        let (begun, mut durable) = self.unfinished(id).await?;
        let NewUpload { kind, owner, day: begun_on, len, until, .. } = begun.new;
        let day = day.max(begun_on);
        if durable.bytes.len() as u64 != len {
            return Err(StoreError::OtherOffset { offset: durable.bytes.len() as u64 });
        }
        let mut inner = self.inner();
        inner.open.remove(&id);
        durable.over = true;
        let beginning = &durable.bytes[..durable.bytes.len().min(MAX_HEADER_LEN)];
        if SealedShape::of(beginning, len)?.plaintext_len > most {
            return Err(StoreError::TooLarge);
        }
        let bytes = durable.bytes.split().freeze();
        let object = ObjectId::of(&bytes);
        inner.done.insert(id, (object, until));
        let row = ObjectRow { id: object, kind, owner, day, size: len, entries: 0, delete_asked: None };
        inner.put(&row, bytes)
    }

    async fn abandon(&self, id: Digest) -> Result<(), StoreError> {
        let (_, mut durable) = self.unfinished(id).await?;
        durable.over = true;
        self.inner().open.remove(&id);
        Ok(())
    }

    async fn expire_uploads(&self, now: u64) -> Result<u64, StoreError> {
        let mut inner = self.inner();
        let before = inner.open.len();
        // Who is writing at this moment is let in once more.
        inner.open.retain(|_, begun| match begun.durable.try_lock() {
            Ok(mut durable) if begun.new.until <= now => {
                durable.over = true;
                false
            }
            _ => true,
        });
        inner.done.retain(|_, (_, until)| *until > now);
        Ok((before - inner.open.len()) as u64)
    }

    fn document(&self, document: Document) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.inner().documents.get(&document).cloned())
    }

    fn set_document(&self, document: Document, bytes: &[u8]) -> Result<(), StoreError> {
        self.inner().documents.insert(document, bytes.to_vec());
        Ok(())
    }

    fn status(&self) -> Status {
        let inner = self.inner();
        let objects = inner.objects.values().flatten();
        Status {
            objects: objects.clone().count() as u64,
            bytes: objects.map(|stored| stored.row.size).sum(),
            free_bytes: u64::MAX,
            state: State::Writable,
            damaged: 0,
            uploads: inner.open.len() as u64,
            oldest_upload_until: inner.open.values().map(|begun| begun.new.until).min(),
        }
    }
}

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

/// The one who writes to an upload.
struct Writing {
    begun: Arc<Begun>,
    durable: OwnedMutexGuard<Durable>,
    /// What is written and not durable.
    written: BytesMut,
    interrupt: watch::Receiver<()>,
}

#[async_trait]
impl Appending for Writing {
    fn offset(&self) -> u64 {
        (self.durable.bytes.len() + self.written.len()) as u64
    }

    fn left(&self) -> u64 {
        self.begun.new.len - self.offset()
    }

    async fn write(&mut self, bytes: Bytes) -> Result<(), StoreError> {
        if bytes.len() as u64 > self.left() {
            return Err(StoreError::TooLarge);
        }
        self.written.extend_from_slice(&bytes);
        let beginning: Vec<u8> =
            self.durable.bytes.iter().chain(&self.written).copied().take(MAX_HEADER_LEN).collect();
        match scan_header(&beginning)? {
            HeaderScan::NeedsMore if beginning.len() == MAX_HEADER_LEN => Err(SealedError::TooLarge.into()),
            HeaderScan::NeedsMore | HeaderScan::Complete { .. } => Ok(()),
        }
    }

    async fn sync(&mut self) -> Result<(), StoreError> {
        let written = self.written.split();
        self.durable.bytes.extend_from_slice(&written);
        Ok(())
    }

    async fn interrupted(&mut self) {
        // The sender lives as long as the upload does.
        let _ = self.interrupt.changed().await;
    }
}
