//! What coordinators' devices say of the day: each signs its own with every request.
//!
//! Who came on which day is kept in memory alone. What follows from it is one day, and whether the clock is proven.

use std::collections::BTreeMap;

use kua_clock::Reading;
use kua_protocol::day::Day;

/// Seconds around midnight within which two clocks may show different days.
const MIDNIGHT: u64 = 3600;

/// What was signed since the clock was doubted last.
#[derive(Debug, Default)]
pub(super) struct Witnesses(BTreeMap<String, Signed>);

#[derive(Debug, Clone, Copy)]
struct Signed {
    day: Day,
    verdict: Verdict,
}

/// What a signed day says of the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It shows the same day.
    Agrees,
    /// It shows a neighbouring day, which says nothing.
    Open,
    /// It shows another day.
    Contradicts,
}

impl Verdict {
    fn of(signed: Day, now: Reading) -> Self {
        let near = [now.wall.saturating_sub(MIDNIGHT), now.wall.saturating_add(MIDNIGHT)].map(Day::at_unix);
        if near.contains(&signed) {
            Self::Agrees
        } else if signed.days_since(now.day()).abs() <= 1 {
            Self::Open
        } else {
            Self::Contradicts
        }
    }
}

impl Witnesses {
    /// Takes in the day that a person signed. Of `needed` persons it gives what all of them say, if they agree.
    pub(super) fn hear(&mut self, person: &str, day: Day, now: Reading, needed: usize) -> Verdict {
        let verdict = Verdict::of(day, now);
        self.0.insert(person.to_owned(), Signed { day, verdict });
        let count = |verdict| self.0.values().filter(|signed| signed.verdict == verdict).count();
        match (count(Verdict::Agrees) >= needed, count(Verdict::Contradicts) >= needed) {
            (true, false) => Verdict::Agrees,
            (false, true) => Verdict::Contradicts,
            _ => Verdict::Open,
        }
    }

    /// The latest day that this many persons have reached.
    pub(super) fn reached(&self, needed: usize) -> Option<Day> {
        let mut days: Vec<Day> = self.0.values().map(|signed| signed.day).collect();
        days.sort_unstable();
        days.len().checked_sub(needed).and_then(|at| days.get(at).copied())
    }

    /// Keeps what these persons said.
    pub(super) fn retain(&mut self, is_known: impl Fn(&str) -> bool) {
        self.0.retain(|person, _| is_known(person));
    }

    /// Forgets what was said of the clock as it was before.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use kua_clock::BootId;

    use super::*;

    fn at(wall: u64) -> Reading {
        Reading { wall, boot: BootId::from_bytes([0; 16]), uptime: 9 }
    }

    #[test]
    fn two_persons_prove_a_day_and_one_person_twice_does_not() {
        let now = at(20_000 * 86_400 + 40_000);
        let (same, other) = (now.day(), now.day().plus(-200));
        let mut witnesses = Witnesses::default();
        assert_eq!(witnesses.hear("Aigul", same, now, 2), Verdict::Open);
        assert_eq!(witnesses.hear("Aigul", same, now, 2), Verdict::Open);
        assert_eq!(witnesses.reached(2), None);
        assert_eq!(witnesses.hear("Marat", same.plus(1), now, 2), Verdict::Open);
        assert_eq!(witnesses.hear("Marat", same, now, 2), Verdict::Agrees);
        assert_eq!(witnesses.hear("Marat", other, now, 2), Verdict::Open, "one against one");
        assert_eq!(witnesses.reached(2), Some(other), "both are as far as that");
        assert_eq!(witnesses.hear("Aigul", other, now, 2), Verdict::Contradicts);
        assert_eq!(Witnesses::default().hear("Aigul", same, now, 1), Verdict::Agrees);
    }

    #[test]
    fn at_midnight_either_day_will_do() {
        let midnight = at(20_001 * 86_400 - 60);
        for day in [20_000, 20_001] {
            assert_eq!(
                Witnesses::default().hear("Aigul", Day::from_number(day), midnight, 1),
                Verdict::Agrees
            );
        }
        assert_eq!(Verdict::of(Day::from_number(20_002), midnight), Verdict::Contradicts);
    }
}
