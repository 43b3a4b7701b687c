//! `kua custody`: who did what with a report, when, in a chain that shows gaps.

use std::sync::Arc;

use futures_util::StreamExt as _;
use kua_client::case::Cases;
use kua_client::inbox::choose;
use kua_client::session::Reach;
use kua_clock::Clock;

use crate::args::Custody;
use crate::error::Error;
use crate::terminal::batch::Batch;
use crate::terminal::print::JsonList;
use crate::terminal::{Terminal, case};

/// Shows the chain of custody of each report. All of the report is fetched and compared with its id.
///
/// # Errors
///
/// When an id fits no report, or a report or its log cannot be had or read; others are shown all the same.
pub async fn run(options: Custody, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let session = super::session(&options.at, Reach::Needed, clock, terminal).await?;
    let cases = Cases::of(&session)?;
    let filter = options.chosen.filter();
    let rows = choose(&cases, &options.chosen.ids, filter.as_ref()).await?;
    let mut batch = Batch::new(rows.len(), terminal);
    let mut list = JsonList::new(filter.is_none() && rows.len() == 1);
    let mut chains = Box::pin(cases.chains(&rows));
    while let Some((row, chain)) = chains.next().await {
        let Some(chain) = batch.take(row.report_id, chain) else { continue };
        terminal.show(|| {
            if options.json {
                return list.push(&chain);
            }
            for line in case::custody(&chain, &cases, terminal.words()) {
                outln!("{line}");
            }
            Ok(())
        })?;
    }
    drop(chains);
    let outcome = batch.end();
    list.end(options.json);
    cases.save()?;
    outcome
}
