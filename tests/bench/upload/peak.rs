//! The most memory that a process held, watched until it is asked for.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// A process that is watched.
pub(crate) struct Peak {
    most: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
}

impl Peak {
    /// Watches the process with this id.
    pub(crate) fn of(pid: u32) -> Self {
        let (most, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (seen, ended) = (Arc::clone(&most), Arc::clone(&over));
        thread::spawn(move || {
            while !ended.load(Ordering::Relaxed)
                && let Some(kib) = high_water(pid)
            {
                seen.fetch_max(kib, Ordering::Relaxed);
                thread::sleep(Duration::from_millis(10));
            }
        });
        Self { most, over }
    }

    /// The most that it held so far, in KiB.
    pub(crate) fn kib(&self) -> u64 {
        self.most.load(Ordering::Relaxed)
    }
}

impl Drop for Peak {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// `VmHWM` of proc(5): the high-water mark of resident memory.
fn high_water(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
