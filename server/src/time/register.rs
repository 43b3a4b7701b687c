//! The register: what the drop knows of its clock, and what it has earned. It is written at every sweep.
//!
//! A wall clock is believed as far as it runs evenly with `CLOCK_BOOTTIME`, which nobody can set: a day is *earned* by twelve
//! hours of serving in it while the two have not parted by more than an hour since the last earned day. So whoever moves the
//! wall clock, at once or little by little, gets no more than one day for one day.

use kua_clock::{BootId, Reading};
use kua_protocol::day::Day;
use kua_store::Retention;
use serde::{Deserialize, Serialize};

use super::days::RetentionDays;
use super::expiry::Expiry;
use super::proof::{Bounds, Doubt, Proof};

/// The value of [`Register::format`].
pub const FORMAT: &str = "kua-clock/1";

/// Seconds by which the wall clock may part from the uptime between two earned days.
const STEP: u64 = 3600;
/// Seconds of serving in a UTC day that earn it.
const DAY: u64 = 12 * 3600;
/// Seconds between two looks that count as serving at most: a machine that slept did not serve.
const LONGEST_LOOK: u64 = 3600;

/// What has been earned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earned {
    /// UTC days.
    pub days: u32,
    /// Seconds of serving by a clock that was not stepped.
    pub seconds: u64,
}

/// What the drop knows of its clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    format: String,
    /// What the clocks showed at the last look: the wall clock,
    wall: u64,
    /// the start of the machine,
    boot: BootId,
    /// and the seconds since then.
    uptime: u64,
    /// Wall clock less uptime when a day was last earned or the clock last doubted, in seconds.
    offset: i64,
    /// A clock that is never stepped: seconds since 1970 when the register began, and seconds of serving since then.
    steady: u64,
    /// What has been earned.
    earned: Earned,
    /// The day of the last look, the seconds served in it, and whether that has earned it.
    pub(super) day: Day,
    day_served: u64,
    day_earned: bool,
    /// Whether the clock has been proven.
    pub(super) proof: Proof,
    /// The last day of a proven clock: what comes later is of no earlier day.
    pub(super) floor: Option<Day>,
    /// The day that as many coordinators as can prove a clock have signed or passed.
    pub(super) witnessed: Option<Day>,
    /// How far retention may go.
    pub(super) expiry: Expiry,
    /// Days that were earned by a clock that nobody has proven since the machine was started; they count once it is proven.
    #[serde(default)]
    pub(super) unproven_days: Vec<Day>,
    /// The retention in force.
    pub(super) retention: RetentionDays,
}

/// What a look at the clock came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looked {
    /// Days that were earned since the look before.
    pub days_earned: u32,
    /// What the clock is doubted for since this look.
    pub doubted: Option<Doubt>,
    /// Whether serving has proven it just now.
    pub proven: bool,
}

impl Register {
    /// A register that begins now.
    pub fn new(now: Reading, retention: Retention) -> Self {
        Self {
            format: FORMAT.to_owned(),
            wall: now.wall,
            boot: now.boot,
            uptime: now.uptime,
            offset: offset(now),
            steady: now.wall,
            earned: Earned::default(),
            day: now.day(),
            day_served: 0,
            day_earned: false,
            proof: Proof::NEW,
            floor: None,
            witnessed: None,
            expiry: Expiry::default(),
            unproven_days: Vec::new(),
            retention: retention.into(),
        }
    }

    /// Whether this program wrote it.
    pub(super) fn is_known(&self) -> bool {
        self.format == FORMAT
    }

    /// Looks at the clock. `serving` says that the drop has served since the look before.
    pub fn look(&mut self, now: Reading, serving: bool, bounds: &Bounds) -> Looked {
        let mut looked = Looked::default();
        let day_before = self.latest_of(self.day);
        let restarted = now.boot != self.boot || now.uptime < self.uptime;
        let passed = if restarted { 0 } else { now.uptime - self.uptime };
        let served = if serving { passed.min(LONGEST_LOOK) } else { 0 };
        self.steady = self.steady.saturating_add(served);
        let doubt = if restarted {
            Some(if now.wall < self.wall { Doubt::Back } else { Doubt::Restart })
        } else {
            (offset(now).abs_diff(self.offset) > STEP).then_some(Doubt::Step)
        };
        match doubt {
            Some(doubt) => {
                let before = self.proof;
                self.doubt(doubt, now);
                looked.doubted = Some(doubt).filter(|_| before != self.proof);
            }
            None => looked.days_earned = self.serve(served, now),
        }
        (self.wall, self.boot, self.uptime) = (now.wall, now.boot, now.uptime);
        self.drop_false_floor(now.day(), bounds);
        let possible = self.is_possible(now.day(), bounds);
        if self.proof.is_earned(possible) {
            looked.proven = !self.proof.is_proven();
            self.proven(now.day());
        }
        self.go_back_from(day_before, now);
        looked
    }

    /// Where what comes in is of an earlier day than before, nothing is noticed beyond that day: it would be expired at once by
    /// the days that were noticed when the clock is set forward again.
    fn go_back_from(&mut self, day_before: Day, now: Reading) {
        let today = self.today(now);
        if today < day_before.plus(-1) {
            self.expiry.notice_no_later_than(today);
        }
    }

    /// Counts serving, and returns the number of days that it has earned.
    fn serve(&mut self, seconds: u64, now: Reading) -> u32 {
        self.earned.seconds = self.earned.seconds.saturating_add(seconds);
        self.proof.serve(seconds);
        let day = now.day();
        if day == self.day {
            return self.serve_in_day(seconds, now);
        }
        let in_day = seconds.min(now.wall - day.midnight_unix());
        let before = if day > self.day { self.serve_in_day(seconds - in_day, now) } else { 0 };
        self.begin_day(day);
        before + self.serve_in_day(in_day, now)
    }

    fn serve_in_day(&mut self, seconds: u64, now: Reading) -> u32 {
        self.day_served = self.day_served.saturating_add(seconds);
        if self.day_earned || self.day_served < DAY {
            return 0;
        }
        self.day_earned = true;
        self.offset = offset(now);
        self.earned.days = self.earned.days.saturating_add(1);
        1
    }

    fn begin_day(&mut self, day: Day) {
        (self.day, self.day_served, self.day_earned) = (day, 0, false);
    }

    /// Doubts the clock from now on. What coordinators contradicted stays so, whatever happens to the machine, until the
    /// clock comes nearer to the day that they signed.
    pub(super) fn doubt(&mut self, doubt: Doubt, now: Reading) {
        let far = |day: Day| self.witnessed.map(|signed| day.days_since(signed).abs());
        let comes_nearer =
            far(now.day()).zip(far(self.day)).is_some_and(|(after, before)| after + 1 < before);
        if !self.proof.is_contradicted() || comes_nearer {
            self.proof.doubt(doubt);
        }
        if doubt != Doubt::Restart {
            self.unproven_days.clear();
        }
        self.offset = offset(now);
        if now.day() != self.day || doubt == Doubt::Step {
            self.begin_day(now.day());
        }
    }

    /// Takes the clock as proven by people: whatever an earlier, wrong clock left behind counts no more.
    ///
    /// Gives false, and changes nothing, for a clock that cannot be true.
    pub fn confirm(&mut self, now: Reading, bounds: &Bounds) -> bool {
        if now.day() < bounds.earliest {
            return false;
        }
        let day_before = self.latest_of(self.day);
        self.floor = None;
        self.proven(now.day());
        self.offset = offset(now);
        self.go_back_from(day_before, now);
        true
    }

    fn proven(&mut self, day: Day) {
        self.proof = Proof::Proven;
        self.floor = Some(self.floor.map_or(day, |floor| floor.max(day)));
    }

    /// A day beyond the roster's end that a clock once reached was false if the clock is within the roster's time again.
    fn drop_false_floor(&mut self, day: Day, bounds: &Bounds) {
        if bounds.latest.is_some_and(|latest| day <= latest && self.floor.is_some_and(|floor| floor > latest))
        {
            self.floor = None;
        }
    }

    fn is_possible(&self, day: Day, bounds: &Bounds) -> bool {
        // A day's grace: a small step back may cross midnight.
        let known = [self.floor, self.witnessed].into_iter().flatten().max();
        day >= bounds.earliest && known.is_none_or(|known| day >= known.plus(-1))
    }

    /// Hours of serving until serving alone proves a clock that shows this day; none where it does not.
    pub(super) fn hours_left(&self, day: Day, bounds: &Bounds) -> Option<u64> {
        self.proof.hours_left().filter(|_| self.is_possible(day, bounds))
    }

    /// The UTC day of what comes in now: the wall clock's, and never one before the last proven day, or, while the clock is
    /// not proven, before the day that coordinators signed.
    pub fn today(&self, now: Reading) -> Day {
        self.latest_of(now.day())
    }

    pub(super) fn latest_of(&self, day: Day) -> Day {
        let signed = self.witnessed.filter(|_| !self.proof.is_proven());
        [self.floor, signed].into_iter().flatten().fold(day, Day::max)
    }

    /// Seconds by a clock that is never stepped.
    pub fn steady(&self) -> u64 {
        self.steady
    }

    /// What has been earned.
    pub fn earned(&self) -> Earned {
        self.earned
    }

    /// Whether the clock has been proven.
    pub fn proof(&self) -> Proof {
        self.proof
    }
}

fn offset(now: Reading) -> i64 {
    now.wall.cast_signed().saturating_sub(now.uptime.cast_signed())
}
