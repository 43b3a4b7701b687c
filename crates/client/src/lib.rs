//! Everything that a client of a drop does, without a terminal: for the command line, and for other front ends.
//!
//! A submitter's way is [`submit`], then [`thread`]. A coordinator's begins with a [`session::Session`]: [`inbox`] lists,
//! opens and saves reports, [`case`](mod@case) works on them, [`export`] hands them on, and [`cache`] is what her device
//! remembers. [`ceremony`] makes keys, shares and rosters. All of them speak to the drop through [`drop`](mod@drop), and
//! tell a front end what goes on through [`events`]; what a front end shows is in [`views`].

pub mod cache;
pub mod case;
pub mod ceremony;
pub mod drop;
pub mod error;
pub mod events;
pub mod export;
pub mod files;
pub mod inbox;
pub mod inspect;
mod patience;
pub mod receipts;
pub mod search;
pub mod session;
pub mod submit;
pub mod thread;
pub mod views;

pub use self::error::Error;
