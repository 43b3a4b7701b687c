//! How a store grows: `cargo run --release -p kua-store-local --example scale -- OBJECTS [BYTES EACH]`.
//!
//! It fills a folder under `TMPDIR` with objects of 30 days, a hundred to a mailbox, and prints one row of a
//! Markdown table. A process of its own opens the folder, so that its memory is that of a drop which just started.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "what cannot go on here has failed"
)]

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use kua_protocol::id::MailboxId;
use kua_store::testing::objects;
use kua_store::{Kind, NewObject, Owner, Store};
use kua_store_local::{LocalStore, Options};
use tokio::runtime::Runtime;

const DAYS: u64 = 30;
const SENDERS: u64 = 256;
const PAGE: usize = 1000;

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    if let [first, folder] = &arguments[..]
        && first == "--open"
    {
        return measure(Path::new(folder));
    }
    let number = |at: usize| arguments.get(at).map(|text| text.replace('_', "").parse::<u64>().unwrap());
    let (count, size) = (number(0).unwrap_or(100_000), number(1).unwrap_or(16 * 1024));
    let folder = tempfile::tempdir().unwrap();
    let begin = Instant::now();
    fill(folder.path(), count, usize::try_from(size).unwrap());
    let filled = begin.elapsed().as_secs_f64();

    let opened = Command::new(env::current_exe().unwrap()).arg("--open").arg(folder.path()).output().unwrap();
    assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
    let begin = Instant::now();
    assert_eq!(LocalStore::rebuild_ledger(folder.path(), |_| {}).unwrap(), count);
    let rebuilt = begin.elapsed().as_secs_f64();

    println!("| objects | bytes each | filled | open | RSS | list of a day | list of a mailbox | rebuilt |");
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|");
    let opened = String::from_utf8_lossy(&opened.stdout).trim().to_owned();
    println!("| {count} | {size} | {filled:.1} s | {opened} | {rebuilt:.1} s |");
}

/// Mailboxes of a hundred objects.
fn mailbox(number: u64) -> Owner {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&(number / 100).to_be_bytes());
    Owner::Mailbox(MailboxId::from_bytes(id))
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap()
}

fn open(folder: &Path) -> LocalStore {
    LocalStore::open(folder, Options { reserve_bytes: 0 }).unwrap()
}

fn fill(folder: &Path, count: u64, size: usize) {
    let (store, runtime) = (Arc::new(open(folder)), runtime());
    for day in 0..DAYS {
        let numbers = count * day / DAYS..count * (day + 1) / DAYS;
        let senders = (0..SENDERS).map(|sender| {
            let (store, numbers) = (Arc::clone(&store), numbers.clone());
            runtime.spawn(async move {
                for number in numbers.filter(|number| number % SENDERS == sender) {
                    let day = objects::day(u32::try_from(day).unwrap());
                    let object = NewObject { owner: mailbox(number), ..objects::report(number, size, day) };
                    store.put(object).await.unwrap();
                }
            })
        });
        for sender in senders.collect::<Vec<_>>() {
            runtime.block_on(sender).unwrap();
        }
    }
}

fn measure(folder: &Path) {
    let runtime = runtime();
    let begin = Instant::now();
    let store = open(folder);
    let opened = begin.elapsed().as_secs_f64() * 1000.0;

    let begin = Instant::now();
    let (mut listed, mut after) = (0, None);
    let day = objects::day(u32::try_from(DAYS - 1).unwrap());
    loop {
        let page = runtime.block_on(store.list(Kind::Report, day, after, PAGE)).unwrap();
        listed += page.rows.len();
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let list = begin.elapsed().as_secs_f64() * 1000.0;
    let begin = Instant::now();
    let owned = runtime.block_on(store.owned(mailbox(0), Kind::Report, None, PAGE)).unwrap();
    let mailbox = begin.elapsed().as_secs_f64() * 1000.0;
    let rss = resident();
    println!("{opened:.0} ms | {rss} MiB | {list:.0} ms ({listed}) | {mailbox:.1} ms ({})", owned.rows.len());
}

/// Memory of this process in MiB, where the system tells.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}
