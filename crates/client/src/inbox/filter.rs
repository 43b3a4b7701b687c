//! The filter of reports: by what the drop says of them, what stands in them and what coordinators noted.

use std::str::FromStr;

use kua_protocol::api::ReportRow;
use kua_protocol::day::Day;
use kua_protocol::entry::Status;
use kua_protocol::keys::PublicKey;
use kua_report::PartialDate;
use kua_report::vocabulary::{Act, Severity};

use crate::inspect::{CaseProgress, ReportView, Summary};
use crate::search::{self, normalise};

/// Most words of a question: a search keeps a bit for each.
const MOST_WORDS: usize = 64;

/// The name that is written for the assignee of a report that nobody works on.
const NOBODY: &str = "none";

/// A filter: what a report has to be, all of it, to be let through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// All these words, or parts of words, stand in the report, in the names of its files or in what coordinators noted about
    /// it, in any language.
    pub search: Option<Terms>,
    /// This was done; given several times, one of these.
    pub act: Vec<Act>,
    /// The place or the two letters of the country have these words.
    pub place: Option<Terms>,
    /// It came on this day or later.
    pub since: Option<Day>,
    /// It came on this day or earlier.
    pub until: Option<Day>,
    /// It happened then or later: 2026-03-21, 2026-03 or 2026.
    pub from: Option<PartialDate>,
    /// It happened then or earlier: 2026-03-21, 2026-03 or 2026.
    pub to: Option<PartialDate>,
    /// It is so urgent; given several times, one of these.
    pub severity: Vec<Severity>,
    /// The work on it has come so far; given several times, one of these.
    pub status: Vec<Status>,
    /// It has this label; given several times, all of them.
    pub label: Vec<String>,
    /// This coordinator works on it, or nobody does: none.
    pub assignee: Option<String>,
    /// Files came with it.
    pub with_files: bool,
    /// A coordinator wants it deleted. Without this, such reports are left out.
    pub delete_asked: bool,
}

/// Words to be found, normalised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms(Vec<String>);

impl FromStr for Terms {
    type Err = TermsError;

    fn from_str(text: &str) -> Result<Self, TermsError> {
        match search::words(text) {
            words if words.is_empty() => Err(TermsError::NoWord),
            words if words.len() > MOST_WORDS => Err(TermsError::TooMany),
            words => Ok(Self(words)),
        }
    }
}

/// A reason why a text is no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// There is no word in it.
    #[error("there is no word in it")]
    NoWord,
    /// It has more words than a search keeps bits for.
    #[error("it has more than 64 words")]
    TooMany,
}

impl Terms {
    /// Gives the words.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Says whether all of them occur in this text.
    fn occur_in(&self, text: &str) -> bool {
        let text = normalise(text);
        self.0.iter().all(|word| text.contains(word))
    }
}

impl Filter {
    /// Says whether what the drop says of a report is right: nothing has to be opened for that.
    pub fn takes_row(&self, row: &ReportRow) -> bool {
        self.since.is_none_or(|since| row.day >= since)
            && self.until.is_none_or(|until| row.day <= until)
            && (!self.delete_asked || row.delete_asked.is_some())
    }

    /// Says whether anything is asked of what stands in a report.
    pub fn asks_for_content(&self) -> bool {
        let of_rows =
            Self { since: self.since, until: self.until, delete_asked: self.delete_asked, ..Self::default() };
        *self != of_rows
    }

    /// Says whether what stands in a report and in its case log is right, but for the words that are searched in all of it. Of
    /// what could not be opened, and of a case log that could not be read, nothing can be asked. `name` tells how a coordinator is called.
    pub fn takes(
        &self,
        view: Option<&ReportView>,
        progress: Option<&CaseProgress>,
        name: impl Fn(&PublicKey) -> String,
    ) -> bool {
        let Some(summary) = view.and_then(ReportView::summary) else {
            return !self.asks_for_content();
        };
        let severity = progress.and_then(|progress| progress.severity).or(summary.severity);
        let asks_for_case = !self.status.is_empty() || !self.label.is_empty() || self.assignee.is_some();
        self.takes_summary(summary, severity)
            && progress.map_or(!asks_for_case, |progress| self.takes_progress(progress, name))
    }

    fn takes_summary(&self, summary: &Summary, severity: Option<Severity>) -> bool {
        let done = |act: &Act| summary.acts.iter().any(|code| code == act.code());
        let is_there = |place: &Terms| summary.place.as_deref().is_some_and(|line| place.occur_in(line));
        let happened = || {
            let (first, last) = summary.occurred?;
            let first = self.from.map_or(first, |from| first.max(from.days().0));
            let last = self.to.map_or(last, |to| last.min(to.days().1));
            Some(first <= last)
        };
        let dated = self.from.is_some() || self.to.is_some();
        (self.act.is_empty() || self.act.iter().any(done))
            && self.place.as_ref().is_none_or(is_there)
            && (!dated || happened().unwrap_or(false))
            && (self.severity.is_empty()
                || severity.is_some_and(|severity| self.severity.contains(&severity)))
            && (!self.with_files || summary.attachments > 0)
    }

    fn takes_progress(&self, progress: &CaseProgress, name: impl Fn(&PublicKey) -> String) -> bool {
        let labels: Vec<String> = progress.labels.iter().map(|label| normalise(label)).collect();
        let is_assigned = |wanted: &String| match &progress.assignee {
            Some(key) => normalise(&name(key)) == normalise(wanted),
            None => wanted == NOBODY,
        };
        (self.status.is_empty() || self.status.contains(&progress.status))
            && self.label.iter().all(|label| labels.contains(&normalise(label)))
            && self.assignee.as_ref().is_none_or(is_assigned)
    }
}

#[cfg(test)]
mod tests;
