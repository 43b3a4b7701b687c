//! `kua inbox`: what came in, opened here; each report is looked at once.

use std::collections::BTreeSet;

use kua_protocol::api::ReportRow;
use kua_report::vocabulary::Severity;
use serde_json::{Value, json};

use crate::cli::Inbox;
use crate::error::Error;
use crate::followup::{self, Membership};
use crate::looking::look;
use crate::session::Session;
use crate::summary::{Remembered, Seen};
use crate::words::Words;
use crate::{progress, show};

/// Columns for a title.
const TITLE_WIDTH: usize = 48;

/// What there is to say of one report of the list.
type Line<'a> = (&'a ReportRow, Result<&'a Seen, &'a Error>);

/// Lists reports. Those whose deletion was asked for are left out, unless all are wanted.
///
/// # Errors
///
/// When the list cannot be had. A single report that does not open is shown as such.
pub async fn run(options: Inbox, words: &Words) -> Result<(), Error> {
    let session = Session::open(&options.link, &options.vault, &options.network, words).await?;
    let rows = session.drop.reports(options.since, session.keys.signing()).await?;
    let mut known = session.cache().reports()?;
    let there: BTreeSet<_> = rows.iter().map(|row| row.report_id).collect();
    if options.since.is_none() && known.keep_only(&there) {
        session.cache().set_reports(&known)?;
    }
    let (listed, leaving): (Vec<&ReportRow>, Vec<&ReportRow>) =
        rows.iter().partition(|row| options.all || row.delete_asked.is_none());
    let new: Vec<_> =
        listed.iter().copied().filter(|row| !known.reports.contains_key(&row.report_id)).collect();
    let bar = progress::bar(new.len() as u64, &words.say("inbox-reading"));
    let failed = look(&session, &new, &mut known, &bar).await?;
    bar.finish_and_clear();
    let lines = listed.into_iter().filter_map(|row| {
        let id = row.report_id;
        let seen = known.reports.get(&id).map(Ok).or_else(|| failed.get(&id).map(Err));
        seen.map(|seen| (row, seen))
    });
    if options.json {
        let list: Vec<Value> = lines.map(|line| as_json(line, &known)).collect();
        outln!("{}", Value::from(list));
    } else {
        print(&session, &lines.collect::<Vec<_>>(), &known, words);
    }
    if !leaving.is_empty() {
        eprintln!("{}", words.say_with("inbox-leaving", &[("count", leaving.len().into())]));
    }
    Ok(())
}

fn as_json((row, seen): Line, known: &Remembered) -> Value {
    let mut value = json!({
        "report_id": row.report_id,
        "day": row.day,
        "size": row.size,
        "mailbox": row.mailbox,
        "title": null, "acts": [], "place": null, "severity": null,
        "language": null, "thread": null, "thread_proven": null,
        "status": "new", "assignee": null, "labels": [], "attachments": null, "verified": false,
    });
    if let Ok(seen) = seen {
        value["verified"] = seen.is_verified().into();
    }
    match seen {
        Ok(Seen::Open(summary)) => {
            value["title"] = summary.title.clone().into();
            value["acts"] = summary.acts.clone().into();
            value["place"] = summary.place.clone().into();
            value["severity"] = summary.severity.map(Severity::code).into();
            value["language"] = summary.language.clone().into();
            if let Some(thread) = Membership::of(summary, known) {
                value["thread"] = json!(thread.first);
                value["thread_proven"] = thread.is_proven().into();
            }
            value["attachments"] = summary.attachments.into();
        }
        Ok(Seen::NotForYou { .. }) => value["error"] = "not-for-you".into(),
        Err(error) => value["error"] = error.to_string().into(),
    }
    if let Some(asked) = &row.delete_asked {
        value["delete_asked"] = json!(asked);
    }
    value
}

fn print(session: &Session, lines: &[Line], known: &Remembered, words: &Words) {
    if lines.is_empty() {
        outln!("{}", words.say("inbox-empty"));
    }
    // A file or a program gets whole lines; a terminal gets what fits.
    let terminal = console::Term::stdout();
    let width = if terminal.is_term() { usize::from(terminal.size().1) } else { usize::MAX };
    for (row, seen) in lines {
        outln!("{}", show::fit(&line(row, *seen, words), width));
        let asked = row.delete_asked.as_ref().map(|asked| {
            let by = session.drop.roster().coordinator(&asked.by).map_or("?", |by| by.name.as_str());
            let (by, day) = (show::one_line(by), asked.day.plus(2).to_string());
            words.say_with("inbox-delete-asked", &[("by", by.into()), ("day", day.into())])
        });
        if let Some(asked) = asked {
            outln!("          {asked}");
        }
        if let Ok(Seen::Open(summary)) = seen {
            let thread = Membership::of(summary, known);
            if let Some(thread) = &thread {
                outln!("          ↳ {}", thread.in_words(words));
            }
            for disagreement in followup::disagreements(summary, thread.as_ref()) {
                outln!("          {}", words.say(disagreement));
            }
        }
        if seen.is_ok_and(|seen| !seen.is_verified()) {
            outln!("          {}", words.say("inbox-unverified"));
        }
    }
}

fn line(row: &ReportRow, seen: Result<&Seen, &Error>, words: &Words) -> String {
    let (id, day) = (row.report_id.short(), row.day);
    match seen {
        Ok(Seen::Open(summary)) => {
            let severity =
                summary.severity.map(|severity| words.say(&severity.fluent_key())).unwrap_or_default();
            // The label's first word is enough in a table.
            let severity = severity.split(':').next().unwrap_or_default();
            let title = show::fit(&show::one_line(&summary.title), TITLE_WIDTH);
            let place = show::one_line(summary.place.as_deref().unwrap_or_default());
            let files = summary.attachments;
            let files = if files > 0 { format!("+{files}") } else { String::new() };
            let (severity, title) = (show::pad(severity, 9), show::pad(&title, TITLE_WIDTH));
            format!("{id}  {day}  {severity}  {title}  {files:<3}  {place}  {}", summary.acts.join(" "))
        }
        Ok(Seen::NotForYou { .. }) => format!("{id}  {day}  {}", words.say("inbox-not-for-you")),
        Err(error) => format!("{id}  {day}  {}", error.in_words(words)),
    }
}
