//! Unfinished uploads, and who writes to them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use kua_protocol::id::Digest;
use kua_protocol::sealed::{HeaderScan, MAX_HEADER_LEN, SealedError, scan_header};
use tokio::sync::{OwnedMutexGuard, watch};
use tokio::time::timeout;

use super::MemoryStore;
use crate::{Appending, NewUpload, StoreError};

/// How long the one who writes to an upload is waited for after being told to stop.
const PATIENCE: Duration = Duration::from_secs(5);

/// An unfinished upload.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) new: NewUpload,
    pub(super) durable: Arc<tokio::sync::Mutex<Durable>>,
    pub(super) interrupt: watch::Sender<()>,
}

/// What is durable of an upload.
#[derive(Debug, Default)]
pub(super) struct Durable {
    pub(super) bytes: BytesMut,
    /// Whether the upload is finished or abandoned.
    pub(super) over: bool,
}

impl Begun {
    pub(super) async fn take_over(&self) -> Result<OwnedMutexGuard<Durable>, StoreError> {
        self.interrupt.send_replace(());
        let durable = timeout(PATIENCE, Arc::clone(&self.durable).lock_owned()).await;
        let durable = durable.map_err(|_| StoreError::Locked)?;
        if durable.over { Err(StoreError::Unknown) } else { Ok(durable) }
    }
}

impl MemoryStore {
    /// An unfinished upload, and the right to go on with it.
    pub(super) async fn unfinished(
        &self,
        id: Digest,
    ) -> Result<(Arc<Begun>, OwnedMutexGuard<Durable>), StoreError> {
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

/// The one who writes to an upload.
pub(super) struct Writing {
    pub(super) begun: Arc<Begun>,
    pub(super) durable: OwnedMutexGuard<Durable>,
    /// What is written and not durable.
    pub(super) written: BytesMut,
    pub(super) interrupt: watch::Receiver<()>,
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
