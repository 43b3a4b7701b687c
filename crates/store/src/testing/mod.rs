//! For tests: a store in memory, sealed objects, and what every store has to do. Built with the feature `testing` alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test ends where it fails"
)]

pub mod conformance;
mod memory;
pub mod objects;

pub use self::memory::MemoryStore;
