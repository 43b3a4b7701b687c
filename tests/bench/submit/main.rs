//! Durable submissions per second against a real `kua-server` on a real disk, beside a bare loop that creates, writes
//! and fsyncs files of the same size in the same folder in the same run. Run it with `cargo xtask bench submit`.
//!
//! Every request is sealed and signed before the clock starts, so that the two cores are the server's.

mod race;
mod requests;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use acceptance::processes::{Binaries, Drop, DropFolder, Kua, Profile, Team};
use acceptance::samples;
use anyhow::Context as _;

use race::race;
use requests::{Connection, Target};

/// Connections, and how many reports are made ready for them.
const LEVELS: [(usize, usize); 3] = [(1, 2_000), (16, 6_000), (64, 10_000)];
/// Each number is the median of so many rounds.
const ROUNDS: usize = 3;
/// Starts of the server, for the time until it is ready.
const STARTS: usize = 11;

fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1).context("name a folder on the disk to measure")?;
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    let work = tempfile::Builder::new().prefix("kua-bench-").tempdir_in(&folder)?;

    let binaries = Binaries::locate(Profile::Release)?;
    let kua = Kua::new(&binaries, work.path().join("cache"));
    let team = Team::new(&kua, &work.path().join("team"), &["Aigul", "Marat"])?;
    let drop_folder = DropFolder::init(&binaries, work.path().join("drop"))?;
    let roster = work.path().join("roster.json");
    team.sign_roster(&kua, "Bench", &drop_folder.card(), &roster)?;
    drop_folder.install(&roster)?;
    let recipients = requests::recipients(&team)?;
    let draft = samples::incidents().first().context("there are no samples")?.draft.to_string();

    let mut server = drop_folder.serve()?;
    println!("server ready after {:.1} ms (median of {STARTS})", median(ready_times(&mut server)?));
    println!("server idle: {} KiB resident", resident(&server)?);

    println!("\nconnections  submissions/s  create+write+fsync/s  ratio");
    let mut size = 0;
    for (connections, reports) in LEVELS {
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let target = Target::ask(&server)?;
            let requests = target.prepare(&recipients, reports, &|_| Ok(draft.clone().into_bytes()))?;
            size = requests.first().map_or(0, |request| body(request).len());
            let connect = || Connection::open(&target);
            let send = |connection: &mut Connection, n: usize| connection.submit(&requests[n]);
            ours.push(race(connections, reports, connect, send)?);
            let files = work.path().join(format!("files-{connections}-{round}"));
            bare.push(bare_loop(&files, connections, reports, &requests)?);
            fs::remove_dir_all(&files)?;
        }
        let (ours, bare) = (median(ours), median(bare));
        println!("{connections:>11}  {ours:>13.0}  {bare:>20.0}  {:>5.1}", ours / bare);
    }
    println!(
        "\n{size} bytes a report; each number is the median of {ROUNDS} rounds, on {}",
        folder.display()
    );
    println!("server afterwards: {} KiB resident", resident(&server)?);
    server.stop()?;
    Ok(())
}

/// What follows the header of a request.
fn body(request: &[u8]) -> &[u8] {
    let end = request.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    end.map_or(&[], |end| &request[end + 4..])
}

/// Files of the same size, one after another in each of as many threads as there were connections.
fn bare_loop(folder: &Path, threads: usize, files: usize, requests: &[Vec<u8>]) -> anyhow::Result<f64> {
    fs::create_dir_all(folder)?;
    race(
        threads,
        files,
        || Ok(()),
        |(), n| {
            let mut file = File::create_new(folder.join(n.to_string()))?;
            file.write_all(body(&requests[n]))?;
            Ok(file.sync_all()?)
        },
    )
}

/// Milliseconds from the start of the process to its ready line.
fn ready_times(server: &mut Drop) -> anyhow::Result<Vec<f64>> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        server.restart()?;
        let ready = server.ready_after().unwrap_or(Duration::MAX);
        times.push(ready.as_secs_f64() * 1000.0);
    }
    Ok(times)
}

/// Kibibytes of memory that the server's process holds (`VmRSS` of proc(5)).
fn resident(server: &Drop) -> anyhow::Result<u64> {
    let pid = server.pid().context("the server has ended")?;
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).context("no VmRSS")?;
    Ok(kib.parse()?)
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
