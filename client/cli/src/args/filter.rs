//! The filters of reports as options: one set serves every command that takes them.

use clap::{Args, Parser};
use kua_client::inbox::{Filter, Terms, TermsError};
use kua_protocol::day::Day;
use kua_protocol::entry::Status;
use kua_report::PartialDate;
use kua_report::vocabulary::{Act, Severity};

use crate::error::Error;

/// What a report has to be, all of it, for a filter to let it through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[group(id = "filter", multiple = true)]
#[command(next_help_heading = "Filters")]
pub struct FilterOptions {
    /// All these words, or parts of words, stand in the report, in the names of its files or in what coordinators noted about
    /// it, in any language.
    #[arg(long, value_name = "TEXT", value_parser = terms)]
    search: Option<Terms>,
    /// This was done; given several times, one of these.
    #[arg(long, value_name = "CODE")]
    act: Vec<Act>,
    /// The place or the two letters of the country have these words.
    #[arg(long, value_name = "TEXT", value_parser = terms)]
    place: Option<Terms>,
    /// It came on this day or later.
    #[arg(long, value_name = "DAY")]
    since: Option<Day>,
    /// It came on this day or earlier.
    #[arg(long, value_name = "DAY")]
    until: Option<Day>,
    /// It happened then or later: 2026-03-21, 2026-03 or 2026.
    #[arg(long, value_name = "DATE")]
    from: Option<PartialDate>,
    /// It happened then or earlier: 2026-03-21, 2026-03 or 2026.
    #[arg(long, value_name = "DATE")]
    to: Option<PartialDate>,
    /// It is so urgent; given several times, one of these.
    #[arg(long, value_name = "CODE")]
    severity: Vec<Severity>,
    /// The work on it has come so far; given several times, one of these.
    #[arg(long, value_name = "CODE")]
    status: Vec<Status>,
    /// It has this label; given several times, all of them.
    #[arg(long, value_name = "LABEL")]
    label: Vec<String>,
    /// This coordinator works on it, or nobody does: none.
    #[arg(long, value_name = "NAME|none")]
    assignee: Option<String>,
    /// Files came with it.
    #[arg(long)]
    with_files: bool,
    /// A coordinator wants it deleted. Without this, such reports are left out.
    #[arg(long)]
    delete_asked: bool,
}

impl FilterOptions {
    /// Gives the filter.
    pub fn filter(&self) -> Filter {
        let Self { search, act, place, since, until, from, to, .. } = self.clone();
        let Self { severity, status, label, assignee, with_files, delete_asked, .. } = self.clone();
        Filter {
            search,
            act,
            place,
            since,
            until,
            from,
            to,
            severity,
            status,
            label,
            assignee,
            with_files,
            delete_asked,
        }
    }
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
    /// Gives the filter; none when nothing was said.
    ///
    /// # Errors
    ///
    /// [`kua_client::Error::Refused`] when one thing is said twice that can be said once.
    pub fn filter(&self) -> Result<Option<Filter>, Error> {
        if self.clauses.is_empty() {
            return Ok(None);
        }
        parse(&self.clauses).map(|options| Some(options.filter())).map_err(Error::refused)
    }
}

/// The filters as options of nothing else.
#[derive(Debug, Parser)]
#[command(name = "--where", no_binary_name = true, disable_help_flag = true)]
struct Clauses {
    #[command(flatten)]
    filter: FilterOptions,
}

fn clause(text: &str) -> Result<String, String> {
    match parse(&[text.to_owned()])? {
        // Two dashes alone are an option that lets everything through.
        filter if filter == FilterOptions::default() => Err("it names no filter".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

fn parse(clauses: &[String]) -> Result<FilterOptions, String> {
    let options = clauses.iter().map(|clause| format!("--{clause}"));
    let parsed = Clauses::try_parse_from(options).map(|clauses| clauses.filter);
    // The first line says what is wrong; the others are about a command that nobody called.
    parsed.map_err(|error| error.to_string().lines().next().unwrap_or_default().replace("error: ", ""))
}

fn terms(text: &str) -> Result<Terms, TermsError> {
    text.parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_the_options_without_their_dashes() {
        let said =
            |clauses: &[&str]| parse(&clauses.iter().map(|clause| (*clause).to_owned()).collect::<Vec<_>>());
        let filter =
            said(&["status=new", "status=in-review", "search=a b", "with-files", "to=2010"]).unwrap();
        assert_eq!(filter.status, [Status::New, Status::InReview]);
        assert_eq!(filter.filter().search.unwrap().words(), ["a", "b"]);
        assert!(filter.with_files && filter.to == Some("2010".parse().unwrap()));
        for (wrong, why) in [
            (&["status=old"][..], "needs-information"),
            (&["title=x"], "--title"),
            (&["help"], "--help"),
            (&["place=a", "place=b"], "multiple times"),
        ] {
            let refused = said(wrong).unwrap_err();
            assert!(refused.contains(why), "{wrong:?}: {refused}");
        }
        assert_eq!(clause("with-files").as_deref(), Ok("with-files"));
        assert!(clause("").is_err() && clause("status=old").is_err());
        assert_eq!(Where::default().filter().unwrap(), None);
    }
}
