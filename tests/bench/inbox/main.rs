//! A coordinator's inbox of thousands of reports: the first time, again, and with a few new ones, beside what every command
//! costs that opens a vault. Run it with `cargo xtask bench inbox`.

#[path = "../submit/race.rs"]
mod race;
#[path = "../submit/requests.rs"]
mod requests;

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use acceptance::processes::{Binaries, Drop, DropFolder, Kua, Profile, Run as _, Team};
use acceptance::samples;
use anyhow::{Context as _, ensure};
use kua_protocol::card::DropCard;
use kua_protocol::keys::SigningKey;
use kua_protocol::secret::Seed;
use kua_report::{Archive, Base64Url, Draft, Hex, Reply, Report, Routing};
use kua_sealing::CoordinatorKeys;

use race::race;
use requests::{Connection, Target};

/// Reports at the drop after each step; the rest of a step is what was there before.
const STEPS: [usize; 6] = [0, 10, 1_000, 1_010, 10_000, 10_010];
/// Each time is the median of so many rounds, where it can be taken again.
const ROUNDS: usize = 3;

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("name a folder on the disk to measure")?);
    fs::create_dir_all(&folder)?;
    let work = tempfile::Builder::new().prefix("kua-bench-").tempdir_in(&folder)?;
    let bench = Bench::prepare(work.path())?;
    println!("the vault alone: {:.2} s", median(&bench.times(&["key", "show"])?));
    println!("\nreports    new  first s  again s");
    let mut there = 0;
    for reports in STEPS {
        bench.fill(reports - there)?;
        let first = bench.inbox(reports)?.as_secs_f64();
        let again = (0..ROUNDS).map(|_| Ok(bench.inbox(reports)?.as_secs_f64()));
        let again = median(&again.collect::<anyhow::Result<Vec<_>>>()?);
        println!("{reports:>7}  {:>5}  {first:>7.2}  {again:>7.2}", reports - there);
        there = reports;
    }
    println!("\nthe remembered reports take {} KiB", bench.remembered()? / 1024);
    Ok(())
}

/// What is measured with.
struct Bench {
    kua: Kua,
    team: Team,
    cache: PathBuf,
    link: String,
    server: Drop,
}

impl Bench {
    fn prepare(work: &Path) -> anyhow::Result<Self> {
        let binaries = Binaries::locate(Profile::Release)?;
        let cache = work.join("cache");
        let kua = Kua::new(&binaries, &cache);
        let team = Team::new(&kua, &work.join("team"), &["Aigul", "Marat"])?;
        let data = DropFolder::init(&binaries, work.join("drop"))?;
        let roster = work.join("roster.json");
        team.sign_roster(&kua, "Bench", &data.card(), &roster)?;
        data.install(&roster)?;
        let server = data.serve()?;
        let link = server.link(&kua, &roster)?;
        Ok(Self { kua, team, cache, link, server })
    }

    /// Submits so many reports, each of a mailbox of its own.
    fn fill(&self, reports: usize) -> anyhow::Result<()> {
        let (target, recipients) = (Target::ask(&self.server)?, requests::recipients(&self.team)?);
        let card: DropCard = serde_json::from_slice(&fs::read(self.server.folder().card())?)?;
        let draft = samples::incidents().into_iter().next().context("there are no samples")?.draft;
        // Nobody answers here, so that one recipient is enough for all.
        let answers = CoordinatorKeys::from_seed(&Seed::generate()?).recipient().to_string();
        let archive = |key: &SigningKey| -> anyhow::Result<Vec<u8>> {
            let sign = Base64Url::new(*key.public().as_bytes());
            let routing = Routing {
                number: Hex::new([0; 16]),
                drop: Hex::new(*card.drop.as_bytes()),
                to: vec![sign],
                reply: Reply::new(answers.parse()?, sign),
                thread: None,
            };
            let report = Report::new(Draft::from_value(draft.clone())?, routing, Vec::new())?;
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

    /// How long `kua inbox --json` takes, which lists so many reports, all of them opened.
    fn inbox(&self, reports: usize) -> anyhow::Result<Duration> {
        let mut inbox = self.kua.command();
        inbox.args(["inbox", &self.link, "--json"]);
        self.team.coordinators[0].unlock(&mut inbox);
        let started = Instant::now();
        let listed = inbox.succeed()?;
        let time = started.elapsed();
        let rows: Vec<serde_json::Value> = serde_json::from_str(&listed)?;
        let opened = rows.iter().filter(|row| row["title"].is_string()).count();
        ensure!((rows.len(), opened) == (reports, reports), "{} are listed, {opened} opened", rows.len());
        Ok(time)
    }

    /// Seconds that a command takes which does nothing but open the vault.
    fn times(&self, words: &[&str]) -> anyhow::Result<Vec<f64>> {
        let member = &self.team.coordinators[0];
        let time = |_| {
            let mut command = self.kua.command();
            command.args(words).arg(&member.vault).arg("--passphrase-file").arg(&member.passphrase_file);
            let started = Instant::now();
            command.succeed()?;
            Ok(started.elapsed().as_secs_f64())
        };
        (0..ROUNDS).map(time).collect()
    }

    /// Bytes of all that the client remembers.
    fn remembered(&self) -> anyhow::Result<u64> {
        let mut bytes = 0;
        for folder in fs::read_dir(&self.cache)? {
            for file in fs::read_dir(folder?.path())? {
                bytes += file?.metadata()?.len();
            }
        }
        Ok(bytes)
    }
}

fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
