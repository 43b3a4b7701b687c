//! Whatever happens to a clock, nothing goes before its earned time; and with a true clock everything goes in time.

use kua_clock::{BootId, Clock, Reading};
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_protocol::keys::SigningKey;
use kua_protocol::secret::{Purpose, Seed};
use kua_store::{DeleteAsked, Retention};
use proptest::prelude::*;

use super::expiry::{DAYS_PER_DAY, NOTICE};
use super::proof::Bounds;
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
    /// Expiry days that went in the present earned day.
    last_through: Option<Day>,
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
            last_through: None,
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
                    self.wishes.begin(report.id, self.register.earned());
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
            let today = self.register.retention_day();
            for report in &mut self.reports {
                if today.is_some_and(|today| report.last < today) {
                    report.noticed += 1;
                }
            }
        }
        let through = self.register.through();
        if let (Some(before), Some(after)) = (self.last_through, through) {
            let most = i64::from(looked.days_earned) * DAYS_PER_DAY;
            assert!(after.days_since(before) <= most.max(0), "the mark moved from {before} to {after}");
        }
        self.last_through = self.last_through.max(through);
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
