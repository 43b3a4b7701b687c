//! The local store as its callers know it.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_store::{
    Appending, Checked, Copied, Cursor, DeleteAsked, Document, Due, Expiring, Kind, Lookup, MAX_FILE_LEN,
    MAX_OBJECT_LEN, NewObject, NewUpload, Owner, Page, Progress, Put, Retention, State, Status, Store,
    StoreError, Tidied, Upkeep, Upload,
};
use tokio::task::spawn_blocking;

use crate::LocalStore;
use crate::ledger::index::Index;
use crate::ledger::record::Known;
use crate::segments::frame::{FrameKind, Header, Place};
use crate::upkeep::tidy;
use crate::uploads::upload::Writing;
use crate::uploads::{self, adoption};
use crate::writer::Command;

/// Reads up to this length, in bytes, are done at once; longer ones on a thread that may block.
const SHORT_READ: u64 = 64 * 1024;

#[async_trait]
impl Store for LocalStore {
    async fn put(&self, object: NewObject) -> Result<Put, StoreError> {
        let NewObject { sealed, kind, owner, day } = object;
        if sealed.size() > MAX_OBJECT_LEN {
            return Err(StoreError::TooLarge);
        }
        let frame_kind = FrameKind::Object(kind, owner, Place::Segment);
        let header = Header { frame_kind, id: sealed.id(), day, len: sealed.size() };
        self.tell(|reply| Command::Put((header, sealed.as_bytes().clone()), reply)).await
    }

    async fn find(&self, id: ObjectId) -> Result<Lookup, StoreError> {
        let found = self.parts.ask(|index| match index.known(id)? {
            Known::Present(record) => Ok(Lookup::Present(index.row(id, &record)?)),
            Known::Gone(_) => Ok(Lookup::Gone),
            Known::Unknown => Ok(Lookup::Unknown),
        });
        Ok(found?)
    }

    async fn read(&self, id: ObjectId, range: Range<u64>) -> Result<Bytes, StoreError> {
        if range.end.saturating_sub(range.start) <= SHORT_READ {
            return self.parts.read(id, &range);
        }
        self.aside(move |parts| parts.read(id, &range)).await
    }

    async fn list(
        &self,
        kind: Kind,
        since: Day,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.aside(move |parts| Ok(parts.ask(|index| index.list(kind, since, after, limit))?)).await
    }

    async fn owned(
        &self,
        owner: Owner,
        kind: Kind,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.aside(move |parts| Ok(parts.ask(|index| index.owned(owner, kind, after, limit))?)).await
    }

    async fn ask_delete(&self, id: ObjectId, by: PublicKey, day: Day) -> Result<DeleteAsked, StoreError> {
        self.tell(|reply| Command::AskDelete(id, DeleteAsked { by, day }, reply)).await
    }

    async fn keep(&self, id: ObjectId) -> Result<(), StoreError> {
        self.tell(|reply| Command::Keep(id, reply)).await
    }

    async fn delete(&self, id: ObjectId) -> Result<(), StoreError> {
        self.tell(|reply| Command::Delete(id, reply)).await
    }

    async fn wishes(&self) -> Result<Vec<(ObjectId, DeleteAsked)>, StoreError> {
        self.aside(|parts| Ok(parts.ask(Index::wishes)?)).await
    }

    async fn expiring(&self, through: Day, retention: Retention) -> Result<Expiring, StoreError> {
        self.aside(move |parts| tidy::count(parts, through, retention)).await
    }

    async fn tidy(&self, today: Day, due: Due) -> Result<Tidied, StoreError> {
        let queue = self.queue()?.clone();
        self.aside(move |parts| tidy::tidy(parts, &queue, today, &due)).await
    }

    async fn begin(&self, upload: NewUpload) -> Result<(), StoreError> {
        if upload.len > MAX_FILE_LEN {
            return Err(StoreError::TooLarge);
        }
        self.aside(move |parts| parts.uploads.begin(parts, &upload)).await
    }

    async fn upload(&self, id: Digest) -> Result<Upload, StoreError> {
        if let Some(upload) = self.parts.uploads.get(id) {
            let kind = upload.kind().ok_or(StoreError::Unknown)?;
            let (len, until) = (upload.len(), upload.beginning.until);
            match upload.take_over().await {
                Ok(cursor) => {
                    return Ok(Upload { kind, len, offset: cursor.durable(), until, finished: None });
                }
                // It was finished while the right to it was waited for.
                Err(StoreError::Unknown) => {}
                Err(other) => return Err(other),
            }
        }
        let done = self.parts.uploads.done(id).ok_or(StoreError::Unknown)?;
        match self.find(done.object).await? {
            Lookup::Present(row) => {
                let (kind, len) = (row.kind, row.size);
                Ok(Upload { kind, len, offset: len, until: done.until, finished: Some(row) })
            }
            Lookup::Gone => Err(StoreError::Gone),
            Lookup::Unknown => Err(StoreError::Unknown),
        }
    }

    async fn append(&self, id: Digest, offset: u64) -> Result<Box<dyn Appending>, StoreError> {
        let (upload, cursor) = self.unfinished(id).await?;
        if cursor.durable() != offset {
            return Err(StoreError::OtherOffset { offset: cursor.durable() });
        }
        Ok(Box::new(Writing::new(Arc::clone(&self.parts), upload, cursor)))
    }

    async fn finish(&self, id: Digest, most: u64, day: Day) -> Result<Put, StoreError> {
        let (upload, mut cursor) = self.unfinished(id).await?;
        if cursor.durable() != upload.len() {
            return Err(StoreError::OtherOffset { offset: cursor.durable() });
        }
        let parts = Arc::clone(&self.parts);
        let queue = self.queue()?.clone();
        let whole = move || {
            let header = uploads::complete(&parts, id, &upload, &mut cursor, most, day)?;
            adoption::commit(&parts, &queue, header)
        };
        spawn_blocking(whole).await.map_err(io::Error::other)?
    }

    async fn abandon(&self, id: Digest) -> Result<(), StoreError> {
        let (upload, mut cursor) = self.unfinished(id).await?;
        self.aside(move |parts| parts.uploads.discard(id, &upload, &mut cursor)).await
    }

    async fn expire_uploads(&self, now: u64) -> Result<u64, StoreError> {
        self.aside(move |parts| parts.uploads.expire(now)).await
    }

    fn document(&self, document: Document) -> Result<Option<Vec<u8>>, StoreError> {
        self.documents.read(document)
    }

    fn set_document(&self, document: Document, bytes: &[u8]) -> Result<(), StoreError> {
        self.documents.replace(document, bytes)
    }

    fn status(&self) -> Status {
        let (uploads, oldest_upload_until) = self.parts.uploads.unfinished();
        let (objects, bytes) = self.parts.ledger().totals();
        let free_bytes = self.parts.free_bytes();
        let state = match self.parts.read_only.get() {
            Some(reason) => State::ReadOnly(reason.clone()),
            None if free_bytes <= self.parts.reserve => State::Full,
            None => State::Writable,
        };
        let damaged = self.parts.damaged().len() as u64;
        Status { objects, bytes, free_bytes, state, damaged, uploads, oldest_upload_until }
    }
}

impl Upkeep for LocalStore {
    fn check(&self, progress: &mut dyn FnMut(Progress)) -> Result<Checked, StoreError> {
        self.check_serving(progress)
    }

    fn backup(
        &self,
        roster: &[u8],
        to: &mut dyn Write,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Copied, StoreError> {
        self.copy_to(roster, to, progress)
    }
}
