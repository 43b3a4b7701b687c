//! Looking at reports for the first time: their beginnings, many at once, and what is remembered of them; and choosing
//! among all of them.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::thread;

use futures_util::StreamExt as _;
use indicatif::ProgressBar;
use kua_protocol::api::{DeleteAsked, Overdue, ReportRow};
use kua_protocol::id::{IdPrefix, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_sealing::OpenError;
use tokio::runtime::Handle;

use crate::case::Cases;
use crate::error::Error;
use crate::filter::{Filter, Terms};
use crate::memory::Memory;
use crate::progress;
use crate::session::Session;
use crate::summary::{Learnt, Told};
use crate::words::Words;

/// How many reports are fetched at a time.
const AT_ONCE: usize = 16;
/// More case logs than these are asked for in one list of all that is new.
const FEW: usize = 32;

/// The reports that a filter lets through.
pub struct Listing<'s> {
    /// What is remembered of all reports.
    pub memory: Memory<'s>,
    /// What the drop says of them, by day and id.
    pub rows: Vec<ReportRow>,
    /// What went wrong with those that could not be looked at. A filter that asks for content lets none of them through.
    pub failed: BTreeMap<ObjectId, Error>,
    /// Who wants which deleted that were left out for that.
    pub leaving: Vec<DeleteAsked>,
    /// What the drop should have deleted before.
    pub overdue: Option<Overdue>,
}

/// The reports that a filter lets through, after a look at those that are new and at case logs that have changed. `all` has
/// those, too, whose deletion was asked for.
///
/// # Errors
///
/// When the list cannot be had, or the memory cannot be read or written.
pub async fn list<'s>(
    session: &'s Session,
    cases: &Cases<'_>,
    filter: &Filter,
    all: bool,
    words: &Words,
) -> Result<Listing<'s>, Error> {
    cases.deliver(words).await?;
    let terms = filter.search.as_ref().map(Terms::words);
    let (listed, remembered) = meanwhile(session.reports_and_overdue(filter.since), || {
        let mut memory = session.memory()?;
        let found = terms.map(|words| memory.search(words)).transpose()?;
        Ok::<_, Error>((memory, found.unwrap_or_default()))
    });
    let ((listed, overdue), (mut memory, found)) = (listed?, remembered?);
    let offline = session.is_offline();
    if filter.since.is_none() && !offline {
        memory.keep_only(&listed.iter().map(|row| row.report_id).collect());
        memory.keep_listed(&session.drop, &listed)?;
    }
    let mut rows: Vec<ReportRow> = listed.iter().filter(|row| filter.takes_row(row)).cloned().collect();
    let mut leaving = Vec::new();
    if !all && !filter.delete_asked {
        leaving.extend(rows.iter().filter_map(|row| row.delete_asked));
        rows.retain(|row| row.delete_asked.is_none());
    }
    let lost = |row: &&ReportRow| memory.lost().contains(&row.report_id);
    let mut unseen: Vec<&ReportRow> = rows.iter().filter(lost).collect();
    unseen.extend(rows.iter().filter(|row| memory.seen(&row.report_id).is_none()));
    if offline {
        unseen.clear();
    }
    let mut failed = look_with_bar(cases, &unseen, &mut memory, words).await?;
    let whole = filter.since.is_none().then_some(listed.as_slice());
    let roster = session.drop.roster().digest();
    let logs_known = offline || rows.iter().all(|row| memory.knows_case(row, roster));
    let opened =
        if offline { Vec::new() } else { follow(session, cases, &mut memory, &rows, whole, words).await? };
    failed.extend(look_with_bar(cases, &opened, &mut memory, words).await?);
    if let Some(search) = &filter.search {
        let as_it_was = unseen.is_empty() && logs_known;
        let found = if as_it_was { found } else { memory.search(search.words())? };
        rows.retain(|row| found.contains(&row.report_id));
    }
    let name = |key: &PublicKey| cases.name(key).unwrap_or_default();
    rows.retain(|row| filter.takes(memory.seen(&row.report_id), memory.progress(row).as_ref(), name));
    memory.save()?;
    cases.save()?;
    if filter.asks_for_content() && !failed.is_empty() {
        eprintln!("{}", words.say_with("filter-not-judged", &[("count", failed.len().into())]));
    }
    Ok(Listing { memory, rows, failed, leaving, overdue })
}

/// The reports that were named, or else those that a filter lets through, and what is remembered of all.
///
/// # Errors
///
/// When a name fits no report, or several; and as [`list`].
pub async fn choose<'s>(
    session: &'s Session,
    cases: &Cases<'_>,
    named: &[IdPrefix],
    filter: Option<&Filter>,
    words: &Words,
) -> Result<(Vec<ReportRow>, Memory<'s>), Error> {
    match filter {
        Some(filter) => {
            let listing = list(session, cases, filter, false, words).await?;
            Ok((listing.rows, listing.memory))
        }
        None => {
            cases.deliver(words).await?;
            let (listed, memory) = meanwhile(session.reports(None), || session.memory());
            let (listed, mut memory) = (listed?, memory?);
            if !session.is_offline() {
                memory.keep_listed(&session.drop, &listed)?;
            }
            Ok((Session::find_among(&listed, named)?, memory))
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

/// Reads the case logs of these reports that are not known as they are now. `listed` are all reports of the drop, if all were
/// asked for. Returns the reports that a grant has opened, which have to be looked at again.
async fn follow<'r>(
    session: &Session,
    cases: &Cases<'_>,
    memory: &mut Memory<'_>,
    rows: &'r [ReportRow],
    listed: Option<&[ReportRow]>,
    words: &Words,
) -> Result<Vec<&'r ReportRow>, Error> {
    let roster = session.drop.roster().digest();
    let is_new = |row: &&ReportRow| memory.seen(&row.report_id).is_some() && !memory.knows_case(row, roster);
    let new: Vec<&ReportRow> = rows.iter().filter(is_new).collect();
    let bar = progress::bar(new.len() as u64, &words.say("inbox-reading-logs"));
    let listed = listed.filter(|_| new.len() > FEW);
    let mut unread = match listed {
        Some(listed) => cases.refresh(listed, &ProgressBar::hidden()).await?.failed.len(),
        None => 0,
    };
    // Where the list of all left something out, the log itself is asked for: its row counts the entries.
    let reads = new.into_iter().map(|row| async move { (row, cases.case(row).await) });
    let mut reads = futures_util::stream::iter(reads).buffer_unordered(AT_ONCE);
    let mut opened = Vec::new();
    while let Some((row, read)) = reads.next().await {
        bar.inc(1);
        match read {
            Ok(case) => {
                let told = Told::of(&case.read(session).state());
                let known = cases.entries(row.report_id)?;
                // A drop that counts more than it shows is asked again the next time. That more is known than it counts is
                // nothing: a colleague noted something a moment ago, or the drop went back to an older copy.
                unread += usize::from(known < row.entries);
                memory.set_case(row.report_id, known.min(row.entries), roster, Some(told));
                if memory.seen(&row.report_id).is_some_and(|seen| seen.summary().is_none()) {
                    memory.forget_closed(row.report_id);
                    opened.push(row);
                }
            }
            Err(Error::Open { error: OpenError::NotForYou, .. }) => {
                memory.set_case(row.report_id, row.entries, roster, None);
            }
            Err(_) => unread += 1,
        }
    }
    bar.finish_and_clear();
    if unread > 0 {
        eprintln!("{}", words.say_with("inbox-logs-unread", &[("count", unread.into())]));
    }
    Ok(opened)
}

async fn look_with_bar(
    cases: &Cases<'_>,
    rows: &[&ReportRow],
    memory: &mut Memory<'_>,
    words: &Words,
) -> Result<BTreeMap<ObjectId, Error>, Error> {
    let bar = progress::bar(rows.len() as u64, &words.say("inbox-reading"));
    let failed = look(cases, rows, memory, &bar).await?;
    bar.finish_and_clear();
    Ok(failed)
}

/// Looks at these reports and remembers what was seen. Returns what went wrong with which.
///
/// # Errors
///
/// When what was learnt cannot be saved.
pub async fn look(
    cases: &Cases<'_>,
    rows: &[&ReportRow],
    memory: &mut Memory<'_>,
    bar: &ProgressBar,
) -> Result<BTreeMap<ObjectId, Error>, Error> {
    let reads = rows.iter().map(|row| async move { (row.report_id, cases.look(row).await) });
    let mut reads = futures_util::stream::iter(reads).buffer_unordered(AT_ONCE);
    let mut failed = BTreeMap::new();
    while let Some((id, read)) = reads.next().await {
        bar.inc(1);
        match read {
            Ok(learnt) => drop(memory.learn(id, learnt)),
            Err(error) => drop(failed.insert(id, error)),
        }
        memory.save_in_passing()?;
    }
    memory.save()?;
    Ok(failed)
}

/// Remembers what a report turned out to be whose bytes were checked against its id, and tells the person when the drop had
/// shown something else of it in the inbox. That a grant opens what was sealed to others is nothing made up.
///
/// # Errors
///
/// When the memory cannot be written.
pub fn learn(
    memory: &mut Memory<'_>,
    id: ObjectId,
    verified: Learnt,
    granted: bool,
    words: &Words,
) -> Result<(), Error> {
    if granted {
        memory.forget_closed(id);
    }
    if memory.correct(id, verified) {
        eprintln!("{}", words.say_with("shown-otherwise", &[("id", id.short().into())]));
    }
    memory.save_in_passing()
}
