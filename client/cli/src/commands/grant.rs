//! `kua grant`: letting a coordinator into old reports, or handing one report to somebody outside.

use std::sync::Arc;

use futures_util::StreamExt as _;
use kua_client::case::{Cases, Granting};
use kua_client::inbox::choose;
use kua_client::session::Reach;
use kua_client::views::{GrantedView, HandedOutView};
use kua_clock::Clock;
use kua_protocol::api::ReportRow;
use kua_protocol::keys::PublicKey;
use kua_sealing::OpenError;

use crate::args::Grant;
use crate::error::Error;
use crate::terminal::batch::Batch;
use crate::terminal::{Terminal, ask, print, sanitise};

/// Lets a coordinator of the roster in, or seals one report anew for an age recipient.
///
/// # Errors
///
/// When nobody is called so, a report cannot be read, or the drop does not take what is left with it; other reports are
/// done all the same, and what was done is skipped when the command is given again.
pub async fn run(options: Grant, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let session = super::session(&options.at, Reach::Needed, clock, terminal).await?;
    let cases = Cases::of(&session)?;
    let filter = options.chosen.filter()?;
    let rows = if options.all {
        session.reports(None).await?
    } else {
        choose(&cases, &options.ids, filter.as_ref()).await?
    };
    // What somebody was let into cannot be taken back: only reports that were named are not asked about.
    let are_named = filter.is_none() && !options.all;
    if !ask::sure(terminal.words(), "grant-them", rows.len(), are_named || options.yes)? {
        return Ok(());
    }
    let outcome = if options.to.starts_with("age1") {
        hand_out(&options, &cases, &rows, terminal).await
    } else {
        let newcomer = session.coordinator(&options.to)?;
        let_in(&options, &cases, newcomer, &rows, terminal).await
    };
    cases.finish()?;
    outcome
}

/// Lets a coordinator into each report that can be read here.
async fn let_in(
    options: &Grant,
    cases: &Cases,
    newcomer: PublicKey,
    rows: &[ReportRow],
    terminal: &Terminal,
) -> Result<(), Error> {
    let mut batch = Batch::counted(rows.len(), "grant-granting", terminal);
    let granting = if options.all { Granting::All } else { Granting::Named };
    if options.all {
        // One list instead of one for each report.
        let news = cases.refresh(rows).await?;
        if let Some(error) = news.failed.into_iter().next() {
            return Err(error.into());
        }
    }
    let mut view = GrantedView::default();
    let mut grants = std::pin::pin!(cases.grants_to(newcomer, rows, granting));
    while let Some((row, outcome)) = grants.next().await {
        batch.advance();
        if options.all && matches!(outcome, Err(kua_client::Error::Open { error: OpenError::NotForYou, .. }))
        {
            // Of all reports some are others' to give.
            view.not_for_you.push(row.report_id);
            continue;
        }
        match batch.take(row.report_id, outcome) {
            Some(true) => view.granted.push(row.report_id),
            Some(false) => view.already.push(row.report_id),
            None => {}
        }
    }
    let outcome = batch.end();
    if outcome.is_err() && view.granted.is_empty() {
        // There is nothing to tell but the errors.
    } else if options.json {
        print::json(&view)?;
    } else {
        let args = [
            ("name", sanitise::one_line(&options.to).into()),
            ("granted", view.granted.len().into()),
            ("already", view.already.len().into()),
            ("closed", view.not_for_you.len().into()),
        ];
        outln!("{}", terminal.words().say_with("grant-done", &args));
    }
    outcome
}

/// Seals one report anew for somebody outside, and notes it in the log.
async fn hand_out(
    options: &Grant,
    cases: &Cases,
    rows: &[ReportRow],
    terminal: &Terminal,
) -> Result<(), Error> {
    let ([row], Some(out)) = (rows, &options.out) else {
        return Err(Error::refused("for somebody outside name one report, and a file for it with --out"));
    };
    if !options.to.starts_with("age1pq1") {
        return Err(Error::refused(
            "a file that leaves the drop is kept for years by whoever sees it: it is sealed to age1pq1… recipients \
             alone, which age makes with `age-keygen -pq`",
        ));
    }
    let sha256 = cases.hand_out(row, &options.to, out).await?;
    if options.json {
        return print::json(&HandedOutView { report_id: row.report_id, path: out.clone(), sha256 });
    }
    let path = out.display().to_string();
    let args = [("id", row.report_id.short().into()), ("path", path.into())];
    outln!("{}", terminal.words().say_with("grant-handed-out", &args));
    Ok(())
}
