//! The addresses of the protocol.

mod drop;
mod entries;
mod keep;
mod mailboxes;
mod messages;
mod report;
mod reports;
mod roster;
mod sealed_file;
mod uploads;
