//! For tests: a store in memory, one that misbehaves, sealed objects, and what every store has to do. Built with the
//! feature `testing` alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test ends where it fails"
)]

pub mod conformance;
pub mod convergence;
mod memory;
pub mod objects;
mod unreliable;

pub use self::memory::MemoryStore;
pub use self::unreliable::UnreliableStore;
