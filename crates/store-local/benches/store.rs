//! Durable puts a second, beside a bare loop that appends and syncs in groups and does nothing else, and beside
//! redb with a durable transaction for each group.
//!
//! `cargo bench -p kua-store-local` prints divan's table and then the ratios of all in alternating rounds, the median
//! of which is what `docs/` quotes. Set `TMPDIR` to the disk that is to be measured.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what cannot go on here has failed")]

use std::fs::{File, OpenOptions};
use std::io::{IoSlice, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use divan::{Bencher, counter::ItemsCount};
use kua_protocol::sealed::SealedBytes;
use kua_store::testing::objects;
use kua_store::{NewObject, Store};
use kua_store_local::{LocalStore, Options};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};

/// Object sizes in KiB and numbers of writers.
const CASES: [(usize, usize); 6] = [(4, 1), (16, 1), (64, 1), (4, 64), (16, 64), (64, 64)];
const ROUNDS: usize = 5;

fn main() {
    divan::main();
    println!(
        "\n{:>8} {:>8} {:>10} {:>10} {:>10} {:>8} {:>8}",
        "KiB", "writers", "store/s", "bare/s", "redb/s", "of bare", "of redb"
    );
    for case @ (size, writers) in CASES {
        let rigs = [Rig::store(), Rig::bare(), Rig::redb()];
        let rounds: Vec<_> =
            (0..ROUNDS).map(|round| rigs.each_ref().map(|rig| rig.rate(case, round))).collect();
        let median = |value: &dyn Fn(&[f64; 3]) -> f64| {
            let mut values: Vec<_> = rounds.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values[ROUNDS / 2]
        };
        let [store, bare, redb] = [0, 1, 2].map(|rig| median(&|rates| rates[rig]));
        let (of_bare, of_redb) = (median(&|rates| rates[0] / rates[1]), median(&|rates| rates[0] / rates[2]));
        println!(
            "{size:>8} {writers:>8} {store:>10.0} {bare:>10.0} {redb:>10.0} {of_bare:>8.2} {of_redb:>8.2}"
        );
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

#[divan::bench(args = CASES, sample_count = 5, sample_size = 1)]
fn redb(bencher: Bencher, case: (usize, usize)) {
    Rig::redb().bench(bencher, case);
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
    Group(Arc<Group>),
}

impl Rig {
    fn store() -> Self {
        Self::new(|folder| {
            Sink::Store(Arc::new(LocalStore::open(folder, Options { reserve_bytes: 0 }).unwrap()))
        })
    }

    fn bare() -> Self {
        Self::new(|folder| {
            let mut file = OpenOptions::new().create_new(true).append(true).open(folder.join("log")).unwrap();
            File::open(folder).unwrap().sync_all().unwrap();
            Sink::Group(Arc::new(Group::start(move |group| append(&mut file, group))))
        })
    }

    fn redb() -> Self {
        Self::new(|folder| {
            let database = redb::Database::create(folder.join("redb")).unwrap();
            Sink::Group(Arc::new(Group::start(move |group| {
                let transaction = database.begin_write().unwrap();
                let mut objects = transaction.open_table(OBJECTS).unwrap();
                for object in group {
                    objects.insert(object.id().as_bytes(), &object.as_bytes()[..]).unwrap();
                }
                drop(objects);
                transaction.commit().unwrap();
            })))
        })
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
                        Sink::Group(group) => group.put(object.sealed).await,
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

/// Objects of a round: with small ones so many that the store's memory runs over, and sled has to take them.
fn total((size, writers): (usize, usize)) -> usize {
    if writers == 1 { 300 } else { writers * 50 * (64 / size).min(10) }
}

/// New objects for every writer.
fn fabricate((size, writers): (usize, usize), round: usize) -> Vec<Vec<NewObject>> {
    let each = total((size, writers)) / writers;
    let seed = |writer: usize, number: usize| ((round * writers + writer) * each + number) as u64 + 1;
    let object = |writer, number| objects::report(seed(writer, number), size * 1024, objects::day(0));
    (0..writers).map(|writer| (0..each).map(|number| object(writer, number)).collect()).collect()
}

const OBJECTS: redb::TableDefinition<&[u8; 32], &[u8]> = redb::TableDefinition::new("objects");

fn append(file: &mut File, group: &[SealedBytes]) {
    let mut pieces: Vec<_> = group.iter().map(|object| IoSlice::new(object.as_bytes())).collect();
    let mut pieces = &mut pieces[..];
    while !pieces.is_empty() {
        let written = file.write_vectored(pieces).unwrap();
        IoSlice::advance_slices(&mut pieces, written);
    }
    file.sync_data().unwrap();
}

/// One thread that makes durable whatever waits: no questions, and no ids but redb's.
struct Group {
    queue: Option<mpsc::Sender<(SealedBytes, oneshot::Sender<()>)>>,
    writer: Option<JoinHandle<()>>,
}

impl Group {
    fn start(mut keep: impl FnMut(&[SealedBytes]) + Send + 'static) -> Self {
        let (queue, mut waiting) = mpsc::channel::<(SealedBytes, oneshot::Sender<()>)>(512);
        let writer = thread::spawn(move || {
            while let Some((first, reply)) = waiting.blocking_recv() {
                let (mut group, mut replies) = (vec![first], vec![reply]);
                while group.len() < 256
                    && let Ok((next, reply)) = waiting.try_recv()
                {
                    group.push(next);
                    replies.push(reply);
                }
                keep(&group);
                for reply in replies {
                    reply.send(()).unwrap();
                }
            }
        });
        Self { queue: Some(queue), writer: Some(writer) }
    }

    async fn put(&self, object: SealedBytes) {
        let (reply, done) = oneshot::channel();
        self.queue.as_ref().unwrap().send((object, reply)).await.unwrap();
        done.await.unwrap();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.queue = None;
        self.writer.take().into_iter().for_each(|writer| writer.join().unwrap());
    }
}
