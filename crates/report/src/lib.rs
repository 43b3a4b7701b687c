//! What an incident report says, and how it becomes bytes: no keys, no network, no files.
//!
//! A person writes a [`Draft`]; her client adds where it goes and becomes a [`Report`], which is `report.json` of format
//! `kua-report/1`. The fields follow HURIDOCS' *Events Standard Formats* and keep their numbers; the lists are in
//! [`vocabulary`]. An [`Archive`] lays the report and its attachments out as one tar file, [`ArchiveReader`] takes exactly
//! such a file apart again.
//!
//! ```
//! let draft = kua_report::Draft::parse(br#"{"title": "Eviction", "description": "The family was put out at dawn."}"#)?;
//! assert_eq!(draft.event().title, "Eviction");
//! # Ok::<(), kua_report::Error>(())
//! ```

mod archive;
mod attachment;
mod date;
mod draft;
mod error;
mod event;
mod json;
mod name;
mod people;
mod redact;
mod report;
mod text;

pub mod vocabulary;

pub use archive::{Archive, ArchiveReader, ArchiveSource, AttachmentReader};
pub use attachment::{Attachment, Metadata};
pub use date::PartialDate;
pub use draft::Draft;
pub use error::Error;
pub use event::{Event, Occurred, Place};
pub use name::AttachmentName;
pub use people::{Intervention, Perpetrator, Source, Victim};
pub use report::{Format, Reply, Report, Routing, Thread};
pub use text::{Base64Url, HexText};

/// The most text that a report may hold: the UTF-8 bytes of all its strings together.
pub const TEXT_LIMIT: usize = 64 * 1024;

/// The most bytes that `report.json` may have, whoever wrote it.
pub const REPORT_JSON_LIMIT: usize = 1024 * 1024;

/// The most coordinators that one report may be sealed to, as in a roster.
pub const COORDINATOR_LIMIT: usize = 16;

/// The largest integer that every JSON reader keeps exact: 2^53 − 1. Sizes and lengths stay within it.
pub const INTEGER_LIMIT: u64 = (1 << 53) - 1;
