//! A coordinator's inbox of thousands of reports: the first time, again, and with a few new ones, beside what every command
//! costs that opens a vault. Run it with `cargo xtask bench inbox`.

#[path = "../upload/peak.rs"]
mod peak;
#[path = "../submit/race.rs"]
mod race;
mod reading;
#[path = "../submit/requests.rs"]
mod requests;

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use acceptance::processes::{Binaries, Kua, Profile, Run as _, Team};
use acceptance::samples;
use anyhow::{Context as _, ensure};

use reading::{Bench, Took, median};

/// Reports at the drop after each step; the rest of a step is what was there before.
const STEPS: [usize; 6] = [0, 10, 1_000, 1_010, 10_000, 10_010];
/// Each time is the median of so many rounds, where it can be taken again.
const ROUNDS: usize = 3;

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("name a folder on the disk to measure")?);
    fs::create_dir_all(&folder)?;
    let work = tempfile::Builder::new().prefix("kua-bench-").tempdir_in(&folder)?;
    let kua = Kua::new(&Binaries::locate(Profile::Release)?, work.path().join("cache"));
    let bench =
        Bench::prepare(work.path(), Team::new(&kua, &work.path().join("team"), &["Aigul", "Marat"])?)?;
    let draft = samples::incidents().into_iter().next().context("there are no samples")?.draft;
    println!("the vault alone: {:.2} s", median(&vault(&bench)?));
    println!("\nreports    new  first s  again s");
    let (mut there, mut most) = (0, 0);
    for reports in STEPS {
        bench.fill(reports - there, &|_| draft.clone())?;
        let first = inbox(&bench, reports)?;
        most = most.max(first.mib);
        let first = first.time.as_secs_f64();
        let again = (0..ROUNDS).map(|_| Ok(inbox(&bench, reports)?.time.as_secs_f64()));
        let again = median(&again.collect::<anyhow::Result<Vec<_>>>()?);
        println!("{reports:>7}  {:>5}  {first:>7.2}  {again:>7.2}", reports - there);
        there = reports;
    }
    println!("\nat most {most} MiB; the remembered reports take {} KiB", bench.remembered()? / 1024);
    Ok(())
}

/// What `kua inbox --json` takes, which lists so many reports, all of them opened.
fn inbox(bench: &Bench, reports: usize) -> anyhow::Result<Took> {
    let (took, rows) = bench.inbox(&[])?;
    let opened = rows.iter().filter(|row| row["title"].is_string()).count();
    ensure!((rows.len(), opened) == (reports, reports), "{} are listed, {opened} opened", rows.len());
    Ok(took)
}

/// Seconds that a command takes which does nothing but open the vault.
fn vault(bench: &Bench) -> anyhow::Result<Vec<f64>> {
    let member = &bench.team.coordinators[0];
    let time = |_| {
        let mut command = bench.kua.command();
        command
            .args(["key", "show"])
            .arg(&member.vault)
            .arg("--passphrase-file")
            .arg(&member.passphrase_file);
        let started = Instant::now();
        command.succeed()?;
        Ok(started.elapsed().as_secs_f64())
    };
    (0..ROUNDS).map(time).collect()
}
