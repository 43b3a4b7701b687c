//! `kua-server`: the command line of the drop.

#![allow(unreachable_pub, reason = "in a binary `pub` says that a module shows it, and no more")]

mod cli;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use kua_clock::Clock;
use kua_server::folder::Folder;
use kua_server::operator::commands;
use kua_server::serve;
use rustix::fs::Mode;
use rustix::process::{DumpableBehavior, set_dumpable_behavior, umask};

use crate::cli::{Cli, Command, Roster};

fn main() -> ExitCode {
    // A crash must not write keys to a disk. Where the system does not know the call there is nothing to switch off.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    // Every file is its owner's alone, the ledger's own too: a copy of the folder keeps the files' modes and not the folder's.
    umask(Mode::RWXG | Mode::RWXO);
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new("warn,kua_server=info"))
        .with_writer(std::io::stderr)
        .with_ansi(
            std::io::IsTerminal::is_terminal(&std::io::stderr()) && std::env::var_os("NO_COLOR").is_none(),
        )
        .without_time()
        .with_target(false)
        // A log that cannot be written, on a full disk or into a closed pipe, must not end the drop.
        .log_internal_errors(false)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let outcome = runtime.map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(run(cli)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "kua-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Init(folder) => commands::init::init(&folder.data),
        Command::Serve(options) => {
            let folder = Folder::at(options.folder.data);
            let mut config = folder.config()?;
            if let Some(address) = options.listen {
                config.listen = address.parse()?;
            }
            if let Some(address) = options.admin_listen {
                config.admin_listen = Some(address.parse()?);
            }
            serve::serve(folder, config, Clock::system()).await
        }
        Command::Check(options) => {
            let folder = Folder::at(options.folder.data);
            commands::check::check(&folder, options.rebuild_ledger, options.json).await
        }
        Command::Backup { folder, to } => commands::backup::backup(&Folder::at(folder.data), &to).await,
        Command::Restore { from, drop_seed, folder } => {
            commands::restore::restore(&from, &drop_seed, &folder.data)
        }
        Command::Purge(options) => {
            let folder = Folder::at(options.folder.data);
            match options.confirm_retention {
                Some(days) => commands::purge::confirm_retention(&folder, days).await,
                None if options.dry_run => commands::purge::forecast(&folder, options.json).await,
                None => commands::purge::purge(&folder, options.json).await,
            }
        }
        Command::Clock(options) => {
            commands::clock::clock(&Folder::at(options.folder.data), options.confirm, options.json).await
        }
        Command::Roster(Roster::Install { folder, file }) => {
            commands::roster::install(Folder::at(folder.data), &file).await
        }
        Command::Roster(Roster::Show { folder, json }) => {
            commands::roster::show(&Folder::at(folder.data), json)
        }
        Command::Onion { folder, service } => {
            commands::onion::onion(&Folder::at(folder.data).config()?, &service);
            Ok(())
        }
        Command::Status(options) => {
            commands::status::status(Folder::at(options.folder.data), options.json).await
        }
    }
}
