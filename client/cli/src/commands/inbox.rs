//! `kua inbox`: what came in, opened here; each report is looked at once.

use kua_clock::Clock;
use kua_protocol::api::ReportRow;
use kua_report::vocabulary::Severity;

use crate::case::{Cases, telling};
use crate::cli::Inbox;
use crate::error::Error;
use crate::filter::Filter;
use crate::followup::{self, Membership};
use crate::looking::{Listing, list};
use crate::memory::Memory;
use crate::session::Session;
use crate::show;
use crate::summary::{Progress, Seen, Summary};
use crate::words::Words;

mod row;

use self::row::Row;

/// Columns for a title.
const TITLE_WIDTH: usize = 48;

/// What there is to say of one report of the list.
struct Line<'a> {
    row: &'a ReportRow,
    seen: Result<&'a Seen, &'a Error>,
    /// How far the work on it has come, where its case log can be read.
    progress: Option<Progress>,
    /// Whether the drop dates it on a day that is not reached yet.
    false_day: bool,
}

/// Lists reports. Those whose deletion was asked for are left out, unless all are wanted.
///
/// # Errors
///
/// When the list cannot be had. A single report that does not open is shown as such.
pub async fn run(options: Inbox, clock: &Clock, words: &Words) -> Result<(), Error> {
    let session = Session::open_or_recall(&options.at, options.offline, clock, words).await?;
    let cases = Cases::of(&session)?;
    let Listing { memory, rows, failed, leaving, overdue } =
        list(&session, &cases, &options.filter, options.all, words).await?;
    let lines = rows.iter().filter_map(|row| {
        let id = row.report_id;
        let seen = memory.seen(&id).map(Ok).or_else(|| failed.get(&id).map(Err));
        let progress = memory.progress(row);
        let false_day = session.is_false_day(row.day);
        seen.map(|seen| Line { row, seen, progress, false_day })
    });
    let lines: Vec<Line> = lines.collect();
    if options.json {
        let rows: Vec<Row> = lines.iter().map(|line| Row::of(line, &cases, &memory)).collect();
        let rows = serde_json::to_string(&rows).map_err(|error| Error::System(error.to_string()))?;
        outln!("{rows}");
    } else {
        if lines.is_empty() {
            let is_filtered = options.filter != Filter::default();
            outln!("{}", words.say(if is_filtered { "inbox-none-fits" } else { "inbox-empty" }));
        }
        print(&cases, &lines, &memory, words);
    }
    if let Some(hours) = leaving.iter().map(|asked| asked.left.at_least_hours()).min() {
        let args = [("count", leaving.len().into()), ("hours", hours.into())];
        eprintln!("{}", words.say_with("inbox-leaving", &args));
    }
    if let Some(overdue) = overdue {
        let args = [("count", overdue.objects.into()), ("day", overdue.since.to_string().into())];
        eprintln!("{}", words.say_with("inbox-overdue", &args));
    }
    Ok(())
}

fn print(cases: &Cases<'_>, lines: &[Line], known: &Memory<'_>, words: &Words) {
    // A file or a program gets whole lines; a terminal gets what fits.
    let terminal = console::Term::stdout();
    let width = if terminal.is_term() { usize::from(terminal.size().1) } else { usize::MAX };
    let widest = |word: fn(&Line, &Words) -> String| {
        lines.iter().map(|line| console::measure_text_width(&word(line, words))).max().unwrap_or_default()
    };
    let widths = [widest(severity_word), widest(status_word)];
    for line in lines {
        let Line { row, seen, progress, false_day } = line;
        outln!("{}", show::fit(&in_a_line(line, widths, words), width));
        for remark in progress.iter().flat_map(|progress| remarks(progress, cases, words)) {
            outln!("          {remark}");
        }
        let asked = row.delete_asked.as_ref().map(|asked| {
            let args = [("by", cases.who(&asked.by).into()), ("hours", asked.left.at_least_hours().into())];
            words.say_with("inbox-delete-asked", &args)
        });
        let expired = row.expired.map(|days| words.say_with("inbox-expired", &[("days", days.into())]));
        let dated = false_day.then(|| words.say("inbox-false-day"));
        for remark in asked.into_iter().chain(expired).chain(dated) {
            outln!("          {remark}");
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

/// What the case log adds to a line: who works on it, its labels, and whether people disagree.
fn remarks(progress: &Progress, cases: &Cases<'_>, words: &Words) -> Vec<String> {
    let assignee =
        progress.assignee.map(|key| words.say_with("inbox-assignee", &[("name", cases.who(&key).into())]));
    let labels = progress.labels.iter().map(|label| format!("[{}]", show::one_line(label)));
    let about: Vec<String> = assignee.into_iter().chain(labels).collect();
    let about = (!about.is_empty()).then(|| about.join("  "));
    about.into_iter().chain(progress.disputed.then(|| words.say("inbox-disputed"))).collect()
}

/// How urgent a report is: what a coordinator said, else what it says itself.
fn severity(summary: &Summary, progress: Option<&Progress>) -> Option<Severity> {
    progress.and_then(|progress| progress.severity).or(summary.severity)
}

/// The first words of the label of a severity: they are enough in a table.
fn severity_word(Line { seen, progress, .. }: &Line, words: &Words) -> String {
    let Ok(Seen::Open(summary)) = seen else {
        return String::new();
    };
    let label = severity(summary, progress.as_ref()).map(|severity| words.say(&severity.fluent_key()));
    label.unwrap_or_default().split(':').next().unwrap_or_default().trim_end().to_owned()
}

fn status_word(line: &Line, words: &Words) -> String {
    line.progress.as_ref().map(|progress| telling::status(progress.status, words)).unwrap_or_default()
}

/// One report in a line, with columns of these widths for severity and status.
fn in_a_line(line: &Line, widths: [usize; 2], words: &Words) -> String {
    let (id, day) = (line.row.report_id.short(), line.row.day);
    match line.seen {
        Ok(Seen::Open(summary)) => {
            let severity = show::pad(&severity_word(line, words), widths[0]);
            let status = show::pad(&status_word(line, words), widths[1]);
            let title = show::fit(&show::one_line(&summary.title), TITLE_WIDTH);
            let place = show::one_line(summary.place.as_deref().unwrap_or_default());
            let files = summary.attachments;
            let files = if files > 0 { format!("+{files}") } else { String::new() };
            let title = show::pad(&title, TITLE_WIDTH);
            let acts = summary.acts.join(" ");
            format!("{id}  {day}  {severity}  {status}  {title}  {files:<3}  {place}  {acts}")
        }
        Ok(Seen::NotForYou { .. }) => {
            let entries = [("count", line.row.entries.into())];
            format!("{id}  {day}  {}", words.say_with("inbox-not-for-you", &entries))
        }
        Err(error) => format!("{id}  {day}  {}", error.in_words(words)),
    }
}
