//! Sending a report of any size over a line that breaks (tus 1.0.0).
//!
//! The sealed bytes come as a stream and are gone when they were sent, but for the portion that the drop has not
//! acknowledged yet. When the line breaks, the drop is asked how far it came, and the same bytes go on from there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, Method, header};
use kua_protocol::api::{RECEIPT, path, tus};
use kua_protocol::keys::SigningKey;
use kua_protocol::problem::{Kind, PORTIONS};
use kua_protocol::sealed::SealedBytes;
use reqwest::{RequestBuilder, Response};
use tokio::sync::mpsc;

use super::retry::{PATIENCE, PortionSize, Tries};
use super::{DropClient, Signed, SubmitReceipt};
use crate::error::Error;
use crate::events::Watch;

/// Bytes that are kept until the drop has acknowledged them. One request carries all of them, or less on a line that breaks.
pub const PORTION: usize = PORTIONS.1;
/// Bytes that are handed to the connection at a time.
const SLICE: usize = 64 * 1024;

/// Why an upload did not become a report.
#[derive(Debug)]
pub enum Unsent {
    /// The drop has forgotten it: seal anew, and send that.
    Lost,
    /// No more bytes came, for a reason that whoever seals knows.
    Stopped,
    /// The drop does not take it, or cannot be reached.
    Failed(Error),
}

impl From<Error> for Unsent {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// An upload that is under way.
struct Upload<'a> {
    drop: &'a DropClient,
    path: String,
    /// Bytes that the drop has acknowledged.
    offset: u64,
    len: u64,
    watch: Arc<dyn Watch>,
    tries: Tries,
    size: PortionSize,
}

impl DropClient {
    /// Sends sealed bytes of a known length, which come in portions, and returns what the drop's receipt says. Whether
    /// that is what was sealed is for the caller to check.
    ///
    /// # Errors
    ///
    /// [`Unsent::Lost`] when the drop has forgotten the upload: it has to be sealed and sent anew. Else the reason why
    /// the drop does not take it, or why it cannot be reached for a long time.
    pub async fn upload(
        &self,
        len: u64,
        key: &SigningKey,
        portions: &mut mpsc::Receiver<Bytes>,
        watch: Arc<dyn Watch>,
    ) -> Result<SubmitReceipt, Unsent> {
        let mut upload = Upload::begin(self, path::UPLOADS, len, key, watch).await?;
        let mut last = None;
        while let Some(portion) = portions.recv().await {
            last = upload.send(portion).await?;
        }
        if upload.offset < upload.len {
            // Whoever seals has stopped, and says why.
            upload.give_up().await;
            return Err(Unsent::Stopped);
        }
        let answer = match last {
            Some(answer) if answer.headers().contains_key(RECEIPT) => answer,
            _ => upload.head().await?,
        };
        Ok(self.taken(&answer)?)
    }
}

impl DropClient {
    /// Sends a sealed object that is in memory to where uploads of its kind begin. What became of it is for the caller to see.
    ///
    /// # Errors
    ///
    /// As [`DropClient::upload`].
    pub(super) async fn upload_whole(
        &self,
        target: &str,
        object: &SealedBytes,
        key: &SigningKey,
        watch: &Arc<dyn Watch>,
    ) -> Result<(), Unsent> {
        let mut upload = Upload::begin(self, target, object.size(), key, Arc::clone(watch)).await?;
        upload.send(object.as_bytes().clone()).await.map(drop)
    }
}

impl<'a> Upload<'a> {
    async fn begin(
        drop: &'a DropClient,
        target: &str,
        len: u64,
        key: &SigningKey,
        watch: Arc<dyn Watch>,
    ) -> Result<Self, Unsent> {
        let mut tries = Tries::for_at_most(PATIENCE);
        let answer = loop {
            match Self::create(drop, target, len, key).await {
                Ok(answer) => break answer,
                Err(error) => tries.pause(error, || watch.waiting()).await?,
            }
        };
        let path = answer.headers().get(header::LOCATION).and_then(|path| path.to_str().ok());
        // Another host would see what only this drop may see.
        let path =
            path.filter(|path| path.starts_with(&format!("{}/", path::UPLOADS)) && !path.contains('?'));
        let path = path.ok_or_else(|| Error::BadAnswer("it does not say where the upload goes on".into()))?;
        let size = PortionSize::largest();
        Ok(Self { drop, path: path.to_owned(), offset: 0, len, watch, tries, size })
    }

    async fn create(drop: &DropClient, target: &str, len: u64, key: &SigningKey) -> Result<Response, Error> {
        let signed = Signed { upload_length: Some(len), ..drop.signer(key) };
        let ask = || drop.http.ask(Method::POST, target, Vec::new(), Some(&signed));
        match ask().await {
            // The nonce was too old; a new one came with the answer.
            Err(Error::Problem(problem)) if problem.kind == Kind::Unauthorised => ask().await,
            other => other,
        }
    }

    /// Sends a portion, however often the line breaks, and returns the last answer if one came.
    async fn send(&mut self, portion: Bytes) -> Result<Option<Response>, Unsent> {
        let begin = self.offset;
        let end = begin + portion.len() as u64;
        while self.offset < end {
            let from = usize::try_from(self.offset - begin).unwrap_or(portion.len());
            let next = portion.slice(from..portion.len().min(from + self.size.bytes()));
            let answer = match self.patch(next).await {
                Ok(answer) => {
                    self.size.succeeded();
                    answer
                }
                Err(error) => {
                    self.size.failed();
                    self.pause(error).await?;
                    self.head().await?
                }
            };
            let offset = offset(&answer)?;
            if !(begin..=end).contains(&offset) {
                return Err(Error::Dishonest("it lost bytes that it had acknowledged".into()).into());
            }
            if offset > self.offset {
                self.tries.succeeded();
            }
            self.offset = offset;
            self.watch.sent(offset);
            if offset == self.len {
                return Ok(Some(answer));
            }
        }
        Ok(None)
    }

    async fn patch(&self, bytes: Bytes) -> Result<Response, Error> {
        let request = self
            .request(Method::PATCH)?
            .header(header::CONTENT_TYPE, tus::MEDIA_TYPE)
            .header(tus::OFFSET, self.offset)
            .header(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        let (watch, sent) = (Arc::clone(&self.watch), AtomicU64::new(self.offset));
        let slices = (0..bytes.len()).step_by(SLICE).map(move |at| {
            let slice = bytes.slice(at..bytes.len().min(at + SLICE));
            let before = sent.fetch_add(slice.len() as u64, Ordering::Relaxed);
            watch.sent(before + slice.len() as u64);
            Ok::<_, std::convert::Infallible>(slice)
        });
        self.drop.http.send(request.body(reqwest::Body::wrap_stream(stream::iter(slices)))).await
    }

    /// Asks how far it came, until there is an answer.
    async fn head(&mut self) -> Result<Response, Unsent> {
        loop {
            match self.drop.http.send(self.request(Method::HEAD)?).await {
                Ok(answer) => return Ok(answer),
                Err(error) => self.pause(error).await?,
            }
        }
    }

    /// Tells the drop that nothing more will come; if it does not hear it, the upload's time will end it.
    async fn give_up(&self) {
        if let Ok(request) = self.request(Method::DELETE) {
            let _ = self.drop.http.send(request).await;
        }
    }

    fn request(&self, method: Method) -> Result<RequestBuilder, Error> {
        Ok(self.drop.http.request(method, &self.path)?.header(tus::RESUMABLE, tus::VERSION))
    }

    async fn pause(&mut self, error: Error) -> Result<(), Unsent> {
        let watch = Arc::clone(&self.watch);
        self.tries.pause(error, || watch.waiting()).await.map_err(Self::lost)
    }

    fn lost(error: Error) -> Unsent {
        match error {
            // A HEAD has no body that could say more.
            Error::Problem(problem) if problem.kind == Kind::NotFound => Unsent::Lost,
            other => other.into(),
        }
    }
}

fn offset(answer: &Response) -> Result<u64, Error> {
    let field = answer.headers().get(tus::OFFSET).and_then(|field| field.to_str().ok()?.parse().ok());
    field.ok_or_else(|| Error::BadAnswer("it does not say how far the upload came".into()))
}
