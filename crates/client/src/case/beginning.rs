//! The beginning of a report: as much as holds its report.json.

use std::io::Cursor;

use kua_protocol::api::ReportRow;
use kua_protocol::id::ObjectId;
use kua_report::Report;
use kua_sealing::OpenError;

use super::Cases;
use super::opening::damage;
use crate::error::Error;

/// A report of at most so many bytes is read whole, and so checked against its id.
pub(super) const WHOLE: u64 = 128 * 1024;
/// Of a larger one so much is read at first: the longest header of a roster, and a first chunk.
const FIRST: u64 = 96 * 1024;
/// No header with a report.json behind it is longer than this.
const LONGEST: u64 = 1536 * 1024;

/// A report as far as it was read.
pub(super) struct Beginning {
    /// What it says.
    pub(super) report: Report,
    /// Its sealed bytes so far.
    pub(super) sealed: Vec<u8>,
    /// Whether that is all of them, and they agree with the id. Until then its end may yet prove to be missing.
    pub(super) whole: bool,
}

/// Reads all of a report where it is small, else no further than its report.json.
pub(super) async fn read(cases: &Cases, row: &ReportRow) -> Result<Beginning, Error> {
    let session = cases.session();
    session.check_size(row)?;
    let what = row.report_id.short();
    let limit = row.size.min(LONGEST);
    let mut sealed = Vec::new();
    let mut to = if row.size <= WHOLE { row.size } else { FIRST };
    loop {
        sealed.extend(session.client().part(row, sealed.len() as u64..to, session.keys().signing()).await?);
        let whole = to == row.size;
        if whole && ObjectId::of(&sealed) != row.report_id {
            return Err(Error::Dishonest(format!("what it serves as {what} is something else")));
        }
        let opened = cases.open_known(row.report_id, Cursor::new(sealed.as_slice())).and_then(|archive| {
            let report = archive.report().clone();
            if whole { archive.finish().map_err(|error| damage(&what, error)) } else { Ok(report) }
        });
        match opened {
            // Perhaps report.json is longer than this beginning.
            Err(Error::Open { error: OpenError::Broken, .. }) if to < limit => to = limit.min(to * 3),
            opened => return Ok(Beginning { report: opened?, sealed, whole }),
        }
    }
}
