//! What every store can do, and what a keeper of one does.

use std::io::Write;
use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::keys::PublicKey;

use crate::{
    Appending, Checked, Copied, Cursor, DeleteAsked, Document, Due, Expiring, Kind, Lookup, NewObject,
    NewUpload, Owner, Page, Progress, Put, Retention, Status, StoreError, Tidied, Upload,
};

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
    /// From then on its id is not taken in. A store that is not on one disk may be late with showing it: for a while the
    /// object may still be found, read and listed.
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

    /// Turns an upload of which every byte is durable into an object of at most `most` bytes of plaintext, which came on
    /// `day` or on the day of its beginning, whichever is later; returns once it is there. The last writer must be dropped.
    ///
    /// # Errors
    ///
    /// `OtherOffset` when bytes are missing. `NotSealed`, `TooLarge` and `Gone` (the same object was deleted) end
    /// the upload. `Unknown`, `Finished`, `Locked`, `ReadOnly`, `Io`, `Ledger`.
    async fn finish(&self, id: Digest, most: u64, day: Day) -> Result<Put, StoreError>;

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

    /// Reads a document; none where it was never set. It blocks.
    ///
    /// # Errors
    ///
    /// `Io`.
    fn document(&self, document: Document) -> Result<Option<Vec<u8>>, StoreError>;

    /// Puts a document in the place of the one before, whole and durably; when this fails, the one before is untouched. It
    /// blocks.
    ///
    /// # Errors
    ///
    /// `Io`.
    fn set_document(&self, document: Document, bytes: &[u8]) -> Result<(), StoreError>;

    /// The store in numbers.
    fn status(&self) -> Status;
}

/// What whoever keeps a store does with it. Everything here blocks, for as long as reading all objects takes.
pub trait Upkeep: Store {
    /// Reads every object and compares it with its id, and whatever else the store knows twice; objects are taken in and
    /// handed out meanwhile.
    ///
    /// # Errors
    ///
    /// When the store cannot be read at all. What is damaged is no error but a finding.
    fn check(&self, progress: &mut dyn FnMut(Progress)) -> Result<Checked, StoreError>;

    /// Copies the objects, the ids of deleted ones and the wishes for deletion, with this roster, into a backup. What is
    /// damaged is left out and named.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, or `to` does not take the bytes.
    fn backup(
        &self,
        roster: &[u8],
        to: &mut dyn Write,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Copied, StoreError>;
}
