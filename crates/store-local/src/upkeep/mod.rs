//! What is done to the store as a whole: made good after a crash, tidied, checked, copied.

mod backup;
mod check;
mod compaction;
pub(crate) mod recovery;
pub(crate) mod tidy;
