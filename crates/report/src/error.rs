//! Everything that can be wrong with a report, said so that the reader knows what to do next.

use std::io;

use crate::{AttachmentName, INTEGER_LIMIT, REPORT_JSON_LIMIT, TEXT_LIMIT};

/// What is wrong with a report, an attachment or an archive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not JSON as this project takes it; the text says where.
    #[error("this is not valid JSON: {0}")]
    Json(String),

    /// A field that every report needs is absent or blank.
    #[error("a report without a {field}: write one into the field `{field}`")]
    Missing {
        /// The absent field.
        field: &'static str,
    },

    /// A field holds something that it cannot mean.
    #[error("the field `{path}` is not right: {reason}")]
    Field {
        /// The field, as in `occurred.from`.
        path: String,
        /// What it should be.
        reason: String,
    },

    /// There is more text than a report takes.
    #[error(
        "there are {bytes} bytes of text, most of them in `{longest}`; a report takes at most {TEXT_LIMIT} (attach long texts as files)"
    )]
    TooMuchText {
        /// How much there is, in bytes of UTF-8.
        bytes: usize,
        /// The top-level field that holds most of it.
        longest: String,
    },

    /// `report.json` is larger than any reader takes.
    #[error("report.json is larger than {REPORT_JSON_LIMIT} bytes")]
    ReportTooLarge,

    /// A draft sets a field that the client sets when it seals.
    #[error("the field `{0}` is set when the report is sealed: take it out of the draft")]
    Reserved(&'static str),

    /// The format is not one that this version reads.
    #[error("this is not of the format kua-report/1 but {0}: a newer version of this program may read it")]
    Format(String),

    /// A word is not in its list.
    #[error("`{code}` is not in the list of {list}; it has {allowed}")]
    UnknownCode {
        /// What the list is of.
        list: &'static str,
        /// What was found.
        code: String,
        /// All words of the list, separated by commas.
        allowed: String,
    },

    /// A text does not have the form of what it should be.
    #[error("this is not {0}")]
    Form(&'static str),

    /// A name cannot be an attachment's.
    #[error("{name:?} cannot be the name of an attachment: {rule}")]
    Name {
        /// The name as it was found.
        name: String,
        /// The rule that it breaks.
        rule: &'static str,
    },

    /// Two attachments would be one file where case makes no difference.
    #[error("two attachments are called {0:?} (capitals make no difference)")]
    NameTwice(String),

    /// The attachments together are larger than any size that can be written down.
    #[error("the report is larger than {INTEGER_LIMIT} bytes")]
    TooLarge,

    /// An attachment could not be opened or read on this device.
    #[error("the attachment {name:?} cannot be read: {source}")]
    Unreadable {
        /// The attachment.
        name: AttachmentName,
        /// What the system says.
        source: io::Error,
    },

    /// An attachment's bytes are not those that report.json announces.
    #[error("the attachment {name:?} is not what report.json says: {how}")]
    Changed {
        /// The attachment.
        name: AttachmentName,
        /// What differs.
        how: &'static str,
    },

    /// An archive is not laid out as a report's archive is; nothing in it can be trusted.
    #[error("this is not the archive of a report: {0}")]
    Archive(String),

    /// Reading the archive failed below this crate.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Error {
    /// Says that a field cannot mean what it holds.
    pub(crate) fn field(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Field { path: path.into(), reason: reason.into() }
    }
}

/// Lets a stream of ours fail through [`io::Read`]; the cause stays inside and can be taken out by downcasting.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Io(source) => source,
            Error::Unreadable { ref source, .. } => Self::new(source.kind(), error),
            other => Self::new(io::ErrorKind::InvalidData, other),
        }
    }
}
