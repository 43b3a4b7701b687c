//! `cargo xtask bench`: builds what is shipped and measures it with the load generator of `tests/bench/`.

use std::path::PathBuf;

use acceptance::processes::{Binaries, Profile};

use crate::cargo::{cargo, root, run};
use crate::setup;

/// Durable submissions per second, in a folder on the disk that is meant: `target/bench` unless another is named.
pub(crate) fn submit(folder: Option<PathBuf>) -> anyhow::Result<()> {
    bench("bench-submit", folder)
}

/// How alike unknown and foreign mailboxes are answered, in such a folder.
pub(crate) fn mailboxes(folder: Option<PathBuf>) -> anyhow::Result<()> {
    bench("bench-mailboxes", folder)
}

/// Large attachments end to end, beside sealing alone and a bare write, in such a folder.
pub(crate) fn upload(folder: Option<PathBuf>) -> anyhow::Result<()> {
    bench("bench-upload", folder)
}

/// The time of `kua inbox` over thousands of reports, and over those that are new, in such a folder.
pub(crate) fn inbox(folder: Option<PathBuf>) -> anyhow::Result<()> {
    bench("bench-inbox", folder)
}

/// The first inbox of ten thousand reports, and searches and filters over them, in such a folder.
pub(crate) fn desk(folder: Option<PathBuf>) -> anyhow::Result<()> {
    bench("bench-desk", folder)
}

/// Sealing in the submitter's page, in a real browser, beside `kua` in the same run, in such a folder.
pub(crate) fn web(folder: Option<PathBuf>) -> anyhow::Result<()> {
    setup::run_setup()?;
    bench("bench-web", folder)
}

fn bench(example: &str, folder: Option<PathBuf>) -> anyhow::Result<()> {
    Binaries::build(Profile::Release)?;
    let folder = std::path::absolute(folder.unwrap_or_else(|| root().join("target/bench")))?;
    let mut bench = cargo(&["run", "--release", "--locked", "-p", "acceptance", "--example", example, "--"]);
    run(bench.arg(folder))
}
