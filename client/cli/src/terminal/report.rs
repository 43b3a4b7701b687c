//! A report as people read it.

use kua_client::inbox::{Membership, OpenedReport, Standing, disagreements};

use super::i18n::Words;
use super::{event, sanitise};

/// Prints a report that was opened.
pub fn print(opened: &OpenedReport, words: &Words) {
    let OpenedReport { id, day, report, thread: membership, out, .. } = opened;
    let event = report.event();
    outln!("{}\n", sanitise::one_line(&event.title));
    outln!("{}", event::row(words, "open-id", &id.to_string()));
    if let Some(day) = day {
        outln!("{}", event::row(words, "open-day", &day.to_string()));
    }
    if let Some(membership) = membership {
        outln!("{}", event::row(words, "open-thread", &thread(membership, words)));
    }
    for row in event::rows(event, words) {
        outln!("{row}");
    }
    for file in report.attachments() {
        let size = sanitise::size(file.size);
        let text = format!("{}  {}  {size}", sanitise::one_line(file.name.as_str()), file.media_type);
        outln!("{}", event::row(words, "open-attachment", &text));
    }
    outln!("\n{}\n", sanitise::lines(&event.description));
    if let Some(out) = out {
        let path = out.display().to_string();
        outln!("{}", words.say_with("open-written", &[("path", path.into())]));
    }
}

/// Says on standard error what a report says of itself that does not agree with where it was found.
pub fn warn(opened: &OpenedReport, words: &Words) {
    for disagreement in disagreements(&opened.summary, opened.thread.as_ref()) {
        eprintln!("{}", words.say(disagreement));
    }
}

/// Says a thread in a few words.
pub fn thread(thread: &Membership, words: &Words) -> String {
    let first = [("first", thread.first.short().into())];
    match thread.standing {
        Standing::Proven => words.say_with("thread-proven", &first),
        Standing::Unproven => words.say_with("thread-unproven", &first),
        Standing::Refuted => words.say_with("thread-refuted", &first),
    }
}
