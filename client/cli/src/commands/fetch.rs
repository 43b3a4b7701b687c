//! `kua fetch`: sealed reports as they are, for a colleague, an archive, or a machine without a network.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use futures_util::StreamExt as _;
use kua_client::case::Cases;
use kua_client::inbox::{choose, save_each};
use kua_client::session::Reach;
use kua_client::views::SavedReport;
use kua_clock::Clock;

use crate::args::Fetch;
use crate::error::Error;
use crate::terminal::Terminal;
use crate::terminal::batch::Batch;
use crate::terminal::print::JsonList;

/// Saves each report as `ID.age`.
///
/// # Errors
///
/// When a report cannot be had or written; those that are whole are saved.
pub async fn run(options: Fetch, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let session = super::session(&options.at, Reach::Needed, clock, terminal).await?;
    let cases = Cases::of(&session)?;
    let rows = choose(&cases, &options.chosen.ids, options.chosen.filter().as_ref()).await?;
    fs::create_dir_all(&options.out).map_err(Error::file(&options.out))?;
    let mut batch = Batch::new(rows.len(), terminal);
    let mut list = JsonList::new(false);
    let saved = |path: &Path| {
        if !options.json {
            terminal.show(|| outln!("{}", path.display()));
        }
    };
    let mut fetches = Box::pin(save_each(&cases, &rows, &options.out, &saved));
    while let Some((row, fetched)) = fetches.next().await {
        let Some(path) = batch.take(row.report_id, fetched) else { continue };
        if options.json {
            let saved = SavedReport { report_id: row.report_id, size: row.size, path };
            terminal.show(|| list.push(&saved))?;
        }
    }
    drop(fetches);
    let outcome = batch.end();
    list.end(options.json);
    session.cache().reports()?.save()?;
    // A grant that was found opens what was saved, without a network.
    cases.save()?;
    outcome
}
