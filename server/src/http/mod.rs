//! What comes over a connection and goes back over it, before anybody asks what it is about: listening, limits, bodies, who
//! signed, ranges and places in listings.

pub mod auth;
pub mod body;
pub(crate) mod cursor;
pub(crate) mod deadline;
pub mod limits;
pub mod listener;
pub(crate) mod multipart;
pub(crate) mod origin;
pub(crate) mod ranges;
pub(crate) mod socket;
