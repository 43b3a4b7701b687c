//! Why a store does not do as asked.

use kua_protocol::sealed::SealedError;

/// Why the store did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk's reserve is reached: make room, then send again.
    #[error("the disk is full up to its reserve")]
    Full,
    /// The object was deleted: do not send it again.
    #[error("the object was deleted")]
    Gone,
    /// There is no such object, or no such case for the entry.
    #[error("there is no such object")]
    Unknown,
    /// The range ends beyond the object or is turned round: ask within its size.
    #[error("the range is not within the object's {size} bytes")]
    OutOfRange {
        /// The object's length in bytes.
        size: u64,
    },
    /// The object has more bytes than it may have, or than were announced.
    #[error("the object is larger than it may be")]
    TooLarge,
    /// An upload is not a sealed file; it is gone.
    #[error(transparent)]
    NotSealed(#[from] SealedError),
    /// The upload goes on at another byte: begin there.
    #[error("the upload goes on at byte {offset}")]
    OtherOffset {
        /// How many bytes are durable.
        offset: u64,
    },
    /// Somebody else writes to the upload and does not stop: try again in a moment.
    #[error("the upload is being written to")]
    Locked,
    /// The upload is finished: nothing can be added to it or taken from it.
    #[error("the upload is finished")]
    Finished,
    /// The owner has as many unfinished uploads as it may have: finish or abandon one.
    #[error("there are too many unfinished uploads")]
    TooManyUploads,
    /// The bytes on the disk are not the ones that were stored: restore them from a copy.
    #[error("the object is damaged on the disk")]
    Damaged,
    /// A file's first bytes are damaged, so that nothing in it can be found: restore the file from a copy.
    #[error("the segment {0} is damaged at its beginning")]
    DamagedSegment(String),
    /// A newer version of the program wrote this folder: use that version.
    #[error("the segment {0} was written by a newer version")]
    Newer(String),
    /// Another process serves from this folder: stop it first.
    #[error("another process uses this folder")]
    InUse,
    /// An earlier error made the store read-only, as named here: see to the disk, then start again.
    #[error("the store is read-only: {0}")]
    ReadOnly(String),
    /// A backup is damaged, cut short or something else, as named here: take another copy.
    #[error("the backup cannot be used: {0}")]
    Backup(&'static str),
    /// The index of the objects cannot be read. It can be made anew from them.
    #[error("the ledger cannot be read")]
    Ledger(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The operating system refused.
    #[error("the disk does not answer as it should")]
    Io(#[from] std::io::Error),
}
