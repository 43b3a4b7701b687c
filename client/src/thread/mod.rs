//! What a submitter and the coordinators wrote to each other, as the submitter's codename finds it.

use std::collections::BTreeSet;

use kua_protocol::api::{MessageRow, SentRow};
use kua_protocol::id::ObjectId;
use kua_protocol::reply::{Kind, Reply, ReplyError, VerifiedReply};
use kua_sealing::SubmitterKeys;

use crate::drop::Drop;
use crate::error::Error;

mod letter;

pub use letter::Letter;

/// Everything in one mailbox.
pub struct Thread {
    /// What was sent, by day.
    pub sent: Vec<SentRow>,
    /// What was answered, in the order of numbers.
    pub replies: Vec<Received>,
    /// What the drop serves as replies and is none.
    pub refused: Vec<Refused>,
}

/// A reply that was verified.
pub struct Received {
    /// Where the drop keeps it.
    pub row: MessageRow,
    /// What it says, and who wrote it.
    pub verified: VerifiedReply,
    /// The bytes of the file that came with it.
    pub attachment: Option<Vec<u8>>,
}

/// Something that is no reply to this submitter.
pub struct Refused {
    /// Where the drop keeps it.
    pub row: MessageRow,
    /// Why it is none: the key of a message.
    pub why: &'static str,
}

impl Thread {
    /// Reads a mailbox. Whatever is not a coordinator's reply to it is refused and named, and the rest is shown.
    ///
    /// # Errors
    ///
    /// When the drop cannot be reached, or serves other bytes than it lists.
    pub async fn read(drop: &Drop, keys: &SubmitterKeys) -> Result<Self, Error> {
        let (mailbox, key) = (keys.mailbox(), keys.signing());
        let sent = drop.sent(mailbox, key).await?;
        let mut thread = Self { sent, replies: Vec::new(), refused: Vec::new() };
        for row in drop.messages(mailbox, key).await? {
            let sealed = drop.message(mailbox, &row, key).await?;
            match open(drop, keys, &sealed) {
                Ok((verified, attachment)) => thread.replies.push(Received { row, verified, attachment }),
                Err(why) => thread.refused.push(Refused { row, why }),
            }
        }
        thread.replies.sort_by_key(|received| (received.verified.reply.number, received.row.message_id));
        Ok(thread)
    }

    /// The reports of which a coordinator said that they were opened.
    pub fn acknowledged(&self) -> BTreeSet<ObjectId> {
        let replies = self.replies.iter().map(|received| &received.verified.reply);
        replies.filter(|reply| reply.kind == Kind::Acknowledgement).map(|reply| reply.report).collect()
    }

    /// Numbers that are missing before the last, and numbers that stand twice.
    pub fn gaps_and_doubles(&self) -> (Vec<u64>, Vec<u64>) {
        let numbers: Vec<u64> = self.replies.iter().map(|received| received.verified.reply.number).collect();
        let mut gaps = Vec::new();
        let mut next = 1;
        for number in &numbers {
            // A made-up number must not make a list without end.
            gaps.extend((next..*number).take(100));
            next = number.saturating_add(1);
        }
        let doubles = numbers.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect();
        (gaps, doubles)
    }
}

/// Opens what the drop serves as a reply.
fn open(
    drop: &Drop,
    keys: &SubmitterKeys,
    sealed: &[u8],
) -> Result<(VerifiedReply, Option<Vec<u8>>), &'static str> {
    let opened = kua_sealing::open(sealed, keys.identity()).map_err(|_| "return-refused-seal")?;
    let letter = Letter::unpack(opened).map_err(|_| "return-refused-seal")?;
    let verified =
        Reply::verify(&letter.envelope, drop.roster(), keys.mailbox()).map_err(|error| match error {
            ReplyError::Stranger | ReplyError::Envelope(_) => "return-refused-author",
            ReplyError::OtherDrop | ReplyError::OtherMailbox => "return-refused-place",
            ReplyError::Malformed => "return-refused-form",
        })?;
    if !letter.agrees_with(verified.reply.attachment.as_ref()) {
        return Err("return-refused-form");
    }
    Ok((verified, letter.attachment))
}
