//! The command line of `kua key`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Passphrase;

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key in a new vault.
    #[command(after_help = "\
Examples:
  kua key new --name Aigul --out aigul.kua
  kua key new --root --name 'Steppe Watch root' --out root.kua     signs rosters, reads nothing; keep it offline")]
    New {
        /// How you want to be called.
        #[arg(long)]
        name: String,
        /// The vault's file.
        #[arg(long, value_name = "FILE.kua")]
        out: PathBuf,
        /// Make a root: it signs rosters and reads nothing.
        #[arg(long)]
        root: bool,
        #[command(flatten)]
        passphrase: Passphrase,
    },
    /// Show the public card.
    #[command(after_help = "Example:\n  kua key show aigul.kua --json > aigul.card.json")]
    Show {
        /// The vault.
        file: PathBuf,
        /// Print the card as JSON, for those who sign the roster.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        passphrase: Passphrase,
    },
    /// Print the secret key for other programs.
    #[command(after_help = "Example:\n  kua key export aigul.kua --age > identity.txt")]
    Export {
        /// The vault.
        file: PathBuf,
        /// As an identity that age and programs like it take.
        #[arg(long, required = true)]
        age: bool,
        #[command(flatten)]
        passphrase: Passphrase,
    },
    /// Change the passphrase.
    #[command(after_help = "Example:\n  kua key passphrase aigul.kua")]
    Passphrase {
        /// The vault.
        file: PathBuf,
        #[command(flatten)]
        passphrase: Passphrase,
        /// Read the new passphrase from this file (- is standard input) instead of asking.
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Split a key into recovery shares, of which some together restore it. Works offline.
    #[command(after_help = "\
Examples:
  kua key split root.kua --drop roster.json --out shares
  kua key split aigul.kua --drop 'Steppe Watch' --shares 3 --threshold 2 --out shares")]
    Split(Split),
    /// Restore a key from its recovery shares. Works offline.
    #[command(after_help = "\
Examples:
  kua key combine share-1-of-5.txt share-3-of-5.txt share-4-of-5.txt --out root.kua
  kua key combine --name 'Steppe Watch root' --out root.kua     asks for the shares, to be typed from paper")]
    Combine(Combine),
}

#[derive(Debug, Args)]
pub struct Split {
    /// The vault.
    pub file: PathBuf,
    /// The drop that the key is for, to be found on each share: its link, its roster, or its name.
    #[arg(long, value_name = "LINK|ROSTER|NAME")]
    pub drop: String,
    /// How many shares, 2 to 16.
    #[arg(long, default_value_t = 5)]
    pub shares: u8,
    /// How many of them restore the key, 2 or more.
    #[arg(long, default_value_t = 3)]
    pub threshold: u8,
    /// The new folder to write them into, a page for each.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

#[derive(Debug, Args)]
pub struct Combine {
    /// The shares. You are asked for them when none is named.
    #[arg(value_name = "SHARE")]
    pub files: Vec<PathBuf>,
    /// The name of the key, where no page says it.
    #[arg(long)]
    pub name: Option<String>,
    /// The vault's file.
    #[arg(long, value_name = "FILE.kua")]
    pub out: PathBuf,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub passphrase: Passphrase,
}
