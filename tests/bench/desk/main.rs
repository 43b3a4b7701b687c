//! A coordinator among ten thousand reports: the first inbox, searches and filters, a label on all of them, and exports. Run
//! it with `cargo xtask bench desk`.
//!
//! The vaults here open quickly: what a passphrase costs is the same for every command, and measured by `bench inbox`.

#[path = "../upload/peak.rs"]
mod peak;
#[path = "../submit/race.rs"]
mod race;
#[path = "../inbox/reading.rs"]
mod reading;
#[path = "../submit/requests.rs"]
mod requests;
mod writing;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use acceptance::processes::{Member, Team, passphrase};
use anyhow::{Context as _, ensure};
use kua_sealing::{Argon2Cost, Vault, VaultKind};
use serde_json::Value;

use reading::{Bench, median};

/// Reports at the drop.
const REPORTS: usize = 10_000;
/// Each time is the median of so many rounds.
const ROUNDS: usize = 7;
/// What a search or a filter should take at most, in milliseconds.
const ANSWER: f64 = 200.0;
/// What an export of all reports should take at most, in seconds.
const EXPORT: f64 = 30.0;
/// All formats of an export.
const FORMATS: [&str; 4] = ["uwazi", "json", "csv", "html"];

/// What is asked, and what part of the reports the answer should be.
const QUESTIONS: [(&str, &[&str], usize); 7] = [
    ("a word of one language", &["--search", "қараусыз"], 4),
    ("two words, vowel signs left out", &["--search", "الشرطة مدينة"], 4),
    ("a rare word", &["--search", "ёлочка"], 250),
    ("a word that is nowhere", &["--search", "nowhere-at-all"], usize::MAX),
    ("place and act", &["--place", "Almaty", "--act", "housing"], 32),
    ("a month in which it happened", &["--from", "2010-10", "--to", "2010-10"], 12),
    ("urgency, with a word", &["--severity", "urgent", "--search", "police"], 16),
];

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("name a folder on the disk to measure")?);
    fs::create_dir_all(&folder)?;
    let work = tempfile::Builder::new().prefix("kua-bench-").tempdir_in(&folder)?;
    let bench = Bench::prepare(work.path(), team(&work.path().join("team"))?)?;
    let started = Instant::now();
    bench.fill(REPORTS, &writing::draft)?;
    println!("{REPORTS} reports, sealed and stored in {:.1} s", started.elapsed().as_secs_f64());
    let (took, rows) = bench.inbox(&[])?;
    ensure!(rows.len() == REPORTS, "{} are listed", rows.len());
    println!("the first inbox: {:.2} s, {} MiB", took.time.as_secs_f64(), took.mib);
    println!("what is remembered: {} KiB on the disk\n", bench.remembered()? / 1024);

    println!("{:<34} found      ms    MiB   aim {ANSWER} ms", "");
    measure(&bench, "all of them", &[], Some(1))?;
    for (question, options, part) in QUESTIONS {
        measure(&bench, question, options, (part < usize::MAX).then_some(part))?;
    }
    let (noting, _) = bench.run(&["triage", "--where", "since=2010-10-01", "--label", "seen", "--json"])?;
    let (following, _) = bench.inbox(&[])?;
    println!("\na label put on all of them: {:.1} s, {} MiB", noting.time.as_secs_f64(), noting.mib);
    println!("the inbox after that: {:.0} ms", following.time.as_secs_f64() * 1e3);
    measure(&bench, "a label and a status", &["--label", "seen", "--status", "new"], Some(1))?;
    bench.fill(10, &writing::draft)?;
    let (took, _) = bench.inbox(&["--search", "police"])?;
    println!("\na search with ten new reports: {:.0} ms, {} MiB\n", took.time.as_secs_f64() * 1e3, took.mib);

    println!("{:<34} files      s    MiB   aim {EXPORT} s", "");
    for format in FORMATS {
        export(&bench, format, &work.path().join(format))?;
    }
    Ok(())
}

/// Asks a question several times, and makes sure that the answer is about one in so many of all reports, or nothing.
fn measure(bench: &Bench, question: &str, options: &[&str], part: Option<usize>) -> anyhow::Result<()> {
    let (mut times, mut most, mut found) = (Vec::new(), 0, 0);
    for _ in 0..ROUNDS {
        let (took, rows) = bench.inbox(options)?;
        times.push(took.time.as_secs_f64() * 1e3);
        most = most.max(took.mib);
        found = rows.len();
    }
    let expected = part.map_or(0, |part| REPORTS / part);
    ensure!(
        found.abs_diff(expected) <= expected / 2,
        "{question}: {found} are found, and about {expected} are there"
    );
    let time = median(&times);
    println!("{question:<34} {found:>5}  {time:>6.0}  {:>5}   {}", most, verdict(time, ANSWER));
    Ok(())
}

/// Exports all reports with their case logs.
fn export(bench: &Bench, format: &str, out: &Path) -> anyhow::Result<()> {
    let out = out.to_str().context("the folder's name is not text")?;
    let (took, told) = bench.run(&["export", "--format", format, "--out", out, "--json"])?;
    let told: Value = serde_json::from_slice(&told)?;
    ensure!(told["reports"] == REPORTS + 10 && told["left_out"] == 0, "{told} of an export for {format}");
    let (time, files) = (took.time.as_secs_f64(), &told["files"]);
    println!("{format:<34} {files:>5}  {time:>5.1}  {:>5}   {}", took.mib, verdict(time, EXPORT));
    fs::remove_dir_all(out)?;
    Ok(())
}

fn verdict(measured: f64, aim: f64) -> &'static str {
    if measured <= aim { "" } else { "missed" }
}

/// A root and two coordinators whose vaults open quickly.
fn team(folder: &Path) -> anyhow::Result<Team> {
    fs::create_dir_all(folder)?;
    let member = |name: &str, kind| -> anyhow::Result<Member> {
        let file = |ending: &str| folder.join(format!("{name}{ending}"));
        let member =
            Member { name: name.to_owned(), vault: file(".kua"), passphrase_file: file(".passphrase") };
        let passphrase = passphrase()?;
        let vault = Vault::generate(kind, name)?.lock(&passphrase, Argon2Cost::quick_for_tests())?;
        fs::write(&member.vault, vault)?;
        fs::write(&member.passphrase_file, passphrase)?;
        Ok(member)
    };
    let coordinators = ["Aigul", "Marat"].map(|name| member(name, VaultKind::Coordinator));
    Ok(Team {
        root: member("Root", VaultKind::Root)?,
        coordinators: coordinators.into_iter().collect::<Result<_, _>>()?,
    })
}
