//! A store that misbehaves over one that does not: it is slow, late, and fails, as far as a test asks for it.

mod failures;
mod ghosts;
mod writing;

use std::future::Future;
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::keys::PublicKey;
use tokio::time::sleep;

use self::failures::{Failures, Moment, failed};
use self::ghosts::Ghosts;
use self::writing::Unsure;
use crate::{
    Appending, Checked, Copied, Cursor, DeleteAsked, Document, Due, Expiring, Kind, Lookup, NewObject,
    NewUpload, Owner, Page, Progress, Put, Retention, Status, Store, StoreError, Tidied, Upkeep, Upload,
};

/// A store that does what the one below it does, in worse ways.
///
/// - *Slow*: what waits for the store waits before and after each call. Documents and numbers come at once, since a call that
///   blocks cannot be made to wait without blocking a test.
/// - *Stale*: what was deleted is still found, read and listed for a while. It is taken in again at no time.
/// - *Failing*: calls end with [`StoreError::Io`] at random, before anything was done or after everything was.
#[derive(Debug)]
pub struct UnreliableStore<S> {
    inner: S,
    pace: Pace,
    ghosts: Ghosts,
}

/// How long calls take, and which of them fail.
#[derive(Debug, Clone, Default)]
struct Pace {
    delay: Duration,
    failures: Arc<Failures>,
}

impl Pace {
    /// Does something that changes the store. A failure comes before it or after it.
    async fn change<T: Send>(
        &self,
        work: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let failure = self.failures.next();
        self.wait().await;
        if failure == Some(Moment::Before) {
            return Err(failed());
        }
        let done = work.await?;
        self.wait().await;
        if failure == Some(Moment::After) { Err(failed()) } else { Ok(done) }
    }

    /// Looks at something. It is seen or it is not.
    async fn look<T: Send>(
        &self,
        work: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let failure = self.failures.next();
        self.wait().await;
        if failure.is_some() { Err(failed()) } else { work.await }
    }

    async fn wait(&self) {
        if !self.delay.is_zero() {
            sleep(self.delay).await;
        }
    }
}

impl<S: Store> UnreliableStore<S> {
    /// A store that does as well as the one below it.
    pub fn over(inner: S) -> Self {
        Self { inner, pace: Pace::default(), ghosts: Ghosts::default() }
    }

    /// Makes every call wait so long before and after it.
    #[must_use]
    pub fn slow(mut self, delay: Duration) -> Self {
        self.pace.delay = delay;
        self
    }

    /// Lets what was deleted be seen for so long.
    #[must_use]
    pub fn stale(mut self, time: Duration) -> Self {
        self.ghosts = Ghosts::of(time);
        self
    }

    /// Begins to fail: about one of so many calls, the same ones for the same seed.
    pub fn fail(&self, seed: u64, one_in: u64) {
        self.pace.failures.begin(seed, one_in);
    }

    /// Ends all failing.
    pub fn heal(&self) {
        self.pace.failures.end();
    }

    /// The store below, which does as it says.
    pub fn inner(&self) -> &S {
        &self.inner
    }
}

#[async_trait]
impl<S: Store> Store for UnreliableStore<S> {
    async fn put(&self, object: NewObject) -> Result<Put, StoreError> {
        self.pace.change(self.inner.put(object)).await
    }

    async fn find(&self, id: ObjectId) -> Result<Lookup, StoreError> {
        let found = self.pace.look(self.inner.find(id)).await?;
        Ok(self.ghosts.of_id(id).map_or(found, |ghost| Lookup::Present(ghost.row)))
    }

    async fn read(&self, id: ObjectId, range: Range<u64>) -> Result<Bytes, StoreError> {
        let read = self.pace.look(self.inner.read(id, range.clone())).await;
        match (read, self.ghosts.of_id(id)) {
            (Err(StoreError::Gone), Some(ghost)) => ghost.read(range),
            (read, _) => read,
        }
    }

    async fn list(
        &self,
        kind: Kind,
        since: Day,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let page = self.pace.look(self.inner.list(kind, since, after, limit)).await?;
        Ok(self.ghosts.added_to(page, |row| row.kind == kind && row.day >= since, after, limit))
    }

    async fn owned(
        &self,
        owner: Owner,
        kind: Kind,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let page = self.pace.look(self.inner.owned(owner, kind, after, limit)).await?;
        Ok(self.ghosts.added_to(page, |row| row.kind == kind && row.owner == owner, after, limit))
    }

    async fn ask_delete(&self, id: ObjectId, by: PublicKey, day: Day) -> Result<DeleteAsked, StoreError> {
        self.pace.change(self.inner.ask_delete(id, by, day)).await
    }

    async fn keep(&self, id: ObjectId) -> Result<(), StoreError> {
        self.pace.change(self.inner.keep(id)).await
    }

    async fn delete(&self, id: ObjectId) -> Result<(), StoreError> {
        let before = self.ghosts.seen_of(&self.inner, id).await?;
        let deleted = self.pace.change(self.inner.delete(id)).await;
        self.ghosts.keep_gone(&self.inner, before).await?;
        deleted
    }

    async fn wishes(&self) -> Result<Vec<(ObjectId, DeleteAsked)>, StoreError> {
        self.pace.look(self.inner.wishes()).await
    }

    async fn expiring(&self, through: Day, retention: Retention) -> Result<Expiring, StoreError> {
        self.pace.look(self.inner.expiring(through, retention)).await
    }

    async fn tidy(&self, today: Day, due: Due) -> Result<Tidied, StoreError> {
        let before = self.ghosts.seen_of_all(&self.inner).await?;
        let tidied = self.pace.change(self.inner.tidy(today, due)).await;
        self.ghosts.keep_gone(&self.inner, before).await?;
        tidied
    }

    async fn begin(&self, upload: NewUpload) -> Result<(), StoreError> {
        self.pace.change(self.inner.begin(upload)).await
    }

    async fn upload(&self, id: Digest) -> Result<Upload, StoreError> {
        self.pace.look(self.inner.upload(id)).await
    }

    async fn append(&self, id: Digest, offset: u64) -> Result<Box<dyn Appending>, StoreError> {
        let inner = self.pace.change(self.inner.append(id, offset)).await?;
        Ok(Box::new(Unsure::new(inner, self.pace.clone())))
    }

    async fn finish(&self, id: Digest, most: u64, day: Day) -> Result<Put, StoreError> {
        self.pace.change(self.inner.finish(id, most, day)).await
    }

    async fn abandon(&self, id: Digest) -> Result<(), StoreError> {
        self.pace.change(self.inner.abandon(id)).await
    }

    async fn expire_uploads(&self, now: u64) -> Result<u64, StoreError> {
        self.pace.change(self.inner.expire_uploads(now)).await
    }

    fn document(&self, document: Document) -> Result<Option<Vec<u8>>, StoreError> {
        if self.pace.failures.next().is_some() { Err(failed()) } else { self.inner.document(document) }
    }

    fn set_document(&self, document: Document, bytes: &[u8]) -> Result<(), StoreError> {
        // When this fails, the document before is untouched: there is no failure after it.
        if self.pace.failures.next().is_some() {
            Err(failed())
        } else {
            self.inner.set_document(document, bytes)
        }
    }

    fn status(&self) -> Status {
        self.inner.status()
    }
}

impl<S: Upkeep> Upkeep for UnreliableStore<S> {
    fn check(&self, progress: &mut dyn FnMut(Progress)) -> Result<Checked, StoreError> {
        self.inner.check(progress)
    }

    fn backup(
        &self,
        roster: &[u8],
        to: &mut dyn Write,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Copied, StoreError> {
        self.inner.backup(roster, to, progress)
    }
}
