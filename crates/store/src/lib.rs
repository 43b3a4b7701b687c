//! Sealed objects on disk: segments as the truth, a ledger to find them.
//!
//! The store takes in [`SealedBytes`] and nothing else, so nothing that a person could read ever reaches it.
//! An acknowledgement means that the bytes survive the loss of power; a deletion means that they are gone, and
//! that their id is never taken in again. [`LocalStore`] keeps all of it in one folder.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::{Digest, MailboxId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_protocol::sealed::{SealedBytes, SealedError};

mod local;

pub use local::{Checked, Copied, Fault, LedgerFault, LocalStore, Options, Progress};

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

/// An upload that is about to begin: an object that comes in portions, over more than one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewUpload {
    /// What it is called: the SHA-256 of the token that its sender has, which the store never sees.
    pub id: Digest,
    /// What the object will be for.
    pub kind: Kind,
    /// Where it will belong.
    pub owner: Owner,
    /// The UTC day of its beginning, which will be the object's.
    pub day: Day,
    /// How many bytes it will have.
    pub len: u64,
    /// Until when it is kept, and may be asked what became of it, in seconds of the clock by which the caller
    /// [expires](Store::expire_uploads) uploads.
    pub until: u64,
    /// How many unfinished uploads its owner may have, this one included.
    pub most_open: usize,
}

/// How far an upload has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload {
    /// How many bytes it will have.
    pub len: u64,
    /// How many of them are durable.
    pub offset: u64,
    /// Until when it is kept, by the clock of [`NewUpload::until`].
    pub until: u64,
    /// The object that it became, once it is finished.
    pub finished: Option<ObjectRow>,
}

/// The one who writes to an upload at the moment. What was not synced when it is dropped is forgotten.
#[async_trait]
pub trait Appending: Send {
    /// How many bytes of the upload are written, durable or not.
    fn offset(&self) -> u64;

    /// How many bytes are still to come.
    fn left(&self) -> u64;

    /// Appends bytes. They are not durable yet.
    ///
    /// # Errors
    ///
    /// `TooLarge` beyond the announced length, `NotSealed` as soon as it can be told, `Full`, `ReadOnly`.
    async fn write(&mut self, bytes: Bytes) -> Result<(), StoreError>;

    /// Makes durable what was written.
    ///
    /// # Errors
    ///
    /// `Full`, `ReadOnly`.
    async fn sync(&mut self) -> Result<(), StoreError>;

    /// Returns when somebody else wants to go on with the upload: whoever writes should sync and stop.
    async fn interrupted(&mut self);
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

/// How long objects are kept.
///
/// Reports and replies expire; the entries of a case go with its report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// UTC days that an object is kept, the day of its arrival not counted.
    pub days: u32,
    /// Days by which an object may go earlier or later, as its id decides: its end does not betray its beginning.
    pub spread: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { days: 180, spread: 7 }
    }
}

impl Retention {
    /// Days that the object with this id is kept: `days` and between `-spread` and `+spread`.
    ///
    /// The offset is the first eight bytes, big-endian, of SHA-256("kua/v1/retention" ‖ id) modulo
    /// `2 * spread + 1`, minus `spread`.
    pub fn of(&self, id: ObjectId) -> i64 {
        let digest = ObjectId::of(&[&b"kua/v1/retention"[..], id.as_bytes()].concat());
        let number = digest.as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        let offset = number % (2 * u64::from(self.spread) + 1);
        self.least() + offset.cast_signed()
    }

    /// The last UTC day on which the object with this id is kept, if it came on `day`.
    pub fn last_day(&self, day: Day, id: ObjectId) -> Day {
        day.plus(self.of(id))
    }

    /// Days that every object is kept at least.
    pub fn least(&self) -> i64 {
        i64::from(self.days) - i64::from(self.spread)
    }
}

/// What is due for deletion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    /// Objects that go because somebody wished it. Where another wish stands meanwhile, or none, the object stays.
    pub wished: Vec<(ObjectId, DeleteAsked)>,
    /// How long objects are kept.
    pub retention: Retention,
    /// Objects whose [last day](Retention::last_day) is this or earlier go; none does without it.
    pub through: Option<Day>,
}

/// Objects whose last day is reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expiring {
    /// How many there are; what their cases own is not counted.
    pub objects: u64,
    /// The earliest of their last days.
    pub oldest: Option<Day>,
}

/// What [`Store::tidy`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tidied {
    /// How many objects coordinators had wanted deleted; what their cases owned is not counted.
    pub deleted: u64,
    /// How many objects were past their retention, counted likewise.
    pub expired: u64,
    /// The days whose segments were rewritten in the order of ids.
    pub closed: Vec<Day>,
}

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
    /// The ledger cannot be read; the next start rebuilds it from the segments.
    #[error("the ledger cannot be read")]
    Ledger(#[from] LedgerFault),
    /// The operating system refused.
    #[error("the disk does not answer as it should")]
    Io(#[from] std::io::Error),
}

/// A place for sealed objects.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Takes in an object and returns once it is durable.
    ///
    /// The same bytes are taken in once: whoever brings them again, even at the same moment, is told so.
    ///
    /// # Errors
    ///
    /// `Full`, `TooLarge`, `ReadOnly`; `Gone` when the object or its case was deleted, `Unknown` when there is
    /// no such case.
    async fn put(&self, object: NewObject) -> Result<Put, StoreError>;

    /// Says what is known of an id.
    ///
    /// # Errors
    ///
    /// `Ledger`.
    async fn find(&self, id: ObjectId) -> Result<Lookup, StoreError>;

    /// Reads the bytes of an object in this range, which lies within `0..size`.
    ///
    /// A whole object that came in one piece is checked against its id before it is handed out. A part is not, nor
    /// is an object that came by an upload: the reader checks the whole in the end.
    ///
    /// # Errors
    ///
    /// `Gone`, also when the deletion came during the read; `Unknown`, `OutOfRange`, `Damaged`, `Io`, `Ledger`.
    async fn read(&self, id: ObjectId, range: Range<u64>) -> Result<Bytes, StoreError>;

    /// Lists the objects of a kind from a day on, at most `limit` (but at least one) a page.
    ///
    /// # Errors
    ///
    /// `Ledger`.
    async fn list(
        &self,
        kind: Kind,
        since: Day,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError>;

    /// Lists the objects of a kind that one mailbox or case holds, at most `limit` (but at least one) a page.
    ///
    /// # Errors
    ///
    /// `Ledger`.
    async fn owned(
        &self,
        owner: Owner,
        kind: Kind,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError>;

    /// Notes that a coordinator wants an object deleted, and returns the wish that stands.
    ///
    /// The first wish stands until [`Store::keep`]; a later one changes neither its day nor its author, so that
    /// a caller sees from the answer whether somebody else had asked before.
    ///
    /// # Errors
    ///
    /// `Gone`, `Unknown`, `ReadOnly`.
    async fn ask_delete(&self, id: ObjectId, by: PublicKey, day: Day) -> Result<DeleteAsked, StoreError>;

    /// Takes the wish for deletion back, if one stands.
    ///
    /// # Errors
    ///
    /// `Gone`, `Unknown`, `ReadOnly`.
    async fn keep(&self, id: ObjectId) -> Result<(), StoreError>;

    /// Deletes an object, and all that its case owns, and returns once the bytes are gone from the disk.
    ///
    /// # Errors
    ///
    /// `Gone` when it was deleted before, `Unknown`, `ReadOnly`.
    async fn delete(&self, id: ObjectId) -> Result<(), StoreError>;

    /// Lists the wishes for deletion that stand, by the day of the wish and id.
    ///
    /// # Errors
    ///
    /// `Ledger`.
    async fn wishes(&self) -> Result<Vec<(ObjectId, DeleteAsked)>, StoreError>;

    /// Counts the objects whose [last day](Retention::last_day) is `through` or earlier.
    ///
    /// # Errors
    ///
    /// `Ledger`.
    async fn expiring(&self, through: Day, retention: Retention) -> Result<Expiring, StoreError>;

    /// Deletes what is due, and closes the days before `today`: what came or was said on them is rewritten in the
    /// order of ids and without what was deleted, and what holds nothing alive any more is unlinked. Objects are
    /// taken in and read meanwhile.
    ///
    /// Whether anything is due is for the caller to know: the store looks at no clock.
    ///
    /// # Errors
    ///
    /// `ReadOnly`, `Full` when there is no room for rewriting, `Io`, `Ledger`; what was not done then is done by
    /// the next call.
    async fn tidy(&self, today: Day, due: Due) -> Result<Tidied, StoreError>;

    /// Begins an upload, durably.
    ///
    /// # Errors
    ///
    /// `Full` when there is no room for all of it beside the uploads that are under way; `TooManyUploads`,
    /// `TooLarge`, `ReadOnly`; `Locked` when one of this id is under way.
    async fn begin(&self, upload: NewUpload) -> Result<(), StoreError>;

    /// Says how far an upload has come. Whoever writes to it is interrupted first, so that the answer stays true.
    ///
    /// # Errors
    ///
    /// `Unknown`; `Gone` when the object that it became was deleted; `Locked`, `Ledger`.
    async fn upload(&self, id: Digest) -> Result<Upload, StoreError>;

    /// Goes on with an upload at this byte, after interrupting whoever writes to it.
    ///
    /// # Errors
    ///
    /// `Unknown`, `Finished`, `OtherOffset`, `Locked`.
    async fn append(&self, id: Digest, offset: u64) -> Result<Box<dyn Appending>, StoreError>;

    /// Turns an upload of which every byte is durable into an object of at most `most` bytes of plaintext, and
    /// returns once it is there. The last writer must be dropped.
    ///
    /// # Errors
    ///
    /// `OtherOffset` when bytes are missing. `NotSealed`, `TooLarge` and `Gone` (the same object was deleted) end
    /// the upload. `Unknown`, `Finished`, `Locked`, `ReadOnly`, `Io`, `Ledger`.
    async fn finish(&self, id: Digest, most: u64) -> Result<Put, StoreError>;

    /// Gives an unfinished upload up: its bytes are gone when this returns.
    ///
    /// # Errors
    ///
    /// `Unknown`, `Finished`, `Locked`, `Io`.
    async fn abandon(&self, id: Digest) -> Result<(), StoreError>;

    /// Gives up the uploads that are kept until `now` or less, and says how many they were.
    ///
    /// # Errors
    ///
    /// `Io`.
    async fn expire_uploads(&self, now: u64) -> Result<u64, StoreError>;

    /// The store in numbers.
    fn status(&self) -> Status;
}
