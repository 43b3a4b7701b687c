//! `kua open`: reports, shown or written to folders. Nothing of one is written unless all of it was verified.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::StreamExt as _;
use kua_client::case::Cases;
use kua_client::events::{Observer as _, Warning};
use kua_client::files::private;
use kua_client::inbox::{OpenedReport, Wanted, choose, open_each, open_sealed};
use kua_client::session::Reach;
use kua_client::views::OpenedView;
use kua_clock::Clock;

use crate::args::{At, FilterOptions, Open};
use crate::error::Error;
use crate::terminal::batch::Batch;
use crate::terminal::print::JsonList;
use crate::terminal::{Terminal, passphrase, report};

/// Shows or writes reports.
///
/// # Errors
///
/// When one cannot be had, does not open, or is damaged anywhere; then nothing of it was written. Others are.
pub async fn run(options: Open, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let Some(path) = &options.sealed else { return of_drop(options, clock, terminal).await };
    let keys = Arc::new(passphrase::coordinator(options.vault.locked(), terminal.words())?);
    let opened = open_sealed(path, &keys, options.out)?;
    let by = keys.signing().public().to_string();
    show(&opened, &by, options.json.then(|| JsonList::new(true)).as_mut(), terminal)
}

async fn of_drop(options: Open, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let Open { link, vault, network, ids, filter, out, json, .. } = options;
    let at = At { link: link.unwrap_or_default(), vault, network };
    let (single, out) = (ids.len() == 1, out.as_deref());
    if single {
        free(out)?;
    }
    let session = super::session(&at, Reach::Needed, clock, terminal).await?;
    let cases = Cases::of(&session)?;
    let filter = filter.as_ref().map(FilterOptions::filter);
    let mut wanted = Vec::new();
    for row in choose(&cases, &ids, filter.as_ref()).await? {
        let folder = out.map(|out| if single { out.to_owned() } else { out.join(row.report_id.to_string()) });
        wanted.push(Wanted { out: free(folder.as_deref())?, row });
    }
    if let Some(out) = out.filter(|_| !single) {
        private::create_folder(out).map_err(Error::file(out))?;
    }
    let mut batch = Batch::new(wanted.len(), terminal);
    let mut list = json.then(|| JsonList::new(single));
    let mut reports = Box::pin(open_each(&cases, wanted));
    while let Some((row, opened)) = reports.next().await {
        let Some(opened) = batch.take(row.report_id, opened) else { continue };
        terminal.show(|| show(&opened, session.name(), list.as_mut(), terminal))?;
    }
    drop(reports);
    let outcome = batch.end();
    if let Some(list) = list {
        list.end(true);
    }
    session.cache().reports()?.save()?;
    cases.save()?;
    outcome
}

/// Shows a report, to a person or to a program, and what is odd about it to a person.
fn show(
    opened: &OpenedReport,
    by: &str,
    list: Option<&mut JsonList>,
    terminal: &Terminal,
) -> Result<(), Error> {
    match list {
        Some(list) => list.push(&OpenedView::of(opened, by)?)?,
        None => report::print(opened, terminal.words()),
    }
    report::warn(opened, terminal.words());
    if opened.shown_otherwise {
        terminal.warn(&Warning::ShownOtherwise(opened.id));
    }
    Ok(())
}

/// Names a folder to be made, which nothing may be in the place of.
fn free(out: Option<&Path>) -> Result<Option<PathBuf>, Error> {
    match out {
        Some(out) if out.exists() => Err(kua_client::Error::Occupied(out.to_owned()).into()),
        out => Ok(out.map(Path::to_owned)),
    }
}
