//! Receipts: the drop's signed word that it holds a report. They name no mailbox.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::dsse::{Envelope, EnvelopeError, Statement};
use crate::id::{DropId, ObjectId};
use crate::keys::SigningKey;
use crate::roster::VerifiedRoster;
use crate::{json, text};

/// What a drop states when it has stored a report durably (protocol, "A receipt").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The drop.
    pub drop: DropId,
    /// The report's id.
    pub report: ObjectId,
    /// The sealed size in bytes.
    pub size: u64,
    /// The UTC day on which the report was stored.
    pub day: Day,
}

impl Statement for Receipt {
    const PAYLOAD_TYPE: &'static str = "application/vnd.kua.receipt+json";
}

/// Why a receipt proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// The envelope is no receipt, or no key of the roster's drop signed it.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The receipt is of another drop than the roster.
    #[error("the receipt is of another drop")]
    OtherDrop,
    /// The drop's key was not in force on the receipt's day.
    #[error("the key that signed the receipt was not the drop's on that day")]
    KeyNotInForce,
}

impl Receipt {
    /// Signs the receipt with the drop's key.
    ///
    /// # Errors
    ///
    /// When it cannot be written as JSON.
    pub fn sign(&self, key: &SigningKey) -> Result<Envelope, json::JsonError> {
        Envelope::sign(self, key)
    }

    /// Checks a receipt under the drop keys of a verified roster.
    ///
    /// # Errors
    ///
    /// When it is not the word of this roster's drop.
    pub fn verify(envelope: &Envelope, roster: &VerifiedRoster) -> Result<Self, ReceiptError> {
        let keys = &roster.roster().drop_key;
        let verified = envelope.verify::<Self>(|signer| keys.iter().any(|known| known.key == *signer))?;
        let receipt = verified.statement;
        if receipt.drop != roster.roster().drop {
            return Err(ReceiptError::OtherDrop);
        }
        let mut of_signer = keys.iter().filter(|known| known.key == verified.signer);
        if of_signer.any(|known| known.in_force(receipt.day)) {
            Ok(receipt)
        } else {
            Err(ReceiptError::KeyNotInForce)
        }
    }
}

/// A receipt's envelope as the header field `Kua-Receipt` carries it: base64url of its JSON.
pub fn to_header(envelope: &Envelope) -> String {
    text::encode(envelope.to_json())
}

/// Reads the header field `Kua-Receipt`.
///
/// # Errors
///
/// [`EnvelopeError::Malformed`].
pub fn from_header(field: &str) -> Result<Envelope, EnvelopeError> {
    let json = text::decode_any(field).ok_or_else(|| EnvelopeError::Malformed("not base64url".into()))?;
    Envelope::parse(&json)
}
