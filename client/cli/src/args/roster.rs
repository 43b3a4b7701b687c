//! The command line of `kua roster`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kua_protocol::day::Day;

use super::{Network, Passphrase};

/// The root's vault.
#[derive(Debug, Args)]
pub struct Root {
    /// The root's vault.
    #[arg(long, value_name = "ROOT.kua")]
    pub key: PathBuf,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

#[derive(Debug, Subcommand)]
pub enum Roster {
    /// Sign the first roster of a drop. Works offline.
    #[command(after_help = "\
Example:
  kua roster new --key root.kua --drop drop-card.json --name 'Steppe Watch' --name 'ru=Дозор степи' \\
    --card aigul.card.json --card marat.card.json --out roster.json")]
    New(NewRoster),
    /// Sign a newer roster with one more coordinator. Works offline.
    #[command(after_help = "Example:\n  kua roster add --key root.kua --card dana.card.json roster.json")]
    Add {
        #[command(flatten)]
        root: Root,
        /// The new coordinator's card.
        #[arg(long, required = true, value_name = "FILE")]
        card: Vec<PathBuf>,
        #[command(flatten)]
        change: Change,
    },
    /// Sign a newer roster without a coordinator. Works offline.
    #[command(after_help = "Example:\n  kua roster remove --key root.kua Marat roster.json")]
    Remove {
        #[command(flatten)]
        root: Root,
        /// The coordinator's name in the roster.
        name: String,
        #[command(flatten)]
        change: Change,
    },
    /// Sign a newer roster in which a coordinator has a new key. Works offline.
    #[command(after_help = "\
Examples:
  kua roster rotate --key root.kua Marat --card marat-2.card.json roster.json
  kua roster rotate --key root.kua Marat --card marat-2.card.json --leaked roster.json     the old key is not safe any more")]
    Rotate {
        #[command(flatten)]
        root: Root,
        /// The coordinator's name in the roster.
        name: String,
        /// The card of the new key, which bears the same name.
        #[arg(long, value_name = "FILE")]
        card: PathBuf,
        /// The old key may be in other hands: take it out at once, instead of letting it end.
        #[arg(long)]
        leaked: bool,
        #[command(flatten)]
        change: Change,
    },
    /// Sign a newer roster with the same coordinators, before the present one ends. Works offline.
    #[command(after_help = "Example:\n  kua roster renew --key root.kua roster.json")]
    Renew {
        #[command(flatten)]
        root: Root,
        #[command(flatten)]
        change: Change,
    },
    /// Show a roster, its digits and its link, at a terminal also as a QR code.
    #[command(after_help = "\
Examples:
  kua roster show roster.json --host drop.example
  kua roster show roster.json --host drop.example --qr link.svg     for a poster")]
    Show {
        /// The roster.
        file: PathBuf,
        /// The drop's host, to print the link with.
        #[arg(long)]
        host: Option<String>,
        /// Write the link as a QR code into this file.
        #[arg(long, value_name = "FILE.png|FILE.svg", requires = "host")]
        qr: Option<PathBuf>,
        /// Print what was signed as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Bring a newer roster to the drop.
    #[command(after_help = "Example:\n  kua roster publish https://drop.example roster.json")]
    Publish {
        /// The drop's address or link.
        url: String,
        /// The roster.
        file: PathBuf,
        /// Print JSON, for a program.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        network: Network,
    },
    /// Save the roster that a drop shows, checked against its link.
    #[command(
        after_help = "Example:\n  kua roster fetch LINK --out roster.json     to check a receipt with, even years later"
    )]
    Fetch {
        /// The drop's link, with its part after #. Quote it.
        link: String,
        /// The file to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Print JSON, for a program.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        network: Network,
    },
}

#[derive(Debug, Args)]
pub struct NewRoster {
    #[command(flatten)]
    pub root: Root,
    /// The drop's card, from `kua-server init`.
    #[arg(long, value_name = "FILE")]
    pub drop: PathBuf,
    /// The drop's name, for all or as LANGUAGE=NAME; may be given for several languages.
    #[arg(long, required = true, value_name = "[LANG=]NAME")]
    pub name: Vec<String>,
    /// What a submitter reads first, as LANGUAGE=TEXT; may be given for several languages.
    #[arg(long, value_name = "[LANG=]TEXT")]
    pub welcome: Vec<String>,
    /// A coordinator's card, from `kua key show --json`; may be given several times.
    #[arg(long, required = true, value_name = "FILE")]
    pub card: Vec<PathBuf>,
    /// What a coordinator does, for submitters to read; may be given several times.
    #[arg(long, value_name = "NAME=ROLE")]
    pub role: Vec<String>,
    /// The last day on which it holds; at most, and by default, 90 days from now.
    #[arg(long, value_name = "DAY")]
    pub expires: Option<Day>,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
}

/// A change to a roster.
#[derive(Debug, Args)]
pub struct Change {
    /// The roster to change.
    pub roster: PathBuf,
    /// What a coordinator does, for submitters to read; may be given several times.
    #[arg(long, value_name = "NAME=ROLE")]
    pub role: Vec<String>,
    /// The last day on which the new one holds; at most, and by default, 90 days from now.
    #[arg(long, value_name = "DAY")]
    pub expires: Option<Day>,
    /// The file to write; the roster itself by default.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
}
