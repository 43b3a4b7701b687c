//! Durable puts a second, beside a bare loop that appends and syncs in groups and does nothing else.
//!
//! `cargo bench -p kua-store` prints divan's table and then the ratios of both in alternating rounds, the median
//! of which is what `docs/` quotes. Set `TMPDIR` to the disk that is to be measured.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what cannot go on here has failed")]

use std::fs::{File, OpenOptions};
use std::io::{IoSlice, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use bytes::Bytes;
use divan::{Bencher, counter::ItemsCount};
use kua_store::{LocalStore, NewObject, Options, Store};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};

#[path = "../tests/it/objects.rs"]
mod objects;

/// Object sizes in KiB and numbers of writers.
const CASES: [(usize, usize); 6] = [(4, 1), (16, 1), (64, 1), (4, 64), (16, 64), (64, 64)];
const ROUNDS: usize = 5;

fn main() {
    divan::main();
    println!("\n{:>8} {:>8} {:>12} {:>12} {:>7}", "KiB", "writers", "store/s", "bare/s", "ratio");
    for case @ (size, writers) in CASES {
        let (store, bare) = (Rig::store(), Rig::bare());
        let mut rates: Vec<_> =
            (0..ROUNDS).map(|round| (store.rate(case, round), bare.rate(case, round))).collect();
        rates.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
        let (store, bare) = rates[ROUNDS / 2];
        println!("{size:>8} {writers:>8} {store:>12.0} {bare:>12.0} {:>7.2}", store / bare);
    }
}

#[divan::bench(args = CASES, sample_count = 5, sample_size = 1)]
fn store(bencher: Bencher, case: (usize, usize)) {
    Rig::store().bench(bencher, case);
}

#[divan::bench(args = CASES, sample_count = 5, sample_size = 1)]
fn bare(bencher: Bencher, case: (usize, usize)) {
    Rig::bare().bench(bencher, case);
}

/// What is measured, in a folder of its own.
struct Rig {
    runtime: Runtime,
    sink: Sink,
    _folder: TempDir,
}

#[derive(Clone)]
enum Sink {
    Store(Arc<LocalStore>),
    Bare(Arc<BareLog>),
}

impl Rig {
    fn store() -> Self {
        Self::new(|folder| {
            Sink::Store(Arc::new(LocalStore::open(folder, Options { reserve_bytes: 0 }).unwrap()))
        })
    }

    fn bare() -> Self {
        Self::new(|folder| Sink::Bare(Arc::new(BareLog::open(folder))))
    }

    fn new(sink: impl FnOnce(&Path) -> Sink) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        Self { runtime, sink: sink(folder.path()), _folder: folder }
    }

    fn bench(&self, bencher: Bencher, case: (usize, usize)) {
        let mut round = 0;
        bencher
            .counter(ItemsCount::new(total(case)))
            .with_inputs(|| {
                round += 1;
                fabricate(case, round)
            })
            .bench_local_values(|objects| self.send(objects));
    }

    /// Objects a second.
    #[allow(clippy::cast_precision_loss, reason = "numbers of objects are small")]
    fn rate(&self, case: (usize, usize), round: usize) -> f64 {
        total(case) as f64 / self.send(fabricate(case, round)).as_secs_f64()
    }

    /// Sends each writer's objects one after the other, all writers at once.
    fn send(&self, objects: Vec<Vec<NewObject>>) -> Duration {
        let begin = Instant::now();
        let writer = |objects: Vec<NewObject>| {
            let sink = self.sink.clone();
            self.runtime.spawn(async move {
                for object in objects {
                    match &sink {
                        Sink::Store(store) => drop(store.put(object).await.unwrap()),
                        Sink::Bare(log) => log.append(object.sealed.as_bytes().clone()).await,
                    }
                }
            })
        };
        let writers: Vec<_> = objects.into_iter().map(writer).collect();
        for writer in writers {
            self.runtime.block_on(writer).unwrap();
        }
        begin.elapsed()
    }
}

fn total((_, writers): (usize, usize)) -> usize {
    if writers == 1 { 300 } else { writers * 50 }
}

/// New objects for every writer.
fn fabricate((size, writers): (usize, usize), round: usize) -> Vec<Vec<NewObject>> {
    let each = total((size, writers)) / writers;
    let seed = |writer: usize, number: usize| ((round * writers + writer) * each + number) as u64 + 1;
    let object = |writer, number| objects::report(seed(writer, number), size * 1024, objects::day(0));
    (0..writers).map(|writer| (0..each).map(|number| object(writer, number)).collect()).collect()
}

/// One thread that appends whatever waits and syncs it: no ids, no index, no questions.
struct BareLog {
    queue: Option<mpsc::Sender<(Bytes, oneshot::Sender<()>)>>,
    writer: Option<JoinHandle<()>>,
}

impl BareLog {
    fn open(folder: &Path) -> Self {
        let mut file = OpenOptions::new().create_new(true).append(true).open(folder.join("log")).unwrap();
        File::open(folder).unwrap().sync_all().unwrap();
        let (queue, mut waiting) = mpsc::channel::<(Bytes, oneshot::Sender<()>)>(512);
        let writer = thread::spawn(move || {
            let mut batch = Vec::new();
            while let Some(first) = waiting.blocking_recv() {
                batch.push(first);
                while let (true, Ok(next)) = (batch.len() < 256, waiting.try_recv()) {
                    batch.push(next);
                }
                let mut pieces: Vec<_> = batch.iter().map(|(bytes, _)| IoSlice::new(bytes)).collect();
                let mut pieces = &mut pieces[..];
                while !pieces.is_empty() {
                    let written = file.write_vectored(pieces).unwrap();
                    IoSlice::advance_slices(&mut pieces, written);
                }
                file.sync_data().unwrap();
                for (_, reply) in batch.drain(..) {
                    reply.send(()).unwrap();
                }
            }
        });
        Self { queue: Some(queue), writer: Some(writer) }
    }

    async fn append(&self, bytes: Bytes) {
        let (reply, done) = oneshot::channel();
        self.queue.as_ref().unwrap().send((bytes, reply)).await.unwrap();
        done.await.unwrap();
    }
}

impl Drop for BareLog {
    fn drop(&mut self) {
        self.queue = None;
        self.writer.take().into_iter().for_each(|writer| writer.join().unwrap());
    }
}
