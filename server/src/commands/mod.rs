//! The commands, one file each but for those of a few lines.

pub mod backup;
pub mod check;
pub mod init;
pub mod onion;
pub mod purge;
pub mod restore;
pub mod roster;
pub mod status;
