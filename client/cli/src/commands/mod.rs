//! The commands, a file each.

pub mod custody;
pub mod delete;
pub mod export;
pub mod fetch;
pub mod grant;
pub mod inbox;
pub mod key;
pub mod open;
pub mod receipt;
pub mod reply;
pub mod return_;
pub mod roster;
pub mod seal;
pub mod submit;
pub mod triage;
pub mod verify_site;
