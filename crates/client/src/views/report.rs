//! A report that was opened, and an export.

use kua_protocol::day::Day;
use kua_protocol::id::{Digest, ObjectId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::inbox::{Membership, OpenedReport};

/// The whole of report.json, and where it was found and by whom it was opened.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenedView {
    /// The report as its author sent it (`kua-report-1.schema.json`).
    #[serde(flatten)]
    report: Map<String, Value>,
    /// Where it was found and by whom it was opened.
    custody: CustodyOf,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CustodyOf {
    #[schemars(with = "String")]
    report_id: ObjectId,
    /// The day on which the drop took it in.
    #[schemars(with = "Option<String>")]
    day: Option<Day>,
    /// The coordinator's name, or her key where no drop was asked.
    opened_by: String,
    thread: Option<ThreadOf>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ThreadOf {
    /// The first report of the thread.
    #[schemars(with = "String")]
    first: ObjectId,
    /// Whether it is proven that the report belongs there.
    proven: bool,
}

impl OpenedView {
    /// Gives a report that was opened by somebody as programs get it.
    ///
    /// # Errors
    ///
    /// [`Error::System`] when its report.json is no JSON object, which no report that opened has.
    pub fn of(opened: &OpenedReport, by: &str) -> Result<Self, Error> {
        let parsed: Result<Map<String, Value>, _> = serde_json::from_slice(&opened.json);
        let mut report = parsed.map_err(|error| Error::System(error.to_string()))?;
        // A report's own word about its custody is none.
        report.shift_remove("custody");
        let thread = |thread: &Membership| ThreadOf { first: thread.first, proven: thread.is_proven() };
        Ok(Self {
            report,
            custody: CustodyOf {
                report_id: opened.id,
                day: opened.day,
                opened_by: by.to_owned(),
                thread: opened.thread.as_ref().map(thread),
            },
        })
    }
}

/// An export that appeared.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExportedView {
    /// The format.
    pub format: String,
    /// The folder.
    pub path: String,
    /// Whether what names people was left out.
    pub redacted: bool,
    /// How many reports are in it.
    pub reports: u64,
    /// How many were left out.
    pub left_out: u64,
    /// How many files there are.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// The SHA-256 of its list of sums.
    #[schemars(with = "String")]
    pub sums: Digest,
    /// To whom it is given.
    pub handed_to: Option<String>,
}
