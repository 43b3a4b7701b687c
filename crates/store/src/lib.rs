//! The seam between a drop and the place where its sealed objects are.
//!
//! A [`Store`] takes in [`SealedBytes`](kua_protocol::sealed::SealedBytes) and nothing else, so nothing that a person could
//! read ever reaches it. An acknowledgement means that the bytes survive the loss of power; a deletion means that they are
//! gone, and that their id is never taken in again. [`Upkeep`] is what the operator's commands ask of it.
//!
//! This crate has the types and the traits; `kua-store-local` keeps objects on a disk.

mod document;
mod error;
mod findings;
mod object;
mod retention;
mod status;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod upload;

pub use self::document::Document;
pub use self::error::StoreError;
pub use self::findings::{Checked, Copied, Fault, Progress};
pub use self::object::{
    Cursor, DeleteAsked, Kind, Lookup, MAX_FILE_LEN, MAX_OBJECT_LEN, NewObject, ObjectRow, Owner, Page, Put,
};
pub use self::retention::{Due, Expiring, Retention, Tidied};
pub use self::status::{State, Status};
pub use self::store::{Store, Upkeep};
pub use self::upload::{Appending, NewUpload, Upload};
