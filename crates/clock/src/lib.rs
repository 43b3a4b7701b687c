//! The time that a machine shows.
//!
//! [`Clock`] is passed to whoever needs the time; nothing else in the house asks the system for it (`clippy.toml`). Tests
//! set it by a [`Hand`]. A reading is a fact about the machine, not about the world: the wall clock may be wrong, may jump,
//! and whoever controls NTP controls it. What follows from a reading is the business of the reader.

use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use kua_protocol::day::Day;
use rustix::time::{ClockId, clock_gettime};

mod boot;

pub use self::boot::BootId;

/// What a machine's clocks show at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock, in seconds since 1970-01-01T00:00:00Z; 0 for what is before.
    pub wall: u64,
    /// Which start of the machine it is.
    pub boot: BootId,
    /// Seconds since that start, the time asleep included (`CLOCK_BOOTTIME` of `clock_gettime(2)`). Nobody can set it.
    pub uptime: u64,
}

impl Reading {
    /// The UTC day that the wall clock shows.
    pub fn day(&self) -> Day {
        Day::at_unix(self.wall)
    }
}

/// A machine's clocks: the system's, or in tests one that a [`Hand`] moves.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Set(Arc<Mutex<Reading>>),
}

/// Which start of the machine this process runs in: it cannot change while it runs.
static THIS_BOOT: LazyLock<BootId> = LazyLock::new(BootId::of_system);

impl Clock {
    /// The system's clocks.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock for tests that shows `reading` until its hand is moved.
    pub fn set_to(reading: Reading) -> (Self, Hand) {
        let shown = Arc::new(Mutex::new(reading));
        (Self(Source::Set(Arc::clone(&shown))), Hand(shown))
    }

    /// What the clocks show now.
    #[allow(clippy::disallowed_methods, reason = "the one place that asks the system")]
    pub fn read(&self) -> Reading {
        match &self.0 {
            Source::System => {
                let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
                let uptime = u64::try_from(clock_gettime(ClockId::Boottime).tv_sec).unwrap_or(0);
                Reading { wall, boot: *THIS_BOOT, uptime }
            }
            Source::Set(shown) => *lock(shown),
        }
    }

    /// The wall clock, in seconds since 1970-01-01T00:00:00Z.
    pub fn now(&self) -> u64 {
        self.read().wall
    }

    /// The UTC day that the wall clock shows.
    pub fn today(&self) -> Day {
        self.read().day()
    }
}

/// Moves a clock that was [set](Clock::set_to).
#[derive(Debug, Clone)]
pub struct Hand(Arc<Mutex<Reading>>);

impl Hand {
    /// Lets so many seconds pass while the machine runs.
    pub fn pass(&self, seconds: u64) {
        let mut shown = lock(&self.0);
        shown.wall += seconds;
        shown.uptime += seconds;
    }

    /// Steps the wall clock by so many seconds, as whoever sets it does.
    pub fn step(&self, seconds: i64) {
        let mut shown = lock(&self.0);
        shown.wall = shown.wall.saturating_add_signed(seconds);
    }

    /// Starts the machine anew, with this on its wall clock.
    ///
    /// The start's id follows from the one before, so that a test runs the same way each time.
    pub fn reboot(&self, wall: u64) {
        let mut shown = lock(&self.0);
        *shown = Reading { wall, boot: shown.boot.next(), uptime: 0 };
    }

    /// What the clock shows.
    pub fn read(&self) -> Reading {
        *lock(&self.0)
    }
}

fn lock(shown: &Mutex<Reading>) -> MutexGuard<'_, Reading> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_shows_one_start_and_time_that_goes_on() {
        let (first, second) = (Clock::system().read(), Clock::system().read());
        assert_eq!(first.boot, second.boot);
        assert!(first.uptime <= second.uptime && first.uptime > 0);
        assert!(first.day() >= "2026-01-01".parse().unwrap(), "{first:?}");
    }

    #[test]
    fn a_hand_moves_what_its_clock_shows() {
        let start = Reading { wall: 1_000_000, boot: BootId::from_bytes([7; 16]), uptime: 50 };
        let (clock, hand) = Clock::set_to(start);
        hand.pass(10);
        hand.step(-100);
        assert_eq!(clock.read(), Reading { wall: 999_910, uptime: 60, ..start });
        hand.reboot(5);
        assert_eq!((clock.now(), clock.read().uptime), (5, 0));
        assert_ne!(clock.read().boot, start.boot);
        assert_eq!(clock.today(), Day::from_number(0));
    }
}
