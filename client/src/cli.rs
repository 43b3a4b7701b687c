//! The command line of `kua`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use kua_protocol::day::Day;
use kua_protocol::id::IdPrefix;

use crate::hidden::Choice;

mod key;
mod roster;

pub use self::key::{Combine, Key, Split};
pub use self::roster::{Change, Root, Roster};

/// Seals incident reports on this device, sends them to a drop, and opens them for coordinators.
#[derive(Debug, Parser)]
#[command(
    name = "kua",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  kua submit 'https://drop.example/#kua1…'                        write a report here, step by step
  kua submit 'https://drop.example/#kua1…' --report report.json --attach photo.jpg
  kua inbox  'https://drop.example/#kua1…' --key aigul.kua         read what came in"
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Send a report: asks for everything, or takes it from a file.
    #[command(after_help = "\
Examples:
  kua submit LINK
  kua submit LINK --report report.json --attach photo.jpg --strip-metadata
  kua submit LINK --report more.json --codename-file codename.txt    add to an earlier report")]
    Submit(Submit),
    /// Seal a report into a file, to be carried or sent by somebody else.
    #[command(
        after_help = "Example:\n  kua seal LINK --report report.json --attach photo.jpg --out report.age"
    )]
    Seal(Seal),
    /// Keys of coordinators and of the root: vaults and cards.
    #[command(
        subcommand,
        after_help = "Examples:\n  kua key new --name Aigul --out aigul.kua\n  kua key show aigul.kua --json > aigul.card.json"
    )]
    Key(Key),
    /// The signed list of coordinators.
    #[command(
        subcommand,
        after_help = "Examples:\n  kua roster show roster.json --host drop.example\n  kua roster publish https://drop.example roster.json"
    )]
    Roster(Roster),
    /// List the reports.
    #[command(
        after_help = "Examples:\n  kua inbox LINK --key aigul.kua\n  kua inbox LINK --key aigul.kua --since 2026-03-01 --json"
    )]
    Inbox(Inbox),
    /// Show a report, or write it and its attachments to a folder.
    #[command(after_help = "\
Examples:
  kua open LINK --key aigul.kua 3fa91c07
  kua open LINK --key aigul.kua 3fa91c07 --out case-1
  kua open LINK --key aigul.kua 3fa91c07 8810aa2e --out cases
  kua open --key aigul.kua --sealed 3fa91c07….age --out case-1     without a network")]
    Open(Open),
    /// Save sealed reports as they are.
    #[command(after_help = "Example:\n  kua fetch LINK --key aigul.kua 3fa91c07 8810aa2e --out sealed")]
    Fetch(Fetch),
    /// Ask the drop to delete reports, or keep what a colleague wanted deleted.
    #[command(
        after_help = "Examples:\n  kua delete LINK --key aigul.kua 3fa91c07\n  kua delete LINK --key aigul.kua 3fa91c07 --keep"
    )]
    Delete(Delete),
    /// Answer the person who sent a report.
    #[command(after_help = "\
Examples:
  kua reply LINK --key aigul.kua 3fa91c07 --text 'Was anybody else there?'
  kua reply LINK --key aigul.kua 3fa91c07 --acknowledge     says that it was opened, in the person's language")]
    Reply(Reply),
    /// Come back with the codename: read answers, and write again.
    #[command(after_help = "\
Examples:
  kua return LINK
  kua return LINK --codename-file codename.txt --json
  kua return LINK --receipt receipt.json     and see whether the drop still has that report")]
    Return(Return),
    /// Check what a drop's receipt proves.
    #[command(
        subcommand,
        after_help = "Examples:\n  kua receipt verify receipt.json --roster roster.json\n  kua receipt check LINK --key aigul.kua receipt.json"
    )]
    Receipt(Receipt),
}

/// How to reach the drop.
#[derive(Debug, Args)]
pub struct Network {
    /// A SOCKS proxy, for example `socks5h://127.0.0.1:9050`; names are resolved by it. Tor's own is found by itself for .onion.
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,
}

/// Whose vault.
#[derive(Debug, Args)]
pub struct Vault {
    /// The vault with your key.
    #[arg(long, value_name = "FILE.kua")]
    pub key: PathBuf,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

/// Where the passphrase comes from.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Passphrase {
    /// Read the passphrase from this file (- is standard input) instead of asking.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

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
pub struct Inbox {
    /// The drop's link. Quote it.
    pub link: String,
    #[command(flatten)]
    pub vault: Vault,
    /// Only what came on this day or later.
    #[arg(long, value_name = "DAY")]
    pub since: Option<Day>,
    /// Also those whose deletion was asked for.
    #[arg(long)]
    pub all: bool,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub network: Network,
}

#[derive(Debug, Args)]
pub struct Open {
    /// The drop's link. Quote it.
    #[arg(required_unless_present = "sealed")]
    pub link: Option<String>,
    /// The first digits of the report's id, 8 or more; of several reports one after another.
    #[arg(required_unless_present = "sealed")]
    pub ids: Vec<IdPrefix>,
    /// Open this sealed file instead; needs no network.
    #[arg(long, value_name = "FILE.age", conflicts_with_all = ["link", "ids"])]
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
}

#[derive(Debug, Args)]
pub struct Fetch {
    /// The drop's link. Quote it.
    pub link: String,
    /// The first digits of the reports' ids, 8 or more each.
    #[arg(required = true)]
    pub ids: Vec<IdPrefix>,
    #[command(flatten)]
    pub vault: Vault,
    /// The folder to save into.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub network: Network,
}

#[derive(Debug, Args)]
pub struct Reply {
    /// The drop's link. Quote it.
    pub link: String,
    /// The first digits of the report's id, 8 or more.
    pub id: IdPrefix,
    #[command(flatten)]
    pub vault: Vault,
    /// The answer.
    #[arg(long, value_name = "TEXT", required_unless_present = "acknowledge")]
    pub text: Option<String>,
    /// Say only that the report was opened, in the person's language.
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

#[derive(Debug, Args)]
pub struct Delete {
    /// The drop's link. Quote it.
    pub link: String,
    /// The first digits of the reports' ids, 8 or more each.
    #[arg(required = true)]
    pub ids: Vec<IdPrefix>,
    #[command(flatten)]
    pub vault: Vault,
    /// Keep what another coordinator wanted deleted.
    #[arg(long)]
    pub keep: bool,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub network: Network,
}

#[derive(Debug, Subcommand)]
pub enum Receipt {
    /// Check a receipt without the drop, even years later.
    #[command(after_help = "\
Examples:
  kua receipt verify receipt.json --roster roster.json
  kua receipt verify receipt.json --roster roster.json --link LINK --sealed 3fa91c07….age")]
    Verify(VerifyReceipt),
    /// Ask the drop for the report of a receipt, as a coordinator.
    #[command(after_help = "Example:\n  kua receipt check LINK --key aigul.kua receipt.json")]
    Check(CheckReceipt),
}

#[derive(Debug, Args)]
pub struct VerifyReceipt {
    /// The receipt, as `kua submit --receipt` saved it.
    pub file: PathBuf,
    /// A signed roster of the drop, of that time or later. It may have ended.
    #[arg(long, value_name = "FILE")]
    pub roster: PathBuf,
    /// The drop's link, to check the roster against. Quote it. Without it, digits are shown to compare.
    #[arg(long)]
    pub link: Option<String>,
    /// The sealed report, to check that the receipt is for it.
    #[arg(long, value_name = "FILE.age")]
    pub sealed: Option<PathBuf>,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct CheckReceipt {
    /// The drop's link. Quote it.
    pub link: String,
    /// The receipt.
    pub file: PathBuf,
    #[command(flatten)]
    pub vault: Vault,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub network: Network,
}
