//! A format, as an export sees it.

use std::io::Read;

use crate::Error;
use crate::folder::Folder;
use crate::told::{File, Told};

/// A format: what it does with reports, one after another.
pub(crate) trait Form {
    /// Where in the export an attachment lies.
    fn path_of(&self, told: &Told, file: &File) -> Option<String> {
        Some(format!("attachments/{}/{}", told.report_id, file.name.as_deref()?))
    }

    /// Writes a report. Where its attachments will lie is known.
    fn add(&mut self, folder: &mut Folder, told: &Told) -> Result<(), Error>;

    /// Writes an attachment of the report that was added last.
    fn attach(
        &mut self,
        folder: &mut Folder,
        path: &str,
        file: &File,
        content: &mut dyn Read,
    ) -> Result<(), Error> {
        folder.attach(path, file, content)
    }

    /// Writes what comes after the last report.
    fn finish(self: Box<Self>, folder: &mut Folder) -> Result<(), Error>;
}
