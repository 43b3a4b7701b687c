//! Bytes of an upload on their way in: bounded in memory, made durable on the way, and not waited for without end.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::FutureExt as _;
use http_body_util::BodyExt as _;
use kua_protocol::problem::Kind;
use kua_store::Appending;
use tokio::sync::watch;
use tokio::time::timeout_at;

use super::checksum::Expected;
use crate::error::ApiError;
use crate::http::limits::{GATHERED, PORTION, Progress, Stalled};
use crate::state::App;

/// A body that goes to an upload.
pub(crate) struct Arriving {
    body: Body,
    expected: Option<Expected>,
    stopping: watch::Receiver<()>,
    progress: Progress,
    /// How the body ended, when bytes that came before are still to be handed on.
    ended: Option<End>,
}

/// Why no more bytes are taken in.
enum End {
    /// The body is over.
    Whole,
    /// Something else came in between; what came before is kept.
    Cut(Kind),
}

impl Arriving {
    /// A body for an upload of this drop.
    pub(crate) fn new(app: &App, body: Body, expected: Option<Expected>) -> Self {
        let (progress, stopping) = (Progress::under(app.http.progress), app.stopping.clone());
        Self { body, expected, stopping, progress, ended: None }
    }

    /// Writes all of it, and returns where the upload goes on.
    ///
    /// However it ends, all that came before is kept; except under a checksum, where it is all or nothing.
    pub(crate) async fn take(mut self, mut writer: Box<dyn Appending>) -> Result<u64, ApiError> {
        let mut synced = writer.offset();
        let end = loop {
            let bytes = match self.next(&mut *writer).await {
                Ok(bytes) => bytes,
                Err(end) => break end,
            };
            if let Some(expected) = &mut self.expected {
                expected.update(&bytes);
            }
            if let Err(error) = writer.write(bytes).await {
                self.keep(&mut *writer).await?;
                return Err(error.into());
            }
            if self.expected.is_none() && writer.offset() - synced >= PORTION {
                writer.sync().await?;
                synced = writer.offset();
            }
        };
        match end {
            End::Whole if self.expected.take().is_none_or(Expected::holds) => {
                writer.sync().await?;
                Ok(writer.offset())
            }
            End::Whole => Err(Kind::OtherChecksum.into()),
            End::Cut(kind) => {
                self.keep(&mut *writer).await?;
                Err(kind.into())
            }
        }
    }

    /// Keeps what came before something went wrong.
    async fn keep(&mut self, writer: &mut dyn Appending) -> Result<(), ApiError> {
        if self.expected.is_none() { Ok(writer.sync().await?) } else { Ok(()) }
    }

    /// Waits for bytes, and gathers what comes with them at once.
    async fn next(&mut self, writer: &mut dyn Appending) -> Result<Bytes, End> {
        if let Some(end) = self.ended.take() {
            return Err(end);
        }
        let first = tokio::select! {
            biased;
            () = writer.interrupted() => return Err(End::Cut(Kind::UploadTaken)),
            _ = self.stopping.changed() => return Err(End::Cut(Kind::Busy)),
            part = timeout_at(self.progress.deadline(), part(&mut self.body)) => match part {
                Ok(part) => part?,
                Err(_) => return Err(End::Cut(Kind::TimedOut)),
            },
        };
        let mut gathered = BytesMut::from(first);
        while gathered.len() < GATHERED
            && self.ended.is_none()
            && let Some(more) = part(&mut self.body).now_or_never()
        {
            match more {
                Ok(more) => gathered.extend_from_slice(&more),
                Err(end) => self.ended = Some(end),
            }
        }
        self.progress.count(gathered.len() as u64).map_err(|Stalled| End::Cut(Kind::TimedOut))?;
        Ok(gathered.freeze())
    }
}

/// The next bytes of a body.
async fn part(body: &mut Body) -> Result<Bytes, End> {
    loop {
        match body.frame().await {
            None => return Err(End::Whole),
            Some(Err(_)) => return Err(End::Cut(Kind::OtherBody)),
            Some(Ok(frame)) => {
                if let Ok(bytes) = frame.into_data() {
                    return Ok(bytes);
                }
            }
        }
    }
}
