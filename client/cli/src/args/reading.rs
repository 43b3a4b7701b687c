//! `kua inbox`, `kua open`, `kua fetch`, `kua reply`, `kua delete`: what coordinators do with reports.

use std::path::PathBuf;

use clap::Args;
use kua_client::inbox::Filter;
use kua_protocol::id::IdPrefix;

use super::{At, FilterOptions, Hidden, Network, Vault, Where};

/// Reports by their ids, or all that a filter lets through.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Chosen {
    /// The first digits of the reports' ids, 8 or more each. Or a filter.
    #[arg(required_unless_present = "filter", conflicts_with = "filter")]
    pub ids: Vec<IdPrefix>,
    #[command(flatten)]
    pub filter: Option<FilterOptions>,
}

impl Chosen {
    /// Gives the filter, where one was given.
    pub fn filter(&self) -> Option<Filter> {
        self.filter.as_ref().map(FilterOptions::filter)
    }
}

#[derive(Debug, Args)]
pub struct Inbox {
    #[command(flatten)]
    pub at: At,
    /// Do not ask the drop: list what is remembered. It is so, too, when the drop cannot be reached.
    #[arg(long)]
    pub offline: bool,
    /// Also those whose deletion was asked for.
    #[arg(long)]
    pub all: bool,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub filter: FilterOptions,
}

#[derive(Debug, Args)]
pub struct Open {
    /// The drop's link. Quote it.
    #[arg(required_unless_present = "sealed")]
    pub link: Option<String>,
    /// The first digits of the report's id, 8 or more; of several reports one after another. Or a filter.
    #[arg(required_unless_present_any = ["sealed", "filter"], conflicts_with = "filter")]
    pub ids: Vec<IdPrefix>,
    /// Open this sealed file instead; needs no network.
    #[arg(long, value_name = "FILE.age", conflicts_with_all = ["link", "ids", "filter"])]
    pub sealed: Option<PathBuf>,
    #[command(flatten)]
    pub vault: Vault,
    /// Write the report and its attachments, readable for everybody who can read this folder. Of several reports each gets a
    /// folder in it, named by its id.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub network: Network,
    #[command(flatten)]
    pub filter: Option<FilterOptions>,
}

#[derive(Debug, Args)]
pub struct Fetch {
    #[command(flatten)]
    pub at: At,
    /// The folder to save into.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub chosen: Chosen,
}

#[derive(Debug, Args)]
pub struct Reply {
    #[command(flatten)]
    pub at: At,
    /// The first digits of the reports' ids, 8 or more each.
    #[arg(required_unless_present = "where", conflicts_with = "where")]
    pub ids: Vec<IdPrefix>,
    #[command(flatten)]
    pub chosen: Where,
    /// Do not ask whether all that a filter chose is meant.
    #[arg(long)]
    pub yes: bool,
    /// The answer; - reads it from standard input, where others who use this machine do not see it.
    #[arg(long, value_name = "TEXT", required_unless_present = "acknowledge")]
    pub text: Option<String>,
    /// Say only that the report was opened, to each person in her language.
    #[arg(long, conflicts_with = "text")]
    pub acknowledge: bool,
    /// A file to go with the answer, of at most 16 MiB.
    #[arg(long, value_name = "FILE")]
    pub attach: Option<PathBuf>,
    #[command(flatten)]
    pub hidden: Hidden,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Delete {
    #[command(flatten)]
    pub at: At,
    /// Keep what another coordinator wanted deleted.
    #[arg(long)]
    pub keep: bool,
    /// Do not ask whether all that a filter chose is meant.
    #[arg(long)]
    pub yes: bool,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub chosen: Chosen,
}
