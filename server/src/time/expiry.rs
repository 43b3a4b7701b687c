//! How far retention may go: a few days' worth of reports for each day that was earned, and none that was not named as
//! expired for a week before.
//!
//! All of it is one mark, [`Expiry::through`]: what has its last day by then may go. However often the drop sweeps, is
//! started, or has its clock moved on one day, the mark moves once.

use std::collections::VecDeque;

use kua_protocol::day::Day;
use serde::{Deserialize, Serialize};

/// Days by which the mark moves for an earned day: a clock of next year takes months, and a flood's day goes at once.
pub const DAYS_PER_DAY: i64 = 3;
/// Earned days for which a report is named as expired before it goes.
pub const NOTICE: i64 = 7;

/// How far retention may go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Expiry {
    /// The proven day on each of the last [`NOTICE`] earned days, the latest at the end.
    earned: VecDeque<Day>,
    /// The mark; none before there was anything to delete.
    through: Option<Day>,
}

impl Expiry {
    /// Moves on by an earned day, on which it was `today` as far as that is proven. `oldest` is the earliest last day of
    /// all that the drop holds.
    pub(super) fn day_earned(&mut self, today: Option<Day>, oldest: Option<Day>) {
        let Some(today) = today else { return };
        self.earned.push_back(today);
        while days(self.earned.len()) > NOTICE {
            self.earned.pop_front();
        }
        let Some(limit) = self.noticed(today) else { return };
        // The first time the mark begins behind everything.
        let Some(from) = self.through.or_else(|| oldest.map(|oldest| oldest.plus(-1))) else { return };
        self.through = Some(from.plus(DAYS_PER_DAY).min(limit));
    }

    /// Whether a day is later than all that was noticed and all that may go.
    pub(super) fn is_behind(&self, day: Day) -> bool {
        self.earned.back().copied().max(self.through).is_none_or(|known| known < day)
    }

    /// The mark, where it is `today` as far as that is proven.
    pub(super) fn through(&self, today: Option<Day>) -> Option<Day> {
        // A mark that an earlier, wrong clock set does not count beyond what this one has noticed.
        Some(self.through?.min(self.noticed(today?)?))
    }

    /// The last day that was over on each of the last earned days, and still is.
    fn noticed(&self, today: Day) -> Option<Day> {
        let enough = days(self.earned.len()) == NOTICE;
        let earliest = self.earned.iter().copied().chain([today]).min().filter(|_| enough);
        earliest.map(|day| day.plus(-1))
    }

    /// Earned days until what has this last day goes, if it is expired.
    pub(super) fn left(&self, last: Day, today: Day) -> Option<u32> {
        if last >= today {
            return None;
        }
        let noticed = self.earned.iter().rev().take_while(|day| last < **day).count();
        let to_notice = NOTICE - days(noticed).min(NOTICE);
        let to_reach = self
            .through
            .map_or(0, |through| (last.days_since(through).max(0) + DAYS_PER_DAY - 1) / DAYS_PER_DAY);
        u32::try_from(to_notice.max(to_reach).max(1)).ok()
    }

    /// Takes back what was noticed beyond a day.
    pub(super) fn notice_no_later_than(&mut self, day: Day) {
        for noticed in &mut self.earned {
            *noticed = day.min(*noticed);
        }
    }

    /// Begins anew, behind everything: for a retention that has become shorter.
    pub(super) fn begin_anew(&mut self) {
        *self = Self::default();
    }
}

fn days(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i64) -> Day {
        Day::from_number(20_000).plus(number)
    }

    #[test]
    fn a_day_goes_once_it_was_named_for_seven_earned_days() {
        let mut expiry = Expiry::default();
        let oldest = Some(day(0));
        let mut left = Vec::new();
        for today in 1..=7 {
            assert_eq!(expiry.through(Some(day(today))), None);
            left.push(expiry.left(day(0), day(today)).unwrap());
            expiry.day_earned(Some(day(today)), oldest);
        }
        assert_eq!(left, [7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(expiry.through(Some(day(7))), Some(day(0)));
        assert_eq!(expiry.left(day(7), day(7)), None, "its last day is not over");
        // Day by day from then on, a week behind.
        expiry.day_earned(Some(day(8)), oldest);
        assert_eq!(expiry.through(Some(day(8))), Some(day(1)));
    }

    #[test]
    fn a_clock_of_next_year_takes_three_days_a_day() {
        let mut expiry = Expiry::default();
        for today in -9..=0 {
            expiry.day_earned(Some(day(today)), Some(day(-10)));
        }
        let before = expiry.through(Some(day(0))).unwrap();
        for n in 1..=20 {
            expiry.day_earned(Some(day(365 + n)), None);
        }
        // The first six of them are held by the days before the step.
        let after = expiry.through(Some(day(385))).unwrap();
        assert!(after.days_since(before) <= 20 * DAYS_PER_DAY, "{before} {after}");
        assert_eq!(
            expiry.left(day(180), day(386)),
            Some(u32::try_from((180 - after.days_since(day(0)) + 2) / 3).unwrap())
        );
        // Set right again, nothing that is not expired by the true clock goes.
        assert_eq!(expiry.through(Some(day(21))).map(|through| through <= day(20)), Some(true));
        for n in 21..=40 {
            expiry.day_earned(Some(day(n)), None);
            assert!(expiry.through(Some(day(n))).unwrap() < day(n));
        }
        assert_eq!(expiry.through(Some(day(40))), Some(day(33)));
    }

    #[test]
    fn an_unproven_day_moves_nothing() {
        let mut expiry = Expiry::default();
        for today in 1..=20 {
            expiry.day_earned(Some(day(today)), Some(day(0)));
        }
        let before = expiry.clone();
        expiry.day_earned(None, Some(day(0)));
        assert_eq!(expiry, before);
        assert_eq!(expiry.through(None), None);
    }
}
