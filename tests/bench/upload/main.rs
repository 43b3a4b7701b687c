//! Large evidence end to end: a file is hashed, sealed, sent and durable, beside sealing it to nowhere and writing it bare,
//! all in the same run and on the same disk. Run it with `cargo xtask bench upload`.

mod peak;

use std::fs::{self, File};
use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use acceptance::processes::{Binaries, Drop, DropFolder, Kua, Profile, Team};
use anyhow::{Context as _, ensure};
use kua_protocol::secret::Seed;
use kua_sealing::{CoordinatorKeys, Floor, Recipients, SealPlan};

use peak::Peak;

/// Attachments at a time, and the mebibytes of each.
const CASES: [(usize, u64); 3] = [(1, 256), (8, 256), (1, 2000)];
/// Each time is the median of so many rounds; the largest is measured once, for its memory.
const ROUNDS: usize = 3;
const MIB: u64 = 1 << 20;

/// What is measured with.
struct Bench {
    work: PathBuf,
    kua: Kua,
    link: String,
    server: Drop,
}

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("name a folder on the disk to measure")?);
    fs::create_dir_all(&folder)?;
    let work = tempfile::Builder::new().prefix("kua-bench-").tempdir_in(&folder)?;
    let bench = Bench::prepare(work.path())?;
    println!("files    MiB  end to end MB/s  sealing MB/s  write+fsync MB/s  ratio  client KiB  server KiB");
    for (files, mib) in CASES {
        let rounds = if mib > 256 { 1 } else { ROUNDS };
        bench.case(files, mib, rounds)?;
    }
    println!(
        "\nratio: end to end by the slower of the two beside it; memory: the most that one process held"
    );
    Ok(())
}

impl Bench {
    fn prepare(work: &Path) -> anyhow::Result<Self> {
        let binaries = Binaries::locate(Profile::Release)?;
        let kua = Kua::new(&binaries, work.join("cache"));
        let team = Team::new(&kua, &work.join("team"), &["Aigul", "Marat"])?;
        let data = DropFolder::init(&binaries, work.join("drop"))?;
        let roster = work.join("roster.json");
        team.sign_roster(&kua, "Bench", &data.card(), &roster)?;
        data.install(&roster)?;
        let server = data.serve()?;
        let link = server.link(&kua, &roster)?;
        fs::write(work.join("report.json"), r#"{"title":"a film","description":"of what happened"}"#)?;
        Ok(Self { work: work.to_owned(), kua, link, server })
    }

    fn case(&self, files: usize, mib: u64, rounds: usize) -> anyhow::Result<()> {
        let paths = (0..files).map(|n| self.film(n, mib)).collect::<anyhow::Result<Vec<_>>>()?;
        let (mut whole, mut sealing, mut writing) = (Vec::new(), Vec::new(), Vec::new());
        let server = Peak::of(self.server.pid().context("the server has ended")?);
        let mut client = 0;
        for _ in 0..rounds {
            let started = Instant::now();
            client = client.max(self.send(&paths)?);
            whole.push(started.elapsed());
            sealing.push(race(&paths, seal_to_nowhere)?);
            writing.push(race(&paths, |path| write_bare(path, &path.with_extension("bare")))?);
        }
        let rate = |times| rate(mib * files as u64, median(times));
        let (whole, sealing, writing) = (rate(whole), rate(sealing), rate(writing));
        let ratio = whole / sealing.min(writing);
        let server = server.kib();
        println!(
            "{files:>5}  {mib:>5}  {whole:>15.0}  {sealing:>12.0}  {writing:>16.0}  {ratio:>5.2}  {client:>10}  {server:>10}"
        );
        paths.iter().try_for_each(fs::remove_file)?;
        Ok(())
    }

    /// A file of bytes that do not repeat.
    fn film(&self, number: usize, mib: u64) -> anyhow::Result<PathBuf> {
        let path = self.work.join(format!("film-{number}.mp4"));
        let mut file = File::create(&path)?;
        let mut part = vec![0; 1 << 20];
        for _ in 0..mib {
            getrandom::fill(&mut part).map_err(io::Error::from)?;
            file.write_all(&part)?;
        }
        file.sync_all()?;
        Ok(path)
    }

    /// Submits every file at once, and returns the most memory that one of the clients held, in KiB.
    fn send(&self, paths: &[PathBuf]) -> anyhow::Result<u64> {
        let mut clients = Vec::new();
        for path in paths {
            let mut submit = self.kua.command();
            submit.args(["submit", &self.link, "--json", "--report"]);
            submit.arg(self.work.join("report.json")).arg("--attach").arg(path);
            let client = submit.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
            clients.push((Peak::of(client.id()), client));
        }
        let mut most = 0;
        for (peak, client) in clients {
            let output = client.wait_with_output()?;
            ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            most = most.max(peak.kib());
        }
        Ok(most)
    }
}

/// Does something with every file at the same time.
fn race(paths: &[PathBuf], work: impl Fn(&Path) -> anyhow::Result<()> + Sync) -> anyhow::Result<Duration> {
    let started = Instant::now();
    thread::scope(|scope| {
        let threads: Vec<_> = paths.iter().map(|path| scope.spawn(|| work(path))).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?)
    })?;
    Ok(started.elapsed())
}

/// Seals a file to two people and throws the bytes away.
fn seal_to_nowhere(path: &Path) -> anyhow::Result<()> {
    let person =
        || Ok::<_, anyhow::Error>(CoordinatorKeys::from_seed(&Seed::generate()?).recipient().to_string());
    let people = [person()?, person()?];
    let recipients = Recipients::new(people.iter().map(|recipient| (recipient.as_str(), true)))?;
    let file = File::open(path)?;
    let plan = SealPlan::new(recipients, file.metadata()?.len(), Floor::Report)?;
    plan.seal(BufReader::with_capacity(1 << 16, file), io::sink())?;
    Ok(())
}

/// Writes as many bytes, and waits until they are durable.
fn write_bare(from: &Path, to: &Path) -> anyhow::Result<()> {
    let part = vec![7; 1 << 20];
    let mut file = File::create(to)?;
    for _ in 0..fs::metadata(from)?.len() / MIB {
        file.write_all(&part)?;
    }
    file.sync_all()?;
    Ok(fs::remove_file(to)?)
}

/// Megabytes a second.
#[allow(clippy::cast_precision_loss, reason = "a rate is no count")]
fn rate(mib: u64, time: Duration) -> f64 {
    (mib * MIB) as f64 / 1e6 / time.as_secs_f64()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
