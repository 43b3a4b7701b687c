//! Reading reports from a drop: parts of them, or all of them over lines that break.

use std::fs::File;
use std::io::Write as _;
use std::ops::Range;
use std::time::Duration;

use http::{HeaderValue, Method, StatusCode, header};
use kua_protocol::api::{ReportRow, path};
use kua_protocol::id::ObjectId;
use kua_protocol::keys::SigningKey;
use kua_protocol::problem::Kind;
use reqwest::Response;
use sha2::{Digest as _, Sha256};

use super::DropClient;
use super::retry::Tries;
use crate::error::Error;
use crate::files;

/// After so long without one more byte it is given up.
const PATIENCE: Duration = Duration::from_mins(10);

impl DropClient {
    /// The sealed bytes of a small object, at most `most` of them, checked against its id.
    pub(super) async fn object(
        &self,
        target: &str,
        id: ObjectId,
        most: u64,
        key: &SigningKey,
    ) -> Result<Vec<u8>, Error> {
        let response = self.signed(Method::GET, target, None, Vec::new(), key).await?;
        let bytes = self.http.body(response, most).await?;
        if ObjectId::of(&bytes) == id { Ok(bytes) } else { Err(other_bytes(id)) }
    }

    /// Some of a report's bytes. Nothing of them is certain.
    ///
    /// # Errors
    ///
    /// When the drop refuses, cannot be reached for long, or serves more or less than was asked for.
    pub async fn part(&self, row: &ReportRow, range: Range<u64>, key: &SigningKey) -> Result<Vec<u8>, Error> {
        let len = range.end.saturating_sub(range.start);
        let mut tries = Tries::for_at_most(PATIENCE);
        loop {
            let read = match self.ask_for(row.report_id, range.start, Some(range.end), key).await {
                Ok(response) => self.http.body(response, len).await,
                Err(error) => Err(error),
            };
            match read {
                Ok(bytes) if bytes.len() as u64 == len => return Ok(bytes),
                Ok(_) => return Err(Error::BadAnswer("it serves less than it was asked for".into())),
                Err(error) => tries.pause(error, || {}).await?,
            }
        }
    }

    /// Writes the sealed bytes of a report behind those that the file has already, checked against its id.
    /// `progress` is told of every byte more.
    ///
    /// # Errors
    ///
    /// When the drop refuses, cannot be reached for long, or serves other bytes; and those of the file.
    pub async fn download(
        &self,
        row: &ReportRow,
        file: &mut File,
        key: &SigningKey,
        progress: impl Fn(u64),
    ) -> Result<(), Error> {
        let system = |error: std::io::Error| Error::System(error.to_string());
        let (mut digest, mut at) = digest_of(file, row.size).map_err(system)?;
        progress(at);
        let mut tries = Tries::for_at_most(PATIENCE);
        while at < row.size {
            let mut response = match self.ask_for(row.report_id, at, None, key).await {
                Ok(response) => response,
                Err(error) => {
                    tries.pause(error, || {}).await?;
                    continue;
                }
            };
            loop {
                match response.chunk().await {
                    Ok(Some(bytes)) if at + bytes.len() as u64 <= row.size => {
                        file.write_all(&bytes).map_err(system)?;
                        digest.update(&bytes);
                        at += bytes.len() as u64;
                        progress(bytes.len() as u64);
                        tries.succeeded();
                    }
                    Ok(Some(_)) => {
                        return Err(Error::Dishonest(format!(
                            "it answers with more than {} bytes",
                            row.size
                        )));
                    }
                    Ok(None) if at == row.size => break,
                    Ok(None) => {
                        let error =
                            Error::Unreachable { host: self.http.host(), why: "the line broke".into() };
                        tries.pause(error, || {}).await?;
                        break;
                    }
                    Err(error) => {
                        tries.pause(self.http.unreachable(&error), || {}).await?;
                        break;
                    }
                }
            }
        }
        let id = ObjectId::from_bytes(digest.finalize().into());
        if id == row.report_id { Ok(()) } else { Err(other_bytes(row.report_id)) }
    }

    /// Asks for the bytes from `from` on, up to `to` if that is given.
    async fn ask_for(
        &self,
        id: ObjectId,
        from: u64,
        to: Option<u64>,
        key: &SigningKey,
    ) -> Result<Response, Error> {
        let last = to.map(|to| to.saturating_sub(1).to_string()).unwrap_or_default();
        let range = format!("bytes={from}-{last}");
        let range = HeaderValue::try_from(range).map_err(|error| Error::System(error.to_string()))?;
        let signed = self.signer(key);
        let target = path::report(id);
        let ask = || async {
            let request = self.http.signed_request(&Method::GET, &target, None, Some(&signed))?;
            self.http.send(request.header(header::RANGE, &range)).await
        };
        let response = match ask().await {
            // The nonce was too old; a new one came with the answer.
            Err(Error::Problem(problem)) if problem.kind == Kind::Unauthorised => ask().await?,
            other => other?,
        };
        // Who does not know of parts answers with the whole.
        if response.status() == StatusCode::PARTIAL_CONTENT || from == 0 {
            Ok(response)
        } else {
            Err(Error::BadAnswer("it does not serve parts of a report".into()))
        }
    }
}

/// What a file holds already of a report; all of it is forgotten when it is more than the report has.
fn digest_of(file: &mut File, size: u64) -> std::io::Result<(Sha256, u64)> {
    if file.metadata()?.len() > size {
        file.set_len(0)?;
    }
    files::digest(file)
}

fn other_bytes(id: ObjectId) -> Error {
    Error::Dishonest(format!("what it serves as {} is something else", id.short()))
}
