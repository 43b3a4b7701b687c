//! Objects that come in portions, over more than one request.

use async_trait::async_trait;
use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::Digest;

use crate::{Kind, ObjectRow, Owner, StoreError};

/// An upload that is about to begin: an object that comes in portions, over more than one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewUpload {
    /// What it is called: the SHA-256 of the token that its sender has, which the store never sees.
    pub id: Digest,
    /// What the object will be for.
    pub kind: Kind,
    /// Where it will belong.
    pub owner: Owner,
    /// The UTC day of its beginning.
    pub day: Day,
    /// How many bytes it will have.
    pub len: u64,
    /// Until when it is kept, and may be asked what became of it, in seconds of the clock by which the caller
    /// [expires](Store::expire_uploads) uploads.
    pub until: u64,
    /// How many unfinished uploads its owner may have, this one included.
    pub most_open: usize,
}

/// How far an upload has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload {
    /// What the object is for.
    pub kind: Kind,
    /// How many bytes it will have.
    pub len: u64,
    /// How many of them are durable.
    pub offset: u64,
    /// Until when it is kept, by the clock of [`NewUpload::until`].
    pub until: u64,
    /// The object that it became, once it is finished.
    pub finished: Option<ObjectRow>,
}

/// The one who writes to an upload at the moment. What was not synced when it is dropped is forgotten.
#[async_trait]
pub trait Appending: Send {
    /// How many bytes of the upload are written, durable or not.
    fn offset(&self) -> u64;

    /// How many bytes are still to come.
    fn left(&self) -> u64;

    /// Appends bytes. They are not durable yet.
    ///
    /// # Errors
    ///
    /// `TooLarge` beyond the announced length, `NotSealed` as soon as it can be told, `Full`, `ReadOnly`.
    async fn write(&mut self, bytes: Bytes) -> Result<(), StoreError>;

    /// Makes durable what was written.
    ///
    /// # Errors
    ///
    /// `Full`, `ReadOnly`.
    async fn sync(&mut self) -> Result<(), StoreError>;

    /// Returns when somebody else wants to go on with the upload: whoever writes should sync and stop.
    async fn interrupted(&mut self);
}
