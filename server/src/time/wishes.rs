//! Wishes for deletion, and how much earned time each has stood.

use std::collections::BTreeMap;

use kua_protocol::api::TimeLeft;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_protocol::keys::PublicKey;
use kua_store::DeleteAsked;
use serde::{Deserialize, Serialize};

use super::register::Earned;

/// Earned days for which a wish stands before it is fulfilled.
pub(super) const DAYS: u32 = 3;
/// Earned seconds for which it does.
pub(super) const SECONDS: u64 = 72 * 3600;
/// Days after which a wish is overdue by the wall clock.
const GRACE: i64 = 3;

/// What had been earned when each wish was first seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Wishes(BTreeMap<ObjectId, Standing>);

/// A wish that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Standing {
    /// Whose it is, and of which day: another one in its place begins anew.
    by: PublicKey,
    day: Day,
    /// What had been earned when it was first seen.
    since: Earned,
}

impl Standing {
    fn is(&self, wish: &DeleteAsked) -> bool {
        (self.by, self.day) == (wish.by, wish.day)
    }
}

impl Wishes {
    /// Keeps in step with the wishes that stand; a new one begins now. Says whether anything changed.
    pub(super) fn follow(&mut self, standing: &[(ObjectId, DeleteAsked)], now: Earned) -> bool {
        let mut next = BTreeMap::new();
        for (id, wish) in standing {
            // Where the register was lost, what is earned began anew, and so does the wish.
            let known = self.0.get(id).filter(|known| known.is(wish)).map(|known| known.since);
            let since = known.filter(|since| since.days <= now.days && since.seconds <= now.seconds);
            next.insert(*id, Standing { by: wish.by, day: wish.day, since: since.unwrap_or(now) });
        }
        let changed = next != self.0;
        self.0 = next;
        changed
    }

    /// Takes in that somebody wishes something deleted, unless that is known. Says whether it was new.
    pub(super) fn begin(&mut self, id: ObjectId, wish: &DeleteAsked, now: Earned) -> bool {
        let is_new = !self.0.get(&id).is_some_and(|known| known.is(wish));
        if is_new {
            self.0.insert(id, Standing { by: wish.by, day: wish.day, since: now });
        }
        is_new
    }

    /// Takes in that a wish was taken back.
    pub(super) fn end(&mut self, id: ObjectId) -> bool {
        self.0.remove(&id).is_some()
    }

    /// The time that is left until a wish is fulfilled; all of it for one that is not known.
    pub(super) fn left(&self, id: ObjectId, now: Earned) -> TimeLeft {
        let since = self.0.get(&id).map_or(now, |known| known.since);
        let seconds = SECONDS.saturating_sub(now.seconds.saturating_sub(since.seconds));
        TimeLeft {
            days: DAYS.saturating_sub(now.days.saturating_sub(since.days)),
            hours: u32::try_from(seconds.div_ceil(3600)).unwrap_or(u32::MAX),
        }
    }

    /// Whether a wish has stood for as long as it has to.
    pub(super) fn is_due(&self, id: ObjectId, now: Earned) -> bool {
        self.left(id, now) == TimeLeft { days: 0, hours: 0 }
    }
}

/// The first day on which a wish of that day is overdue by a clock that is right and serves all the time.
pub(super) fn overdue_from(wish: &DeleteAsked) -> Day {
    wish.day.plus(GRACE + 1)
}

#[cfg(test)]
mod tests {
    use kua_protocol::keys::SigningKey;
    use kua_protocol::secret::{Purpose, Seed};

    use super::*;

    fn wish(number: u8) -> (ObjectId, DeleteAsked) {
        let by = SigningKey::derive(&Seed::take(&mut [7; 32]), Purpose::CoordinatorSign).public();
        (ObjectId::of(&[number]), DeleteAsked { by, day: Day::from_number(20_000) })
    }

    fn earned(days: u32, hours: u64) -> Earned {
        Earned { days, seconds: hours * 3600 }
    }

    #[test]
    fn a_wish_is_due_after_three_days_and_seventy_two_hours() {
        let mut wishes = Wishes::default();
        assert!(wishes.follow(&[wish(1)], earned(10, 500)));
        assert!(!wishes.follow(&[wish(1)], earned(11, 501)), "it began before");
        let id = wish(1).0;
        assert_eq!(wishes.left(id, earned(11, 501)), TimeLeft { days: 2, hours: 71 });
        assert!(!wishes.is_due(id, earned(13, 571)) && !wishes.is_due(id, earned(12, 600)));
        assert!(wishes.is_due(id, earned(13, 572)));
        // Taken back and wished again, it stands anew.
        assert!(wishes.follow(&[], earned(12, 560)));
        assert!(wishes.follow(&[wish(1)], earned(12, 561)));
        assert!(!wishes.is_due(id, earned(14, 600)));
    }

    #[test]
    fn a_wish_in_the_place_of_another_stands_anew_whoever_forgot_it() {
        let mut wishes = Wishes::default();
        let (id, first) = wish(1);
        wishes.follow(&[(id, first)], earned(0, 0));
        // Kept and wished again, and the process was killed in between: only the store knows.
        let again = DeleteAsked { day: first.day.plus(2), ..first };
        assert!(wishes.follow(&[(id, again)], earned(2, 70)));
        assert_eq!(wishes.left(id, earned(3, 72)), TimeLeft { days: 2, hours: 70 });
        assert!(wishes.begin(id, &first, earned(3, 72)) && !wishes.begin(id, &first, earned(4, 80)));
        assert_eq!(wishes.left(id, earned(4, 80)), TimeLeft { days: 2, hours: 64 });
    }

    #[test]
    fn a_register_that_was_lost_hurries_no_wish() {
        let mut wishes = Wishes::default();
        wishes.follow(&[wish(1)], earned(100, 9000));
        assert!(wishes.follow(&[wish(1)], earned(0, 0)));
        assert_eq!(wishes.left(wish(1).0, earned(0, 0)), TimeLeft { days: 3, hours: 72 });
    }
}
