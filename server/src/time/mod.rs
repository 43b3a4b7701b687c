//! The drop's time: what day it is, whether that is proven, and what time may delete.
//!
//! A drop's clock may be wrong: a board without a battery, a restored machine, an attacker's time server. So the drop
//! believes what it has [earned](register) by serving, and what [coordinators' devices](witnesses) or its operator say.
//! Unproven, the clock stops deletion by time and nothing else.
//!
//! Read from here: [`Timekeeper`] is what requests and sweeps ask, [`sweep`] does what time brings, [`register`] is the
//! state that is written down, [`proof`], [`expiry`], [`wishes`] and [`witnesses`] are its parts.

mod days;
mod expiry;
mod proof;
mod register;
mod retention;
mod status;
mod sweep;
mod wishes;
mod witnesses;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use kua_clock::{Clock, Reading};
use kua_protocol::api::{Overdue, TimeLeft};
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_protocol::json;
use kua_protocol::roster::Roster;
use kua_store::{DeleteAsked, Document, Retention, Store, StoreError};
use serde::de::DeserializeOwned;

pub use self::days::RetentionDays;
pub use self::expiry::{DAYS_PER_DAY, NOTICE};
pub use self::proof::{Bounds, Doubt, PROVING, Proof};
pub use self::register::{Earned, FORMAT, Looked, Register};
pub use self::status::ClockStatus;
pub use self::sweep::{Forecast, Shorter, Swept};
use self::wishes::Wishes;
use self::witnesses::{Verdict, Witnesses};

/// Days by which a clock may be wrong at the ends of a roster.
const GRACE: i64 = 1;
/// The last second that a date of HTTP can name.
const LAST_DATE: u64 = 253_402_300_799;
/// Persons whose signed days prove a clock, where there are as many coordinators.
const WITNESSES: usize = 2;

/// The drop's time, shared by all requests.
pub struct Timekeeper {
    clock: Clock,
    /// Where the register is kept.
    store: Arc<dyn Store>,
    /// The day of the drop's seed: no earlier one can be true.
    seed_day: Day,
    /// How long objects are kept by the configuration; the register says what is in force.
    configured: Retention,
    state: Mutex<State>,
    /// Held while the register is written.
    saving: tokio::sync::Mutex<()>,
}

struct State {
    register: Register,
    wishes: Wishes,
    /// Whether the wishes have changed since they were written.
    wishes_changed: bool,
    witnesses: Witnesses,
    bounds: Bounds,
    /// How many persons prove a clock.
    needed: usize,
    /// Days that were earned and for which retention has not moved on yet.
    days: u32,
    /// What was overdue after the last sweep.
    overdue: Option<Overdue>,
}

impl Timekeeper {
    /// Reads the register that a store keeps, or begins one where there is none or it is damaged, and looks at the clock. It
    /// blocks.
    ///
    /// # Errors
    ///
    /// When it is there and cannot be read: what it says must not be forgotten for that.
    pub fn open(
        clock: Clock,
        store: Arc<dyn Store>,
        seed_day: Day,
        roster: Option<&Roster>,
        configured: Retention,
    ) -> Result<Self, StoreError> {
        let now = clock.read();
        let known = read::<Register>(&*store, Document::Clock)?.filter(Register::is_known);
        let mut register = known.unwrap_or_else(|| Register::new(now, configured));
        if !register.is_shorter(configured) {
            register.set_retention(configured);
        }
        let state = State {
            register,
            wishes: read(&*store, Document::Wishes)?.unwrap_or_default(),
            wishes_changed: false,
            witnesses: Witnesses::default(),
            bounds: Bounds { earliest: seed_day.plus(-GRACE), latest: None },
            needed: WITNESSES,
            days: 0,
            overdue: None,
        };
        let keeper = Self {
            clock,
            store,
            seed_day,
            configured,
            state: Mutex::new(state),
            saving: tokio::sync::Mutex::default(),
        };
        keeper.set_roster(roster);
        keeper.state().look(now, false);
        Ok(keeper)
    }

    /// Takes in which roster is installed.
    pub fn set_roster(&self, roster: Option<&Roster>) {
        let issued = roster.map_or(self.seed_day, |roster| roster.issued.max(self.seed_day));
        let mut state = self.state();
        state.bounds =
            Bounds { earliest: issued.plus(-GRACE), latest: roster.map(|roster| roster.expires.plus(GRACE)) };
        state.needed = roster.map_or(WITNESSES, |roster| roster.coordinators.len().clamp(1, WITNESSES));
        if let Some(roster) = roster {
            state.witnesses.retain(|person| roster.coordinators.iter().any(|known| known.name == person));
        }
    }

    /// The UTC day of what comes in now.
    pub fn today(&self) -> Day {
        let state = self.state();
        state.today(self.clock.read())
    }

    /// The wall clock in seconds since 1970, right or wrong. To tell people dates; nothing is decided by it.
    pub fn wall(&self) -> u64 {
        self.clock.now()
    }

    /// Looks at the clock, and gives seconds by one that is never stepped: time of serving, begun at what the wall clock showed
    /// at first.
    pub fn steady(&self) -> u64 {
        let mut state = self.state();
        state.look(self.clock.read(), true);
        state.register.steady()
    }

    /// Why the wall clock cannot be true, for people; none when it may be.
    pub fn impossible(&self) -> Option<String> {
        let state = self.state();
        state.impossible(self.clock.read())
    }

    /// Takes in the day that a coordinator's device signed.
    pub fn witness(&self, person: &str, day: Day) {
        let mut state = self.state();
        let now = self.clock.read();
        state.look(now, true);
        let (needed, bounds) = (state.needed, state.bounds);
        let verdict = state.witnesses.hear(person, day, now, needed);
        // Never by one person's device: it decides what goes.
        if let Some(day) = state.witnesses.reached(WITNESSES) {
            state.register.witness(day, &bounds);
        }
        match verdict {
            Verdict::Agrees if !state.register.proof().is_proven() => {
                if state.register.confirm(now, &bounds) {
                    tracing::info!("the clock is proven: coordinators' devices show the same day");
                }
            }
            Verdict::Contradicts => {
                let before = state.register.proof();
                state.register.doubt(Doubt::Contradicted, now);
                if before != state.register.proof() {
                    told(Doubt::Contradicted);
                }
            }
            Verdict::Agrees | Verdict::Open => {}
        }
    }

    /// Takes in that a coordinator wishes an object deleted; gives the time until that is done.
    pub fn wish(&self, id: ObjectId, wish: &DeleteAsked) -> TimeLeft {
        let mut state = self.state();
        let now = state.register.earned();
        state.wishes_changed |= state.wishes.begin(id, wish, now);
        state.wishes.left(id, now)
    }

    /// Takes in that no such wish stands any more.
    pub fn wish_ended(&self, id: ObjectId) {
        let mut state = self.state();
        state.wishes_changed |= state.wishes.end(id);
    }

    /// Answers questions about many objects at one moment.
    pub fn moment(&self) -> Moment<'_> {
        let state = self.state();
        Moment { today: state.today(self.clock.read()), state }
    }

    /// What was overdue after the last sweep.
    pub fn overdue(&self) -> Option<Overdue> {
        self.state().overdue
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The drop's time at one moment, for answers about many objects. Nobody else may ask meanwhile.
pub struct Moment<'k> {
    today: Day,
    state: MutexGuard<'k, State>,
}

impl Moment<'_> {
    /// Earned days until retention ends what came on `day`, if its last day is over.
    pub fn days_left(&self, id: ObjectId, day: Day) -> Option<u32> {
        let register = &self.state.register;
        register.days_left(register.retention().last_day(day, id), self.today)
    }

    /// The time until a wish is fulfilled.
    pub fn wish_left(&self, id: ObjectId) -> TimeLeft {
        self.state.wishes.left(id, self.state.register.earned())
    }
}

impl State {
    /// Looks at the clock, and keeps what follows from it.
    fn look(&mut self, now: Reading, serving: bool) {
        let looked = self.register.look(now, serving, &self.bounds);
        self.days = self.days.saturating_add(looked.days_earned);
        if let Some(doubt) = looked.doubted {
            self.witnesses.forget();
            // What a start finds, the start tells.
            if serving {
                told(doubt);
            }
        }
        if looked.proven {
            tracing::info!("the clock is proven: the drop has served {} hours by it", PROVING / 3600);
        }
    }

    /// The UTC day of what comes in now. Even by a clock of 1970 it is none before the drop and its roster were made.
    fn today(&self, now: Reading) -> Day {
        self.register.today(now).max(self.bounds.earliest.plus(GRACE))
    }
}

/// Seconds since 1970 as RFC 9110, section 5.6.7, writes dates; those beyond the year 9999 as the end of it.
pub fn date(seconds: u64) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds.min(LAST_DATE)))
}

/// Reads what is written in passing: none where there is none, or where it is damaged and has to be begun anew.
fn read<T: DeserializeOwned>(store: &dyn Store, document: Document) -> Result<Option<T>, StoreError> {
    let Some(bytes) = store.document(document)? else { return Ok(None) };
    let begun_anew = |error| tracing::warn!("{} is damaged, and begun anew: {error}", document.file_name());
    Ok(json::from_slice(&bytes).map_err(begun_anew).ok())
}

/// Tells the operator of a doubt.
fn told(doubt: Doubt) {
    let until = match doubt {
        Doubt::Contradicted => "it is set, coordinators who come agree with it",
        _ => "the drop has served 72 hours, two coordinators were here",
    };
    tracing::warn!(
        "the clock is not proven: {}. Nothing is deleted by it until {until}, or you say that it is right: kua-server \
         clock --confirm",
        doubt.in_words()
    );
}
