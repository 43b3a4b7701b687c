//! Transcripts of the command line: what people and programs see of `kua`, byte for byte, so that a change of it is meant.
//!
//! Each test plays a story with the real binaries and compares its transcript with the one in `pinned/snapshots`.
//! `INSTA_UPDATE=always cargo nextest run -p acceptance pinned` writes them anew.

mod scrub;
mod transcript;
mod views;

mod cases;
mod conversation;
mod deletion;
mod errors;
mod exports;
mod grants;
mod help;
mod inbox;
mod keys;
mod languages;
mod opening;
mod receipts;
mod rosters;
mod shares;
mod submitting;
