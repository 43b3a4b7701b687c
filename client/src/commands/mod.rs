//! The commands, a file each.

pub mod delete;
pub mod fetch;
pub mod inbox;
pub mod key;
pub mod open;
pub mod receipt;
pub mod reply;
pub mod return_;
pub mod roster;
pub mod seal;
pub mod submit;
pub mod verify_site;
