//! A store that lasts as long as its process.

mod inner;
mod upkeep;
mod uploads;

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use kua_protocol::day::Day;
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_protocol::sealed::{MAX_HEADER_LEN, SealedShape};
use tokio::sync::watch;

use self::inner::{Inner, Stored};
use self::uploads::{Begun, Writing};
use crate::{
    Appending, Cursor, DeleteAsked, Document, Due, Expiring, Kind, Lookup, MAX_FILE_LEN, MAX_OBJECT_LEN,
    NewObject, NewUpload, ObjectRow, Owner, Page, Put, Retention, State, Status, Store, StoreError, Tidied,
    Upload,
};

/// Sealed objects in memory: nothing of it is durable.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Inner>);

impl MemoryStore {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
                let NewUpload { kind, len, until, .. } = begun.new;
                return Ok(Upload { kind, len, offset: durable.bytes.len() as u64, until, finished: None });
            }
            Err(StoreError::Finished) => {}
            Err(other) => return Err(other),
        }
        let inner = self.inner();
        let (object, until) = *inner.done.get(&id).ok_or(StoreError::Unknown)?;
        let row = inner.row(inner.present(object)?);
        let (kind, len) = (row.kind, row.size);
        Ok(Upload { kind, len, offset: len, until, finished: Some(row) })
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
