//! `kua inbox`: what came in, opened here.

use futures_util::StreamExt as _;
use kua_protocol::api::ReportRow;
use kua_report::Report;
use kua_report::vocabulary::Severity;
use kua_sealing::OpenError;
use serde_json::{Value, json};

use crate::cli::Inbox;
use crate::error::Error;
use crate::session::{self, Session};
use crate::words::Words;
use crate::{progress, show};

/// Columns for a title.
const TITLE_WIDTH: usize = 48;
/// How many reports are fetched at a time.
const AT_ONCE: usize = 8;

/// What became of one report.
enum Read {
    /// Opened and verified to its end.
    Opened(Box<Report>),
    /// The submitter chose others.
    NotForYou,
    /// Something is wrong with it.
    Failed(Error),
}

/// Lists reports.
///
/// # Errors
///
/// When the list cannot be had. A single report that does not open is shown as such.
pub async fn run(options: Inbox, words: &Words) -> Result<(), Error> {
    let session = Session::open(&options.link, &options.vault, &options.network, words).await?;
    let rows = session.drop.reports(options.since, session.keys.signing()).await?;
    let bar = progress::bar(rows.len() as u64, &words.say("inbox-reading"));
    let (session, bar) = (&session, &bar);
    let reads = futures_util::stream::iter(&rows).map(|row| async move {
        let read = read(session, row).await;
        bar.inc(1);
        (row, read)
    });
    let read: Vec<(&ReportRow, Read)> = reads.buffered(AT_ONCE).collect().await;
    bar.finish_and_clear();
    if options.json {
        let rows: Vec<Value> = read.iter().map(|(row, read)| as_json(row, read)).collect();
        outln!("{}", Value::from(rows));
    } else {
        print(session, &read, words);
    }
    Ok(())
}

async fn read(session: &Session, row: &ReportRow) -> Read {
    let opened = async {
        let sealed = session.fetch(row).await?;
        let what = row.report_id.short();
        let archive = session::open_report(&what, &sealed, &session.keys)?;
        archive.finish().map_err(|error| session::damage(&what, error))
    };
    match opened.await {
        Ok(report) => Read::Opened(Box::new(report)),
        Err(Error::Open { error: OpenError::NotForYou, .. }) => Read::NotForYou,
        Err(error) => Read::Failed(error),
    }
}

fn as_json(row: &ReportRow, read: &Read) -> Value {
    let mut value = json!({
        "report_id": row.report_id,
        "day": row.day,
        "size": row.size,
        "mailbox": row.mailbox,
        "title": null, "acts": [], "place": null, "severity": null,
        "status": "new", "assignee": null, "labels": [], "attachments": null,
    });
    match read {
        Read::Opened(report) => {
            let event = report.event();
            value["title"] = event.title.clone().into();
            value["acts"] = event.acts.iter().map(|act| act.code()).collect();
            value["place"] = place(report).into();
            value["severity"] = event.severity.map(Severity::code).into();
            value["attachments"] = report.attachments().len().into();
        }
        Read::NotForYou => value["error"] = "not-for-you".into(),
        Read::Failed(error) => value["error"] = error.to_string().into(),
    }
    if let Some(asked) = &row.delete_asked {
        value["delete_asked"] = json!(asked);
    }
    value
}

/// The place in a line: its name, its country.
fn place(report: &Report) -> Option<String> {
    let place = report.event().place.as_ref()?;
    let parts: Vec<&str> = [&place.name, &place.country].into_iter().flatten().map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn print(session: &Session, read: &[(&ReportRow, Read)], words: &Words) {
    if read.is_empty() {
        outln!("{}", words.say("inbox-empty"));
        return;
    }
    // A file or a program gets whole lines; a terminal gets what fits.
    let terminal = console::Term::stdout();
    let width = if terminal.is_term() { usize::from(terminal.size().1) } else { usize::MAX };
    for (row, read) in read {
        outln!("{}", show::fit(&line(row, read, words), width));
        let asked = row.delete_asked.as_ref().map(|asked| {
            let by = session.drop.roster().coordinator(&asked.by).map_or("?", |by| by.name.as_str());
            let (by, day) = (show::one_line(by), asked.day.plus(2).to_string());
            words.say_with("inbox-delete-asked", &[("by", by.into()), ("day", day.into())])
        });
        if let Some(asked) = asked {
            outln!("          {asked}");
        }
        if let Read::Opened(report) = read {
            for disagreement in session::disagreements(report, session.drop_id(), row.mailbox) {
                outln!("          {}", words.say(disagreement));
            }
        }
    }
}

fn line(row: &ReportRow, read: &Read, words: &Words) -> String {
    let (id, day) = (row.report_id.short(), row.day);
    match read {
        Read::Opened(report) => {
            let event = report.event();
            let severity =
                event.severity.map(|severity| words.say(&severity.fluent_key())).unwrap_or_default();
            // The label's first word is enough in a table.
            let severity = severity.split(':').next().unwrap_or_default();
            let title = show::fit(&show::one_line(&event.title), TITLE_WIDTH);
            let place = show::one_line(&place(report).unwrap_or_default());
            let acts: Vec<&str> = event.acts.iter().map(|act| act.code()).collect();
            let files = report.attachments().len();
            let files = if files > 0 { format!("+{files}") } else { String::new() };
            let (severity, title) = (show::pad(severity, 9), show::pad(&title, TITLE_WIDTH));
            format!("{id}  {day}  {severity}  {title}  {files:<3}  {place}  {}", acts.join(" "))
        }
        Read::NotForYou => format!("{id}  {day}  {}", words.say("inbox-not-for-you")),
        Read::Failed(error) => format!("{id}  {day}  {}", error.in_words(words)),
    }
}
