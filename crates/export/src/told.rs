//! What an export tells of a report: the one place where something is left out.

use std::borrow::Cow;

use kua_protocol::day::Day;
use kua_protocol::id::{Digest, MailboxId, ObjectId};
use kua_report::{Attachment, Event, HexText, Metadata, Routing};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Case, Record};

/// One report, without what is not to be told.
pub(crate) struct Told<'a> {
    pub(crate) report_id: ObjectId,
    pub(crate) day: Day,
    pub(crate) size: u64,
    pub(crate) mailbox: Option<MailboxId>,
    pub(crate) event: Cow<'a, Event>,
    pub(crate) routing: Option<&'a Routing>,
    pub(crate) attachments: Vec<File>,
    pub(crate) case: Case,
}

/// What is told of an attachment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct File {
    /// Its name in the report; not in a redacted export.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// The name that the person knows it by, where it had to be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) original_name: Option<String>,
    /// The media type, as the report gives it.
    pub(crate) media_type: String,
    /// How many bytes there are.
    pub(crate) size: u64,
    /// The SHA-256 of the bytes.
    #[schemars(with = "HexText<32>")]
    pub(crate) sha256: Digest,
    /// What became of the metadata inside the file.
    pub(crate) metadata: Metadata,
    /// Where in the export it lies, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
}

impl<'a> Told<'a> {
    /// What is told of a record. Without identities nothing is told by which a victim or a source is named or reached, as
    /// far as fields can tell, the mailbox included.
    pub(crate) fn of(record: &Record<'a>, redacted: bool) -> Self {
        let report = record.report;
        let attachments = report.attachments().iter();
        Self {
            report_id: record.report_id,
            day: record.day,
            size: record.size,
            mailbox: record.mailbox.filter(|_| !redacted),
            event: if redacted {
                Cow::Owned(report.event().without_identities())
            } else {
                Cow::Borrowed(report.event())
            },
            routing: Some(report.routing()).filter(|_| !redacted),
            attachments: attachments.map(|attachment| File::of(attachment, redacted)).collect(),
            case: if redacted { record.case.clone().without_texts() } else { record.case.clone() },
        }
    }

    /// The first digits of the id, enough to tell the reports of one export apart.
    pub(crate) fn number(&self) -> String {
        let mut id = self.report_id.to_string();
        id.truncate(12);
        id
    }
}

impl File {
    fn of(attachment: &Attachment, redacted: bool) -> Self {
        Self {
            name: Some(attachment.name.to_string()).filter(|_| !redacted),
            original_name: attachment.original_name.clone().filter(|_| !redacted),
            media_type: attachment.media_type.clone(),
            size: attachment.size,
            sha256: attachment.sha256,
            metadata: attachment.metadata,
            path: None,
        }
    }
}
