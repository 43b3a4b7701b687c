//! The inbox as people read it: a line for each report, and remarks beneath.

use kua_client::case::Cases;
use kua_client::inbox::disagreements;
use kua_client::inspect::{CaseProgress, ReportView};
use kua_client::views::InboxLine;

use super::errors::InWords as _;
use super::i18n::Words;
use super::{case, report, sanitise};

/// Columns for a title.
const TITLE_WIDTH: usize = 48;

/// Prints the lines of a list.
pub fn print(lines: &[InboxLine], cases: &Cases, words: &Words) {
    // A file or a program gets whole lines; a terminal gets what fits.
    let terminal = console::Term::stdout();
    let width = if terminal.is_term() { usize::from(terminal.size().1) } else { usize::MAX };
    let widest = |word: fn(&InboxLine, &Words) -> String| {
        lines.iter().map(|line| console::measure_text_width(&word(line, words))).max().unwrap_or_default()
    };
    let widths = [widest(severity_word), widest(status_word)];
    for line in lines {
        outln!("{}", sanitise::fit(&in_a_line(line, widths, words), width));
        for remark in remarks(line, cases, words) {
            outln!("          {remark}");
        }
    }
}

/// Gathers what stands beneath a line.
fn remarks(line: &InboxLine, cases: &Cases, words: &Words) -> Vec<String> {
    let InboxLine { row, view, progress, thread, false_day } = line;
    let mut found: Vec<String> =
        progress.iter().flat_map(|progress| of_case(progress, cases, words)).collect();
    found.extend(row.delete_asked.as_ref().map(|asked| {
        let hours = asked.left.at_least_hours();
        let args = [("by", case::who(cases, &asked.by).into()), ("hours", hours.into())];
        words.say_with("inbox-delete-asked", &args)
    }));
    found.extend(row.expired.map(|days| words.say_with("inbox-expired", &[("days", days.into())])));
    found.extend(false_day.then(|| words.say("inbox-false-day")));
    if let Some(summary) = line.summary() {
        found.extend(thread.as_ref().map(|thread| format!("↳ {}", report::thread(thread, words))));
        found.extend(disagreements(summary, thread.as_ref()).into_iter().map(|key| words.say(key)));
    }
    if view.is_ok_and(|view| !view.is_verified()) {
        found.push(words.say("inbox-unverified"));
    }
    found
}

/// Says what the case log adds to a line: who works on it, its labels, and whether people disagree.
fn of_case(progress: &CaseProgress, cases: &Cases, words: &Words) -> Vec<String> {
    let assignee = progress
        .assignee
        .map(|key| words.say_with("inbox-assignee", &[("name", case::who(cases, &key).into())]));
    let labels = progress.labels.iter().map(|label| format!("[{}]", sanitise::one_line(label)));
    let about: Vec<String> = assignee.into_iter().chain(labels).collect();
    let about = (!about.is_empty()).then(|| about.join("  "));
    about.into_iter().chain(progress.disputed.then(|| words.say("inbox-disputed"))).collect()
}

/// Says the first words of the label of a severity: they are enough in a table.
fn severity_word(line: &InboxLine, words: &Words) -> String {
    let label = line.severity().map(|severity| words.say(&severity.fluent_key()));
    label.unwrap_or_default().split(':').next().unwrap_or_default().trim_end().to_owned()
}

fn status_word(line: &InboxLine, words: &Words) -> String {
    line.progress.as_ref().map(|progress| case::status(progress.status, words)).unwrap_or_default()
}

/// Says one report in a line, with columns of these widths for severity and status.
fn in_a_line(line: &InboxLine, widths: [usize; 2], words: &Words) -> String {
    let (id, day) = (line.row.report_id.short(), line.row.day);
    match line.view {
        Ok(ReportView::Open(summary)) => {
            let severity = sanitise::pad(&severity_word(line, words), widths[0]);
            let status = sanitise::pad(&status_word(line, words), widths[1]);
            let title = sanitise::fit(&sanitise::one_line(&summary.title), TITLE_WIDTH);
            let place = sanitise::one_line(summary.place.as_deref().unwrap_or_default());
            let files = summary.attachments;
            let files = if files > 0 { format!("+{files}") } else { String::new() };
            let title = sanitise::pad(&title, TITLE_WIDTH);
            let acts = summary.acts.join(" ");
            format!("{id}  {day}  {severity}  {status}  {title}  {files:<3}  {place}  {acts}")
        }
        Ok(ReportView::NotForYou { .. }) => {
            let entries = [("count", line.row.entries.into())];
            format!("{id}  {day}  {}", words.say_with("inbox-not-for-you", &entries))
        }
        Err(error) => format!("{id}  {day}  {}", error.in_words(words)),
    }
}
