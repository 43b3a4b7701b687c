//! Sealing in the submitter's page, in Chromium, beside `kua` on the same machine in the same run. Run it with
//! `cargo xtask bench web`.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use acceptance::processes::{Binaries, DropFolder, Kua, Profile, Run as _, Team};
use anyhow::{Context as _, ensure};
use kua_protocol::secret::Seed;
use kua_sealing::{CoordinatorKeys, Floor, Recipients, SealPlan};

/// The large file, in mebibytes.
const MIB: u32 = 256;
/// Reports without files that the program seals one after another.
const REPORTS: u32 = 5_000;
/// An archive of such a report, in bytes: it is padded to 16 KiB.
const ARCHIVE: usize = 12_000;
/// Each rate is the median of so many rounds.
const ROUNDS: usize = 3;

/// What both do in a second.
#[derive(Clone, Copy)]
struct Rates {
    /// Reports of 16 KiB, sealed to two people.
    reports: f64,
    /// Megabytes of one file, read for its digest and again to be sealed.
    megabytes: f64,
}

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("name a folder on the disk to measure")?);
    fs::create_dir_all(&folder)?;
    let work = tempfile::Builder::new().prefix("kua-bench-").tempdir_in(&folder)?;
    let film = work.path().join("film.mp4");
    write_film(&film)?;
    let program = Program::prepare(work.path())?;
    let (mut page, mut kua) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        page.push(in_the_page(work.path(), &film)?);
        kua.push(Rates { reports: seal_reports()?, megabytes: program.seal(&film)? });
    }
    println!("                            page       kua   ratio");
    let row = |name: &str, of: fn(&Rates) -> f64| {
        let (page, kua) = (median(&page, of), median(&kua, of));
        println!("{name:<22} {page:>9.1} {kua:>9.1} {:>7.3}", page / kua);
    };
    row("reports of 16 KiB/s", |rates| rates.reports);
    row("one large file, MB/s", |rates| rates.megabytes);
    println!("\npage: in a worker of Chromium; kua: its own sealing on one core, and `kua seal` into a file");
    Ok(())
}

/// The page's own code in a real browser, by way of `npm run bench`.
fn in_the_page(work: &Path, film: &Path) -> anyhow::Result<Rates> {
    let rates = work.join("rates.json");
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", "bench"]).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../client/web"));
    npm.env("KUA_BENCH_FILE", film).env("KUA_BENCH_RATES", &rates).succeed()?;
    let rates: serde_json::Value = serde_json::from_slice(&fs::read(&rates)?)?;
    let rate = |name: &str| rates[name].as_f64().with_context(|| format!("the page measured no {name}"));
    Ok(Rates { reports: rate("reports_per_second")?, megabytes: rate("megabytes_per_second")? })
}

/// Seals many small archives to nowhere, on one core; answers with how many in a second.
fn seal_reports() -> anyhow::Result<f64> {
    let person =
        || Ok::<_, anyhow::Error>(CoordinatorKeys::from_seed(&Seed::generate()?).recipient().to_string());
    let people = [person()?, person()?];
    let archive = vec![7; ARCHIVE];
    let started = Instant::now();
    for _ in 0..REPORTS {
        let recipients = Recipients::new(people.iter().map(|recipient| (recipient.as_str(), true)))?;
        let plan = SealPlan::new(recipients, archive.len() as u64, Floor::Report)?;
        plan.seal(archive.as_slice(), io::sink())?;
    }
    Ok(f64::from(REPORTS) / started.elapsed().as_secs_f64())
}

/// `kua seal`, with a drop that it asks for its roster.
struct Program {
    work: PathBuf,
    kua: Kua,
    link: String,
    /// Serves until this is dropped.
    _server: acceptance::processes::Drop,
}

impl Program {
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
        Ok(Self { work: work.to_owned(), kua, link, _server: server })
    }

    /// Seals a report with this file, from the start of the program to its end; answers with megabytes a second.
    fn seal(&self, film: &Path) -> anyhow::Result<f64> {
        let sealed = self.work.join("report.age");
        let mut seal = self.kua.command();
        seal.args(["seal", &self.link, "--report"]).arg(self.work.join("report.json"));
        seal.arg("--attach").arg(film).arg("--out").arg(&sealed);
        let started = Instant::now();
        seal.succeed()?;
        let took = started.elapsed();
        ensure!(fs::metadata(&sealed)?.len() > u64::from(MIB) << 20, "kua seal left something out");
        fs::remove_file(&sealed)?;
        Ok(megabytes_per_second(took))
    }
}

fn megabytes_per_second(time: Duration) -> f64 {
    f64::from(MIB) * f64::from(1 << 20) / 1e6 / time.as_secs_f64()
}

/// A file of bytes that do not repeat.
fn write_film(path: &Path) -> anyhow::Result<()> {
    let mut file = File::create(path)?;
    let mut part = vec![0; 1 << 20];
    for _ in 0..MIB {
        getrandom::fill(&mut part).map_err(io::Error::from)?;
        file.write_all(&part)?;
    }
    Ok(file.sync_all()?)
}

fn median(rounds: &[Rates], of: fn(&Rates) -> f64) -> f64 {
    let mut rates: Vec<f64> = rounds.iter().map(of).collect();
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
