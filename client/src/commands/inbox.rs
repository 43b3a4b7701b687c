//! `kua inbox`: what came in, opened here; each report is looked at once.

use futures_util::StreamExt as _;
use kua_protocol::api::ReportRow;
use kua_protocol::id::ObjectId;
use kua_report::vocabulary::Severity;
use kua_sealing::OpenError;
use serde_json::{Value, json};

use crate::cli::Inbox;
use crate::error::Error;
use crate::session::{self, Session};
use crate::summary::{Remembered, Seen, Summary};
use crate::words::Words;
use crate::{progress, show};

/// Columns for a title.
const TITLE_WIDTH: usize = 48;
/// How many reports are fetched at a time.
const AT_ONCE: usize = 16;
/// A report of at most so many bytes is read whole, and so checked against its id.
const WHOLE: u64 = 128 * 1024;
/// Of a larger one as much is read as most beginnings need, and more where that is too little, up to the limit.
const BEGINNING: (u64, u64) = (192 * 1024, 8 << 20);

/// What there is to say of one report.
type Read = Result<Seen, Error>;

/// Lists reports.
///
/// # Errors
///
/// When the list cannot be had. A single report that does not open is shown as such.
pub async fn run(options: Inbox, words: &Words) -> Result<(), Error> {
    let session = Session::open(&options.link, &options.vault, &options.network, words).await?;
    let rows = session.drop.reports(options.since, session.keys.signing()).await?;
    let cache = session.cache();
    let mut known = cache.reports()?;
    let new: Vec<&ReportRow> =
        rows.iter().filter(|row| !known.reports.contains_key(&row.report_id)).collect();
    let bar = progress::bar(new.len() as u64, &words.say("inbox-reading"));
    let (reading, counting) = (&session, &bar);
    let reads = futures_util::stream::iter(&new).map(|row| async move {
        let read = read(reading, row).await;
        counting.inc(1);
        (row.report_id, read)
    });
    let read: Vec<(ObjectId, Read)> = reads.buffer_unordered(AT_ONCE).collect().await;
    bar.finish_and_clear();
    let mut failed = std::collections::BTreeMap::new();
    let looked = read.len();
    for (id, read) in read {
        match read {
            Ok(seen) => drop(known.reports.insert(id, seen)),
            Err(error) => drop(failed.insert(id, error)),
        }
    }
    if looked > failed.len() || forget(&mut known, &rows, options.since.is_none()) {
        cache.set_reports(&known)?;
    }
    let listed = rows.iter().filter_map(|row| {
        let id = row.report_id;
        let read = known.reports.get(&id).map(Ok).or_else(|| failed.get(&id).map(Err));
        read.map(|read| (row, read))
    });
    if options.json {
        outln!("{}", Value::from(listed.map(|(row, read)| as_json(row, read)).collect::<Vec<_>>()));
    } else {
        print(&session, &listed.collect::<Vec<_>>(), words);
    }
    Ok(())
}

/// Forgets reports that the drop has no more, when it listed all that it has.
fn forget(known: &mut Remembered, rows: &[ReportRow], all: bool) -> bool {
    let before = known.reports.len();
    if all && before > rows.len() {
        let there: std::collections::BTreeSet<ObjectId> = rows.iter().map(|row| row.report_id).collect();
        known.reports.retain(|id, _| there.contains(id));
    }
    known.reports.len() < before
}

/// Looks at a report: all of it where it is small, else no further than its report.json.
async fn read(session: &Session, row: &ReportRow) -> Read {
    session.check_size(row)?;
    let (what, key) = (row.report_id.short(), session.keys.signing());
    let mut most = if row.size <= WHOLE { WHOLE } else { BEGINNING.0 };
    loop {
        let bytes = session.drop.beginning(row, most, key).await?;
        let whole = bytes.len() as u64 == row.size;
        if whole && ObjectId::of(&bytes) != row.report_id {
            return Err(Error::Dishonest(format!("what it serves as {what} is something else")));
        }
        let opened = session::open_report(&what, bytes.as_slice(), &session.keys).and_then(|archive| {
            let report = archive.report().clone();
            if whole { archive.finish().map_err(|error| session::damage(&what, error)) } else { Ok(report) }
        });
        match opened {
            Ok(report) => {
                let summary = Summary::of(&report, session.drop_id(), row.mailbox, whole);
                return Ok(Seen::Open(Box::new(summary)));
            }
            Err(Error::Open { error: OpenError::NotForYou, .. }) => return Ok(Seen::NotForYou),
            // Perhaps report.json is longer than this beginning.
            Err(Error::Open { error: OpenError::Broken, .. }) if !whole && most < BEGINNING.1 => most *= 4,
            Err(error) => return Err(error),
        }
    }
}

fn as_json(row: &ReportRow, read: Result<&Seen, &Error>) -> Value {
    let mut value = json!({
        "report_id": row.report_id,
        "day": row.day,
        "size": row.size,
        "mailbox": row.mailbox,
        "title": null, "acts": [], "place": null, "severity": null,
        "status": "new", "assignee": null, "labels": [], "attachments": null, "verified": false,
    });
    match read {
        Ok(Seen::Open(summary)) => {
            value["title"] = summary.title.clone().into();
            value["acts"] = summary.acts.clone().into();
            value["place"] = summary.place.clone().into();
            value["severity"] = summary.severity.map(Severity::code).into();
            value["attachments"] = summary.attachments.into();
            value["verified"] = summary.verified.into();
        }
        Ok(Seen::NotForYou) => value["error"] = "not-for-you".into(),
        Err(error) => value["error"] = error.to_string().into(),
    }
    if let Some(asked) = &row.delete_asked {
        value["delete_asked"] = json!(asked);
    }
    value
}

fn print(session: &Session, read: &[(&ReportRow, Result<&Seen, &Error>)], words: &Words) {
    if read.is_empty() {
        outln!("{}", words.say("inbox-empty"));
        return;
    }
    // A file or a program gets whole lines; a terminal gets what fits.
    let terminal = console::Term::stdout();
    let width = if terminal.is_term() { usize::from(terminal.size().1) } else { usize::MAX };
    for (row, read) in read {
        outln!("{}", show::fit(&line(row, *read, words), width));
        let asked = row.delete_asked.as_ref().map(|asked| {
            let by = session.drop.roster().coordinator(&asked.by).map_or("?", |by| by.name.as_str());
            let (by, day) = (show::one_line(by), asked.day.plus(2).to_string());
            words.say_with("inbox-delete-asked", &[("by", by.into()), ("day", day.into())])
        });
        if let Some(asked) = asked {
            outln!("          {asked}");
        }
        if let Ok(Seen::Open(summary)) = read {
            for disagreement in &summary.disagreements {
                outln!("          {}", words.say(disagreement));
            }
            if !summary.verified {
                outln!("          {}", words.say("inbox-unverified"));
            }
        }
    }
}

fn line(row: &ReportRow, read: Result<&Seen, &Error>, words: &Words) -> String {
    let (id, day) = (row.report_id.short(), row.day);
    match read {
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
        Ok(Seen::NotForYou) => format!("{id}  {day}  {}", words.say("inbox-not-for-you")),
        Err(error) => format!("{id}  {day}  {}", error.in_words(words)),
    }
}
