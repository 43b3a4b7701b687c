//! The command line of `kua-server`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// The drop: takes in sealed reports, keeps them, and can open none.
#[derive(Debug, Parser)]
#[command(
    name = "kua-server",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  kua-server init --data /srv/kua
  kua-server roster install --data /srv/kua roster.json
  kua-server serve --data /srv/kua"
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a drop: its folder, its keys, its configuration and its card.
    #[command(after_help = "Example:\n  kua-server init --data /srv/kua")]
    Init(Folder),
    /// Serve the drop until SIGTERM or Ctrl-C.
    #[command(after_help = "\
Examples:
  kua-server serve --data /srv/kua
  kua-server serve --data /srv/kua --listen unix:/run/kua/drop.sock --admin-listen 127.0.0.1:7172")]
    Serve(Serve),
    /// Set or show the roster.
    #[command(subcommand, after_help = "Example:\n  kua-server roster install --data /srv/kua roster.json")]
    Roster(Roster),
    /// Read every object and compare every digest, and the ledger with the segments; works while the drop serves.
    #[command(after_help = "\
Examples:
  kua-server check --data /srv/kua
  kua-server check --data /srv/kua --rebuild-ledger     after stopping the drop")]
    Check(Check),
    /// Copy the sealed objects and the roster into a file; works while the drop serves. The drop's seed is not in it.
    #[command(after_help = "Example:\n  kua-server backup --data /srv/kua --to /mnt/kua-2026-03-21.backup")]
    Backup {
        #[command(flatten)]
        folder: Folder,
        /// The file to write; it must not be there.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Make a data folder from a backup. Everything is verified before the folder appears.
    #[command(after_help = "\
Example:
  kua-server restore --from /mnt/kua-2026-03-21.backup --drop-seed /mnt/safe/drop.seed --data /srv/kua")]
    Restore {
        /// The backup.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// The copy of drop.seed that was kept apart.
        #[arg(long, value_name = "FILE")]
        drop_seed: PathBuf,
        #[command(flatten)]
        folder: Folder,
    },
    /// Delete now what is past its time, and close the days that are over; `serve` does it by itself.
    #[command(after_help = "\
Examples:
  kua-server purge --data /srv/kua --dry-run                   what would go, and what a shorter retention would end
  kua-server purge --data /srv/kua
  kua-server purge --data /srv/kua --confirm-retention 90      after setting retention_days = 90 in kua.toml")]
    Purge(Purge),
    /// Tell how far the machine's clock is proven: unproven, it deletes nothing.
    #[command(after_help = "\
Examples:
  kua-server clock --data /srv/kua
  kua-server clock --data /srv/kua --confirm      after comparing it with another clock")]
    Clock(Clock),
    /// Tell how the drop is: objects, bytes, free space, roster.
    #[command(after_help = "Example:\n  kua-server status --data /srv/kua --json")]
    Status(Status),
    /// Print the lines for torrc that put an onion service in front of the drop.
    #[command(after_help = "Example:\n  kua-server onion --data /srv/kua | sudo tee -a /etc/tor/torrc")]
    Onion {
        #[command(flatten)]
        folder: Folder,
        /// The folder in which Tor keeps the service's key and address.
        #[arg(long, value_name = "DIR", default_value = "/var/lib/tor/kua/")]
        service: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct Folder {
    /// The drop's data folder.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub folder: Folder,
    /// Where to listen: HOST:PORT (port 0 takes a free one) or unix:PATH. Overrides kua.toml.
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Where to answer /healthz and /metrics: HOST:PORT or unix:PATH. Overrides kua.toml.
    #[arg(long, value_name = "ADDRESS")]
    pub admin_listen: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Roster {
    /// Set the first roster, or a newer one; works while the drop serves.
    #[command(after_help = "Example:\n  kua-server roster install --data /srv/kua roster.json")]
    Install {
        #[command(flatten)]
        folder: Folder,
        /// The signed roster, from `kua roster new`.
        file: PathBuf,
    },
    /// Show the installed roster.
    #[command(after_help = "Example:\n  kua-server roster show --data /srv/kua")]
    Show {
        #[command(flatten)]
        folder: Folder,
        /// Print the signed envelope as it is.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub folder: Folder,
    /// Make the ledger anew from the segments before checking; the drop must be stopped.
    #[arg(long)]
    pub rebuild_ledger: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Purge {
    #[command(flatten)]
    pub folder: Folder,
    /// Show what is past its time; delete nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Keep reports no longer than kua.toml says, which was longer before.
    #[arg(long, value_name = "DAYS", conflicts_with_all = ["dry_run", "json"])]
    pub confirm_retention: Option<u32>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Clock {
    #[command(flatten)]
    pub folder: Folder,
    /// Say that what the clock shows now is right.
    #[arg(long)]
    pub confirm: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Status {
    #[command(flatten)]
    pub folder: Folder,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}
