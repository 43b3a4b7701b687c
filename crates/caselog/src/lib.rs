//! The case log of a report: what coordinators noted about it, whatever the order in which it arrived.
//!
//! Verified entries go into a [`Graph`]. [`Graph::read`] puts them in order and decides which of them count, and a [`Reading`]
//! tells what they come to: the [`State`] of the case, and the [`custody::Chain`] of all that was done with the report. Both
//! follow from the set of entries, the report's recipients and the roster alone: two coordinators who have the same entries
//! see the same.
//!
//! No input or output, no keys, no age: reading and sealing are the client's part.

mod bits;
pub mod custody;
mod graph;
mod order;
mod reading;
mod standing;
mod state;

pub use graph::{Graph, Kept, Next};
pub use reading::Reading;
pub use standing::{Reason, Standing};
pub use state::{Answer, Field, Gap, HandedOut, NotCounted, Note, State};
