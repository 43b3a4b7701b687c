//! `kua`: seals, sends and opens incident reports.

#![allow(unreachable_pub, reason = "in a binary `pub` says that a module shows it, and no more")]

#[macro_use]
mod out;

mod ask;
mod cache;
mod case;
mod cli;
mod codename;
mod commands;
mod drop;
mod error;
mod files;
mod filter;
mod folding;
mod followup;
mod hidden;
mod interrupt;
mod interview;
mod looking;
mod memory;
mod prepare;
mod progress;
mod proxy;
mod qr;
mod sealed;
mod send;
mod session;
mod several;
mod sheet;
mod show;
mod summary;
mod thread;
mod vault;
mod words;

use std::process::ExitCode;

use clap::Parser as _;
use kua_clock::Clock;
use rustix::process::{DumpableBehavior, set_dumpable_behavior};

use crate::cli::{Cli, Command};
use crate::error::Error;
use crate::words::Words;

fn main() -> ExitCode {
    // A crash must not write keys to a disk. Where the system does not know the call there is nothing to switch off.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let cli = Cli::parse();
    let words = Words::of_system();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(cli.command, &Clock::system(), &words)),
        Err(error) => Err(Error::System(error.to_string())),
    };
    // Before an error is told, so that it is all that stands there.
    interrupt::clear_screen_if_wanted();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error.tell(&words);
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, clock: &Clock, words: &Words) -> Result<(), Error> {
    interrupt::watch();
    match command {
        Command::Submit(options) => commands::submit::run(options, clock, words).await,
        Command::Seal(options) => commands::seal::run(options, clock, words).await,
        Command::Key(command) => commands::key::run(command, clock, words),
        Command::Roster(command) => commands::roster::run(command, clock, words).await,
        Command::Inbox(options) => commands::inbox::run(options, clock, words).await,
        Command::Open(options) => commands::open::run(options, clock, words).await,
        Command::Fetch(options) => commands::fetch::run(options, clock, words).await,
        Command::Delete(options) => commands::delete::run(options, clock, words).await,
        Command::Reply(options) => commands::reply::run(options, clock, words).await,
        Command::Triage(options) => commands::triage::run(options, clock, words).await,
        Command::Grant(options) => commands::grant::run(options, clock, words).await,
        Command::Export(options) => commands::export::run(options, clock, words).await,
        Command::Custody(options) => commands::custody::run(options, clock, words).await,
        Command::Return(options) => commands::return_::run(options, clock, words).await,
        Command::Receipt(command) => commands::receipt::run(command, clock, words).await,
        Command::VerifySite(options) => commands::verify_site::run(&options, words).await,
    }
}
