//! Writes reports, opened and verified, for other databases, for spreadsheets and for paper: no keys, no network.
//!
//! An [`Export`] takes one [`Record`] after another and writes them into a folder, each as it comes, so that ten thousand
//! need no more memory than one. What is left out by [`Made::redacted`] is left out before any format sees it. With each export
//! goes a file `SHA256SUMS` over all others.
//!
//! The folder has to be new, and to be shown to people only after [`Export::finish`]: until then it is a part.

mod case;
mod error;
mod export;
mod folder;
mod form;
mod html;
mod json;
mod record;
mod table;
mod told;
mod uwazi;
mod words;

pub use case::{Case, Link, Note, Step};
pub use error::Error;
pub use export::{Export, Format, Made, Written};
pub use json::Document;
pub use record::{Files, Record};
pub use table::unguarded;
pub use words::Words;
