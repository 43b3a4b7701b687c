//! The commands, one file each but for those of a few lines.

pub mod init;
pub mod roster;
pub mod status;
