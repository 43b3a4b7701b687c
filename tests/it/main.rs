//! The acceptance tests: the real `kua-server` and the real `kua`, as people use them.
//!
//! One binary, a file for each promise. [`stage`] sets up a drop with its team; the rest reads like a story.

#![allow(unreachable_pub, reason = "in a test binary `pub` says that a module shows it, and no more")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test ends where it fails")]

mod badline;
mod care;
mod ceremony;
mod conversation;
mod dates;
mod exporting;
mod followups;
mod help;
mod hidden;
mod http;
mod impostor;
mod keys;
mod line;
mod marks;
mod operators;
mod pinned;
mod qr;
mod reading;
mod receipts;
mod recovery;
mod refusals;
mod searching;
mod secrets;
mod shares;
mod site;
mod stage;
mod story;
mod terminal;
mod wire;

use kua_clock::Clock;
use kua_protocol::day::Day;

/// The UTC day that this machine shows.
fn today() -> Day {
    Clock::system().today()
}
