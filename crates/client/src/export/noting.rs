//! Noting in case logs to whom an export is given.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt as _;
use kua_protocol::api::ReportRow;
use kua_protocol::entry::Change;

use crate::case::Cases;
use crate::error::Error;
use crate::events::Work;

/// Case logs that are written to at a time.
const AT_ONCE: usize = 8;

/// Adds this to the log of each report that was exported. What a log does not know of must not be given away, so that the
/// first one that cannot be told ends it.
///
/// # Errors
///
/// [`Error::NotHandedOut`]. How many of the others were told by then is part of it.
pub(super) async fn note(cases: &Cases, rows: &[ReportRow], change: &Change) -> Result<(), Error> {
    let progress = cases.session().observer().begin(Work::NotingExport, rows.len() as u64);
    let ended = &AtomicBool::new(false);
    let notes = rows.iter().map(|row| async move {
        if ended.load(Ordering::Relaxed) {
            return None;
        }
        let noted = append(cases, row, change.clone()).await;
        ended.fetch_or(noted.is_err(), Ordering::Relaxed);
        Some((row.report_id, noted))
    });
    // Those that are under way when one fails are waited for: the drop may have taken them.
    let mut notes = futures_util::stream::iter(notes).buffer_unordered(AT_ONCE);
    let (mut told, mut failed) = (0, None);
    while let Some(note) = notes.next().await {
        progress.advance(1);
        match note {
            Some((_, Ok(()))) => told += 1,
            Some((report, Err(why))) => failed = failed.or(Some((report, why))),
            None => {}
        }
    }
    drop(progress);
    match failed {
        Some((report, why)) => Err(Error::NotHandedOut { report, why: Box::new(why), noted: told }),
        None => Ok(()),
    }
}

async fn append(cases: &Cases, row: &ReportRow, change: Change) -> Result<(), Error> {
    cases.append(&mut cases.known(row).await?, vec![change], &[]).await.map(|_| ())
}
