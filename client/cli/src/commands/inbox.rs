//! `kua inbox`: what came in, opened here; each report is looked at once.

use std::sync::Arc;

use kua_client::case::Cases;
use kua_client::inbox::{Filter, Listing, refresh};
use kua_client::session::Reach;
use kua_client::views::{InboxLine, InboxRow};
use kua_clock::Clock;

use crate::args::Inbox;
use crate::error::Error;
use crate::terminal::i18n::Words;
use crate::terminal::{Terminal, inbox, print};

/// Lists reports. Those whose deletion was asked for are left out, unless all are wanted.
///
/// # Errors
///
/// When the list cannot be had. A single report that does not open is shown as such.
pub async fn run(options: Inbox, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let words = terminal.words();
    let reach = if options.offline { Reach::Offline } else { Reach::IfPossible };
    let session = super::session(&options.at, reach, clock, terminal).await?;
    let cases = Cases::of(&session)?;
    let filter = options.filter.filter();
    let listing = refresh(&cases, &filter, options.all).await?;
    let known = session.cache().reports()?;
    let lines = InboxLine::of(&listing, &known, &cases);
    if options.json {
        let rows: Vec<InboxRow> = lines.iter().map(|line| InboxRow::of(line, &cases)).collect();
        print::json(&rows)?;
    } else {
        if lines.is_empty() {
            let is_filtered = filter != Filter::default();
            outln!("{}", words.say(if is_filtered { "inbox-none-fits" } else { "inbox-empty" }));
        }
        inbox::print(&lines, &cases, words);
    }
    tell(&listing, words);
    Ok(())
}

/// Tells what goes soon, and what should have gone.
fn tell(listing: &Listing, words: &Words) {
    if let Some(hours) = listing.leaving.iter().map(|asked| asked.left.at_least_hours()).min() {
        let args = [("count", listing.leaving.len().into()), ("hours", hours.into())];
        eprintln!("{}", words.say_with("inbox-leaving", &args));
    }
    if let Some(overdue) = &listing.overdue {
        let args = [("count", overdue.objects.into()), ("day", overdue.since.to_string().into())];
        eprintln!("{}", words.say_with("inbox-overdue", &args));
    }
}
