//! The requests and answers of a drop: paths, header fields and bodies (protocol, "Requests").

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::dsse::Envelope;
use crate::id::{DropId, MailboxId, ObjectId};
use crate::keys::PublicKey;
use crate::limits::Limits;

/// The header field with the UTC day that a coordinator's device shows, on each of its requests.
pub const DAY: &str = crate::signature::DAY;
/// The header field with a fresh nonce, on every answer.
pub const NONCE: &str = "kua-nonce";
/// The header field with the receipt of a report.
pub const RECEIPT: &str = "kua-receipt";
/// The media type of sealed bytes.
pub const SEALED_MEDIA_TYPE: &str = "application/octet-stream";

/// Header fields of resumable uploads (tus 1.0.0), in the case that HTTP/1.1 and HTTP/2 both take.
pub mod tus {
    /// The version that is spoken.
    pub const VERSION: &str = "1.0.0";
    /// On every request and answer: the version.
    pub const RESUMABLE: &str = "tus-resumable";
    /// The versions that a drop speaks.
    pub const VERSIONS: &str = "tus-version";
    /// The extensions that a drop speaks.
    pub const EXTENSION: &str = "tus-extension";
    /// The most bytes that an upload may have.
    pub const MAX_SIZE: &str = "tus-max-size";
    /// The algorithms of checksums that a drop knows.
    pub const CHECKSUM_ALGORITHM: &str = "tus-checksum-algorithm";
    /// How many bytes an upload will have.
    pub const LENGTH: &str = crate::signature::UPLOAD_LENGTH;
    /// At which byte it goes on.
    pub const OFFSET: &str = "upload-offset";
    /// Until when an unfinished upload is kept.
    pub const EXPIRES: &str = "upload-expires";
    /// Algorithm and checksum of a request's body.
    pub const CHECKSUM: &str = "upload-checksum";
    /// The media type of a request that goes on with an upload.
    pub const MEDIA_TYPE: &str = "application/offset+octet-stream";
}

/// The paths of the requests.
pub mod path {
    use crate::id::{MailboxId, ObjectId};

    /// The roster, the limits: what everybody may know.
    pub const DROP: &str = "/v1/drop";
    /// The newest roster is put here.
    pub const ROSTER: &str = "/v1/roster";
    /// Reports are posted and listed here.
    pub const REPORTS: &str = "/v1/reports";

    /// Uploads begin here; the answer's `Location` is the upload's own path.
    pub const UPLOADS: &str = "/v1/uploads";
    /// The form for a sealed file, for browsers that run no scripts.
    pub const SEALED_FILE: &str = "/v1/sealed-file";

    /// One report.
    pub fn report(id: ObjectId) -> String {
        format!("{REPORTS}/{id}")
    }

    /// A coordinator's word that a report whose deletion was asked for is to stay.
    pub fn keep(id: ObjectId) -> String {
        format!("{REPORTS}/{id}/keep")
    }

    /// The entries of all case logs are listed here.
    pub const ENTRIES: &str = "/v1/entries";

    /// The case log of one report.
    pub fn entries(report: ObjectId) -> String {
        format!("{}/entries", self::report(report))
    }

    /// One entry of a case log.
    pub fn entry(report: ObjectId, id: ObjectId) -> String {
        format!("{}/{id}", entries(report))
    }

    /// The replies to one submitter.
    pub fn messages(mailbox: MailboxId) -> String {
        format!("/v1/mailboxes/{mailbox}/messages")
    }

    /// Where uploads of replies to a mailbox begin.
    pub fn message_uploads(mailbox: MailboxId) -> String {
        format!("/v1/mailboxes/{mailbox}/uploads")
    }

    /// One reply.
    pub fn message(mailbox: MailboxId, id: ObjectId) -> String {
        format!("{}/{id}", messages(mailbox))
    }

    /// What one submitter sent.
    pub fn mailbox_reports(mailbox: MailboxId) -> String {
        format!("/v1/mailboxes/{mailbox}/reports")
    }
}

/// The value of [`DropInfo::format`].
pub const DROP_FORMAT: &str = "kua-drop/1";

/// The answer to `GET /v1/drop`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropInfo {
    /// [`DROP_FORMAT`].
    pub format: String,
    /// The drop.
    pub drop: DropId,
    /// The newest roster; none when the drop is not open yet.
    pub roster: Option<Envelope>,
    /// Changes of root, from the link's root onwards. Empty until they are built.
    #[serde(default)]
    pub successions: Vec<Envelope>,
    /// What the drop takes.
    pub limits: Limits,
}

/// The answer to a report that was taken in. The receipt is in the header field [`RECEIPT`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The report's id.
    pub report_id: ObjectId,
    /// Its sealed size in bytes.
    pub size: u64,
    /// The UTC day on which it was stored.
    pub day: Day,
}

/// One report in a coordinator's listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRow {
    /// The report's id.
    pub report_id: ObjectId,
    /// The UTC day on which it was stored.
    pub day: Day,
    /// Its sealed size in bytes.
    pub size: u64,
    /// The mailbox that sent it; none when it came without one.
    pub mailbox: Option<MailboxId>,
    /// How many entries its case log has.
    pub entries: u32,
    /// Who of the coordinators asked to delete it, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete_asked: Option<DeleteAsked>,
    /// Days that the drop still has to earn until the report goes, where its time is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired: Option<u32>,
}

/// A coordinator's wish to delete a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteAsked {
    /// The coordinator's signing key.
    pub by: PublicKey,
    /// The UTC day on which it was asked, by the drop's clock.
    pub day: Day,
    /// What is left until the report goes, unless somebody keeps it.
    pub left: TimeLeft,
}

/// Time of a drop that serves by a clock that runs evenly: the time that it earns. Both have to pass.
///
/// A date would be a promise: a drop that is switched off, or whose clock is not proven, takes longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeLeft {
    /// UTC days of which it serves half or more.
    pub days: u32,
    /// Hours of serving.
    pub hours: u32,
}

impl TimeLeft {
    /// Hours that pass at least, as people may be told: the first of the days may be earned soon.
    pub fn at_least_hours(&self) -> u32 {
        self.hours.max(self.days.saturating_sub(1).saturating_mul(24))
    }
}

/// What should have been deleted, and has not been: the drop was off, or its clock is not proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overdue {
    /// How many objects.
    pub objects: u64,
    /// The UTC day since which the first of them is.
    pub since: Day,
    /// How many days that is.
    pub days: u32,
}

impl Overdue {
    /// Days after which it is an alarm.
    pub const ALARM: u32 = 14;

    /// Whether somebody has to see to it.
    pub fn is_alarm(&self) -> bool {
        self.days >= Self::ALARM
    }
}

/// The answer to `GET /v1/reports`: rows by day and id, at most [`crate::limits::PAGE_LEN`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPage {
    /// The rows.
    pub reports: Vec<ReportRow>,
    /// The `after` of the next page; none on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// What should have gone before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue: Option<Overdue>,
}

/// One report in the listing that its submitter gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRow {
    /// The report's id.
    pub report_id: ObjectId,
    /// The UTC day on which it was stored.
    pub day: Day,
    /// Its sealed size in bytes.
    pub size: u64,
}

/// The answer to `GET /v1/mailboxes/{id}/reports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentPage {
    /// What the mailbox sent, by day and id.
    pub reports: Vec<SentRow>,
}

/// One reply in a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// The reply's id.
    pub message_id: ObjectId,
    /// The UTC day on which it was stored.
    pub day: Day,
    /// Its sealed size in bytes.
    pub size: u64,
}

/// The answer to `GET /v1/mailboxes/{id}/messages`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagePage {
    /// The replies, by day and id.
    pub messages: Vec<MessageRow>,
}

/// One sealed entry of a case log, or one grant: nothing here tells which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRow {
    /// The sealed entry's id.
    pub entry_id: ObjectId,
    /// The report that it belongs to.
    pub report_id: ObjectId,
    /// The UTC day on which it was stored.
    pub day: Day,
    /// Its sealed size in bytes.
    pub size: u64,
}

/// The answer to `GET /v1/entries` and `GET /v1/reports/{id}/entries`: rows by day and id.
///
/// Those of one report come all at once, those of all at most [`crate::limits::PAGE_LEN`] at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPage {
    /// The rows.
    pub entries: Vec<EntryRow>,
    /// The `after` of the next page; none on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a coordinator's wish to delete came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Deletion {
    /// The report is gone.
    Deleted,
    /// The report is hidden, and goes after this time unless another coordinator keeps it.
    Asked {
        /// What is left.
        left: TimeLeft,
    },
    /// The report stays.
    Kept,
}
