//! A follow-up's own proof: a statement of its mailbox key about the drop, the thread's first report and the follow-up's number.

use kua_protocol::dsse::Envelope;
use kua_protocol::followup::Followup;
use kua_protocol::id::{DropId, MailboxId};
use kua_protocol::keys::PublicKey;
use kua_report::Report;
use serde_json::Value;

/// The message about a follow-up that does not belong where it says.
pub const DISAGREES: &str = "disagrees-thread";

/// Gives the mailbox that a report names as its sender's.
pub(super) fn sender(report: &Report) -> Option<MailboxId> {
    PublicKey::from_bytes(report.routing().reply.sign.as_bytes()).ok().map(|key| MailboxId::of(&key))
}

/// Says whether a report's statement about its thread is its own sender's, about this drop, that thread and this very report.
/// A report that follows none needs no statement.
pub(super) fn holds(report: &Report, drop: DropId) -> bool {
    let routing = report.routing();
    let Some(thread) = &routing.thread else {
        return true;
    };
    let envelope = serde_json::from_value::<Envelope>(Value::Object(thread.proof.clone()));
    let is_sender = |signer: &PublicKey| signer.as_bytes() == routing.reply.sign.as_bytes();
    envelope.ok().and_then(|envelope| envelope.verify::<Followup>(is_sender).ok()).is_some_and(|verified| {
        let stated = verified.statement;
        stated.drop == drop && stated.first == thread.first && stated.number == routing.number.to_string()
    })
}
