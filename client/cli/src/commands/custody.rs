//! `kua custody`: who did what with a report, when, in a chain that shows gaps.

use futures_util::StreamExt as _;
use kua_caselog::custody::Chain;
use kua_clock::Clock;
use kua_protocol::api::ReportRow;

use crate::case::{Cases, telling};
use crate::cli::Custody;
use crate::error::Error;
use crate::looking::choose;
use crate::out::JsonList;
use crate::progress;
use crate::session::Session;
use crate::several::Several;
use crate::words::Words;

/// How many reports are fetched at a time.
const AT_ONCE: usize = 4;

/// Shows the chain of custody of each report. All of the report is fetched and compared with its id.
///
/// # Errors
///
/// When an id fits no report, or a report or its log cannot be had or read; others are shown all the same.
pub async fn run(options: Custody, clock: &Clock, words: &Words) -> Result<(), Error> {
    let session = Session::open(&options.at, clock, words).await?;
    let cases = Cases::of(&session)?;
    let (named, filter) = (&options.chosen.ids, options.chosen.filter.as_ref());
    let (rows, _) = choose(&session, &cases, named, filter, words).await?;
    let bar = progress::bytes(rows.iter().map(|row| row.size).sum(), &words.say("custody-checking"));
    let mut several = Several::shown_by(bar.clone(), rows.len(), words);
    let mut list = JsonList::new(filter.is_none() && rows.len() == 1);
    let (session, cases, bar) = (&session, &cases, &bar);
    let chains =
        rows.iter().map(|row| async move { (row, chain(session, cases, row, |bytes| bar.inc(bytes)).await) });
    let mut chains = futures_util::stream::iter(chains).buffered(AT_ONCE);
    while let Some((row, chain)) = chains.next().await {
        let Some(chain) = several.take(row.report_id, chain) else { continue };
        several.show(|| {
            if options.json {
                list.push(&chain.to_json());
                return;
            }
            for line in telling::custody(&chain, cases, words) {
                outln!("{line}");
            }
        });
    }
    let outcome = several.end();
    if options.json {
        list.end();
    }
    cases.save()?;
    outcome
}

/// Reads a report to its end, and the log that goes with it.
async fn chain(
    session: &Session,
    cases: &Cases<'_>,
    row: &ReportRow,
    progress: impl Fn(u64),
) -> Result<Chain, Error> {
    let sealed = session.fetch(row, progress).await?;
    let report = cases.read_whole(row, sealed).await?;
    cases.learn(row.report_id, &report, true)?;
    Ok(cases.chain(&cases.case(row).await?))
}
