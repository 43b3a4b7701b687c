//! The draft of a report, and the files that go with it, read from this device.

use std::path::{Path, PathBuf};

use kua_report::{Attachment, AttachmentName, Draft};

use super::metadata::{self, Choice, Content};
use crate::error::Error;
use crate::events::Observer;

/// A file to go with the report, read once for its size and digest.
#[derive(Debug)]
pub struct AttachedFile {
    content: Content,
    attachment: Attachment,
}

/// Reads the draft of a report.
///
/// # Errors
///
/// When the file cannot be read, or is not a draft; the message names field and limit.
pub fn read_draft(path: &Path) -> Result<Draft, Error> {
    // More than a draft may have, so that the draft's own error names the limit.
    let bytes = std::fs::read(path).map_err(Error::file(path))?;
    Draft::parse(&bytes).map_err(|error| Error::Report { what: path.display().to_string(), error })
}

/// Reads the files to go with a report, and finds a name for each that is safe everywhere and stands once.
///
/// # Errors
///
/// When one of them cannot be read or is a folder, or is to be cleaned of what is hidden in it and cannot be.
pub fn attach(
    paths: &[PathBuf],
    choice: Choice,
    observer: &dyn Observer,
) -> Result<Vec<AttachedFile>, Error> {
    let mut files = Vec::new();
    for path in paths {
        let file = attach_one(path, &files, choice, observer)?;
        files.push(file);
    }
    Ok(files)
}

/// Reads one file to go with a report beside those that go already.
///
/// # Errors
///
/// As [`attach`].
pub fn attach_one(
    path: &Path,
    others: &[AttachedFile],
    choice: Choice,
    observer: &dyn Observer,
) -> Result<AttachedFile, Error> {
    if !std::fs::metadata(path).map_err(Error::file(path))?.is_file() {
        let error = std::io::Error::other("only files can be attached; pack a folder into a ZIP file first");
        return Err(Error::File { path: path.to_owned(), error });
    }
    let original = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let taken: Vec<AttachmentName> = others.iter().map(|file| file.attachment.name.clone()).collect();
    let name = AttachmentName::tidy(&original).unique_among(&taken);
    let renamed = name.as_str() != original;
    let media_type = mime_guess::from_path(path).first_raw().unwrap_or("application/octet-stream");
    let (content, metadata) = metadata::settle(path, choice, observer)?;
    let measured = content.open().and_then(|bytes| Attachment::measure(name, media_type, metadata, bytes));
    let mut attachment = measured.map_err(Error::file(path))?;
    attachment.original_name = renamed.then_some(original);
    Ok(AttachedFile { content, attachment })
}

impl AttachedFile {
    /// Gives what the report will say of it: its name, its size.
    pub fn attachment(&self) -> &Attachment {
        &self.attachment
    }

    pub(super) fn into_parts(self) -> (Content, Attachment) {
        (self.content, self.attachment)
    }
}
