//! What checking and copying tell the operator.

use std::fmt;

use kua_protocol::id::ObjectId;

/// How far a long task has come, in bytes of the store or of the backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that are done.
    pub done: u64,
    /// Bytes in all, as far as known; 0 when unknown.
    pub total: u64,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many objects were read and are whole.
    pub objects: u64,
    /// How many bytes these have together.
    pub bytes: u64,
    /// All that is not as it should be.
    pub faults: Vec<Fault>,
}

impl Checked {
    /// Adds a finding: where, what, and about which object if that is known.
    pub fn fault(&mut self, place: impl Into<String>, what: &'static str, id: Option<ObjectId>) {
        self.faults.push(Fault::new(place, what, id));
    }
}

/// One thing that is not as it should be. As text it is one line that says where and what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    place: String,
    what: &'static str,
    id: Option<ObjectId>,
}

impl Fault {
    /// A finding: where, what, and about which object if that is known.
    pub fn new(place: impl Into<String>, what: &'static str, id: Option<ObjectId>) -> Self {
        Self { place: place.into(), what, id }
    }

    /// The object that is concerned, where it is known.
    pub fn id(&self) -> Option<ObjectId> {
        self.id
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)?;
        self.id.map_or(Ok(()), |id| write!(f, " (object {id})"))
    }
}

/// What was copied into a backup, or out of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copied {
    /// How many objects.
    pub objects: u64,
    /// How many bytes these have together.
    pub bytes: u64,
    /// How many ids of deleted objects.
    pub tombstones: u64,
    /// Objects that could not be copied because they are damaged; empty after restoring.
    pub left_out: Vec<Fault>,
}
