//! `kua receipt`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::At;

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
    #[command(flatten)]
    pub at: At,
    /// The receipt.
    pub file: PathBuf,
    /// Print JSON, for a program.
    #[arg(long)]
    pub json: bool,
}
