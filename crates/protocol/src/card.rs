//! Cards: the public halves of keys, carried by hand to those who sign the roster.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::id::DropId;
use crate::keys::PublicKey;
use crate::roster::RecipientText;

/// The value of [`DropCard::format`].
pub const DROP_CARD_FORMAT: &str = "kua-drop-card/1";
/// The value of [`CoordinatorCard::format`].
pub const COORDINATOR_CARD_FORMAT: &str = "kua-card/1";

/// What `kua-server init` hands to those who sign the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropCard {
    /// [`DROP_CARD_FORMAT`].
    pub format: String,
    /// The drop.
    pub drop: DropId,
    /// The key that it signs receipts with.
    pub drop_key: PublicKey,
    /// The UTC day on which the key was made.
    pub from: Day,
}

/// What a coordinator hands to those who sign the roster: `kua key show --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoordinatorCard {
    /// [`COORDINATOR_CARD_FORMAT`].
    pub format: String,
    /// How the coordinator wants to be called in the roster.
    pub name: String,
    /// The Ed25519 key.
    pub sign: PublicKey,
    /// The age recipient.
    pub recipient: RecipientText,
}
