//! Limits: what the protocol fixes, and what a drop tells its clients.

use serde::{Deserialize, Serialize};

/// Most coordinators in a roster.
pub const MAX_COORDINATORS: usize = 16;
/// Most days from a roster's `issued` to its `expires`.
pub const MAX_ROSTER_DAYS: i64 = 90;
/// Most bytes of a drop's or a coordinator's name.
pub const MAX_NAME_LEN: usize = 200;
/// Most bytes of a drop's welcome in one language.
pub const MAX_WELCOME_LEN: usize = 8 * 1024;
/// Most bytes of padded plaintext in a report that comes in one request.
pub const MAX_WHOLE_REPORT: u64 = 1024 * 1024;
/// Most bytes of padded plaintext in a report, unless a drop says otherwise.
pub const MAX_REPORT: u64 = 2 * 1024 * 1024 * 1024;
/// Most bytes of padded plaintext in an entry of the case log: the longest envelope, and its padding.
pub const MAX_ENTRY: u64 = 3 * 1024 * 1024 + 64 * 1024;
/// Most entries and grants of one report.
pub const MAX_CASE_ENTRIES: u64 = 1000;
/// Most reports in one answer to a listing.
pub const PAGE_LEN: usize = 1000;

/// What a drop takes, as `GET /v1/drop` tells it. Sizes count the padded plaintext and not the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Most bytes of text in a report.
    pub text: u64,
    /// Most bytes of padded plaintext in a report sent in one request.
    pub whole_report: u64,
    /// Most bytes of padded plaintext in any report.
    pub report: u64,
    /// Most objects that one mailbox may hold.
    pub mailbox_objects: u64,
    /// Most unfinished uploads of one mailbox.
    #[serde(default)]
    pub open_uploads: u64,
    /// Days that a report is kept, about a week more or less; longer where the drop was switched off. 0 where it is not told.
    #[serde(default)]
    pub retention_days: u32,
}

impl Default for Limits {
    /// The protocol's defaults.
    fn default() -> Self {
        Self {
            text: 64 * 1024,
            whole_report: MAX_WHOLE_REPORT,
            report: MAX_REPORT,
            mailbox_objects: 500,
            open_uploads: 4,
            retention_days: 0,
        }
    }
}
