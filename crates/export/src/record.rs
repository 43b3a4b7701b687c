//! One report as it goes into an export.

use std::io::Read;

use kua_protocol::day::Day;
use kua_protocol::id::{MailboxId, ObjectId};
use kua_report::Report;

use crate::{Case, Error};

/// A report that was opened, and read to its end without an error.
pub struct Record<'a> {
    /// The id of its sealed bytes.
    pub report_id: ObjectId,
    /// The UTC day on which the drop took it in.
    pub day: Day,
    /// The size of its sealed bytes.
    pub size: u64,
    /// The mailbox that sent it, if it came with one.
    pub mailbox: Option<MailboxId>,
    /// What it says.
    pub report: &'a Report,
    /// What the coordinators say of it.
    pub case: Case,
    /// Its attachments.
    pub files: &'a mut dyn Files,
}

/// The attachments of one report.
pub trait Files {
    /// Hands over the bytes of every attachment, in the order of the report, to be read to their end.
    ///
    /// # Errors
    /// Those of `take`, and [`Error::Attachment`] when the bytes cannot be had.
    fn each(&mut self, take: &mut dyn FnMut(&mut dyn Read) -> Result<(), Error>) -> Result<(), Error>;
}
