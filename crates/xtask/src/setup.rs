//! What the tests need besides Rust: programs of the system, and npm and Python packages by lock file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::cargo::{root, run};

/// A program of the system.
struct Need {
    program: &'static str,
    /// The Debian packages that bring it, with spaces between them.
    packages: &'static str,
    what_for: &'static str,
}

const NEEDS: &[Need] = &[
    Need { program: "node", packages: "nodejs", what_for: "the TypeScript side of the tests" },
    Need { program: "npm", packages: "npm", what_for: "its packages" },
    Need { program: "git", packages: "git", what_for: "seeing that the page is built from what is here" },
    // The fonts have the Kazakh and the Arabic letters.
    Need { program: BROWSER, packages: "chromium fonts-dejavu-core", what_for: "the submitter's page" },
    Need { program: "python3", packages: "python3", what_for: "a tus client of other people" },
    Need { program: "tar", packages: "tar", what_for: "opening an archive without our code" },
    Need { program: "mkfs.ext4", packages: "e2fsprogs", what_for: "disks in files, for tests of power loss" },
    Need { program: "mount", packages: "mount", what_for: "the same disks" },
    Need { program: "faketime", packages: "faketime", what_for: "clocks that are wrong" },
    Need { program: "strace", packages: "strace", what_for: "making the kernel forget a sync" },
];

/// The browser of the tests, unless `CHROMIUM` names another one.
const BROWSER: &str = "chromium";

/// Installs what is missing, where that is allowed.
pub(crate) fn run_setup() -> anyhow::Result<()> {
    programs()?;
    for folder in npm_folders()? {
        packages(&folder)?;
    }
    python_packages(&root().join("tests/interop"))
}

/// Looks for every program; as root on Debian it installs the missing ones.
fn programs() -> anyhow::Result<()> {
    let is_missing = |need: &&Need| match need.program {
        BROWSER => browser().is_none(),
        program => find_program(program).is_none(),
    };
    let missing: Vec<&Need> = NEEDS.iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for need in &missing {
        println!("{} is missing, for {} (Debian: {})", need.program, need.what_for, need.packages);
    }
    let names: Vec<&str> = missing.iter().flat_map(|need| need.packages.split(' ')).collect();
    apt_get(&names)
}

/// Installs Debian packages as root, or says what to install.
fn apt_get(names: &[&str]) -> anyhow::Result<()> {
    if !rustix::process::geteuid().is_root() || find_program("apt-get").is_none() {
        bail!("install these packages first, as root: apt-get install {}", names.join(" "));
    }
    let apt = |words: &[&str]| {
        let mut apt = Command::new("apt-get");
        run(apt.env("DEBIAN_FRONTEND", "noninteractive").args(words))
    };
    apt(&["update", "-q"])?;
    apt(&[&["install", "-q", "-y", "--no-install-recommends"], names].concat())
}

/// Where a program is on `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// The browser that tests drive: what `CHROMIUM` names, else Debian's.
pub(crate) fn browser() -> Option<PathBuf> {
    std::env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| find_program(BROWSER))
}

/// The project's folders with npm packages: those with a lock file.
pub(crate) fn npm_folders() -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut left = vec![root()];
    while let Some(folder) = left.pop() {
        if folder.join("package-lock.json").is_file() {
            found.push(folder.clone());
        }
        let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let hidden = name.to_string_lossy().starts_with('.');
            if entry.file_type()?.is_dir() && !hidden && name != "node_modules" && name != "target" {
                left.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Installs a folder's packages as locked, unless that lock file was installed before.
fn packages(folder: &Path) -> anyhow::Result<()> {
    let lock = fs::read(folder.join("package-lock.json"))?;
    // npm ci removes the folder first, so that a failure leaves no mark.
    let mark = folder.join("node_modules/.installed-package-lock.json");
    if fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(npm(&["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    fs::write(&mark, lock).with_context(|| mark.display().to_string())
}

/// Installs a folder's Python packages as locked, into `python` in that folder, unless that lock file was installed
/// before.
fn python_packages(folder: &Path) -> anyhow::Result<()> {
    let lock_file = folder.join("requirements.txt");
    let (lock, environment) = (fs::read(&lock_file)?, folder.join("python"));
    let mark = environment.join("installed-requirements.txt");
    if fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment).status();
    if !made.is_ok_and(|status| status.success()) {
        // Debian keeps the module in a package of its own.
        apt_get(&["python3-venv"])?;
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    }
    let mut pip = Command::new(environment.join("bin/pip"));
    run(pip.args(["install", "--quiet", "--require-hashes", "-r"]).arg(&lock_file))?;
    fs::write(&mark, lock).with_context(|| mark.display().to_string())
}

/// A command of npm.
pub(crate) fn npm(words: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.args(words);
    npm
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_folders_are_found_and_installed_ones_are_none() {
        let folders = npm_folders().unwrap();
        assert!(folders.contains(&root().join("tests/interop")), "{folders:?}");
        assert!(folders.iter().all(|folder| !folder.to_string_lossy().contains("node_modules")));
    }

    #[test]
    fn programs_are_looked_for_by_their_whole_name() {
        assert!(find_program("sh").is_some());
        assert!(find_program("no-such-program-anywhere").is_none());
    }
}
