//! Cargo, npm and other programs, started in the project's folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use acceptance::processes::line_of;
use anyhow::{Context as _, bail};

/// The project's folder.
pub(crate) fn root() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    crates.and_then(Path::parent).unwrap_or(Path::new(".")).to_owned()
}

/// The cargo that runs this program.
pub(crate) fn cargo(words: &[&str]) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(words).current_dir(root());
    cargo
}

/// Whether cargo has this subcommand, installed apart from it.
pub(crate) fn has_subcommand(name: &str) -> bool {
    let mut version = cargo(&[name, "--version"]);
    version.stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// Runs a command, which shows its own output.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let line = line_of(command);
    let status = command.status().with_context(|| format!("`{line}` cannot be started"))?;
    if !status.success() {
        bail!("`{line}` failed");
    }
    Ok(())
}
