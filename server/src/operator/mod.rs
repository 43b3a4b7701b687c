//! The operator's side: the socket in the data folder with all that is asked and told over it, and the commands.

pub mod admin;
pub mod care;
pub mod commands;
