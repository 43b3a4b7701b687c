//! The real `kua-server` and the real `kua` as processes: built, found, run, waited for, ended. Nothing here sleeps.

mod clock;
mod drop;
mod team;

pub use clock::FakeClock;
pub use drop::{Drop, DropFolder};
pub use team::{Member, Team, passphrase};

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a process did not do what was asked of it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A binary is missing: build it first.
    #[error("{} is not there: run `cargo build -p kua-server -p kua` (with --release for a release)", .0.display())]
    NotBuilt(PathBuf),
    /// A file, a folder or a process gave an error.
    #[error("{what}: {error}")]
    Io {
        /// The file or the program.
        what: String,
        /// What the system said.
        error: io::Error,
    },
    /// A command ended without success.
    #[error("`{line}` ended with {code:?} and said:\n{stderr}")]
    Ended {
        /// The command line.
        line: String,
        /// Its exit code; none when a signal ended it.
        code: Option<i32>,
        /// What it wrote to standard error.
        stderr: String,
    },
    /// `kua-server` ended, or said something else, before it was ready.
    #[error("kua-server did not get ready; its log says:\n{0}")]
    NotReady(String),
    /// A command answered with something that was not expected.
    #[error("`{line}` answered without {missing}:\n{stdout}")]
    Answer {
        /// The command line.
        line: String,
        /// What was looked for.
        missing: &'static str,
        /// The answer.
        stdout: String,
    },
    /// The system gave no random bytes for a passphrase.
    #[error("the system gave no random bytes")]
    NoRandomness,
}

impl Failure {
    /// A function that turns an error about this file or program into ours.
    fn io(what: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Self {
        let what = what.as_ref().display().to_string();
        |error| Self::Io { what, error }
    }
}

/// How binaries are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As `cargo build` does.
    Dev,
    /// As `cargo build --release` does.
    Release,
}

impl Profile {
    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// Where the two binaries are.
#[derive(Debug, Clone)]
pub struct Binaries {
    server: PathBuf,
    kua: PathBuf,
}

impl Binaries {
    /// Finds the binaries beside the running program, in the target folder that cargo built it into.
    ///
    /// # Errors
    ///
    /// [`Failure::NotBuilt`], or [`Failure::Io`] when the system does not tell where this program is.
    pub fn locate(profile: Profile) -> Result<Self, Failure> {
        let own = std::env::current_exe().map_err(Failure::io("this program"))?;
        // target/debug/xtask, target/debug/deps/it-…, target/release/examples/…: the profile's folder, then its parent.
        let of_profile = own
            .ancestors()
            .skip(1)
            .find(|folder| !["deps", "examples"].iter().any(|inner| folder.ends_with(inner)));
        let target = of_profile.and_then(Path::parent).unwrap_or(Path::new("target"));
        let found = |name: &str| {
            let path = target.join(profile.folder()).join(name);
            if path.is_file() { Ok(path) } else { Err(Failure::NotBuilt(path)) }
        };
        Ok(Self { server: found("kua-server")?, kua: found("kua")? })
    }

    /// Builds the binaries, showing what cargo says, and finds them.
    ///
    /// # Errors
    ///
    /// [`Failure::Ended`] when they do not compile, and those of [`Binaries::locate`].
    pub fn build(profile: Profile) -> Result<Self, Failure> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .args(["build", "--locked", "-p", "kua-server", "-p", "kua"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        if profile == Profile::Release {
            cargo.arg("--release");
        }
        let status = cargo.status().map_err(Failure::io("cargo"))?;
        if !status.success() {
            return Err(Failure::Ended {
                line: line_of(&cargo),
                code: status.code(),
                stderr: "see above".to_owned(),
            });
        }
        Self::locate(profile)
    }

    /// The path of `kua`, for people to type.
    pub fn kua(&self) -> &Path {
        &self.kua
    }

    /// A command of `kua-server`, in English and without colours.
    pub fn server_command(&self) -> Command {
        bare(&self.server)
    }
}

/// `kua` as one person's: with a cache of its own.
#[derive(Debug, Clone)]
pub struct Kua {
    program: PathBuf,
    cache: PathBuf,
}

impl Kua {
    /// Uses the folder `cache` for what a coordinator's client remembers. It need not exist.
    pub fn new(binaries: &Binaries, cache: impl Into<PathBuf>) -> Self {
        Self { program: binaries.kua.clone(), cache: cache.into() }
    }

    /// A command of `kua`, in English and without colours. Nothing else of the environment reaches it.
    pub fn command(&self) -> Command {
        let mut command = bare(&self.program);
        command.env("KUA_CACHE", &self.cache);
        command
    }
}

/// A command with an environment that is the same on every machine.
fn bare(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LANG", "en").env("NO_COLOR", "1");
    for kept in ["PATH", "TMPDIR"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command
}

/// What a command did.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

/// Running a command to its end.
pub trait Run {
    /// Runs the command and gives what it did, whatever that was. Standard input is empty unless set.
    ///
    /// # Errors
    ///
    /// [`Failure::Io`] when it cannot be started.
    fn run(&mut self) -> Result<Output, Failure>;

    /// Runs the command and gives its standard output.
    ///
    /// # Errors
    ///
    /// [`Failure::Ended`] unless its exit code is 0, or [`Failure::Io`].
    fn succeed(&mut self) -> Result<String, Failure>;

    /// Runs the command and gives the JSON that it prints.
    ///
    /// # Errors
    ///
    /// As [`Run::succeed`], or [`Failure::Answer`].
    fn json(&mut self) -> Result<serde_json::Value, Failure>;
}

impl Run for Command {
    fn run(&mut self) -> Result<Output, Failure> {
        let output = self.output().map_err(Failure::io(self.get_program()))?;
        Ok(Output {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    fn succeed(&mut self) -> Result<String, Failure> {
        match self.run()? {
            output if output.code == Some(0) => Ok(output.stdout),
            output => Err(Failure::Ended { line: line_of(self), code: output.code, stderr: output.stderr }),
        }
    }

    fn json(&mut self) -> Result<serde_json::Value, Failure> {
        let stdout = self.succeed()?;
        serde_json::from_str(&stdout).map_err(|_| Failure::Answer {
            line: line_of(self),
            missing: "JSON",
            stdout,
        })
    }
}

/// A command as a person would type it: the program's name and the arguments, quoted where a shell needs it.
pub fn line_of(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let words = std::iter::once(program.file_name().unwrap_or(program.as_os_str())).chain(command.get_args());
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_can_be_pasted_into_a_shell() {
        let mut command = Command::new("/usr/bin/printf");
        command.args(["%s|", "plain", "http://a/#kua1", "it's", "", "$HOME"]);
        let line = line_of(&command);
        assert_eq!(line, r"printf '%s|' plain 'http://a/#kua1' 'it'\''s' '' '$HOME'");
        let shell = Command::new("sh").args(["-c", &line]).succeed().unwrap();
        assert_eq!(shell, command.succeed().unwrap());
    }

    #[test]
    fn a_command_that_fails_tells_what_it_said() {
        let failure = Command::new("sh").args(["-c", "echo no >&2; exit 3"]).succeed().unwrap_err();
        assert!(
            matches!(failure, Failure::Ended { code: Some(3), ref stderr, .. } if stderr == "no\n"),
            "{failure}"
        );
        assert!(matches!(Command::new("/no/such/program").run(), Err(Failure::Io { .. })));
        assert!(matches!(Command::new("echo").arg("{").json(), Err(Failure::Answer { .. })));
    }
}
