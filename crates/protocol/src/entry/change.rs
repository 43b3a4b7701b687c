//! What an entry can change in a case.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{MAX_LABEL_LEN, MAX_RECIPIENT_LEN};
use crate::id::{Digest, ObjectId};
use crate::keys::PublicKey;
use crate::reply;

/// One change to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// How far the work on the report has come.
    Status {
        /// The new status.
        status: Status,
    },
    /// How urgent the report is.
    Severity {
        /// A code of the report's list of severities; none to leave it open again.
        severity: Option<String>,
    },
    /// A label is put on or taken off.
    Label {
        /// The label, at most [`MAX_LABEL_LEN`] bytes.
        label: String,
        /// Whether it is put on.
        on: bool,
    },
    /// Who works on the report.
    Assignee {
        /// A coordinator's signing key; none for nobody.
        to: Option<PublicKey>,
    },
    /// A remark for the other coordinators.
    Note {
        /// The text; of control characters it holds the end of a line and the tabulator only.
        text: String,
    },
    /// The report has to do with another one.
    Link {
        /// The other report.
        to: ObjectId,
        /// What it has to do with it.
        relation: Relation,
        /// Whether the link is made; else it is taken away.
        on: bool,
    },
    /// The submitter was answered.
    Reply {
        /// The id of the sealed reply.
        message: ObjectId,
        /// Its number in the thread.
        number: u64,
        /// What kind of reply it is.
        kind: reply::Kind,
        /// Its text.
        text: String,
        /// The language of the text, as a BCP 47 tag.
        language: String,
        /// The file that went with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attachment: Option<reply::Attachment>,
    },
    /// An earlier entry is not to hold.
    Undo {
        /// The digest of that entry.
        entry: Digest,
    },
    /// A coordinator was let in who could not read the report.
    GrantMade {
        /// Her signing key.
        to: PublicKey,
    },
    /// The report, or something made of it, was given to somebody outside.
    HandedOut {
        /// To whom: an age recipient, or a name.
        to: String,
        /// In which form: `age`, or that of an export.
        form: String,
        /// The SHA-256 of the file that was given, or of the list of sums of an export.
        digest: Digest,
    },
    /// A change that this version does not know; it changes nothing.
    #[serde(untagged)]
    Other(Map<String, Value>),
}

/// Reads changes, of which each is an object. By itself serde takes a list of a change's fields for it, too.
pub(super) fn read_all<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Change>, D::Error> {
    let objects = Vec::<Map<String, Value>>::deserialize(deserializer)?;
    let read = |object| Change::deserialize(Value::Object(object)).map_err(D::Error::custom);
    objects.into_iter().map(read).collect()
}

impl Change {
    /// The signing key of whom this lets into the report, if it does that.
    pub fn lets_in(&self) -> Option<PublicKey> {
        if let Self::GrantMade { to } = self { Some(*to) } else { None }
    }

    /// Bytes of text in it, which all changes of an entry have together a limit for.
    pub(super) fn text_len(&self) -> usize {
        match self {
            Self::Note { text } | Self::Reply { text, .. } => text.len(),
            _ => 0,
        }
    }

    /// Checks what the types cannot say; answers with the broken rule.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let (holds, rule) = match self {
            Self::Label { label, .. } => {
                (is_line(label, MAX_LABEL_LEN) && label.trim() == label, "a label is no label")
            }
            Self::Severity { severity: Some(code) } => {
                (is_line(code, MAX_LABEL_LEN), "a severity is no code")
            }
            Self::HandedOut { to, form, .. } => (
                is_line(to, MAX_RECIPIENT_LEN) && is_line(form, MAX_LABEL_LEN),
                "it does not say to whom and how",
            ),
            Self::Note { text } => (is_plain(text), "a note is empty or holds control characters"),
            Self::Reply { text, language, .. } => {
                (text.len() <= reply::MAX_TEXT_LEN && language.len() <= MAX_LABEL_LEN, "a reply is too long")
            }
            _ => (true, ""),
        };
        if holds { Ok(()) } else { Err(rule) }
    }
}

/// Whether this is one line that says something, in at most so many bytes, as a label or the name of a recipient is.
pub fn is_line(text: &str, most: usize) -> bool {
    !text.trim().is_empty() && text.len() <= most && !text.chars().any(char::is_control)
}

/// Whether a note may have this text: JSON then makes it at most twice as long.
pub fn is_plain(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t')
}

/// How far the work on a report has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Nobody has said anything of it yet.
    #[default]
    New,
    /// Somebody is at it.
    InReview,
    /// It was found to be true.
    Verified,
    /// More has to be asked.
    NeedsInformation,
    /// The work is done.
    Closed,
    /// It is not taken up.
    Rejected,
}

impl Status {
    /// All of them, in the order of the work.
    pub const ALL: &'static [Self] =
        &[Self::New, Self::InReview, Self::Verified, Self::NeedsInformation, Self::Closed, Self::Rejected];

    /// The code, as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InReview => "in-review",
            Self::Verified => "verified",
            Self::NeedsInformation => "needs-information",
            Self::Closed => "closed",
            Self::Rejected => "rejected",
        }
    }
}

/// What one report has to do with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// It says the same once more.
    Duplicate,
    /// Both tell of one event.
    SameEvent,
    /// They belong together in some other way.
    Related,
}

impl Relation {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Duplicate, Self::SameEvent, Self::Related];

    /// The code, as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::SameEvent => "same-event",
            Self::Related => "related",
        }
    }
}

/// A text is no code of a list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not one of {known}")]
pub struct CodeError {
    found: String,
    known: String,
}

macro_rules! from_code {
    ($name:ident) => {
        impl std::str::FromStr for $name {
            type Err = CodeError;

            fn from_str(code: &str) -> Result<Self, CodeError> {
                let known = Self::ALL.iter().find(|one| one.code() == code).copied();
                known.ok_or_else(|| CodeError {
                    found: code.to_owned(),
                    known: Self::ALL.iter().map(|one| one.code()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}

from_code!(Status);
from_code!(Relation);
