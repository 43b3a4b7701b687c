//! The proof inside a follow-up that it comes from the same person as the thread's first report.

use serde::{Deserialize, Serialize};

use crate::dsse::Statement;
use crate::id::{DropId, ObjectId};

/// What a mailbox key states inside a follow-up (protocol, "thread"). A reader refuses it elsewhere than in the report
/// whose random number it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followup {
    /// The drop.
    pub drop: DropId,
    /// The id of the thread's first report.
    pub first: ObjectId,
    /// The follow-up's own random number, 16 bytes in lower-case hex.
    pub number: String,
}

impl Statement for Followup {
    const PAYLOAD_TYPE: &'static str = "application/vnd.kua.followup+json";
}
