//! A store in numbers.

/// What the store can do at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Everything.
    Writable,
    /// Everything but taking in objects: the disk's reserve is reached.
    Full,
    /// Reading only, for the reason given here, until the drop is started again.
    ReadOnly(String),
}

/// The store in numbers, for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// How many objects there are.
    pub objects: u64,
    /// How many bytes they have together.
    pub bytes: u64,
    /// How many bytes the disk has left, the reserve included.
    pub free_bytes: u64,
    /// What the store can do.
    pub state: State,
    /// How many objects are damaged on the disk, as far as reading or checking has shown since the start.
    pub damaged: u64,
    /// How many uploads are unfinished.
    pub uploads: u64,
    /// Until when the oldest of them is kept, by the clock of [`NewUpload::until`].
    pub oldest_upload_until: Option<u64>,
}
