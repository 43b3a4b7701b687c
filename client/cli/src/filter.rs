//! Which reports a command is about. One filter serves every command that takes one.

use clap::{Args, Parser};
use kua_protocol::api::ReportRow;
use kua_protocol::day::Day;
use kua_protocol::entry::Status;
use kua_protocol::keys::PublicKey;
use kua_report::PartialDate;
use kua_report::vocabulary::{Act, Severity};

use crate::error::Error;
use crate::folding::{self, fold};
use crate::summary::{Progress, Seen, Summary};

/// Most words of a question: a search keeps a bit for each.
const MOST_WORDS: usize = 64;

/// What is written for the assignee of a report that nobody works on.
const NOBODY: &str = "none";

/// What a report has to be, all of it, for a filter to let it through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[group(id = "filter", multiple = true)]
#[command(next_help_heading = "Filters")]
pub struct Filter {
    /// All these words, or parts of words, stand in the report, in the names of its files or in what coordinators noted about
    /// it, in any language.
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

/// A filter for commands whose own options have the same names: `--where status=new`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[group(skip)]
pub struct Where {
    /// In place of ids: all reports for which this holds, written as the filters of kua inbox without their dashes, such as
    /// status=new or with-files; given several times, all of it.
    #[arg(id = "where", long = "where", value_name = "FILTER=VALUE", value_parser = clause)]
    clauses: Vec<String>,
}

impl Where {
    /// The filter; none when nothing was said.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when one thing is said twice that can be said once.
    pub fn filter(&self) -> Result<Option<Filter>, Error> {
        if self.clauses.is_empty() {
            return Ok(None);
        }
        parse(&self.clauses).map(Some).map_err(Error::Refused)
    }
}

/// The filters as options of nothing else.
#[derive(Debug, Parser)]
#[command(name = "--where", no_binary_name = true, disable_help_flag = true)]
struct Clauses {
    #[command(flatten)]
    filter: Filter,
}

fn clause(text: &str) -> Result<String, String> {
    match parse(&[text.to_owned()])? {
        // Two dashes alone are an option that lets everything through.
        filter if filter == Filter::default() => Err("it names no filter".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

fn parse(clauses: &[String]) -> Result<Filter, String> {
    let options = clauses.iter().map(|clause| format!("--{clause}"));
    let parsed = Clauses::try_parse_from(options).map(|clauses| clauses.filter);
    // The first line says what is wrong; the others are about a command that nobody called.
    parsed.map_err(|error| error.to_string().lines().next().unwrap_or_default().replace("error: ", ""))
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
        words if words.len() > MOST_WORDS => Err("it has more than 64 words"),
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
    /// what could not be opened, and of a case log that could not be read, nothing can be asked. `name` tells how a coordinator is called.
    pub fn takes(
        &self,
        seen: Option<&Seen>,
        progress: Option<&Progress>,
        name: impl Fn(&PublicKey) -> String,
    ) -> bool {
        let Some(summary) = seen.and_then(Seen::summary) else {
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
