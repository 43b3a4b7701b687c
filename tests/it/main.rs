//! The acceptance tests: the real `kua-server` and the real `kua`, as people use them.
//!
//! One binary, a file for each promise. [`stage`] sets up a drop with its team; the rest reads like a story.

#![allow(unreachable_pub, reason = "in a test binary `pub` says that a module shows it, and no more")]

mod stage;
mod story;
