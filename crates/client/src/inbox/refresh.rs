//! Refreshing the inbox: reports are inspected that are new, case logs are followed that have changed, and what a filter lets
//! through is chosen among all of them.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::thread;

use futures_util::StreamExt as _;
use kua_protocol::api::{DeleteAsked, Overdue, ReportRow};
use kua_protocol::id::{IdPrefix, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_sealing::OpenError;
use tokio::runtime::Handle;

use super::filter::{Filter, Terms};
use crate::case::Cases;
use crate::error::Error;
use crate::events::{Progress, Warning, Work};
use crate::inspect::{CaseDigest, Inspected};
use crate::session::{Session, find_among};

/// Reports that are fetched at a time.
const AT_ONCE: usize = 16;
/// Case logs up to which each is asked for; more are asked for in one list of all that is new.
const FEW: usize = 32;

/// The reports that a filter lets through.
pub struct Listing {
    /// The rows as the drop lists them, by day and id.
    pub rows: Vec<ReportRow>,
    /// The errors of those that could not be inspected. A filter that asks for content lets none of them through.
    pub failed: BTreeMap<ObjectId, Error>,
    /// The wishes to delete reports that were left out for that.
    pub leaving: Vec<DeleteAsked>,
    /// What the drop should have deleted before.
    pub overdue: Option<Overdue>,
}

/// Lists the reports that a filter lets through, after a look at those that are new and at case logs that have changed. `all`
/// has those, too, whose deletion was asked for.
///
/// # Errors
///
/// When the list cannot be had, or what is remembered cannot be read or written.
pub async fn refresh(cases: &Cases, filter: &Filter, all: bool) -> Result<Listing, Error> {
    let (session, cache) = (cases.session(), cases.session().cache());
    cases.flush().await?;
    let terms = filter.search.as_ref().map(Terms::words);
    let (listed, found) = meanwhile(session.reports_and_overdue(filter.since), || {
        let mut reports = cache.reports()?;
        let found = terms.map(|words| reports.search(words)).transpose()?;
        Ok::<_, Error>(found.unwrap_or_default())
    });
    let ((listed, overdue), found) = (listed?, found?);
    let offline = session.is_offline();
    if filter.since.is_none() && !offline {
        cache.reports()?.keep_only(&listed.iter().map(|row| row.report_id).collect());
        cache.keep_listed(session.client(), &listed)?;
    }
    let mut rows: Vec<ReportRow> = listed.iter().filter(|row| filter.takes_row(row)).cloned().collect();
    let mut leaving = Vec::new();
    if !all && !filter.delete_asked {
        leaving.extend(rows.iter().filter_map(|row| row.delete_asked));
        rows.retain(|row| row.delete_asked.is_none());
    }
    let unseen = if offline { Vec::new() } else { unseen(session, &rows)? };
    let mut failed = inspect(cases, &unseen).await?;
    let whole = filter.since.is_none().then_some(listed.as_slice());
    let logs_known = offline || logs_are_known(session, &rows)?;
    let opened = if offline { Vec::new() } else { follow(cases, &rows, whole).await? };
    failed.extend(inspect(cases, &opened).await?);
    let mut reports = cache.reports()?;
    if let Some(search) = &filter.search {
        let as_it_was = unseen.is_empty() && logs_known;
        let found = if as_it_was { found } else { reports.search(search.words())? };
        rows.retain(|row| found.contains(&row.report_id));
    }
    let name = |key: &PublicKey| cases.name(key).unwrap_or_default();
    rows.retain(|row| filter.takes(reports.view(&row.report_id), reports.progress(row).as_ref(), name));
    reports.save()?;
    drop(reports);
    cases.save()?;
    if filter.asks_for_content() && !failed.is_empty() {
        session.observer().warn(&Warning::NotJudged { count: failed.len() });
    }
    Ok(Listing { rows, failed, leaving, overdue })
}

/// Chooses the reports that were named, or else those that a filter lets through.
///
/// # Errors
///
/// When a name fits no report, or several; and as [`refresh`].
pub async fn choose(
    cases: &Cases,
    named: &[IdPrefix],
    filter: Option<&Filter>,
) -> Result<Vec<ReportRow>, Error> {
    match filter {
        Some(filter) => Ok(refresh(cases, filter, false).await?.rows),
        None => {
            cases.flush().await?;
            let (session, cache) = (cases.session(), cases.session().cache());
            let (listed, known) = meanwhile(session.reports(None), || cache.reports().map(drop));
            let listed = listed?;
            known?;
            if !session.is_offline() {
                cache.keep_listed(session.client(), &listed)?;
            }
            find_among(&listed, named)
        }
    }
}

/// Waits for the drop, and works on another core meanwhile: each takes about as long.
fn meanwhile<A, B: Send>(drop: impl Future<Output = A>, work: impl FnOnce() -> B + Send) -> (A, B) {
    thread::scope(|scope| {
        let work = scope.spawn(work);
        let answer = tokio::task::block_in_place(|| Handle::current().block_on(drop));
        (answer, work.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

/// Gives the reports that were never inspected, after those whose texts a search missed.
fn unseen<'r>(session: &Session, rows: &'r [ReportRow]) -> Result<Vec<&'r ReportRow>, Error> {
    let reports = session.cache().reports()?;
    let lost = rows.iter().filter(|row| reports.lost().contains(&row.report_id));
    let new = rows.iter().filter(|row| reports.view(&row.report_id).is_none());
    Ok(lost.chain(new).collect())
}

fn logs_are_known(session: &Session, rows: &[ReportRow]) -> Result<bool, Error> {
    let (reports, roster) = (session.cache().reports()?, session.client().roster().digest());
    Ok(rows.iter().all(|row| reports.knows_case(row, roster)))
}

/// Reads the case logs of these reports that are not known as they are now. `listed` are all reports of the drop, if all were
/// asked for. Returns the reports that a grant has opened, which have to be inspected again.
async fn follow<'r>(
    cases: &Cases,
    rows: &'r [ReportRow],
    listed: Option<&[ReportRow]>,
) -> Result<Vec<&'r ReportRow>, Error> {
    let (session, cache) = (cases.session(), cases.session().cache());
    let roster = session.client().roster().digest();
    let new: Vec<&ReportRow> = {
        let reports = cache.reports()?;
        let is_new =
            |row: &&ReportRow| reports.view(&row.report_id).is_some() && !reports.knows_case(row, roster);
        rows.iter().filter(is_new).collect()
    };
    let progress = session.observer().begin(Work::ReadingLogs, new.len() as u64);
    let listed = listed.filter(|_| new.len() > FEW);
    let mut unread = match listed {
        Some(listed) => cases.refresh(listed).await?.failed.len(),
        None => 0,
    };
    // Where the list of all left something out, the log itself is asked for: its row counts the entries.
    let reads = new.into_iter().map(|row| async move { (row, cases.case(row).await) });
    let mut reads = futures_util::stream::iter(reads).buffer_unordered(AT_ONCE);
    let mut opened = Vec::new();
    while let Some((row, read)) = reads.next().await {
        progress.advance(1);
        match read {
            Ok(case) => {
                let digest = CaseDigest::of(&case.read(session).state());
                let known = cases.entries(row.report_id)?;
                // A drop that counts more than it shows is asked again the next time. That more is known than it counts is
                // nothing: a colleague noted something a moment ago, or the drop went back to an older copy.
                unread += usize::from(known < row.entries);
                let mut reports = cache.reports()?;
                reports.set_case(row.report_id, known.min(row.entries), roster, Some(digest));
                if reports.view(&row.report_id).is_some_and(|view| view.summary().is_none()) {
                    reports.forget_closed(row.report_id);
                    opened.push(row);
                }
            }
            Err(Error::Open { error: OpenError::NotForYou, .. }) => {
                cache.reports()?.set_case(row.report_id, row.entries, roster, None);
            }
            Err(_) => unread += 1,
        }
    }
    drop(progress);
    if unread > 0 {
        session.observer().warn(&Warning::LogsUnread { count: unread });
    }
    Ok(opened)
}

async fn inspect(cases: &Cases, rows: &[&ReportRow]) -> Result<BTreeMap<ObjectId, Error>, Error> {
    let progress = cases.session().observer().begin(Work::ReadingReports, rows.len() as u64);
    inspect_each(cases, rows, &*progress).await
}

/// Inspects these reports and remembers what was seen. Returns what went wrong with which.
///
/// # Errors
///
/// When what was learnt cannot be saved.
pub async fn inspect_each(
    cases: &Cases,
    rows: &[&ReportRow],
    progress: &dyn Progress,
) -> Result<BTreeMap<ObjectId, Error>, Error> {
    let cache = cases.session().cache();
    let reads = rows.iter().map(|row| async move { (row.report_id, cases.inspect(row).await) });
    let mut reads = futures_util::stream::iter(reads).buffer_unordered(AT_ONCE);
    let mut failed = BTreeMap::new();
    while let Some((id, read)) = reads.next().await {
        progress.advance(1);
        let mut reports = cache.reports()?;
        match read {
            Ok(inspected) => drop(reports.learn(id, inspected)),
            Err(error) => drop(failed.insert(id, error)),
        }
        reports.save_in_passing()?;
    }
    cache.reports()?.save()?;
    Ok(failed)
}

/// Remembers what a report turned out to be whose bytes were checked against its id, and says whether the drop had shown
/// something else of it in the inbox. That a grant opens what was sealed to others is nothing made up.
///
/// # Errors
///
/// When it cannot be written.
pub fn correct(session: &Session, id: ObjectId, verified: Inspected, granted: bool) -> Result<bool, Error> {
    let mut reports = session.cache().reports()?;
    if granted {
        reports.forget_closed(id);
    }
    let otherwise = reports.correct(id, verified);
    reports.save_in_passing()?;
    Ok(otherwise)
}
