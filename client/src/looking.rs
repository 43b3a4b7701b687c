//! Looking at reports for the first time: their beginnings, many at once, and what is remembered of them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use indicatif::ProgressBar;
use kua_protocol::api::ReportRow;
use kua_protocol::id::ObjectId;
use kua_sealing::OpenError;

use crate::error::Error;
use crate::session::{self, Session};
use crate::summary::{Remembered, Seen};

/// How many reports are fetched at a time.
const AT_ONCE: usize = 16;
/// A report of at most so many bytes is read whole, and so checked against its id.
const WHOLE: u64 = 128 * 1024;
/// Of a larger one so much is read at first: the longest header of a roster, and a first chunk.
const BEGINNING: u64 = 96 * 1024;
/// No header with a report.json behind it is longer than this.
const LONGEST: u64 = 1536 * 1024;
/// What was learnt is saved every so often, so that a long first look over a bad line is not for nothing.
const SAVED_EVERY: Duration = Duration::from_secs(10);

/// Looks at these reports, adds what was seen to what is known, and saves it. Returns what went wrong with which.
///
/// # Errors
///
/// When what was learnt cannot be saved.
pub async fn look(
    session: &Session,
    rows: &[&ReportRow],
    known: &mut Remembered,
    bar: &ProgressBar,
) -> Result<BTreeMap<ObjectId, Error>, Error> {
    let reads = rows.iter().map(|row| async move { (row.report_id, look_at(session, row).await) });
    let mut reads = futures_util::stream::iter(reads).buffer_unordered(AT_ONCE);
    let (mut failed, mut unsaved, mut saved) = (BTreeMap::new(), false, Instant::now());
    while let Some((id, read)) = reads.next().await {
        bar.inc(1);
        match read {
            Ok(seen) => {
                known.reports.insert(id, seen);
                unsaved = true;
            }
            Err(error) => drop(failed.insert(id, error)),
        }
        if unsaved && saved.elapsed() > SAVED_EVERY {
            session.cache().set_reports(known)?;
            (unsaved, saved) = (false, Instant::now());
        }
    }
    if unsaved {
        session.cache().set_reports(known)?;
    }
    Ok(failed)
}

/// Looks at one report: all of it where it is small, else no further than its report.json.
async fn look_at(session: &Session, row: &ReportRow) -> Result<Seen, Error> {
    session.check_size(row)?;
    let what = row.report_id.short();
    let limit = row.size.min(LONGEST);
    let mut bytes = Vec::new();
    let mut to = if row.size <= WHOLE { row.size } else { BEGINNING };
    loop {
        bytes.extend(session.drop.part(row, bytes.len() as u64..to, session.keys.signing()).await?);
        let whole = to == row.size;
        if whole && ObjectId::of(&bytes) != row.report_id {
            return Err(Error::Dishonest(format!("what it serves as {what} is something else")));
        }
        let opened = session::open_report(&what, bytes.as_slice(), &session.keys).and_then(|archive| {
            let report = archive.report().clone();
            if whole { archive.finish().map_err(|error| session::damage(&what, error)) } else { Ok(report) }
        });
        match opened {
            // Perhaps report.json is longer than this beginning.
            Err(Error::Open { error: OpenError::Broken, .. }) if to < limit => to = limit.min(to * 3),
            opened => return Seen::of(opened, session.drop_id(), row.mailbox, whole),
        }
    }
}
