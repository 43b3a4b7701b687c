//! `kua`: seals, sends and opens incident reports.

#![allow(unreachable_pub, reason = "in a binary `pub` says that a module shows it, and no more")]

#[cfg(not(target_os = "linux"))]
compile_error!(
    "kua is for Linux today. What another system needs lies in isolation.rs, terminal/interrupt.rs, and in kua-client \
     in files/private.rs and cache/turn.rs"
);

#[macro_use]
mod terminal;

mod args;
mod commands;
mod error;
mod isolation;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use kua_clock::Clock;

use crate::args::{Cli, Command};
use crate::error::Error;
use crate::terminal::errors::InWords as _;
use crate::terminal::i18n::Words;
use crate::terminal::{Terminal, interrupt};

fn main() -> ExitCode {
    // A crash must not write keys to a disk.
    isolation::switch_off_core_dumps();
    let cli = Cli::parse();
    let terminal = Arc::new(Terminal::new(Words::of_system()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(cli.command, &Clock::system(), &terminal)),
        Err(error) => Err(Error::system(error)),
    };
    // Before an error is told, so that it is all that stands there.
    interrupt::clear_screen_if_wanted();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error.tell(terminal.words());
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    interrupt::watch();
    match command {
        Command::Submit(options) => commands::submit::run(options, clock, terminal).await,
        Command::Seal(options) => commands::seal::run(options, clock, terminal).await,
        Command::Key(command) => commands::key::run(command, clock, terminal.words()),
        Command::Roster(command) => commands::roster::run(command, clock, terminal.words()).await,
        Command::Inbox(options) => commands::inbox::run(options, clock, terminal).await,
        Command::Open(options) => commands::open::run(options, clock, terminal).await,
        Command::Fetch(options) => commands::fetch::run(options, clock, terminal).await,
        Command::Delete(options) => commands::delete::run(options, clock, terminal).await,
        Command::Reply(options) => commands::reply::run(options, clock, terminal).await,
        Command::Triage(options) => commands::triage::run(options, clock, terminal).await,
        Command::Grant(options) => commands::grant::run(options, clock, terminal).await,
        Command::Export(options) => commands::export::run(options, clock, terminal).await,
        Command::Custody(options) => commands::custody::run(options, clock, terminal).await,
        Command::Return(options) => commands::return_::run(options, clock, terminal).await,
        Command::Receipt(command) => commands::receipt::run(command, clock, terminal).await,
        Command::VerifySite(options) => commands::verify_site::run(&options, terminal).await,
    }
}
