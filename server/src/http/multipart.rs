//! The one part of a form (RFC 7578), whose bytes are still arriving.
//!
//! Browsers say how long a form is, so the length of its one file is known from the beginning: what is left when the
//! part's head and the closing line are taken away. Whatever is not exactly such a form is refused.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use kua_protocol::problem::Kind;
use kua_protocol::sealed::{HeaderScan, SealedError, scan_header};
use memchr::memmem;

use crate::error::ApiError;
use crate::http::limits::FORM_HEAD;

/// Most characters of a boundary (RFC 2046, section 5.1.1).
const MOST_BOUNDARY: usize = 70;

/// A file on its way in.
pub(crate) struct Part {
    /// Bytes of the file, and perhaps of what follows it, that are here.
    here: BytesMut,
    rest: Body,
    len: u64,
    /// What parts the file from what follows: a line end, two hyphens and the boundary.
    delimiter: Vec<u8>,
}

impl Part {
    /// Reads a form up to where its file begins. The file's name is forgotten.
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`] for another form than one with one file, and for one with no file chosen;
    /// [`Kind::OtherBody`] when it is cut.
    pub(crate) async fn begin(headers: &HeaderMap, body: Body) -> Result<Self, ApiError> {
        let boundary = boundary(headers).ok_or(Kind::Malformed)?;
        let total = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let total: u64 = total.ok_or(Kind::Malformed)?;
        let mut part = Self {
            here: BytesMut::new(),
            rest: body,
            len: 0,
            delimiter: format!("\r\n--{boundary}").into_bytes(),
        };
        let head = loop {
            if let Some(end) = memmem::find(&part.here, b"\r\n\r\n") {
                break part.here.split_to(end + 4);
            }
            if part.here.len() > FORM_HEAD {
                return Err(Kind::Malformed.into());
            }
            part.read_on().await?;
        };
        // The first line has no line end before it.
        let opens = head.strip_prefix(&part.delimiter[2..]).is_some_and(|rest| rest.starts_with(b"\r\n"));
        let around = head.len() + part.closing().len();
        part.len = total.checked_sub(around as u64).filter(|len| opens && *len > 0).ok_or(Kind::Malformed)?;
        Ok(part)
    }

    /// How many bytes the file has.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Reads on until it is seen that the file begins as a sealed one. No more than a header is held for that.
    ///
    /// # Errors
    ///
    /// [`Kind::NotSealed`], [`Kind::TooLarge`] for the header, [`Kind::OtherBody`].
    pub(crate) async fn check_sealed(&mut self) -> Result<(), ApiError> {
        loop {
            let known = usize::try_from(self.len).unwrap_or(usize::MAX).min(self.here.len());
            match scan_header(&self.here[..known])? {
                HeaderScan::Complete { .. } => return Ok(()),
                HeaderScan::NeedsMore if known as u64 == self.len => return Err(SealedError::CutShort.into()),
                HeaderScan::NeedsMore => self.read_on().await?,
            }
        }
    }

    async fn read_on(&mut self) -> Result<(), ApiError> {
        let more = next(&mut self.rest).await?.ok_or(Kind::OtherBody)?;
        self.here.extend_from_slice(&more);
        Ok(())
    }

    /// What comes after the file, and is the end.
    fn closing(&self) -> Vec<u8> {
        [&self.delimiter, &b"--\r\n"[..]].concat()
    }

    /// The file's bytes. They end with an error unless the form ends where it should and has no second part.
    pub(crate) fn into_body(self) -> Body {
        let closing = self.closing();
        let file = Reading { left: self.len, seen: Vec::new(), closing, delimiter: self.delimiter };
        let begin = (Some(self.here.freeze()), self.rest, file);
        Body::from_stream(stream::try_unfold(begin, |(here, mut rest, mut file)| async move {
            let bytes = match here {
                Some(bytes) => bytes,
                None => match next(&mut rest).await.map_err(|_| Broken)? {
                    Some(bytes) => bytes,
                    None if file.is_over() => return Ok(None),
                    None => return Err(Broken),
                },
            };
            let bytes = file.of_file(bytes)?;
            Ok(Some((bytes, (None, rest, file))))
        }))
    }
}

/// A form that is not what it says.
#[derive(Debug, thiserror::Error)]
#[error("the form is cut, or has more than one part")]
struct Broken;

/// How much of the file and of what follows is still to come.
struct Reading {
    left: u64,
    /// The last bytes of the file, which may begin a delimiter.
    seen: Vec<u8>,
    /// What is still to come after the file.
    closing: Vec<u8>,
    delimiter: Vec<u8>,
}

impl Reading {
    /// Those of the next bytes that are the file's. What comes after them has to be the form's end.
    fn of_file(&mut self, mut bytes: Bytes) -> Result<Bytes, Broken> {
        let own = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        let file = bytes.split_to(own);
        self.left -= own as u64;
        // A delimiter lies in these bytes, or across where they follow the last ones.
        let keep = self.delimiter.len() - 1;
        self.seen.extend_from_slice(&file[..own.min(keep)]);
        if [&self.seen[..], &file].iter().any(|bytes| memmem::find(bytes, &self.delimiter).is_some()) {
            return Err(Broken);
        }
        if own > keep {
            self.seen = file[own - keep..].to_vec();
        } else {
            self.seen.drain(..self.seen.len().saturating_sub(keep));
        }
        if !self.closing.starts_with(&bytes) {
            return Err(Broken);
        }
        self.closing.drain(..bytes.len());
        Ok(file)
    }

    fn is_over(&self) -> bool {
        self.left == 0 && self.closing.is_empty()
    }
}

/// The next bytes of a body; none at its end.
async fn next(body: &mut Body) -> Result<Option<Bytes>, ApiError> {
    while let Some(frame) = body.frame().await {
        if let Ok(bytes) = frame.map_err(|_| Kind::OtherBody)?.into_data() {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

/// The boundary of a form's parts.
fn boundary(headers: &HeaderMap) -> Option<&str> {
    let mut parameters = headers.get(header::CONTENT_TYPE)?.to_str().ok()?.split(';').map(str::trim);
    if !parameters.next()?.eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then_some(value)
    })?;
    let bare = boundary.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(boundary);
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(&b);
    (!bare.is_empty() && bare.len() <= MOST_BOUNDARY && bare.bytes().all(fits)).then_some(bare)
}

#[cfg(test)]
mod tests;
