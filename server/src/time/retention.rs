//! What the register says of retention: how far it may go, and which one is in force.

use kua_protocol::day::Day;
use kua_store::Retention;

use super::proof::{Bounds, Proof};
use super::register::Register;

/// Days of an unproven clock that are remembered: more than a machine earns between two times that its clock is proven.
const MOST_UNPROVEN_DAYS: usize = 30;
/// Days after which coordinators' signed days are enough to delete what is overdue.
const WITNESSED_DAYS: i64 = 30;

impl Register {
    /// The day by which retention goes: today's by a proven clock, else that which coordinators' signed days leave no doubt of.
    pub(super) fn retention_day(&self) -> Option<Day> {
        match self.proof {
            Proof::Proven => Some(self.floor.map_or(self.day, |floor| floor.max(self.day))),
            Proof::Unproven { .. } => self.witnessed.map(|day| day.plus(-WITNESSED_DAYS)),
        }
    }

    /// Whether a wish that is overdue since this day may be fulfilled.
    pub(super) fn may_fulfil(&self, overdue_since: Day) -> bool {
        self.proof.is_proven()
            || self.witnessed.is_some_and(|day| day.days_since(overdue_since) >= WITNESSED_DAYS)
    }

    /// Moves retention on by an earned day. `oldest` is the earliest last day of all that the drop holds.
    ///
    /// A day of an unproven clock counts once that is proven, if it was not stepped. Coordinators' days, which are a month
    /// behind, move retention forward alone.
    pub(super) fn move_on(&mut self, oldest: Option<Day>) {
        if self.proof.is_proven() {
            for day in std::mem::take(&mut self.unproven_days) {
                self.expiry.day_earned(Some(day), oldest);
            }
            self.expiry.day_earned(self.retention_day(), oldest);
            return;
        }
        if self.unproven_days.len() < MOST_UNPROVEN_DAYS {
            self.unproven_days.push(self.latest_of(self.day));
        }
        let signed = self.retention_day().filter(|day| self.expiry.is_behind(*day));
        self.expiry.day_earned(signed, oldest);
    }

    /// What has its last day by then may go now.
    pub fn through(&self) -> Option<Day> {
        self.expiry.through(self.retention_day())
    }

    /// Earned days until what has this last day goes, if it is expired on this day.
    pub fn days_left(&self, last: Day, today: Day) -> Option<u32> {
        self.expiry.left(last, today)
    }

    /// Takes in the day that coordinators have signed or passed. One outside the roster's time is none: their own devices
    /// would not come to the drop by it.
    pub(super) fn witness(&mut self, day: Day, bounds: &Bounds) {
        if day >= bounds.earliest && bounds.latest.is_none_or(|latest| day <= latest) {
            self.witnessed = Some(day);
        }
    }

    /// The day that coordinators have signed or passed.
    pub(super) fn witnessed(&self) -> Option<Day> {
        self.witnessed
    }

    /// Takes back what people said, as it was before: it could not be written down.
    pub(super) fn take_back(&mut self, before: Self) {
        (self.retention, self.expiry) = (before.retention, before.expiry);
        (self.proof, self.floor) = (before.proof, before.floor);
    }

    /// Puts another retention in force. For a shorter one, what it ends is named as expired first.
    pub(super) fn set_retention(&mut self, retention: Retention) {
        if self.is_shorter(retention) {
            self.expiry.begin_anew();
        }
        self.retention = retention.into();
    }

    /// Whether something would go earlier by this retention than by the one in force.
    pub(super) fn is_shorter(&self, retention: Retention) -> bool {
        let in_force = self.retention();
        if retention.spread == in_force.spread {
            return retention.days < in_force.days;
        }
        // By another spread each object goes on another day: only where all go later does none go earlier.
        retention.least() < i64::from(in_force.days) + i64::from(in_force.spread)
    }

    /// The retention in force.
    pub fn retention(&self) -> Retention {
        self.retention.into()
    }
}
