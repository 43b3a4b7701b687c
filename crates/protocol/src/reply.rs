//! A coordinator's answer to one submitter: signed inside the seal, and only good in its place.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::dsse::{Envelope, EnvelopeError, Statement};
use crate::id::{Digest, DropId, MailboxId, ObjectId};
use crate::keys::PublicKey;
use crate::roster::VerifiedRoster;

/// Most bytes of a reply's text.
pub const MAX_TEXT_LEN: usize = 64 * 1024;
/// Most bytes of a reply's attachment.
pub const MAX_ATTACHMENT_LEN: u64 = 16 * 1024 * 1024;

/// What a coordinator states in a reply (protocol, "Replies, case log, grants").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The drop.
    pub drop: DropId,
    /// The mailbox that it is for.
    pub mailbox: MailboxId,
    /// Its number in the thread, counted from 1.
    pub number: u64,
    /// The report that it answers.
    pub report: ObjectId,
    /// The UTC day on which it was written.
    pub day: Day,
    /// What it is.
    pub kind: Kind,
    /// The text, at most [`MAX_TEXT_LEN`] bytes.
    pub text: String,
    /// The language of the text, as a BCP 47 tag.
    pub language: String,
    /// The file that comes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Attachment>,
}

/// What a reply is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A coordinator's own words.
    Text,
    /// Word that a coordinator has opened the report.
    Acknowledgement,
}

/// A file that comes with a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name in the archive.
    pub name: String,
    /// How many bytes it has.
    pub size: u64,
    /// Their SHA-256.
    pub sha256: Digest,
}

impl Statement for Reply {
    const PAYLOAD_TYPE: &'static str = "application/vnd.kua.reply+json";
}

/// Why a reply is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReplyError {
    /// It is no signed reply, or its signature does not hold.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// Its author is not on the roster.
    #[error("its author is no coordinator of this drop")]
    Stranger,
    /// It was written for another drop.
    #[error("it was written for another drop")]
    OtherDrop,
    /// It was written for another mailbox.
    #[error("it was written to somebody else")]
    OtherMailbox,
    /// It has more text than a reply may have, or a number of 0.
    #[error("it breaks the rules of replies")]
    Malformed,
}

/// A reply whose author, drop and mailbox were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedReply {
    /// What it says.
    pub reply: Reply,
    /// Its author's signing key.
    pub author: PublicKey,
    /// Its author's name in the roster.
    pub name: String,
}

impl Reply {
    /// Checks a reply under a verified roster, for the mailbox in which it was found.
    ///
    /// # Errors
    ///
    /// [`ReplyError`]; a reply that was moved from elsewhere is refused like one that was made up.
    pub fn verify(
        envelope: &Envelope,
        roster: &VerifiedRoster,
        mailbox: MailboxId,
    ) -> Result<VerifiedReply, ReplyError> {
        if roster.coordinator(&envelope.claimed_signer()).is_none() {
            return Err(ReplyError::Stranger);
        }
        let verified = envelope.verify::<Self>(|signer| roster.coordinator(signer).is_some())?;
        let (reply, author) = (verified.statement, verified.signer);
        let name = roster.coordinator(&author).ok_or(ReplyError::Stranger)?.name.clone();
        if reply.drop != roster.roster().drop {
            return Err(ReplyError::OtherDrop);
        }
        if reply.mailbox != mailbox {
            return Err(ReplyError::OtherMailbox);
        }
        let large = reply.attachment.as_ref().is_some_and(|file| file.size > MAX_ATTACHMENT_LEN);
        if reply.number == 0 || reply.text.len() > MAX_TEXT_LEN || large {
            return Err(ReplyError::Malformed);
        }
        Ok(VerifiedReply { reply, author, name })
    }
}
