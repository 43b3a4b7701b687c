//! The terminal as the client library sees it: work becomes bars, warnings become lines, questions are asked.

use std::path::Path;

use kua_client::events::{Observer, Progress, Question, Warning, Work};

use super::errors::InWords as _;
use super::{Terminal, ask, sanitise};

impl Observer for Terminal {
    fn begin(&self, work: Work, amount: u64) -> Box<dyn Progress> {
        Box::new(match work {
            Work::ReadingReports => self.bar(amount, "inbox-reading"),
            Work::ReadingLogs => self.bar(amount, "inbox-reading-logs"),
            Work::FlushingOutbox => self.bar(amount, "unsent-sending"),
            Work::NotingExport => self.bar(amount, "export-noting"),
            Work::Opening => self.bytes(amount, "open-fetching"),
            Work::Fetching => self.bytes(amount, "fetch-fetching"),
            Work::Exporting => self.bytes(amount, "export-fetching"),
            Work::Checking => self.bytes(amount, "custody-checking"),
        })
    }

    fn warn(&self, warning: &Warning<'_>) {
        self.show(|| self.print(warning));
    }

    fn ask(&self, question: &Question<'_>) -> Result<Option<bool>, kua_client::Error> {
        if !ask::is_interactive() {
            return Ok(None);
        }
        let key = match question {
            Question::SendUnclean { file, error } => {
                eprintln!("{}: {error}", name_of(file));
                "hidden-send-unclean"
            }
            Question::StripMetadata { .. } => "hidden-ask",
        };
        // Nothing else can go wrong where there is somebody to ask.
        ask::yes(self.words(), &self.words().say(key)).map(Some).map_err(|_| kua_client::Error::Ended)
    }

    fn is_attended(&self) -> bool {
        ask::is_interactive()
    }
}

impl Terminal {
    fn print(&self, warning: &Warning<'_>) {
        let words = self.words();
        let of_file = |key: &str, file: &Path| words.say_with(key, &[("name", name_of(file).into())]);
        let counted = |key: &str, count: usize| words.say_with(key, &[("count", count.into())]);
        let line = match warning {
            Warning::Unreachable(error) => return error.tell(words),
            Warning::NoAnswerYet { offline_works } => {
                words.say(if *offline_works { "no-answer-offline-works" } else { "no-answer-yet" })
            }
            Warning::Waiting => words.say("submit-waiting"),
            Warning::AsOf(day) => words.say_with("offline-as-of", &[("day", day.to_string().into())]),
            Warning::KeyExchanged { name } => {
                words.say_with("key-exchanged", &[("name", sanitise::one_line(name).into())])
            }
            Warning::RosterEndsSoon { days } => {
                words.say_with("roster-ends-soon", &[("days", (*days).into())])
            }
            Warning::NotJudged { count } => counted("filter-not-judged", *count),
            Warning::LogsUnread { count } => counted("inbox-logs-unread", *count),
            Warning::OutboxGone(report) => words.say_with("unsent-gone", &[("id", report.short().into())]),
            Warning::OutboxSent { count } => counted("unsent-sent", *count),
            Warning::OutboxStays { count, why } => {
                let args = [("count", (*count).into()), ("why", why.in_words(words).into())];
                words.say_with("unsent-stays", &args)
            }
            Warning::OutboxWaits { count } => counted("unsent-waits", *count),
            Warning::ShownOtherwise(report) => {
                words.say_with("shown-otherwise", &[("id", report.short().into())])
            }
            Warning::MetadataUnknown { file } => of_file("hidden-other-format", file),
            Warning::MetadataFound { file, findings } => {
                eprintln!("{}", of_file("hidden-found", file));
                for finding in *findings {
                    let kind = words.say(&format!("hidden-{}", finding.kind()));
                    match finding.says().filter(|text| !text.is_empty()) {
                        Some(text) => eprintln!("  {kind}: {}", sanitise::one_line(&text)),
                        None => eprintln!("  {kind}"),
                    }
                }
                return;
            }
            Warning::MetadataKept { file } => of_file("hidden-kept", file),
            Warning::MetadataRemoved { file } => of_file("hidden-removed", file),
        };
        eprintln!("{line}");
    }
}

fn name_of(file: &Path) -> String {
    sanitise::one_line(&file.file_name().unwrap_or_default().to_string_lossy())
}

#[cfg(test)]
mod tests {
    use kua_metadata::Finding;

    use crate::terminal::i18n::Words;

    #[test]
    fn every_kind_of_finding_has_a_message() {
        let findings = [
            Finding::Location(None),
            Finding::Device(String::new()),
            Finding::Author(String::new()),
            Finding::Time(String::new()),
            Finding::Thumbnail,
            Finding::Comment(String::new()),
            Finding::Software(String::new()),
            Finding::History,
            Finding::Profile,
            Finding::Trailing(0),
            Finding::Unknown(String::new()),
        ];
        let words = Words::of_locale("en");
        for finding in findings {
            let key = format!("hidden-{}", finding.kind());
            assert_ne!(words.say(&key), key);
        }
    }
}
