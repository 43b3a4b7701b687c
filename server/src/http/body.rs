//! Bodies on their way in: bounded one by one, and all together.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use kua_protocol::problem::Kind;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::ApiError;

/// Permits count units of this many bytes.
const UNIT: usize = 4096;

/// What bodies may take of the memory. Each takes as much as has arrived of it, so that whoever sends slowly holds
/// little.
#[derive(Debug, Clone)]
pub struct BodyBudget {
    free: Arc<Semaphore>,
    /// Units in all.
    units: usize,
}

/// A whole body, and the memory that it takes until this is dropped.
#[derive(Debug)]
pub struct Held {
    /// The body.
    pub bytes: Bytes,
    _memory: Option<OwnedSemaphorePermit>,
}

impl BodyBudget {
    /// A budget of so many bytes, in whole units.
    pub fn new(bytes: usize) -> Self {
        let units = bytes / UNIT;
        Self { free: Arc::new(Semaphore::new(units)), units }
    }

    /// Whether more than half of it is taken.
    pub fn is_tight(&self) -> bool {
        self.free.available_permits() < self.units / 2
    }

    /// Reads a body of at most `most` bytes.
    ///
    /// # Errors
    ///
    /// [`Kind::TooLarge`], [`Kind::OtherBody`] when it was cut, [`Kind::Busy`] when the memory is all taken.
    pub async fn read(&self, mut body: Body, most: usize) -> Result<Held, ApiError> {
        let mut bytes = BytesMut::new();
        let mut memory: Option<OwnedSemaphorePermit> = None;
        while let Some(frame) = body.frame().await {
            let Ok(part) = frame.map_err(|_| Kind::OtherBody)?.into_data() else { continue };
            if bytes.len() + part.len() > most {
                return Err(Kind::TooLarge.into());
            }
            let needed = (bytes.len() + part.len()).div_ceil(UNIT);
            let held = memory.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
            if let Some(more) = u32::try_from(needed.saturating_sub(held)).ok().filter(|more| *more > 0) {
                let more = self.free.clone().try_acquire_many_owned(more).map_err(|_| Kind::Busy)?;
                match &mut memory {
                    Some(memory) => memory.merge(more),
                    None => memory = Some(more),
                }
            }
            bytes.extend_from_slice(&part);
        }
        Ok(Held { bytes: bytes.freeze(), _memory: memory })
    }
}

/// A body that can still be read when its handler has left it.
///
/// A drop that answers and closes while bytes are arriving makes the sender's system throw the answer away.
#[derive(Debug, Clone)]
pub struct Shared {
    body: Arc<Mutex<Body>>,
    announced: u64,
}

impl Shared {
    /// Shares a body.
    pub fn new(body: Body) -> Self {
        Self { announced: body.size_hint().lower(), body: Arc::new(Mutex::new(body)) }
    }

    /// Reads what the handler left and forgets it, unless it is more than so many bytes, or nothing comes for so long.
    pub async fn drain(mut self, most: u64, pause: Duration) {
        let mut read = 0;
        while self.announced.max(read) <= most {
            let Ok(Some(Ok(frame))) = timeout(pause, self.frame()).await else { return };
            read += frame.data_ref().map_or(0, |part| part.len() as u64);
        }
    }

    fn with<T>(&self, look: impl FnOnce(Pin<&mut Body>) -> T) -> T {
        look(Pin::new(&mut self.body.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.with(|body| body.poll_frame(context))
    }

    fn is_end_stream(&self) -> bool {
        self.with(|body| body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        self.with(|body| body.size_hint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(result: Result<Held, ApiError>) -> Kind {
        result.unwrap_err().kind()
    }

    #[tokio::test]
    async fn a_body_has_its_own_limit_and_shares_one() {
        let memory = BodyBudget::new(3 * UNIT);
        let body = |units: usize| Body::from(vec![7; units * UNIT]);
        assert_eq!(kind(memory.read(body(2), 2 * UNIT - 1).await), Kind::TooLarge);
        let first = memory.read(body(2), 2 * UNIT).await.unwrap();
        assert_eq!(first.bytes.len(), 2 * UNIT);
        assert_eq!(kind(memory.read(body(2), 2 * UNIT).await), Kind::Busy);
        drop(first);
        assert!(memory.read(body(2), 2 * UNIT).await.is_ok());
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_no_body() {
        let parts = [Ok(Bytes::from_static(b"half")), Err(std::io::Error::other("cut"))];
        let body = Body::from_stream(futures_util::stream::iter(parts));
        assert_eq!(kind(BodyBudget::new(UNIT).read(body, 100).await), Kind::OtherBody);
    }
}
