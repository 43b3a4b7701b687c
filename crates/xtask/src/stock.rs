//! Opening a report with stock tools alone: `age` and `tar`, as the protocol page says under "Recovery".

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use acceptance::processes::{Run as _, line_of};
use anyhow::Context as _;

use crate::setup::find_program;

/// The first version of age that knows `age1pq` recipients.
const AGE: (u32, u32) = (1, 3);

/// A folder with a sealed report and the identity that opens it.
pub(crate) struct Stock {
    folder: PathBuf,
    sealed: String,
}

impl Stock {
    /// Puts the identity beside the sealed report `ID.age`, for its owner's eyes only.
    pub(crate) fn lay_out(folder: &Path, id: &str, identity: &str) -> anyhow::Result<Self> {
        let path = folder.join("identity.txt");
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| file.write_all(identity.as_bytes()));
        written.with_context(|| path.display().to_string())?;
        Ok(Self { folder: folder.to_owned(), sealed: format!("{id}.age") })
    }

    /// The commands as a person types them. They go through a file, so that nothing unverified is unpacked.
    pub(crate) fn commands(&self) -> [String; 2] {
        [
            format!("cd {}", self.folder.display()),
            format!("{} && {}", line_of(&self.age()), line_of(&self.tar())),
        ]
    }

    /// Runs them, or says why they cannot be run here.
    pub(crate) fn run(&self) -> anyhow::Result<Result<(), String>> {
        if find_program("age").is_none() {
            return Ok(Err("age is not installed".to_owned()));
        }
        let version = Command::new("age").arg("--version").succeed().unwrap_or_default();
        if version_of(&version).is_some_and(|found| found < AGE) {
            let (major, minor) = AGE;
            return Ok(Err(format!(
                "this age is {}, and age1pq recipients came with {major}.{minor}",
                version.trim()
            )));
        }
        self.age().succeed()?;
        self.tar().succeed()?;
        Ok(Ok(()))
    }

    fn age(&self) -> Command {
        let mut age = Command::new("age");
        age.args(["-d", "-o", "r.tar", "-i", "identity.txt", &self.sealed]).current_dir(&self.folder);
        age
    }

    fn tar(&self) -> Command {
        let mut tar = Command::new("tar");
        tar.args(["xf", "r.tar"]).current_dir(&self.folder);
        tar
    }
}

/// Major and minor number of `v1.3.1`, `1.3.1` or `1.2.0-rc.1`; none when a build has no number.
fn version_of(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().trim_start_matches('v').split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next()?.split(['-', '+']).next()?.parse().ok()?;
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        for (text, expected) in [
            ("v1.3.0\n", Some((1, 3))),
            ("1.2.1", Some((1, 2))),
            ("1.10-rc.1", Some((1, 10))),
            ("(devel)", None),
            ("", None),
        ] {
            assert_eq!(version_of(text), expected, "{text}");
        }
        assert!(version_of("1.10.0") > Some(AGE) && version_of("1.1.1") < Some(AGE));
    }
}
