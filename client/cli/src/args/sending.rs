//! `kua submit`, `kua seal`, `kua return`: what submitters ask for.

use std::path::PathBuf;

use clap::Args;
use kua_client::submit::Choice;

use super::Network;

/// What is sent, and to whom.
#[derive(Debug, Args)]
pub struct Content {
    /// A file to go with the report; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub attach: Vec<PathBuf>,
    /// A coordinator who may read it; may be given several times. All of them when none is named.
    #[arg(long, value_name = "NAME")]
    pub to: Vec<String>,
    #[command(flatten)]
    pub hidden: Hidden,
}

/// What is to be done with what is hidden in images.
#[derive(Debug, Args)]
pub struct Hidden {
    /// Send images with what is hidden in them: place, device, time, author.
    #[arg(long)]
    keep_metadata: bool,
    /// Take out what is hidden in JPEG, PNG and WebP images; one that cannot be cleaned is not sent. Other files are sent
    /// as they are. Without either option you are asked.
    #[arg(long, conflicts_with = "keep_metadata")]
    strip_metadata: bool,
}

impl Hidden {
    /// The choice that was made.
    pub fn choice(&self) -> Choice {
        match (self.keep_metadata, self.strip_metadata) {
            (true, _) => Choice::Keep,
            (_, true) => Choice::Strip,
            _ => Choice::Ask,
        }
    }
}

#[derive(Debug, Args)]
pub struct Submit {
    /// The drop's link, with its part after #. Quote it.
    pub link: String,
    /// The report as JSON, kua-report/1. Without it, everything is asked for.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub content: Content,
    /// Add to the thread of this codename (- is standard input).
    #[arg(long, value_name = "FILE")]
    pub codename_file: Option<PathBuf>,
    /// Save the drop's receipt.
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
    /// Print JSON, for a program.
    #[arg(long, requires = "report")]
    pub json: bool,
    /// Print progress as lines of JSON on standard error, for a program.
    #[arg(long)]
    pub progress: bool,
    #[command(flatten)]
    pub network: Network,
}

#[derive(Debug, Args)]
pub struct Seal {
    /// The drop's link, with its part after #. Quote it.
    pub link: String,
    /// The report as JSON, kua-report/1.
    #[arg(long, value_name = "FILE")]
    pub report: PathBuf,
    #[command(flatten)]
    pub content: Content,
    /// The file to seal into.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub network: Network,
}

#[derive(Debug, Args)]
pub struct Return {
    /// The drop's link, with its part after #. Quote it.
    pub link: String,
    /// Read the codename from this file (- is standard input) instead of asking.
    #[arg(long, value_name = "FILE")]
    pub codename_file: Option<PathBuf>,
    /// Delete the replies after they were shown.
    #[arg(long)]
    pub delete: bool,
    /// Save the files that came with replies into this folder, where others may find them.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// See whether the drop still has the report of this receipt.
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
    /// A coordinator who may read your answer; may be given several times. You are asked when none is named.
    #[arg(long, value_name = "NAME")]
    pub to: Vec<String>,
    /// Print JSON, for a program, and ask nothing.
    #[arg(long, requires = "codename_file")]
    pub json: bool,
    #[command(flatten)]
    pub network: Network,
}
