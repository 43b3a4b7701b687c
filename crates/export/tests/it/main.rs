//! What is exported is there, is the same when it is read again, and does nothing to its reader.

#![allow(unreachable_pub, reason = "in a test binary `pub` says that a module shows it, and no more")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test ends where it fails")]

mod csv;
mod html;
mod json;
mod manifest;
mod stage;
mod uwazi;
