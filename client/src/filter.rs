//! Which reports a command is about. One filter serves every command that takes one.

use clap::Args;
use kua_protocol::api::ReportRow;
use kua_protocol::day::Day;
use kua_protocol::entry::Status;
use kua_protocol::keys::PublicKey;
use kua_report::PartialDate;
use kua_report::vocabulary::{Act, Severity};

use crate::folding::{self, fold};
use crate::summary::{Progress, Seen, Summary};

/// What is written for the assignee of a report that nobody works on.
const NOBODY: &str = "none";

/// What a report has to be, all of it, for a filter to let it through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[group(id = "filter", multiple = true)]
#[command(next_help_heading = "Filters")]
pub struct Filter {
    /// All these words, or parts of words, stand in the report or in the names of its files, in any language.
    #[arg(long, value_name = "TEXT", value_parser = terms)]
    pub search: Option<Terms>,
    /// This was done; given several times, one of these.
    #[arg(long, value_name = "CODE")]
    pub act: Vec<Act>,
    /// The place or the two letters of the country have these words.
    #[arg(long, value_name = "TEXT", value_parser = terms)]
    pub place: Option<Terms>,
    /// It came on this day or later.
    #[arg(long, value_name = "DAY")]
    pub since: Option<Day>,
    /// It came on this day or earlier.
    #[arg(long, value_name = "DAY")]
    pub until: Option<Day>,
    /// It happened then or later: 2026-03-21, 2026-03 or 2026.
    #[arg(long, value_name = "DATE")]
    pub from: Option<PartialDate>,
    /// It happened then or earlier: 2026-03-21, 2026-03 or 2026.
    #[arg(long, value_name = "DATE")]
    pub to: Option<PartialDate>,
    /// It is so urgent; given several times, one of these.
    #[arg(long, value_name = "CODE")]
    pub severity: Vec<Severity>,
    /// The work on it has come so far; given several times, one of these.
    #[arg(long, value_name = "CODE")]
    pub status: Vec<Status>,
    /// It has this label; given several times, all of them.
    #[arg(long, value_name = "LABEL")]
    pub label: Vec<String>,
    /// This coordinator works on it, or nobody does: none.
    #[arg(long, value_name = "NAME|none")]
    pub assignee: Option<String>,
    /// Files came with it.
    #[arg(long)]
    pub with_files: bool,
    /// A coordinator wants it deleted. Without this, such reports are left out.
    #[arg(long)]
    pub delete_asked: bool,
}

/// Words to be found, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms(Vec<String>);

impl Terms {
    /// The words.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Whether all of them occur in this text.
    fn occur_in(&self, text: &str) -> bool {
        let text = fold(text);
        self.0.iter().all(|word| text.contains(word))
    }
}

fn terms(text: &str) -> Result<Terms, &'static str> {
    match folding::words(text) {
        words if words.is_empty() => Err("there is no word in it"),
        words => Ok(Terms(words)),
    }
}

impl Filter {
    /// Whether what the drop says of a report is right: nothing has to be opened for that.
    pub fn takes_row(&self, row: &ReportRow) -> bool {
        self.since.is_none_or(|since| row.day >= since)
            && self.until.is_none_or(|until| row.day <= until)
            && (!self.delete_asked || row.delete_asked.is_some())
    }

    /// Whether anything is asked of what stands in a report.
    pub fn asks_for_content(&self) -> bool {
        let of_rows =
            Self { since: self.since, until: self.until, delete_asked: self.delete_asked, ..Self::default() };
        *self != of_rows
    }

    /// Whether what stands in a report and in its case log is right, but for the words that are searched in all of it. Of
    /// what could not be opened nothing can be asked. `name` tells how a coordinator is called.
    pub fn takes(
        &self,
        seen: Option<&Seen>,
        progress: Option<&Progress>,
        name: impl Fn(&PublicKey) -> String,
    ) -> bool {
        match seen.and_then(Seen::summary).zip(progress) {
            Some((summary, progress)) => {
                self.takes_summary(summary, progress.severity.or(summary.severity))
                    && self.takes_progress(progress, name)
            }
            None => !self.asks_for_content(),
        }
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

    fn takes_progress(&self, progress: &Progress, name: impl Fn(&PublicKey) -> String) -> bool {
        let labels: Vec<String> = progress.labels.iter().map(|label| fold(label)).collect();
        let is_assigned = |wanted: &String| match &progress.assignee {
            Some(key) => fold(&name(key)) == fold(wanted),
            None => wanted == NOBODY,
        };
        (self.status.is_empty() || self.status.contains(&progress.status))
            && self.label.iter().all(|label| labels.contains(&fold(label)))
            && self.assignee.as_ref().is_none_or(is_assigned)
    }
}

#[cfg(test)]
mod tests;
