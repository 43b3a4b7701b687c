//! A drop: its data folder, and the process that serves it.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::{Binaries, Failure, FakeClock, Kua, Run as _};

/// The data folder of a drop.
#[derive(Debug, Clone)]
pub struct DropFolder {
    binaries: Binaries,
    data: PathBuf,
    clock: Option<FakeClock>,
}

impl DropFolder {
    /// Makes a drop in `data` with the real `kua-server init`.
    ///
    /// # Errors
    ///
    /// [`Failure::Ended`] when it is refused.
    pub fn init(binaries: &Binaries, data: impl Into<PathBuf>) -> Result<Self, Failure> {
        let folder = Self { binaries: binaries.clone(), data: data.into(), clock: None };
        folder.command(&["init"]).succeed()?;
        Ok(folder)
    }

    /// Another drop's folder, which some command made, with the same binaries.
    pub fn at(like: &Self, data: impl Into<PathBuf>) -> Self {
        Self { binaries: like.binaries.clone(), data: data.into(), clock: like.clock.clone() }
    }

    /// A command of `kua-server` about no folder in particular.
    pub fn server_command(&self) -> Command {
        self.binaries.server_command()
    }

    /// A command of `kua-server` about this folder, for example `["status"]` or `["roster", "show"]`.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = self.binaries.server_command();
        command.args(words).arg("--data").arg(&self.data);
        if let Some(clock) = &self.clock {
            clock.show_to(&mut command);
        }
        command
    }

    /// The folder's path.
    pub fn path(&self) -> &Path {
        &self.data
    }

    /// The card for those who sign the roster.
    pub fn card(&self) -> PathBuf {
        self.data.join("drop-card.json")
    }

    /// The file that takes the server's log: beside the folder, since it is none of the drop's own.
    pub fn log_file(&self) -> PathBuf {
        self.data.with_extension("log")
    }

    /// Installs a signed roster; works while the drop serves, too.
    ///
    /// # Errors
    ///
    /// [`Failure::Ended`] when it is refused.
    pub fn install(&self, roster: &Path) -> Result<(), Failure> {
        self.command(&["roster", "install"]).arg(roster).succeed().map(drop)
    }

    /// Serves the drop on a free port of this machine.
    ///
    /// # Errors
    ///
    /// [`Failure::NotReady`] with what the server said.
    pub fn serve(self) -> Result<Drop, Failure> {
        self.serve_at("127.0.0.1:0")
    }

    /// Serves the drop at an address that `--listen` takes, for example `unix:/run/kua.sock`.
    ///
    /// # Errors
    ///
    /// [`Failure::NotReady`] with what the server said.
    pub fn serve_at(self, listen: &str) -> Result<Drop, Failure> {
        let serving = Serving::start(&self, listen)?;
        Ok(Drop { folder: self, origin: serving.origin.clone(), serving: Some(serving) })
    }
}

/// A drop that is served by a process of its own. The process ends, cleanly, when this is dropped.
#[derive(Debug)]
pub struct Drop {
    folder: DropFolder,
    origin: String,
    serving: Option<Serving>,
}

impl Drop {
    /// The data folder.
    pub fn folder(&self) -> &DropFolder {
        &self.folder
    }

    /// Shows another wall clock to the processes of this drop that are started from now on.
    pub fn set_clock(&mut self, clock: Option<FakeClock>) {
        self.folder.clock = clock;
    }

    /// Where it is reached: `http://127.0.0.1:PORT` or `unix:PATH`. It stays the same when the drop is started again.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host and port that it is reached at.
    pub fn address(&self) -> &str {
        self.origin.trim_start_matches("http://")
    }

    /// The link for submitters, as `kua roster show` prints it.
    ///
    /// # Errors
    ///
    /// [`Failure::Ended`] or [`Failure::Answer`].
    pub fn link(&self, kua: &Kua, roster: &Path) -> Result<String, Failure> {
        let mut show = kua.command();
        show.args(["roster", "show"]).arg(roster).args(["--host", self.origin()]);
        let stdout = show.succeed()?;
        let link = stdout.split_whitespace().find(|word| word.contains("/#kua1"));
        link.map(str::to_owned).ok_or_else(|| Failure::Answer {
            line: super::line_of(&show),
            missing: "a link",
            stdout: stdout.clone(),
        })
    }

    /// The process's id, while it serves.
    pub fn pid(&self) -> Option<u32> {
        self.serving.as_ref().map(|serving| serving.child.id())
    }

    /// The time from the start of the process to its word that it is ready, while it serves.
    pub fn ready_after(&self) -> Option<Duration> {
        self.serving.as_ref().map(|serving| serving.ready_after)
    }

    /// What the server logged since the folder was made.
    ///
    /// # Errors
    ///
    /// [`Failure::Io`].
    pub fn log(&self) -> Result<String, Failure> {
        let path = self.folder.log_file();
        fs::read_to_string(&path).map_err(Failure::io(path))
    }

    /// Asks the process to end (SIGTERM), and waits. None when it did not serve.
    ///
    /// # Errors
    ///
    /// [`Failure::Io`] when it cannot be waited for.
    pub fn stop(&mut self) -> Result<Option<ExitStatus>, Failure> {
        self.end(Signal::TERM)
    }

    /// Ends the process as a power cut would (SIGKILL), and waits. None when it did not serve.
    ///
    /// # Errors
    ///
    /// [`Failure::Io`] when it cannot be waited for.
    pub fn kill(&mut self) -> Result<Option<ExitStatus>, Failure> {
        self.end(Signal::KILL)
    }

    /// Serves again at the same address, after stopping if it still serves.
    ///
    /// # Errors
    ///
    /// [`Failure::NotReady`] with what the server said.
    pub fn restart(&mut self) -> Result<(), Failure> {
        self.stop()?;
        self.serving = Some(Serving::start(&self.folder, self.address())?);
        Ok(())
    }

    fn end(&mut self, signal: Signal) -> Result<Option<ExitStatus>, Failure> {
        let Some(mut serving) = self.serving.take() else {
            return Ok(None);
        };
        // It may have ended by itself. It was not waited for yet, so that its id is nobody else's.
        let _ = kill_process(Pid::from_child(&serving.child), signal);
        serving.child.wait().map(Some).map_err(Failure::io("kua-server"))
    }
}

impl std::ops::Drop for Drop {
    fn drop(&mut self) {
        // Nobody is left to be told.
        let _ = self.stop();
    }
}

/// A process that said that it is ready.
#[derive(Debug)]
struct Serving {
    child: Child,
    origin: String,
    ready_after: Duration,
    /// Held so that a later line of the server does not break its pipe.
    _stdout: BufReader<ChildStdout>,
}

impl Serving {
    fn start(folder: &DropFolder, listen: &str) -> Result<Self, Failure> {
        let path = folder.log_file();
        let log = File::options().create(true).append(true).open(&path).map_err(Failure::io(&path))?;
        let started = Instant::now();
        let mut child = folder
            .command(&["serve", "--listen", listen])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(Failure::io("kua-server"))?;
        let mut line = String::new();
        let stdout = child.stdout.take().map(BufReader::new).and_then(|mut stdout| {
            // The end of the stream means that the process ended, and so does an error.
            stdout.read_line(&mut line).ok().map(|_| stdout)
        });
        let ready_after = started.elapsed();
        if let (Some(origin), Some(stdout)) = (line.trim_end().strip_prefix("listening on "), stdout) {
            return Ok(Self { child, origin: origin.to_owned(), ready_after, _stdout: stdout });
        }
        let _ = child.kill();
        let _ = child.wait();
        Err(Failure::NotReady(fs::read_to_string(&path).unwrap_or_default()))
    }
}
