//! What crosses the wire between a Kuä client and a drop.
//!
//! Ids, sealed bytes, rosters, signed statements and requests, receipts and the wire's own types: formats and
//! their checks, no encryption and no input or output. The reference is the protocol page of the documentation;
//! the vectors under `tests/vectors/` fix every byte.

pub mod api;
pub mod card;
pub mod day;
pub mod dsse;
pub mod entry;
pub mod followup;
pub mod grant;
pub mod id;
pub mod json;
pub mod keys;
pub mod limits;
pub mod link;
pub mod nonce;
pub mod padding;
pub mod problem;
pub mod receipt;
pub mod reply;
pub mod roster;
pub mod sealed;
pub mod secret;
pub mod signature;
mod text;
