//! What a submitter and the coordinators wrote to each other, as the submitter's codename finds it.

use std::collections::BTreeSet;

use kua_protocol::api::{MessageRow, SentRow};
use kua_protocol::id::ObjectId;
use kua_protocol::reply::{Kind, Reply, ReplyError, VerifiedReply};
use kua_sealing::SubmitterKeys;

use crate::drop::DropClient;
use crate::error::Error;

mod letter;

mod replying;

use self::letter::Letter;
pub use self::replying::{Answer, PostedReply, reply_each};

/// Everything in one mailbox.
pub struct Thread {
    /// What was sent, by day.
    pub sent: Vec<SentRow>,
    /// What was answered, by the day on which it was written and, within a day, by number.
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
    /// Why it is none.
    pub why: Refusal,
}

/// A reason why something is no reply to this submitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not sealed to her, or the seal is broken.
    Seal,
    /// It was not written by a coordinator of the drop.
    Author,
    /// It is for another drop or another mailbox.
    Place,
    /// It has not the form of a reply, or not the file that it states.
    Form,
}

impl Thread {
    /// Reads a mailbox. Whatever is not a coordinator's reply to it is refused and named, and the rest is shown.
    ///
    /// # Errors
    ///
    /// When the drop cannot be reached, or serves other bytes than it lists.
    pub async fn read(drop: &DropClient, keys: &SubmitterKeys) -> Result<Self, Error> {
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
        thread.put_in_order();
        Ok(thread)
    }

    /// By day first: the number is how many replies lay in the mailbox, and starts again from fewer after some were
    /// deleted.
    fn put_in_order(&mut self) {
        self.replies.sort_by_key(|Received { row, verified: VerifiedReply { reply, .. }, .. }| {
            (reply.day, reply.number, row.message_id)
        });
    }

    /// Gives the reports of which a coordinator said that they were opened.
    pub fn acknowledged(&self) -> BTreeSet<ObjectId> {
        let replies = self.replies.iter().map(|received| &received.verified.reply);
        replies.filter(|reply| reply.kind == Kind::Acknowledgement).map(|reply| reply.report).collect()
    }

    /// Finds numbers that are missing before the highest, and numbers that stand twice.
    pub fn gaps_and_doubles(&self) -> (Vec<u64>, Vec<u64>) {
        let mut numbers: Vec<u64> =
            self.replies.iter().map(|received| received.verified.reply.number).collect();
        numbers.sort_unstable();
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
    drop: &DropClient,
    keys: &SubmitterKeys,
    sealed: &[u8],
) -> Result<(VerifiedReply, Option<Vec<u8>>), Refusal> {
    let opened = kua_sealing::open(sealed, keys.identity()).map_err(|_| Refusal::Seal)?;
    let letter = Letter::unpack(opened).map_err(|_| Refusal::Seal)?;
    let verified =
        Reply::verify(&letter.envelope, drop.roster(), keys.mailbox()).map_err(|error| match error {
            ReplyError::Stranger | ReplyError::Envelope(_) => Refusal::Author,
            ReplyError::OtherDrop | ReplyError::OtherMailbox => Refusal::Place,
            ReplyError::Malformed => Refusal::Form,
        })?;
    if !letter.agrees_with(verified.reply.attachment.as_ref()) {
        return Err(Refusal::Form);
    }
    Ok((verified, letter.attachment))
}

#[cfg(test)]
mod tests {
    use kua_protocol::day::Day;
    use kua_protocol::id::{DropId, MailboxId};
    use kua_protocol::keys::SigningKey;
    use kua_protocol::secret::{Purpose, Seed};

    use super::*;

    /// A thread with replies of these days and numbers.
    fn thread(replies: &[(u32, u64)]) -> Thread {
        let author = SigningKey::derive(&Seed::generate().unwrap(), Purpose::CoordinatorSign).public();
        let received = |(n, (day, number)): (usize, &(u32, u64))| {
            let (day, message_id) = (Day::from_number(*day), ObjectId::of(&n.to_be_bytes()));
            let reply = Reply {
                drop: DropId::from_bytes([1; 16]),
                mailbox: MailboxId::from_bytes([2; 16]),
                number: *number,
                report: ObjectId::of(b"a report"),
                day,
                kind: Kind::Text,
                text: String::new(),
                language: "en".into(),
                attachment: None,
            };
            let verified = VerifiedReply { reply, author, name: "Aigul".into() };
            Received { row: MessageRow { message_id, day, size: 0 }, verified, attachment: None }
        };
        let replies = replies.iter().enumerate().map(received).collect();
        let mut thread = Thread { sent: Vec::new(), replies, refused: Vec::new() };
        thread.put_in_order();
        thread
    }

    #[test]
    fn what_is_missing_and_what_stands_twice_is_said() {
        let says = |numbers: &[u64]| {
            let replies: Vec<_> = numbers.iter().map(|number| (9, *number)).collect();
            thread(&replies).gaps_and_doubles()
        };
        assert_eq!(says(&[]), (vec![], vec![]));
        assert_eq!(says(&[2, 1, 3]), (vec![], vec![]));
        assert_eq!(says(&[4, 2]), (vec![1, 3], vec![]));
        assert_eq!(says(&[3, 1, 3]), (vec![2], vec![3]));
        let (gaps, doubles) = says(&[1, (1 << 53) - 1]);
        assert_eq!((gaps.len(), doubles.len()), (100, 0), "a made-up number makes no list without end");
    }

    #[test]
    fn replies_that_came_after_others_were_deleted_stand_after_what_is_left() {
        // Of three the last was left; on later days numbers began again from two.
        let thread = thread(&[(12, 3), (10, 3), (11, 2), (12, 4)]);
        let order: Vec<_> = thread
            .replies
            .iter()
            .map(|one| (one.verified.reply.day.number(), one.verified.reply.number))
            .collect();
        assert_eq!(order, [(10, 3), (11, 2), (12, 3), (12, 4)]);
        assert_eq!(thread.gaps_and_doubles(), (vec![1], vec![3]));
    }
}
