//! Whatever happens to a clock, nothing goes before its earned time; and with a true clock everything goes in time.

use kua_clock::{BootId, Clock, Reading};
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_protocol::keys::SigningKey;
use kua_protocol::secret::{Purpose, Seed};
use kua_store::{DeleteAsked, Retention};
use proptest::prelude::*;

use super::expiry::{DAYS_PER_DAY, NOTICE};
use super::proof::{Bounds, Doubt};
use super::register::Register;
use super::wishes::{self, Wishes};

const HOUR: u64 = 3600;
const BEGIN: u64 = 20_533 * 86_400;
const RETENTION: Retention = Retention { days: 20, spread: 5 };

/// What can happen.
#[derive(Debug, Clone)]
enum Event {
    /// The drop serves, with a sweep each hour.
    Serve(u16),
    /// The wall clock is stepped by so many minutes.
    Step(i32),
    /// The machine is off for so many hours; its clock is wrong by so many at the start.
    Off(u16, i32),
    /// The operator says that the clock is right, whatever it shows.
    Confirm,
    /// Coordinators' devices show the true day.
    Witness,
    /// A report comes in.
    Submit,
    /// The oldest report that is there and not wished away is.
    Wish,
}

fn events(wrong: bool) -> impl Strategy<Value = Vec<Event>> {
    let (step, off) = if wrong { (40 * 1440, 500 * 24) } else { (1, 1) };
    let small = -59..60i32;
    let event = prop_oneof![
        6 => (1..200u16).prop_map(Event::Serve),
        2 => (-step..step).prop_map(move |minutes| Event::Step(if wrong { minutes } else { 0 })),
        2 => small.prop_map(move |minutes| Event::Step(if wrong { minutes } else { 0 })),
        2 => (0..300u16, -off..off).prop_map(move |(hours, by)| Event::Off(hours, if wrong { by } else { 0 })),
        1 => Just(if wrong { Event::Confirm } else { Event::Serve(5) }),
        1 => Just(Event::Witness),
        4 => Just(Event::Submit),
        2 => Just(Event::Wish),
    ];
    proptest::collection::vec(event, 1..60)
}

/// A report, and what the drop has truly done for it.
#[derive(Debug, Clone)]
struct Known {
    id: ObjectId,
    day: Day,
    truly: Day,
    /// Its last day.
    last: Day,
    /// Hours of serving since its wish was made.
    wished: Option<u64>,
    /// Earned days on which it was named as expired.
    noticed: i64,
}

/// The drop without its store, and the truth.
struct World {
    register: Register,
    wishes: Wishes,
    hand: kua_clock::Hand,
    clock: Clock,
    truth: u64,
    served: u64,
    reports: Vec<Known>,
    number: u64,
    /// How far retention might go at first.
    first_through: Option<Day>,
}

impl World {
    fn new() -> Self {
        let start = Reading { wall: BEGIN, boot: BootId::from_bytes([0; 16]), uptime: 5 };
        let (clock, hand) = Clock::set_to(start);
        let register = Register::new(start, RETENTION);
        let (wishes, reports) = (Wishes::default(), Vec::new());
        Self {
            register,
            wishes,
            hand,
            clock,
            truth: BEGIN,
            served: 0,
            reports,
            number: 0,
            first_through: None,
        }
    }

    fn bounds() -> Bounds {
        Bounds { earliest: Day::at_unix(BEGIN), latest: None }
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Serve(hours) => (0..*hours).for_each(|_| self.serve_hour()),
            Event::Step(minutes) => self.hand.step(i64::from(*minutes) * 60),
            Event::Off(hours, by) => {
                self.truth += u64::from(*hours) * HOUR;
                let wall = self.truth.saturating_add_signed(i64::from(*by) * HOUR.cast_signed());
                self.hand.reboot(wall);
                self.register.look(self.clock.read(), false, &Self::bounds());
            }
            Event::Confirm => drop(self.register.confirm(self.clock.read(), &Self::bounds())),
            Event::Witness => self.register.witness(Day::at_unix(self.truth), &Self::bounds()),
            Event::Submit => {
                let now = self.clock.read();
                // By a clock that cannot be right the drop is not open.
                if now.day() >= Self::bounds().earliest {
                    self.number += 1;
                    let (id, day) = (ObjectId::of(&self.number.to_be_bytes()), self.register.today(now));
                    let (truly, last) = (Day::at_unix(self.truth), RETENTION.last_day(day, id));
                    self.reports.push(Known { id, day, truly, last, wished: None, noticed: 0 });
                }
            }
            Event::Wish => {
                let served = self.served;
                if let Some(report) = self.reports.iter_mut().find(|report| report.wished.is_none()) {
                    report.wished = Some(served);
                    let wish = DeleteAsked { by: coordinator(), day: report.day };
                    self.wishes.begin(report.id, &wish, self.register.earned());
                }
            }
        }
    }

    /// An hour of serving, and a sweep.
    fn serve_hour(&mut self) {
        self.hand.pass(HOUR);
        self.truth += HOUR;
        self.served += HOUR;
        let now = self.clock.read();
        let looked = self.register.look(now, true, &Self::bounds());
        let oldest = self.reports.iter().map(|report| report.last).min();
        for _ in 0..looked.days_earned {
            self.register.move_on(oldest);
            // Named are those whose last day is over by the day of what comes in.
            let today = self.register.today(now);
            for report in &mut self.reports {
                if report.last < today {
                    report.noticed += 1;
                }
            }
        }
        let through = self.register.through();
        if let Some(through) = through {
            let first = *self.first_through.get_or_insert(through);
            let most = i64::from(self.register.earned().days) * DAYS_PER_DAY;
            assert!(through.days_since(first) <= most, "the mark moved from {first} to {through}");
        }
        let (earned, served) = (self.register.earned(), self.served);
        let (register, standing) = (&self.register, &self.wishes);
        self.reports.retain(|report| {
            let asked = DeleteAsked { by: coordinator(), day: report.day };
            let due = report.wished.is_some()
                && standing.is_due(report.id, earned)
                && register.may_fulfil(wishes::overdue_from(&asked));
            if let Some(wished) = report.wished.filter(|_| due) {
                assert!(
                    served - wished >= wishes::SECONDS,
                    "a wish was fulfilled after {} s",
                    served - wished
                );
                return false;
            }
            let gone = through.is_some_and(|through| report.last <= through);
            assert!(!gone || report.noticed >= NOTICE, "named on {} days: {report:?}", report.noticed);
            !gone
        });
    }
}

fn coordinator() -> kua_protocol::keys::PublicKey {
    SigningKey::derive(&Seed::take(&mut [7; 32]), Purpose::CoordinatorSign).public()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_goes_before_its_earned_time_whatever_the_clock_does(events in events(true)) {
        let mut world = World::new();
        for event in &events {
            world.happen(event);
        }
        world.happen(&Event::Serve(24 * 20));
    }

    #[test]
    fn with_a_true_clock_nothing_goes_early_and_everything_goes(events in events(false)) {
        let mut world = World::new();
        let mut all: Vec<Known> = Vec::new();
        for event in &events {
            world.happen(event);
            let today = Day::at_unix(world.truth);
            for known in &all {
                let is_there = world.reports.iter().any(|report| report.id == known.id);
                prop_assert!(is_there || known.wished.is_some() || known.last < today, "{known:?} went early");
            }
            prop_assert!(world.reports.iter().all(|report| report.day == report.truly));
            all.retain(|known| world.reports.iter().all(|report| report.id != known.id));
            all.extend(world.reports.iter().cloned());
        }
        // By then every last day is over for more than a week, and three days a day are made up for.
        world.happen(&Event::Serve(24 * 130));
        prop_assert!(world.reports.is_empty(), "{:?}", world.reports);
    }
}

fn reading(wall: u64, boot: u8, uptime: u64) -> Reading {
    Reading { wall, boot: BootId::from_bytes([boot; 16]), uptime }
}

/// A register that has served so many days by a clock that is right, and the reading then.
fn served(days: u64) -> (Register, Reading) {
    let mut register = Register::new(reading(BEGIN, 0, 5), RETENTION);
    let mut now = reading(BEGIN, 0, 5);
    for _ in 0..days * 24 {
        now = reading(now.wall + HOUR, 0, now.uptime + HOUR);
        let looked = register.look(now, true, &World::bounds());
        for _ in 0..looked.days_earned {
            register.move_on(Some(Day::at_unix(BEGIN)));
        }
    }
    assert!(register.proof().is_proven());
    (register, now)
}

#[test]
fn signed_days_never_move_retention_back() {
    let (mut register, now) = served(40);
    let before = register.through().unwrap();
    register.witness(now.day(), &World::bounds());
    // A start, and days that are earned before the clock is proven again.
    let mut after = reading(now.wall + 600, 1, 0);
    register.look(after, false, &World::bounds());
    for _ in 0..10 * 24 {
        after = reading(after.wall + HOUR, 1, after.uptime + HOUR);
        let looked = register.look(after, true, &World::bounds());
        for _ in 0..looked.days_earned {
            register.move_on(Some(Day::at_unix(BEGIN)));
        }
    }
    assert!(register.through().unwrap().days_since(before) >= 8, "{before} {:?}", register.through());
    // A day from before the drop was made is none.
    register.witness(Day::from_number(0), &World::bounds());
    assert_eq!(register.witnessed(), Some(now.day()));
}

#[test]
fn what_coordinators_contradicted_is_proven_by_no_start_and_no_small_step() {
    let (mut register, now) = served(10);
    let mut now = reading(now.wall + 300 * 86_400, 100, 0);
    register.look(now, false, &World::bounds());
    register.witness(now.day().plus(-300), &World::bounds());
    register.doubt(Doubt::Contradicted, now);
    for boot in 2..8 {
        // A start, or a step of two hours, and four days of serving each time.
        let started = boot / 2;
        now = if boot % 2 == 0 {
            reading(now.wall + 60, started, 0)
        } else {
            reading(now.wall + 7200, started, now.uptime)
        };
        for _ in 0..96 {
            now = reading(now.wall + HOUR, started, now.uptime + HOUR);
            register.look(now, true, &World::bounds());
        }
        assert!(!register.proof().is_proven(), "{boot}");
        assert_eq!(register.hours_left(now.day(), &World::bounds()), None);
    }
    // Set right, it is proven by serving.
    now = reading(now.wall - 310 * 86_400, 9, 0);
    register.look(now, false, &World::bounds());
    for _ in 0..96 {
        now = reading(now.wall + HOUR, 9, now.uptime + HOUR);
        register.look(now, true, &World::bounds());
    }
    assert!(register.proof().is_proven() || now.day() < register.today(now));
}

#[test]
fn a_retention_by_another_spread_is_shorter_unless_everything_goes_later() {
    let register = |days, spread| Register::new(reading(BEGIN, 0, 5), Retention { days, spread });
    let is_shorter = |from: (u32, u32), to: (u32, u32)| {
        register(from.0, from.1).is_shorter(Retention { days: to.0, spread: to.1 })
    };
    assert!(
        !is_shorter((180, 7), (180, 7)) && !is_shorter((180, 7), (181, 7)) && is_shorter((180, 7), (179, 7))
    );
    assert!(is_shorter((180, 60), (180, 0)), "what had 240 days would have 180");
    assert!(is_shorter((180, 7), (190, 4)) && !is_shorter((180, 7), (195, 4)));
}
