//! Every address of the drop in process, without sockets: its answers to whatever may be sent to it are pinned, byte for
//! byte. The files mirror the addresses; the pinned answers are in `snapshots`.
//!
//! After a change that is meant: `INSTA_UPDATE=always cargo test -p kua-server --test routes`, and read the difference.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it fails")]
#![allow(unreachable_pub, reason = "in a test binary `pub` says that a module shows it, and no more")]

mod faults;
mod harness;
mod pages;
mod table;
mod v1;
