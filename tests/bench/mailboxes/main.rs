//! How long a drop takes to say that there is nothing here for you: for a mailbox that nobody has, and for somebody
//! else's. Whoever could tell the two apart would learn which mailboxes exist. Run it with `cargo xtask bench mailboxes`.

#[path = "../submit/requests.rs"]
#[allow(dead_code, reason = "shared with the benchmark of submissions")]
mod requests;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use acceptance::processes::{Binaries, DropFolder, Kua, Profile, Team};
use anyhow::{Context as _, ensure};
use kua_protocol::api::path;
use kua_protocol::id::MailboxId;
use kua_protocol::keys::SigningKey;
use kua_protocol::secret::{Purpose, Seed};

use requests::{Connection, Target};

/// Requests of each kind.
const REQUESTS: usize = 2_000;
/// Mailboxes with something in them.
const MAILBOXES: usize = 1_000;

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("name a folder on the disk to measure")?);
    fs::create_dir_all(&folder)?;
    let work = tempfile::Builder::new().prefix("kua-bench-").tempdir_in(&folder)?;
    let binaries = Binaries::locate(Profile::Release)?;
    let kua = Kua::new(&binaries, work.path().join("cache"));
    let team = Team::new(&kua, &work.path().join("team"), &["Aigul"])?;
    let data = DropFolder::init(&binaries, work.path().join("drop"))?;
    let roster = work.path().join("roster.json");
    team.sign_roster(&kua, "Bench", &data.card(), &roster)?;
    data.install(&roster)?;
    let mut server = data.serve()?;
    let (target, recipients) = (Target::ask(&server)?, requests::recipients(&team)?);

    let mut connection = Connection::open(&target)?;
    let key = || Ok::<_, anyhow::Error>(SigningKey::derive(&Seed::generate()?, Purpose::SubmitterSign));
    let people = (0..MAILBOXES).map(|_| key()).collect::<anyhow::Result<Vec<_>>>()?;
    for person in &people {
        let archive = |_: &SigningKey| Ok(vec![b'k'; 1000]);
        connection.submit(&target.submission(person, &recipients, &archive)?)?;
    }
    let me = &people[0];
    println!("path      unknown, µs  foreign, µs  ratio");
    for (name, at) in [
        ("reports", path::mailbox_reports as fn(MailboxId) -> String),
        ("messages", path::messages as fn(MailboxId) -> String),
    ] {
        let (mut unknown, mut foreign) = (Vec::new(), Vec::new());
        for n in 0..REQUESTS {
            // By turns, so that whatever else the machine does falls on both alike.
            let nobody = MailboxId::of(&key()?.public());
            let somebody = MailboxId::of(&people[1 + n % (MAILBOXES - 1)].public());
            for (mailbox, times) in [(nobody, &mut unknown), (somebody, &mut foreign)] {
                let request = target.signed(me, "GET", &at(mailbox));
                let started = Instant::now();
                let (status, _) = connection.exchange(&request)?;
                times.push(started.elapsed());
                ensure!(status == 404, "the drop answers {status}");
            }
        }
        let (unknown, foreign) = (median(unknown), median(foreign));
        let ratio = foreign.as_secs_f64() / unknown.as_secs_f64();
        println!("{name:<8}  {:>11}  {:>11}  {ratio:>5.3}", unknown.as_micros(), foreign.as_micros());
    }
    server.stop()?;
    println!("\n{REQUESTS} requests of each kind by turns, {MAILBOXES} mailboxes; medians");
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
