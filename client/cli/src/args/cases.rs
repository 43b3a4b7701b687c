//! `kua triage`, `kua grant`, `kua custody`: working on reports together.

use std::path::PathBuf;

use clap::Args;
use kua_protocol::entry::{Relation, Status};
use kua_protocol::id::IdPrefix;

use super::{At, Chosen, Where};

#[derive(Debug, Args)]
pub struct Triage {
    #[command(flatten)]
    pub at: At,
    /// The first digits of the reports' ids, 8 or more each.
    #[arg(required_unless_present = "where", conflicts_with = "where")]
    pub ids: Vec<IdPrefix>,
    #[command(flatten)]
    pub chosen: Where,
    /// How far the work has come: new, in-review, verified, needs-information, closed or rejected.
    #[arg(long)]
    pub status: Option<Status>,
    /// How urgent it is: urgent, high, priority or low; or none, to leave it to the report.
    #[arg(long)]
    pub severity: Option<String>,
    /// Put on a label; may be given several times.
    #[arg(long, value_name = "LABEL")]
    pub label: Vec<String>,
    /// Take off a label; may be given several times.
    #[arg(long, value_name = "LABEL")]
    pub unlabel: Vec<String>,
    /// Who works on it: a coordinator's name; or none.
    #[arg(long, value_name = "NAME")]
    pub assign: Option<String>,
    /// A remark for the other coordinators; - reads it from standard input, where others who use this machine do not see it.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// The first digits of another report that it has to do with; may be given several times.
    #[arg(long = "link", value_name = "ID")]
    pub link_to: Vec<IdPrefix>,
    /// The first digits of a report that it has nothing to do with after all.
    #[arg(long, value_name = "ID")]
    pub unlink: Vec<IdPrefix>,
    /// What it has to do with it: duplicate, same-event or related.
    #[arg(long)]
    pub relation: Option<Relation>,
    /// The first digits of an entry that is not to hold. What was sent or handed out stays.
    #[arg(long, value_name = "ENTRY")]
    pub undo: Option<IdPrefix>,
    /// Do not ask the drop: what you note waits, sealed, and the next command that reaches the drop sends it. It is so, too,
    /// when the drop cannot be reached.
    #[arg(long)]
    pub offline: bool,
    /// The first digits of an entry that does not count, to take it up: whoever left the roster wrote it before that.
    #[arg(long, value_name = "ENTRY")]
    pub build_on: Vec<IdPrefix>,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Grant {
    #[command(flatten)]
    pub at: At,
    /// The first digits of the reports' ids, 8 or more each.
    #[arg(required_unless_present_any = ["all", "where"], conflicts_with = "where")]
    pub ids: Vec<IdPrefix>,
    #[command(flatten)]
    pub chosen: Where,
    /// All reports that you can read.
    #[arg(long, conflicts_with_all = ["ids", "where"])]
    pub all: bool,
    /// Do not ask whether all reports, or all that a filter chose, are meant.
    #[arg(long)]
    pub yes: bool,
    /// Whom: a coordinator's name, or the age1pq1… recipient of somebody outside.
    #[arg(long, value_name = "RECIPIENT")]
    pub to: String,
    /// The file for somebody outside.
    #[arg(long, value_name = "FILE.age")]
    pub out: Option<PathBuf>,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Custody {
    #[command(flatten)]
    pub at: At,
    /// Print JSON of the form kua-custody/1, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub chosen: Chosen,
}
