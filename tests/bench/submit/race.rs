//! Many workers on one row of work, timed.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// After this time no new piece of work is begun: slow disks are to be measured too, not waited for.
const LIMIT: Duration = Duration::from_secs(8);

/// Gives the pieces that were done per second. `open` makes each worker ready before the clock starts.
pub(crate) fn race<W>(
    workers: usize,
    pieces: usize,
    open: impl Fn() -> anyhow::Result<W> + Sync,
    work: impl Fn(&mut W, usize) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<f64> {
    let next = AtomicUsize::new(0);
    let start = Barrier::new(workers + 1);
    let run = || -> anyhow::Result<u32> {
        // A worker that cannot begin comes to the barrier all the same, or the others would wait for ever.
        let worker = open();
        start.wait();
        let (mut worker, started, mut done) = (worker?, Instant::now(), 0);
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces || started.elapsed() > LIMIT {
                return Ok(done);
            }
            work(&mut worker, piece)?;
            done += 1;
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(run)).collect();
        start.wait();
        let started = Instant::now();
        let mut done = 0;
        for thread in threads {
            done += thread.join().map_err(|_| anyhow::anyhow!("a worker panicked"))??;
        }
        Ok(f64::from(done) / started.elapsed().as_secs_f64())
    })
}
