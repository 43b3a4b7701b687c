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
        if !reply.keeps_the_rules() {
            return Err(ReplyError::Malformed);
        }
        Ok(VerifiedReply { reply, author, name })
    }

    fn keeps_the_rules(&self) -> bool {
        let large = self.attachment.as_ref().is_some_and(|file| file.size > MAX_ATTACHMENT_LEN);
        self.number > 0 && self.text.len() <= MAX_TEXT_LEN && !large
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json;

    fn reply(text: String) -> Reply {
        Reply {
            drop: DropId::from_bytes([1; 16]),
            mailbox: MailboxId::from_bytes([2; 16]),
            number: 1,
            report: ObjectId::of(b"a report"),
            day: Day::from_number(20_000),
            kind: Kind::Text,
            text,
            language: "kk".into(),
            attachment: None,
        }
    }

    #[test]
    fn the_longest_text_fits_into_an_envelope_and_a_longer_one_is_refused() {
        // JSON doubles a quote or the end of a line, and base64 adds a third.
        for text in ["a".repeat(MAX_TEXT_LEN), "ж".repeat(MAX_TEXT_LEN / 2), "\"\n".repeat(MAX_TEXT_LEN / 2)]
        {
            let seed = crate::secret::Seed::take(&mut [3; 32]);
            let key = crate::keys::SigningKey::derive(&seed, crate::secret::Purpose::CoordinatorSign);
            let signed = Envelope::sign(&reply(text), &key).unwrap();
            assert!(Envelope::parse(&signed.to_json()).is_ok());
        }
        assert!(reply("a".repeat(MAX_TEXT_LEN)).keeps_the_rules());
        assert!(!reply("a".repeat(MAX_TEXT_LEN + 1)).keeps_the_rules());
    }

    proptest! {
        #[test]
        fn a_reply_comes_back_as_it_was(
            text in "\\PC{0,200}", number in 1..=json::MAX_INTEGER, opened in any::<bool>(), size in proptest::option::of(any::<u32>()),
        ) {
            let attachment = size.map(|size| Attachment {
                name: text.clone(), size: size.into(), sha256: Digest::of(text.as_bytes()),
            });
            let kind = if opened { Kind::Acknowledgement } else { Kind::Text };
            let reply = Reply { number, kind, attachment, ..reply(text) };
            let bytes = serde_json::to_vec(&reply).unwrap();
            prop_assert_eq!(json::from_slice::<Reply>(&bytes).unwrap(), reply);
        }

        #[test]
        fn any_bytes_are_read_or_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = json::from_slice::<Reply>(&bytes);
        }
    }
}
