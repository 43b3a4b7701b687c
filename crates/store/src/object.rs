//! Sealed objects, and what is known of them.

use kua_protocol::day::Day;
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_protocol::sealed::SealedBytes;

/// The largest object that goes into a segment, in bytes: a report of 1 MiB, its header and room to spare.
pub const MAX_OBJECT_LEN: u64 = 2 * 1024 * 1024;

/// The largest object that comes by an upload, in bytes: the largest integer of the protocol, and one.
pub const MAX_FILE_LEN: u64 = 1 << 53;

/// What a sealed object is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A report, or a follow-up to one.
    Report,
    /// A coordinator's answer to one submitter.
    Reply,
    /// An entry of a report's case log.
    Entry,
}

/// Where a sealed object belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The mailbox of one submitter.
    Mailbox(MailboxId),
    /// The case of the report with this id; what it owns is deleted with the report.
    Case(ObjectId),
    /// Nothing: a report that came without a mailbox.
    Nobody,
}

/// A sealed object on its way in.
#[derive(Debug, Clone)]
pub struct NewObject {
    /// The bytes.
    pub sealed: SealedBytes,
    /// What they are for.
    pub kind: Kind,
    /// Where they belong.
    pub owner: Owner,
    /// The UTC day of their arrival.
    pub day: Day,
}

/// A coordinator's wish that an object be deleted, not yet fulfilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeleteAsked {
    /// The coordinator's signing key.
    pub by: PublicKey,
    /// The UTC day of the wish.
    pub day: Day,
}

/// All that the store knows of an object besides its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectRow {
    /// The SHA-256 of its bytes.
    pub id: ObjectId,
    /// What it is for.
    pub kind: Kind,
    /// Where it belongs.
    pub owner: Owner,
    /// The UTC day of its arrival.
    pub day: Day,
    /// Its length in bytes.
    pub size: u64,
    /// How many entries its case log has; 0 for everything but reports.
    pub entries: u32,
    /// The standing wish that it be deleted, if there is one.
    pub delete_asked: Option<DeleteAsked>,
}

/// The answer to [`Store::put`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The object is new and now durable.
    Stored(ObjectRow),
    /// The same bytes were there before, under the row given here.
    AlreadyThere(ObjectRow),
}

impl Put {
    /// The object's row, whichever way it came.
    pub fn row(&self) -> &ObjectRow {
        match self {
            Self::Stored(row) | Self::AlreadyThere(row) => row,
        }
    }
}

/// What the store knows of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "the answer to one question, which lives on the stack")]
pub enum Lookup {
    /// The object is there.
    Present(ObjectRow),
    /// The object was deleted; its id is not taken in again.
    Gone,
    /// The id was never seen.
    Unknown,
}

/// A place in a listing: the row after which the next page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The day of that row.
    pub day: Day,
    /// The id of that row.
    pub id: ObjectId,
}

/// A part of a listing, in the order of days and, within a day, of ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<ObjectRow>,
    /// Where the next page begins; nothing when this one is the last.
    pub next: Option<Cursor>,
}
