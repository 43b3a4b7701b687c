//! The writer of an upload to a store that misbehaves.

use async_trait::async_trait;
use bytes::Bytes;

use super::Pace;
use crate::{Appending, StoreError};

/// A writer whose calls take their time and fail as the others do.
pub(super) struct Unsure {
    inner: Box<dyn Appending>,
    pace: Pace,
}

impl Unsure {
    pub(super) fn new(inner: Box<dyn Appending>, pace: Pace) -> Self {
        Self { inner, pace }
    }
}

#[async_trait]
impl Appending for Unsure {
    fn offset(&self) -> u64 {
        self.inner.offset()
    }

    fn left(&self) -> u64 {
        self.inner.left()
    }

    async fn write(&mut self, bytes: Bytes) -> Result<(), StoreError> {
        self.pace.change(self.inner.write(bytes)).await
    }

    async fn sync(&mut self) -> Result<(), StoreError> {
        self.pace.change(self.inner.sync()).await
    }

    async fn interrupted(&mut self) {
        self.inner.interrupted().await;
    }
}
