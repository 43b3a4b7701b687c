//! `kua export`: reports for another database, for a spreadsheet or for paper.

use std::path::PathBuf;

use clap::Args;
use kua_export::Format;
use kua_protocol::entry::{MAX_RECIPIENT_LEN, is_line};
use kua_protocol::id::IdPrefix;

use super::{At, FilterOptions};

#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    pub at: At,
    /// The first digits of the reports' ids, 8 or more each. Or a filter; all reports that you can read without either.
    #[arg(conflicts_with = "filter")]
    pub ids: Vec<IdPrefix>,
    /// What to write: uwazi, json, csv or html.
    #[arg(long)]
    pub format: Format,
    /// The new folder to write into, readable for everybody who can read it.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Leave out names and contacts of victims and sources, attachments, and what coordinators wrote. Free text may still
    /// name people.
    #[arg(long)]
    pub redact: bool,
    /// Leave out attachments; their digests stay.
    #[arg(long)]
    pub no_attachments: bool,
    /// Note in the case log of each report that this export is given to somebody, in which form, and its digest. Without this
    /// nothing is noted, and nobody sees that there was an export.
    #[arg(long, value_name = "NAME", value_parser = recipient)]
    pub handed_to: Option<String>,
    /// The language of its words: en, ru, kk, ar, es or fr. For uwazi it may be given several times, the collection's own
    /// language first.
    #[arg(long, value_name = "LANG")]
    pub language: Vec<String>,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub filter: FilterOptions,
}

fn recipient(name: &str) -> Result<String, &'static str> {
    let name = name.trim();
    if is_line(name, MAX_RECIPIENT_LEN) {
        Ok(name.to_owned())
    } else {
        Err("a name is one line, and not long")
    }
}
