//! A submitter's way: a draft and files are read, put together, sealed and sent.

mod attach;
mod metadata;
mod prepare;
mod send;

pub use self::attach::{AttachedFile, attach, attach_one, check_files, read_draft};
pub use self::metadata::Choice;
pub(crate) use self::metadata::settle;
pub use self::prepare::{Prepared, choose, most};
pub use self::send::send;
