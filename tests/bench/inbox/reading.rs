//! A drop full of reports, and a coordinator who reads them.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use acceptance::processes::{Binaries, Drop, DropFolder, Kua, Profile, Team};
use anyhow::ensure;
use kua_protocol::card::{CoordinatorCard, DropCard};
use kua_protocol::keys::SigningKey;
use kua_protocol::secret::Seed;
use kua_report::{Archive, Base64Url, Draft, Reply, Report, Routing};
use kua_sealing::CoordinatorKeys;
use serde_json::Value;

use crate::peak::Peak;
use crate::race::race;
use crate::requests::{self, Connection, Target};

/// What is measured with.
pub(crate) struct Bench {
    pub(crate) kua: Kua,
    pub(crate) team: Team,
    cache: PathBuf,
    link: String,
    server: Drop,
}

impl Bench {
    /// A drop for this team that serves, in a folder.
    pub(crate) fn prepare(work: &Path, team: Team) -> anyhow::Result<Self> {
        let binaries = Binaries::locate(Profile::Release)?;
        let cache = work.join("cache");
        let kua = Kua::new(&binaries, &cache);
        let data = DropFolder::init(&binaries, work.join("drop"))?;
        let roster = work.join("roster.json");
        team.sign_roster(&kua, "Bench", &data.card(), &roster)?;
        data.install(&roster)?;
        let server = data.serve()?;
        let link = server.link(&kua, &roster)?;
        Ok(Self { kua, team, cache, link, server })
    }

    /// Submits so many reports, each of a mailbox of its own; `draft` makes the nth.
    pub(crate) fn fill(
        &self,
        reports: usize,
        draft: &(impl Fn(usize) -> Value + Sync),
    ) -> anyhow::Result<()> {
        let (target, recipients) = (Target::ask(&self.server)?, requests::recipients(&self.team)?);
        let card: DropCard = serde_json::from_slice(&fs::read(self.server.folder().card())?)?;
        // Nobody answers here, so that one recipient is enough for all.
        let answers = CoordinatorKeys::from_seed(&Seed::generate()?).recipient().to_string();
        let keys = self.team.coordinators.iter().map(|member| {
            let card = fs::read(member.vault.with_extension("card.json"))?;
            let card: CoordinatorCard = serde_json::from_slice(&card)?;
            Ok(Base64Url::new(*card.sign.as_bytes()))
        });
        let to = keys.collect::<anyhow::Result<Vec<_>>>()?;
        let made = AtomicUsize::new(0);
        let archive = |key: &SigningKey| -> anyhow::Result<Vec<u8>> {
            let sign = Base64Url::new(*key.public().as_bytes());
            let routing = Routing {
                number: kua_protocol::id::ReportNumber::from_bytes([0; 16]),
                drop: card.drop,
                to: to.clone(),
                reply: Reply::new(answers.clone().try_into().map_err(anyhow::Error::msg)?, sign),
                thread: None,
            };
            let draft = Draft::from_value(draft(made.fetch_add(1, Ordering::Relaxed)))?;
            let report = Report::new(draft, routing, Vec::new())?;
            let mut bytes = Vec::new();
            Archive::new(&report)?.source(|_, _| Ok(std::io::empty())).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        // In portions, so that the memory is this program's and not the swap's.
        for portion in (0..reports).step_by(2_000) {
            let count = (reports - portion).min(2_000);
            let requests = target.prepare(&recipients, count, &archive)?;
            let connect = || Connection::open(&target);
            race(16, count, connect, |connection, n| connection.submit(&requests[n]))?;
        }
        Ok(())
    }

    /// What `kua inbox --json` with these options lists, and what it took.
    pub(crate) fn inbox(&self, options: &[&str]) -> anyhow::Result<(Took, Vec<Value>)> {
        let (took, output) = self.run(&[&["inbox", "--json"], options].concat())?;
        Ok((took, serde_json::from_slice(&output)?))
    }

    /// What a command of the first coordinator prints, and what it took.
    pub(crate) fn run(&self, words: &[&str]) -> anyhow::Result<(Took, Vec<u8>)> {
        let mut command = self.command(words[0]);
        command.args(&words[1..]);
        let started = Instant::now();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let peak = Peak::of(child.id());
        let output = child.wait_with_output()?;
        let time = started.elapsed();
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok((Took { time, mib: peak.kib() / 1024 }, output.stdout))
    }

    fn command(&self, name: &str) -> Command {
        let mut command = self.kua.command();
        command.args([name, &self.link]);
        self.team.coordinators[0].unlock(&mut command);
        command
    }

    /// Bytes of all that the client remembers.
    pub(crate) fn remembered(&self) -> anyhow::Result<u64> {
        let mut bytes = 0;
        for folder in fs::read_dir(&self.cache)? {
            for file in fs::read_dir(folder?.path())? {
                bytes += file?.metadata()?.len();
            }
        }
        Ok(bytes)
    }
}

/// What a command took.
pub(crate) struct Took {
    pub(crate) time: Duration,
    /// The most memory that it held, in MiB.
    pub(crate) mib: u64,
}

/// The one in the middle.
pub(crate) fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
