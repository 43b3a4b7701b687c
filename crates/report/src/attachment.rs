//! What report.json says about each file that comes with it.

use std::io::{self, Read};

use kua_protocol::id::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::json::Extra;
use crate::{AttachmentName, Error, HexText, INTEGER_LIMIT, text};

/// One file beside the report (0167): its name, its form and its digest.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Attachment {
    /// The name in the archive, safe on every system.
    pub name: AttachmentName,
    /// The name that the person knows it by, where it had to be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_name: Option<String>,
    /// The media type, as in RFC 9110, section 8.3.1: `image/jpeg`.
    pub media_type: String,
    /// How many bytes there are, at most 2^53 − 1.
    #[schemars(range(max = INTEGER_LIMIT))]
    pub size: u64,
    /// The SHA-256 of the bytes.
    #[serde(deserialize_with = "text::hex")]
    #[schemars(with = "HexText<32>")]
    pub sha256: Digest,
    /// What became of the metadata inside the file.
    pub metadata: Metadata,
    #[serde(flatten)]
    pub(crate) extra: Extra,
}

/// What became of the metadata inside a file: position, device, author.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Metadata {
    /// It is still there, since the person wanted it so.
    Kept,
    /// There was some, and it was taken out on the person's device.
    Removed,
    /// It was looked for, and there was none.
    NoneFound,
    /// Nobody looked; there may be some.
    NotChecked,
}

impl Attachment {
    /// Reads a file once to the end, to know its size and digest; sealing reads it again and compares.
    ///
    /// # Errors
    /// What reading the file says.
    pub fn measure(
        name: AttachmentName,
        media_type: impl Into<String>,
        metadata: Metadata,
        mut content: impl Read,
    ) -> io::Result<Self> {
        let mut hasher = Sha256::new();
        let mut size = 0;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hasher.update(&buffer[..count]);
            size += count as u64;
        }
        let sha256 = Digest::from_bytes(hasher.finalize().into());
        Ok(Self {
            name,
            original_name: None,
            media_type: media_type.into(),
            size,
            sha256,
            metadata,
            extra: Extra::new(),
        })
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if !is_media_type(&self.media_type) {
            return Err(Error::field("attachments.media_type", "a media type is needed, such as image/jpeg"));
        }
        if self.size > INTEGER_LIMIT {
            return Err(Error::TooLarge);
        }
        Ok(())
    }

    /// Starts to compare bytes with what is announced.
    pub(crate) fn tally(&self) -> Tally {
        Tally { left: self.size, hasher: Sha256::new() }
    }
}

/// `type/subtype` of RFC 9110 tokens; parameters carry nothing that a coordinator needs.
fn is_media_type(text: &str) -> bool {
    let is_token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    text.len() <= 127
        && text.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// The bytes of an attachment as they pass: how many are still to come, and their digest so far.
pub(crate) struct Tally {
    /// How many bytes are still to come.
    pub(crate) left: u64,
    hasher: Sha256,
}

impl Tally {
    /// At most how many bytes of a buffer may be filled with what is still to come.
    pub(crate) fn window(&self, buffer: usize) -> usize {
        usize::try_from(self.left).map_or(buffer, |left| left.min(buffer))
    }

    /// Counts bytes that have passed; no more than [`Tally::window`] allowed.
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        self.left = self.left.saturating_sub(bytes.len() as u64);
        self.hasher.update(bytes);
    }

    /// Gives the verdict once all bytes have passed.
    pub(crate) fn verdict(self, announced: &Attachment) -> Result<(), Error> {
        let how = if self.left > 0 {
            "it has fewer bytes"
        } else if self.hasher.finalize()[..] != announced.sha256.as_bytes()[..] {
            "its SHA-256 is another"
        } else {
            return Ok(());
        };
        Err(Error::Changed { name: announced.name.clone(), how })
    }
}
