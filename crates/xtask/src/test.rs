//! `cargo xtask test`: everything that has to pass, in the order in which mistakes are cheapest to find; with `--long` the same
//! tests with more of everything: what a change has touched should have been through that.

use std::process::Command;
use std::time::{Duration, Instant};

use acceptance::processes::{Binaries, Profile};
use anyhow::{Context as _, bail};

use crate::cargo::{cargo, has_subcommand, root, run as run_command};
use crate::{layers, setup, unused};

/// How much is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// A little of everything, in minutes: before every change.
    Daily,
    /// Much more of what takes long: by whoever touched what it covers, and before a release.
    Long,
}

/// What makes a test longer, and how much of it there is then. Each of these tests takes a few of them every day.
const MORE: &[(&str, &str)] = &[
    ("KUA_KILLS", "200"),
    ("KUA_LARGE_MIB", "1024"),
    ("KUA_POWER_CUTS", "50"),
    ("KUA_SUBMISSIONS", "100"),
    ("PROPTEST_CASES", "4096"),
];

impl Length {
    /// Gives a command what makes its tests longer.
    fn apply(self, command: &mut Command) -> &mut Command {
        if self == Self::Long { command.envs(MORE.iter().copied()) } else { command }
    }
}

/// One thing that has to pass.
struct Step {
    name: &'static str,
    work: fn(Length) -> anyhow::Result<()>,
}

const STEPS: &[Step] = &[
    Step { name: "setup", work: |_| setup::run_setup() },
    Step { name: "formatting", work: |_| run_command(&mut cargo(&["fmt", "--all", "--check"])) },
    Step { name: "layers", work: |_| layers::run() },
    Step { name: "unused dependencies", work: |_| unused::run() },
    Step { name: "clippy", work: |_| clippy() },
    Step { name: "binaries", work: |_| binaries() },
    Step { name: "TypeScript", work: typescript },
    Step { name: "the page in a browser", work: page },
    Step { name: "tests", work: tests },
    Step { name: "examples in the documentation", work: |_| doctests() },
];

/// Runs all steps, the later ones also after a failure, and sums up.
pub(crate) fn run(length: Length) -> anyhow::Result<()> {
    let mut results: Vec<(&str, Duration, anyhow::Result<()>)> = Vec::new();
    let whole = Instant::now();
    for (n, step) in STEPS.iter().enumerate() {
        println!("\n── {} of {}: {}", n + 1, STEPS.len(), step.name);
        let started = Instant::now();
        let result = (step.work)(length);
        if let Err(error) = &result {
            eprintln!("{error:#}");
        }
        results.push((step.name, started.elapsed(), result));
    }
    println!("\n── {} s in all", whole.elapsed().as_secs());
    for (name, took, result) in &results {
        let verdict = if result.is_ok() { "passed" } else { "FAILED" };
        println!("{verdict}  {:6.1} s  {name}", took.as_secs_f64());
    }
    let failed = results.iter().filter(|(_, _, result)| result.is_err()).count();
    println!("{} passed, {failed} failed", results.len() - failed);
    if failed > 0 {
        bail!("{failed} of {} steps failed", STEPS.len());
    }
    Ok(())
}

fn clippy() -> anyhow::Result<()> {
    let words = ["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"];
    run_command(&mut cargo(&words))
}

/// Types and tests of every npm package of ours.
fn typescript(length: Length) -> anyhow::Result<()> {
    for folder in setup::npm_folders()? {
        run_command(setup::npm(&["run", "build"]).current_dir(&folder))?;
        run_command(length.apply(&mut npm_test(&["test", "--if-present"])?).current_dir(&folder))?;
    }
    Ok(())
}

/// The submitter's page: that what is kept built is what is written, and the whole of it in a real browser.
fn page(length: Length) -> anyhow::Result<()> {
    let folder = root().join("client/web");
    run_command(setup::npm(&["run", "check-dist"]).current_dir(&folder))?;
    let browser = setup::browser().context("there is no browser: see the setup step")?;
    let mut test = npm_test(&["run", "test:browser"])?;
    run_command(length.apply(&mut test).env("CHROMIUM", browser).current_dir(&folder))
}

/// A command of npm that runs tests with the binaries at hand.
fn npm_test(words: &[&str]) -> anyhow::Result<Command> {
    let mut test = setup::npm(words);
    // Here a test that cannot find the binaries fails instead of saying so.
    test.env("KUA_BIN", Binaries::locate(Profile::Dev)?.kua()).env("KUA_REQUIRE_INTEROP", "1");
    Ok(test)
}

/// The two binaries that the acceptance tests run, as they are shipped but for optimisation.
fn binaries() -> anyhow::Result<()> {
    run_command(&mut cargo(&["build", "--locked", "-p", "kua-server", "-p", "kua"]))
}

fn tests(length: Length) -> anyhow::Result<()> {
    let words: &[&str] = if has_subcommand("nextest") {
        &["nextest", "run", "--no-fail-fast"]
    } else {
        &["test", "--tests", "--no-fail-fast"]
    };
    let mut tests = cargo(&[words, &["--locked", "--workspace"]].concat());
    // Here a test that cannot find Node.js fails instead of saying so.
    run_command(length.apply(&mut tests).env("KUA_REQUIRE_INTEROP", "1"))
}

fn doctests() -> anyhow::Result<()> {
    run_command(&mut cargo(&["test", "--locked", "--workspace", "--doc"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_test_gets_more_of_what_some_test_asks_for() {
        let mut command = Command::new("true");
        assert_eq!(Length::Daily.apply(&mut command).get_envs().count(), 0);
        assert_eq!(Length::Long.apply(&mut command).get_envs().count(), MORE.len());
        let sources = ["tests/it", "client/web/browser"].map(|folder| texts(&root().join(folder)));
        for (name, _) in MORE.iter().filter(|(name, _)| *name != "PROPTEST_CASES") {
            assert!(sources.iter().any(|text| text.contains(name)), "no test asks for {name}");
        }
    }

    /// All files below a folder, one after another.
    fn texts(folder: &std::path::Path) -> String {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let text = |path: std::path::PathBuf| {
            if path.is_dir() { texts(&path) } else { std::fs::read_to_string(&path).unwrap_or_default() }
        };
        entries.map(text).collect()
    }
}
