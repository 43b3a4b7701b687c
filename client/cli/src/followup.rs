//! Whether a follow-up belongs to the thread that it names.
//!
//! Two things make a proof. The follow-up carries a statement of its own mailbox key about this drop, the thread's first
//! report and the follow-up's own number. And the first report, opened here and whole, names the same key: without that,
//! anybody could sign himself into the thread of somebody else.

use kua_protocol::dsse::Envelope;
use kua_protocol::followup::Followup;
use kua_protocol::id::{DropId, MailboxId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_report::Report;
use serde_json::Value;

use crate::memory::Memory;
use crate::summary::{Seen, Summary};
use crate::words::Words;

/// The message about a follow-up that does not belong where it says.
pub const DISAGREES: &str = "disagrees-thread";

/// How sure it is that a follow-up belongs to the thread that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The same mailbox key stands in the first report and signed that this one follows it.
    Proven,
    /// Nothing speaks against it, and not all of both reports was read here.
    Unproven,
    /// Its statement does not hold, or the first report is another person's.
    Refuted,
}

/// The thread of a report, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The first report of the thread.
    pub first: ObjectId,
    /// How sure it is.
    pub standing: Standing,
}

impl Membership {
    /// The thread of a report, judged by what is known of its first one; none for a report that follows none.
    pub fn of(summary: &Summary, known: &Memory<'_>) -> Option<Self> {
        let first = summary.thread?;
        let same_sender = |other: &Summary| summary.sender.is_some() && other.sender == summary.sender;
        let standing = match known.seen(&first) {
            _ if !summary.disagreements.is_empty() => Standing::Refuted,
            Some(Seen::Open(start)) if start.verified && !same_sender(start) => Standing::Refuted,
            Some(Seen::Open(start)) if start.verified && summary.verified => Standing::Proven,
            _ => Standing::Unproven,
        };
        Some(Self { first, standing })
    }

    /// Whether it is proven.
    pub fn is_proven(&self) -> bool {
        self.standing == Standing::Proven
    }

    /// The thread in a few words.
    pub fn in_words(&self, words: &Words) -> String {
        let first = [("first", self.first.short().into())];
        match self.standing {
            Standing::Proven => words.say_with("thread-proven", &first),
            Standing::Unproven => words.say_with("thread-unproven", &first),
            Standing::Refuted => words.say_with("thread-refuted", &first),
        }
    }
}

/// Everything that is wrong with a report, its place in a thread included.
pub fn disagreements<'a>(summary: &'a Summary, membership: Option<&Membership>) -> Vec<&'a str> {
    let mut found: Vec<&str> = summary.disagreements.iter().map(String::as_str).collect();
    if found.is_empty() && membership.is_some_and(|thread| thread.standing == Standing::Refuted) {
        found.push(DISAGREES);
    }
    found
}

/// The mailbox that a report names as its sender's.
pub fn sender(report: &Report) -> Option<MailboxId> {
    PublicKey::from_bytes(report.routing().reply.sign.as_bytes()).ok().map(|key| MailboxId::of(&key))
}

/// Whether a report's statement about its thread is its own sender's, about this drop, that thread and this very report.
/// A report that follows none needs no statement.
pub fn holds(report: &Report, drop: DropId) -> bool {
    let routing = report.routing();
    let Some(thread) = &routing.thread else {
        return true;
    };
    let envelope = serde_json::from_value::<Envelope>(Value::Object(thread.proof.clone()));
    let is_sender = |signer: &PublicKey| signer.as_bytes() == routing.reply.sign.as_bytes();
    envelope.ok().and_then(|envelope| envelope.verify::<Followup>(is_sender).ok()).is_some_and(|verified| {
        let stated = verified.statement;
        stated.drop == drop
            && stated.first.as_bytes() == thread.first.as_bytes()
            && stated.number == routing.number.to_string()
    })
}
