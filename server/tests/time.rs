//! A drop whose clock is wrong, over days, months and years: what is there in the end is what should be.
//!
//! The store and its sweeps are real; the clock is set by hand, an hour at a time. Beside it runs the true time, which the
//! drop never sees.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it fails")]

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use kua_clock::{BootId, Clock, Hand, Reading};
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_protocol::keys::{PublicKey, SigningKey};
use kua_protocol::sealed::SealedBytes;
use kua_protocol::secret::{Purpose, Seed};
use kua_server::time::Timekeeper;
use kua_store::{Kind, Lookup, NewObject, NewUpload, Owner, Retention, Store as _};
use kua_store_local::{LocalStore, Options};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
/// The moment at which each story begins: 2026-03-21, 08:00.
const BEGIN: u64 = 20_533 * DAY + 8 * HOUR;
const RETENTION: Retention = Retention { days: 180, spread: 7 };
const HEADER: &str = "age-encryption.org/v1\n-> test\n\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";

/// A drop, its machine's clock, and the truth.
struct World {
    folder: TempDir,
    runtime: Runtime,
    store: Arc<LocalStore>,
    clock: Clock,
    hand: Hand,
    keeper: Timekeeper,
    /// The true time, in seconds since 1970.
    truth: u64,
    /// When each report truly came.
    came: BTreeMap<ObjectId, u64>,
    /// For how long, in seconds, the drop had truly served when each wish was made.
    wished: BTreeMap<ObjectId, u64>,
    served: u64,
    number: u64,
}

impl World {
    /// A drop that begins with a clock that is right.
    fn new() -> Self {
        let folder = quick_folder();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let store = open_store(&folder, Options { reserve_bytes: 0 });
        let start = Reading { wall: BEGIN, boot: BootId::from_bytes([1; 16]), uptime: 30 };
        let (clock, hand) = Clock::set_to(start);
        let keeper = keeper(&store, &clock);
        Self {
            folder,
            runtime,
            store,
            clock,
            hand,
            keeper,
            truth: BEGIN,
            came: BTreeMap::new(),
            wished: BTreeMap::new(),
            served: 0,
            number: 0,
        }
    }

    /// A drop that has served for 60 days by a clock that was right, and holds 200 reports and 10 wishes.
    fn lived_in() -> Self {
        let mut world = Self::new();
        for day in 0..60 {
            world.submit(if day < 20 { 4 } else { 3 });
            world.serve(24);
        }
        assert_eq!(world.came.len(), 200);
        assert!(world.is_proven());
        let ids: Vec<ObjectId> = world.came.keys().copied().take(10).collect();
        for id in ids {
            world.wish(id);
        }
        world.serve(1);
        world
    }

    /// Lets reports come in.
    fn submit(&mut self, count: u64) {
        for _ in 0..count {
            self.number += 1;
            let part = |part: u64| *ObjectId::of(&(self.number * 100 + part).to_be_bytes()).as_bytes();
            let body: Vec<u8> = (0..3).flat_map(part).collect();
            let sealed = SealedBytes::try_from(Bytes::from([HEADER.as_bytes(), &body].concat())).unwrap();
            let id = sealed.id();
            let object =
                NewObject { sealed, kind: Kind::Report, owner: Owner::Nobody, day: self.keeper.today() };
            self.runtime.block_on(self.store.put(object)).unwrap();
            self.came.insert(id, self.truth);
        }
    }

    fn wish(&mut self, id: ObjectId) {
        let asked = self.store.ask_delete(id, coordinator(), self.keeper.today());
        let asked = self.runtime.block_on(asked).unwrap();
        self.keeper.wish(id, &asked);
        self.wished.entry(id).or_insert(self.served);
    }

    /// Serves so many hours. The clock is looked at each hour; a sweep comes every sixth and at the end.
    fn serve(&mut self, hours: u64) {
        for hour in 1..=hours {
            self.hand.pass(HOUR);
            self.truth += HOUR;
            self.served += HOUR;
            if hour % 6 == 0 || hour == hours {
                self.runtime.block_on(self.keeper.sweep(&*self.store)).unwrap();
            } else {
                self.keeper.steady();
            }
        }
    }

    /// Switches the machine off for a while; at its start the wall clock is wrong by so many seconds.
    fn off(&mut self, seconds: u64, wrong_by: i64) {
        self.truth += seconds;
        self.hand.reboot(self.truth.saturating_add_signed(wrong_by));
        self.keeper = keeper(&self.store, &self.clock);
    }

    /// The same, with this on the wall clock.
    fn off_to(&mut self, wall: u64) {
        self.hand.reboot(wall);
        self.keeper = keeper(&self.store, &self.clock);
    }

    /// Sets the wall clock right.
    fn set_right(&mut self) {
        self.hand.step(self.truth.cast_signed() - self.hand.read().wall.cast_signed());
    }

    fn true_day(&self) -> Day {
        Day::at_unix(self.truth)
    }

    fn is_proven(&self) -> bool {
        self.keeper.status().proof.is_proven()
    }

    fn is_there(&self, id: ObjectId) -> bool {
        matches!(self.runtime.block_on(self.store.find(id)).unwrap(), Lookup::Present(_))
    }

    /// Nothing may be gone before its time: no report before its least days, no wish before 72 hours of serving.
    fn check_nothing_early(&self, story: &str) {
        let mut wrong = Vec::new();
        for (id, came) in &self.came {
            let old_enough = Day::at_unix(*came).plus(RETENTION.of(*id)) < self.true_day();
            let wish_due = self.wished.get(id).is_some_and(|served| self.served - served >= 72 * HOUR);
            if !self.is_there(*id) && !old_enough && !wish_due {
                wrong.push(*id);
            }
        }
        assert!(wrong.is_empty(), "{story}: {} of {} went too early", wrong.len(), self.came.len());
    }

    /// With a clock that is right, everything goes in time: a wish after its third earned day, a report a week after its
    /// last day, and the hours in which the clock was proven are added.
    fn check_nothing_late(&self, story: &str, allowance: i64) {
        let mut wrong = Vec::new();
        for (id, came) in &self.came {
            let last = Day::at_unix(*came).plus(RETENTION.of(*id));
            let late = self.true_day().days_since(last) > 8 + allowance;
            let wish_late = self.wished.get(id).is_some_and(|served| self.served - served > 100 * HOUR);
            if self.is_there(*id) && (late || wish_late) {
                wrong.push((*id, last));
            }
        }
        assert!(wrong.is_empty(), "{story}: {wrong:?} should be gone on {}", self.true_day());
    }

    /// How many reports are there that nobody wished away.
    fn there_unwished(&self) -> usize {
        self.came.keys().filter(|id| !self.wished.contains_key(id) && self.is_there(**id)).count()
    }

    fn there(&self) -> usize {
        self.came.keys().filter(|id| self.is_there(**id)).count()
    }
}

/// A folder in memory where the system has one: years of sweeps need no durable disk.
fn quick_folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn open_store(folder: &TempDir, options: Options) -> Arc<LocalStore> {
    let store = LocalStore::open(folder.path().join("store"), options).unwrap();
    Arc::new(store.with_documents_in(folder.path()))
}

fn keeper(store: &Arc<LocalStore>, clock: &Clock) -> Timekeeper {
    Timekeeper::open(clock.clone(), store.clone(), Day::at_unix(BEGIN), None, RETENTION).unwrap()
}

fn coordinator() -> PublicKey {
    SigningKey::derive(&Seed::take(&mut [7; 32]), Purpose::CoordinatorSign).public()
}

const YEAR: i64 = 365 * DAY.cast_signed();

#[test]
fn a_wrong_clock_at_a_start_takes_nothing_however_long_nobody_looks() {
    let days = |days: i64| days * DAY.cast_signed();
    for (story, wrong_by) in [
        ("+4 d", days(4)),
        ("+200 d", days(200)),
        ("+1 y", YEAR),
        ("+2 y", 2 * YEAR),
        ("-31 d", days(-31)),
        ("-99 d", days(-99)),
    ] {
        let mut world = World::lived_in();
        world.off(HOUR, wrong_by);
        // The operator never confirms, for a month.
        world.submit(5);
        world.serve(30 * 24);
        world.check_nothing_early(story);
        assert_eq!(world.there_unwished(), 195, "{story}: the wishes had their time, and no more went");
        world.set_right();
        world.submit(5);
        world.serve(30 * 24);
        world.check_nothing_early(story);
        assert_eq!(world.there_unwished(), 200, "{story}: set right");
        assert_eq!(world.there(), 200, "{story}: set right, the wishes are fulfilled");
    }
}

#[test]
fn a_clock_that_cannot_be_right_is_never_proven_by_serving() {
    for (story, wall) in
        [("1970", 10), ("2024", 19_875 * DAY), ("before the last proven day", BEGIN + 30 * DAY)]
    {
        let mut world = World::lived_in();
        let before = world.keeper.today();
        world.off_to(wall);
        world.serve(10 * 24);
        assert!(!world.is_proven(), "{story}");
        assert_eq!(world.there(), 200, "{story}: not even wishes are fulfilled");
        assert!(world.keeper.today() >= before, "{story}: what comes in is of no earlier day");
        world.set_right();
        world.serve(73);
        assert!(world.is_proven(), "{story}: set right, it is proven by serving");
        world.check_nothing_early(story);
        world.check_nothing_late(story, 0);
    }
    // A clock far ahead is proven in the end; what it may take, it takes slowly.
    let mut world = World::lived_in();
    world.off_to(25_567 * DAY); // 2040
    world.serve(30 * 24);
    assert!(world.is_proven());
    world.check_nothing_early("2040");
}

#[test]
fn a_step_while_serving_takes_nothing() {
    let mut world = World::lived_in();
    world.hand.step(2 * YEAR);
    world.serve(3 * 24);
    assert_eq!(world.there(), 200, "+2 y");
    world.set_right();
    // A day every ten minutes, for a day.
    for _ in 0..144 {
        world.hand.step(DAY.cast_signed());
        world.hand.pass(600);
        world.truth += 600;
        world.served += 600;
        world.runtime.block_on(world.keeper.sweep(&*world.store)).unwrap();
    }
    assert!(!world.is_proven());
    assert_eq!(world.there(), 200, "a day every ten minutes");
    world.set_right();
    world.serve(10 * 24);
    world.check_nothing_early("a day every ten minutes");
    world.check_nothing_late("a day every ten minutes", 0);
}

#[test]
fn an_attacker_at_the_time_server_gains_a_day_for_a_day_at_most() {
    let mut world = World::lived_in();
    let earned = world.keeper.status().earned.days;
    // For a week, as far as he dares each hour without being seen, then as far as he likes.
    for hour in 0..7 * 24 {
        world.hand.step(if hour % 24 == 0 { 3599 } else { 0 });
        world.serve(1);
    }
    assert!(world.keeper.status().earned.days - earned <= 8);
    world.check_nothing_early("an hour a day");
    for _ in 0..7 * 24 {
        world.hand.step(3599);
        world.serve(1);
    }
    assert!(!world.is_proven());
    world.check_nothing_early("an hour an hour");
    assert!(world.keeper.status().earned.days - earned <= 16, "{:?}", world.keeper.status());
    world.set_right();
    world.serve(20 * 24);
    world.check_nothing_early("after the attack");
    world.check_nothing_late("after the attack", 0);
}

#[test]
fn a_drop_that_was_off_for_two_weeks_goes_on_where_it_was() {
    let mut world = World::lived_in();
    world.off(14 * DAY, 0);
    assert!(!world.is_proven());
    world.serve(71);
    assert!(!world.is_proven());
    assert_eq!(world.there(), 200, "wishes wait until the clock is proven");
    world.serve(24);
    assert!(world.is_proven());
    world.check_nothing_early("off for two weeks");
    world.check_nothing_late("off for two weeks", 0);
    world.serve(150 * 24);
    world.check_nothing_early("off for two weeks, half a year later");
    world.check_nothing_late("off for two weeks, half a year later", 1);
}

#[test]
fn a_drop_that_is_on_for_a_day_a_month_keeps_what_is_not_due_and_says_what_is_overdue() {
    let mut world = World::lived_in();
    for month in 0..12 {
        world.off(29 * DAY, 0);
        world.serve(24);
        world.check_nothing_early(&format!("month {month}"));
    }
    let overdue = world.keeper.overdue().unwrap();
    assert!(overdue.is_alarm() && overdue.objects == world.there() as u64, "{overdue:?}");
    // Somebody sees the alarm and leaves it on.
    world.serve(200 * 24);
    assert_eq!(world.there(), 0);
    assert_eq!(world.keeper.overdue(), None);
}

#[test]
fn with_a_clock_that_is_right_everything_goes_in_time_through_many_starts() {
    let mut world = World::lived_in();
    for _ in 0..40 {
        world.submit(2);
        let old = world.came.keys().copied().find(|id| world.is_there(*id) && !world.wished.contains_key(id));
        if let Some(id) = old {
            world.wish(id);
        }
        world.serve(10 * 24);
        world.check_nothing_early("a start every ten days");
        // A start costs three days, and retention catches up by three days a day.
        world.check_nothing_late("a start every ten days", 3);
        world.off(600, 0);
    }
    assert!(world.there() < 60, "{}", world.there());
}

#[test]
fn coordinators_who_come_hold_a_wrong_clock_for_ever_and_a_drop_that_lags_behind_deletes_by_their_days() {
    let mut world = World::lived_in();
    world.off(HOUR, YEAR);
    for _ in 0..120 {
        for person in ["Aigul", "Marat"] {
            world.keeper.witness(person, world.true_day());
        }
        world.serve(24);
    }
    assert!(!world.is_proven());
    world.check_nothing_early("a year ahead, and coordinators come daily");
    assert!(world.there() >= 190);

    // Behind by a year and never set: what is overdue for thirty days by the signed days goes without the operator.
    let mut world = World::lived_in();
    world.off(HOUR, -YEAR);
    for day in 0..260 {
        for person in ["Aigul", "Marat"] {
            world.keeper.witness(person, world.true_day());
        }
        world.serve(24);
        world.check_nothing_early(&format!("a year behind, day {day}"));
    }
    assert!(!world.is_proven());
    assert_eq!(world.there(), 0, "all went some weeks late");
}

#[test]
fn one_coordinator_proves_and_refutes_nothing_where_there_are_two() {
    let mut world = World::lived_in();
    for _ in 0..20 {
        world.keeper.witness("Aigul", world.true_day().plus(5000));
        world.serve(24);
    }
    assert!(world.is_proven(), "a hostile coordinator, or a wrong laptop, stops nothing");
    world.off(HOUR, YEAR);
    world.keeper.witness("Aigul", world.true_day().plus(365));
    assert!(!world.is_proven());
    world.check_nothing_early("one coordinator");
}

#[test]
fn a_shorter_retention_waits_for_the_operators_word_and_names_what_it_ends_first() {
    let mut world = World::lived_in();
    let shorter = Retention { days: 20, spread: 2 };
    let open = |world: &World| {
        Timekeeper::open(world.clock.clone(), world.store.clone(), Day::at_unix(BEGIN), None, shorter)
            .unwrap()
    };
    world.keeper = open(&world);
    world.serve(10 * 24);
    assert_eq!(world.there(), 190, "wishes alone");
    let forecast = world.runtime.block_on(world.keeper.forecast(&*world.store)).unwrap();
    let waiting = forecast.shorter.unwrap();
    assert_eq!((waiting.days, waiting.in_force), (20, 180));
    assert!(waiting.past > 100, "{waiting:?}");
    assert!(
        world.runtime.block_on(world.keeper.confirm_retention(30)).is_err(),
        "another number than kua.toml's"
    );
    world.runtime.block_on(world.keeper.confirm_retention(20)).unwrap();
    // After the next start it is still in force.
    world.keeper = open(&world);
    assert_eq!(world.keeper.retention(), shorter);
    world.serve(6 * 24);
    assert_eq!(world.there(), 190, "named as expired for a week first");
    world.serve(40 * 24);
    assert_eq!(world.there(), 0);
}

#[test]
fn a_register_that_is_damaged_or_lost_hurries_nothing() {
    for damage in [None, Some(&b"{"[..]), Some(b"{\"format\":\"kua-clock/9\"}")] {
        let mut world = World::lived_in();
        for name in ["clock.json", "wishes.json"] {
            let path = world.folder.path().join(name);
            match damage {
                Some(bytes) => std::fs::write(path, bytes).unwrap(),
                None => std::fs::remove_file(path).unwrap(),
            }
        }
        world.off(HOUR, 0);
        assert!(!world.is_proven());
        world.serve(71);
        assert_eq!(world.there(), 200);
        world.serve(40 * 24);
        world.check_nothing_early("no register");
        assert_eq!(world.there(), 190);
        if damage.is_none() {
            world.serve(170 * 24);
            world.check_nothing_late("no register", 1);
        }
    }
}

#[test]
fn requests_at_the_same_moment_are_no_start_of_the_machine() {
    let world = World::lived_in();
    let passing = std::sync::atomic::AtomicBool::new(true);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while passing.load(std::sync::atomic::Ordering::Relaxed) {
                    world.keeper.steady();
                }
            });
        }
        for _ in 0..20_000 {
            world.hand.pass(1);
            // The others come between.
            world.keeper.steady();
        }
        passing.store(false, std::sync::atomic::Ordering::Relaxed);
    });
    assert!(world.is_proven());
}

#[test]
fn on_a_full_disk_unfinished_uploads_are_given_up_all_the_same() {
    let mut world = World::new();
    world.submit(3);
    let until = world.keeper.steady() + 24 * HOUR;
    let owner = Owner::Mailbox(kua_protocol::id::MailboxId::from_bytes([3; 16]));
    let id = kua_protocol::id::Digest::of(b"token");
    let day = world.keeper.today();
    let upload = NewUpload { id, kind: Kind::Report, owner, day, len: 5000, until, most_open: 1 };
    world.runtime.block_on(world.store.begin(upload)).unwrap();
    // From now on not even a day can be closed.
    let World { folder, runtime, store, keeper: served, clock, hand, .. } = world;
    runtime.block_on(served.save()).unwrap();
    drop((served, store));
    let store = open_store(&folder, Options { reserve_bytes: u64::MAX });
    let keeper = keeper(&store, &clock);
    let mut refused = false;
    for _ in 0..30 {
        hand.pass(HOUR);
        refused |= runtime.block_on(keeper.sweep(&*store)).is_err();
    }
    assert!(refused, "a day could be closed, and the test shows nothing");
    assert_eq!(store.status().uploads, 0);
}

#[test]
fn a_drop_that_is_off_at_night_or_over_the_weekend_keeps_up() {
    // Sixteen hours a day; and five days a week, with two nights and days off between them.
    for (on, off, rounds) in [(16, 8, 330), (5 * 24, 2 * 24, 48)] {
        let mut world = World::lived_in();
        for _ in 0..rounds {
            world.serve(on);
            world.off(off * HOUR, 0);
            world.check_nothing_early("off and on");
        }
        // All of it is past its time since more than a hundred days.
        assert_eq!(world.there(), 0, "{on} hours on, {off} hours off");
    }
}
