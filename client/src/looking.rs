//! Looking at reports for the first time: their beginnings, many at once, and what is remembered of them; and choosing
//! among all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::thread;

use futures_util::StreamExt as _;
use indicatif::ProgressBar;
use kua_protocol::api::{DeleteAsked, ReportRow};
use kua_protocol::id::{IdPrefix, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_sealing::OpenError;
use tokio::runtime::Handle;

use crate::error::Error;
use crate::filter::{Filter, Terms};
use crate::memory::Memory;
use crate::progress;
use crate::session::{self, Session};
use crate::summary::Learnt;
use crate::words::Words;

/// How many reports are fetched at a time.
const AT_ONCE: usize = 16;
/// A report of at most so many bytes is read whole, and so checked against its id.
const WHOLE: u64 = 128 * 1024;
/// Of a larger one so much is read at first: the longest header of a roster, and a first chunk.
const BEGINNING: u64 = 96 * 1024;
/// No header with a report.json behind it is longer than this.
const LONGEST: u64 = 1536 * 1024;

/// The reports that a filter lets through.
pub struct Listing {
    /// What the drop says of them, by day and id.
    pub rows: Vec<ReportRow>,
    /// What went wrong with those that could not be looked at. A filter that asks for content lets none of them through.
    pub failed: BTreeMap<ObjectId, Error>,
    /// Who wants which deleted that were left out for that.
    pub leaving: Vec<DeleteAsked>,
}

/// The reports that a filter lets through, after a look at those that are new. `all` has those, too, whose deletion was
/// asked for.
///
/// # Errors
///
/// When the list cannot be had, or the memory cannot be read or written.
pub async fn list(
    session: &Session,
    memory: &mut Memory<'_>,
    filter: &Filter,
    all: bool,
    words: &Words,
) -> Result<Listing, Error> {
    let (mut rows, found) = list_and_search(session, memory, filter)?;
    if filter.since.is_none() {
        memory.keep_only(&rows.iter().map(|row| row.report_id).collect());
    }
    rows.retain(|row| filter.takes_row(row));
    let mut leaving = Vec::new();
    if !all && !filter.delete_asked {
        leaving.extend(rows.iter().filter_map(|row| row.delete_asked));
        rows.retain(|row| row.delete_asked.is_none());
    }
    let new: Vec<&ReportRow> = rows.iter().filter(|row| memory.seen(&row.report_id).is_none()).collect();
    let mut failed = look_with_bar(session, &new, memory, words).await?;
    if let Some(search) = &filter.search {
        let lost = memory.lost();
        let lost: Vec<&ReportRow> = rows.iter().filter(|row| lost.contains(&row.report_id)).collect();
        failed.extend(look_with_bar(session, &lost, memory, words).await?);
        let looked_at = !new.is_empty() || !lost.is_empty();
        let found = if looked_at { memory.search(search.words())? } else { found };
        rows.retain(|row| found.contains(&row.report_id));
    }
    let roster = session.drop.roster().digest();
    let name = |key: &PublicKey| session.name_of(key);
    rows.retain(|row| filter.takes(memory.seen(&row.report_id), memory.progress(row, roster).as_ref(), name));
    memory.save()?;
    if filter.asks_for_content() && !failed.is_empty() {
        eprintln!("{}", words.say_with("filter-not-judged", &[("count", failed.len().into())]));
    }
    Ok(Listing { rows, failed, leaving })
}

/// The reports that were named, or else those that a filter lets through.
///
/// # Errors
///
/// When a name fits no report, or several; and as [`list`].
pub async fn choose(
    session: &Session,
    memory: &mut Memory<'_>,
    named: &[IdPrefix],
    filter: Option<&Filter>,
    words: &Words,
) -> Result<Vec<ReportRow>, Error> {
    match filter {
        Some(filter) => Ok(list(session, memory, filter, false, words).await?.rows),
        None => session.find(named).await,
    }
}

/// Asks the drop for its list, and searches what is remembered meanwhile: each takes about as long.
fn list_and_search(
    session: &Session,
    memory: &mut Memory<'_>,
    filter: &Filter,
) -> Result<(Vec<ReportRow>, BTreeSet<ObjectId>), Error> {
    let terms = filter.search.as_ref().map(Terms::words);
    let (rows, found) = thread::scope(|scope| {
        let search = scope.spawn(|| terms.map(|words| memory.search(words)).transpose());
        let list = session.drop.reports(filter.since, session.keys.signing());
        let rows = tokio::task::block_in_place(|| Handle::current().block_on(list));
        (rows, search.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    Ok((rows?, found?.unwrap_or_default()))
}

async fn look_with_bar(
    session: &Session,
    rows: &[&ReportRow],
    memory: &mut Memory<'_>,
    words: &Words,
) -> Result<BTreeMap<ObjectId, Error>, Error> {
    let bar = progress::bar(rows.len() as u64, &words.say("inbox-reading"));
    let failed = look(session, rows, memory, &bar).await?;
    bar.finish_and_clear();
    Ok(failed)
}

/// Looks at these reports and remembers what was seen. Returns what went wrong with which.
///
/// # Errors
///
/// When what was learnt cannot be saved.
pub async fn look(
    session: &Session,
    rows: &[&ReportRow],
    memory: &mut Memory<'_>,
    bar: &ProgressBar,
) -> Result<BTreeMap<ObjectId, Error>, Error> {
    let reads = rows.iter().map(|row| async move { (row.report_id, look_at(session, row).await) });
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
/// shown something else of it in the inbox.
///
/// # Errors
///
/// When the memory cannot be written.
pub fn learn(memory: &mut Memory<'_>, id: ObjectId, verified: Learnt, words: &Words) -> Result<(), Error> {
    if memory.correct(id, verified) {
        eprintln!("{}", words.say_with("shown-otherwise", &[("id", id.short().into())]));
    }
    memory.save_in_passing()
}

/// Looks at one report: all of it where it is small, else no further than its report.json.
async fn look_at(session: &Session, row: &ReportRow) -> Result<Learnt, Error> {
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
            opened => return Learnt::of(opened, session.drop_id(), row.mailbox, whole),
        }
    }
}
