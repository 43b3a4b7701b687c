//! The crate from outside: vectors shared with the web client, hostile archives, the schema, the labels.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod archive;
mod hostile;
mod labels;
mod report;
mod sample;
mod schema;
mod vectors;
