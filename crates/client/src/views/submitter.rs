//! What a submitter's client shows.

use kua_protocol::day::Day;
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::reply::Reply;
use kua_sealing::SubmitterKeys;
use schemars::JsonSchema;
use serde::Serialize;

use crate::thread::{Refusal, Thread};

/// A report that the drop took in. The codename is a secret of its submitter.
#[derive(Serialize, JsonSchema)]
pub struct Submitted<'a> {
    /// The report's id.
    #[schemars(with = "String")]
    pub report_id: ObjectId,
    /// The eight words with which the submitter comes back.
    pub codename: &'a str,
    /// The submitter's mailbox.
    #[schemars(with = "String")]
    pub mailbox: MailboxId,
    /// Its sealed bytes.
    pub size: u64,
    /// The day on which the drop took it in.
    #[schemars(with = "String")]
    pub day: Day,
}

/// A report that was sealed into a file. The codename is a secret of its submitter.
#[derive(Serialize, JsonSchema)]
pub struct SealedView<'a> {
    /// The report's id.
    #[schemars(with = "String")]
    pub report_id: ObjectId,
    /// The eight words with which the submitter comes back.
    pub codename: &'a str,
    /// The submitter's mailbox.
    #[schemars(with = "String")]
    pub mailbox: MailboxId,
    /// Its sealed bytes.
    pub size: u64,
}

/// Everything in one mailbox.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ThreadView {
    /// The mailbox.
    #[schemars(with = "String")]
    mailbox: MailboxId,
    /// What was sent, by day.
    sent: Vec<Sent>,
    /// What was answered, in order.
    replies: Vec<Replied>,
    /// What the drop serves as replies and is none.
    refused: Vec<RefusedReply>,
    /// Numbers of replies that are missing.
    missing: Vec<u64>,
    /// Numbers that stand twice.
    doubled: Vec<u64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Sent {
    #[schemars(with = "String")]
    report_id: ObjectId,
    #[schemars(with = "String")]
    day: Day,
    size: u64,
    /// Whether a coordinator said that it was opened.
    opened: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Replied {
    /// The reply as it was signed.
    #[serde(flatten)]
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    reply: Reply,
    #[schemars(with = "String")]
    message_id: ObjectId,
    /// The coordinator's name.
    author: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RefusedReply {
    #[schemars(with = "String")]
    message_id: ObjectId,
    /// The code of why it is none.
    reason: &'static str,
}

impl ThreadView {
    /// Gives a thread as programs get it.
    pub fn of(thread: &Thread, keys: &SubmitterKeys) -> Self {
        let opened = thread.acknowledged();
        let sent = thread.sent.iter().map(|sent| Sent {
            report_id: sent.report_id,
            day: sent.day,
            size: sent.size,
            opened: opened.contains(&sent.report_id),
        });
        let replies = thread.replies.iter().map(|received| Replied {
            reply: received.verified.reply.clone(),
            message_id: received.row.message_id,
            author: received.verified.name.clone(),
        });
        let refused = thread
            .refused
            .iter()
            .map(|refused| RefusedReply { message_id: refused.row.message_id, reason: refused.why.code() });
        let (missing, doubled) = thread.gaps_and_doubles();
        Self {
            mailbox: keys.mailbox(),
            sent: sent.collect(),
            replies: replies.collect(),
            refused: refused.collect(),
            missing,
            doubled,
        }
    }
}

impl Refusal {
    /// Gives the reason as a code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Seal => "return-refused-seal",
            Self::Author => "return-refused-author",
            Self::Place => "return-refused-place",
            Self::Form => "return-refused-form",
        }
    }
}
