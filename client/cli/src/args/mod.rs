//! The command line of `kua`.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};

mod cases;
mod export;
mod filter;
mod key;
mod reading;
mod receipt;
mod roster;
mod sending;

#[cfg(test)]
mod tests;

pub use self::cases::{Custody, Grant, Triage};
pub use self::export::Export;
pub use self::filter::{FilterOptions, Where};
pub use self::key::{Combine, Key, Split};
pub use self::reading::{Chosen, Delete, Fetch, Inbox, Open, Reply};
pub use self::receipt::{CheckReceipt, Receipt, VerifyReceipt};
pub use self::roster::{Change, NewRoster, Root, Roster};
pub use self::sending::{Hidden, Return, Seal, Submit};

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
        after_help = "Examples:\n  kua inbox LINK --key aigul.kua\n  kua inbox LINK --key aigul.kua --since 2026-03-01 --json\n  kua inbox LINK --key aigul.kua --search 'truck Almaty' --from 2026-02 --severity urgent"
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
    #[command(after_help = "\
Examples:
  kua fetch LINK --key aigul.kua 3fa91c07 8810aa2e --out sealed
  kua fetch LINK --key aigul.kua --place Almaty --since 2026-03-01 --out sealed")]
    Fetch(Fetch),
    /// Ask the drop to delete reports, or keep what a colleague wanted deleted.
    #[command(
        after_help = "Examples:\n  kua delete LINK --key aigul.kua 3fa91c07\n  kua delete LINK --key aigul.kua 3fa91c07 --keep\n  kua delete LINK --key aigul.kua --delete-asked --keep        keeps all that others wanted deleted"
    )]
    Delete(Delete),
    /// Answer the people who sent reports.
    #[command(after_help = "\
Examples:
  kua reply LINK --key aigul.kua 3fa91c07 --text 'Was anybody else there?'
  kua reply LINK --key aigul.kua 3fa91c07 --acknowledge     says that it was opened, in the person's language
  kua reply LINK --key aigul.kua --where status=new --acknowledge")]
    Reply(Reply),
    /// Note what you think of reports, for the coordinators who can read them; or see what was noted.
    #[command(after_help = "\
Examples:
  kua triage LINK --key aigul.kua 3fa91c07
  kua triage LINK --key aigul.kua 3fa91c07 --status verified --label arrest --note 'Two sources agree.'
  kua triage LINK --key aigul.kua 3fa91c07 8810aa2e --assign Marat --severity high
  kua triage LINK --key aigul.kua 3fa91c07 --link 8810aa2e --relation same-event
  kua triage LINK --key aigul.kua 3fa91c07 --undo 5be0c1d2       one of the entries that are shown without options
  kua triage LINK --key aigul.kua 3fa91c07 --status verified --offline     sent with the next command that reaches the drop")]
    Triage(Triage),
    /// Let a coordinator read old reports, or hand one report to somebody outside.
    #[command(after_help = "\
Examples:
  kua grant LINK --key aigul.kua 3fa91c07 8810aa2e --to Dana
  kua grant LINK --key aigul.kua --all --to Dana                     begins where it was interrupted
  kua grant LINK --key aigul.kua 3fa91c07 --to age1pq1… --out lawyer.age     opens with age and tar")]
    Grant(Grant),
    /// Show who did what with a report, and when.
    #[command(
        after_help = "Examples:\n  kua custody LINK --key aigul.kua 3fa91c07 --json > custody.json\n  kua custody LINK --key aigul.kua --status verified"
    )]
    Custody(Custody),
    /// Write reports for another database, for a spreadsheet or for paper.
    #[command(after_help = "\
Examples:
  kua export LINK --key aigul.kua --format html --out for-the-court 3fa91c07 --handed-to 'the court in Almaty'
  kua export LINK --key aigul.kua --format csv --out table --redact
  kua export LINK --key aigul.kua --format uwazi --language ru --language en --out uwazi")]
    Export(Export),
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
    /// Compare the page that a drop serves with the one that this program knows.
    #[command(after_help = "Example:\n  kua verify-site LINK\n  kua verify-site LINK --json")]
    VerifySite(VerifySite),
}

/// How to reach the drop.
#[derive(Debug, Args)]
pub struct Network {
    /// A SOCKS proxy, for example `socks5h://127.0.0.1:9050`; names are resolved by it. Tor's own is found by itself for .onion.
    // The last one in every help.
    #[arg(long, value_name = "URL", display_order = 900)]
    pub proxy: Option<String>,
}

/// A coordinator at a drop.
#[derive(Debug, Args)]
#[group(skip)]
pub struct At {
    /// The drop's link. Quote it.
    pub link: String,
    #[command(flatten)]
    pub vault: Vault,
    #[command(flatten)]
    pub network: Network,
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

impl Vault {
    /// Gives the vault's file, and the file of its passphrase.
    pub fn locked(&self) -> (&Path, Option<&Path>) {
        (&self.key, self.passphrase.file())
    }
}

impl Passphrase {
    /// Gives the file that the passphrase is read from, where it is not asked for.
    pub fn file(&self) -> Option<&Path> {
        self.passphrase_file.as_deref()
    }
}

/// Where the passphrase comes from.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Passphrase {
    /// Read the passphrase from this file (- is standard input) instead of asking.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// `kua verify-site`.
#[derive(Debug, Args)]
pub struct VerifySite {
    /// The drop's link.
    pub link: String,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub network: Network,
}
