//! The draft of a report, and the files that go with it, read from this device.

use std::path::{Path, PathBuf};

use kua_protocol::padding::padded_len;
use kua_report::{Attachment, AttachmentName, Draft, REPORT_JSON_LIMIT};

use super::metadata::{self, Choice, Content};
use crate::error::Error;
use crate::events::Observer;

/// Bytes that report.json has at least for a file, beside its name: keys, digest, size, media type, metadata.
const LEAST_NAMED: usize = 130;

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

/// Checks the files to go with a report without reading them, and gives how many bytes they have together.
///
/// # Errors
///
/// When one of them is not there or is a folder; when they are so many that no report can name them.
pub fn check_files(paths: &[PathBuf]) -> Result<u64, Error> {
    let (mut bytes, mut named) = (0_u64, 0);
    for path in paths {
        bytes = bytes.saturating_add(len_of(path)?);
        // A long name may be cut when it is made safe.
        named += LEAST_NAMED + path.file_name().unwrap_or_default().len().min(8);
    }
    if named > REPORT_JSON_LIMIT {
        let error = kua_report::Error::ReportTooLarge;
        return Err(Error::Report { what: "report.json".into(), error });
    }
    Ok(bytes)
}

/// Refuses files of so many bytes where a report may have `most`.
///
/// # Errors
///
/// [`Error::TooLarge`].
pub(crate) fn check_size(bytes: u64, most: u64) -> Result<(), Error> {
    if bytes <= most {
        return Ok(());
    }
    Err(Error::TooLarge { size: padded_len(bytes, 0).unwrap_or(bytes), limit: most })
}

fn len_of(path: &Path) -> Result<u64, Error> {
    let metadata = std::fs::metadata(path).map_err(Error::file(path))?;
    if metadata.is_file() {
        return Ok(metadata.len());
    }
    let error = std::io::Error::other("only files can be attached; pack a folder into a ZIP file first");
    Err(Error::File { path: path.to_owned(), error })
}

/// Reads the files to go with a report, of at most so many bytes together, and finds a name for each that is safe everywhere
/// and stands once.
///
/// # Errors
///
/// When they are too large or too many, which is told before anything is read; when one of them cannot be read or is a folder,
/// or is to be cleaned of what is hidden in it and cannot be.
pub fn attach(
    paths: &[PathBuf],
    most: u64,
    choice: Choice,
    observer: &dyn Observer,
) -> Result<Vec<AttachedFile>, Error> {
    check_size(check_files(paths)?, most)?;
    let mut files = Vec::new();
    for path in paths {
        let file = attach_one(path, &files, most, choice, observer)?;
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
    most: u64,
    choice: Choice,
    observer: &dyn Observer,
) -> Result<AttachedFile, Error> {
    let before: u64 = others.iter().map(|file| file.attachment.size).sum();
    check_size(before.saturating_add(len_of(path)?), most)?;
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
