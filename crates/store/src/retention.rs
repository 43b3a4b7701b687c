//! How long objects are kept, and what is due for deletion.

use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;

use crate::DeleteAsked;

/// How long objects are kept.
///
/// Reports and replies expire; the entries of a case go with its report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// UTC days that an object is kept, the day of its arrival not counted.
    pub days: u32,
    /// Days by which an object may go earlier or later, as its id decides: its end does not betray its beginning.
    pub spread: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { days: 180, spread: 7 }
    }
}

impl Retention {
    /// Days that the object with this id is kept: `days` and between `-spread` and `+spread`.
    ///
    /// The offset is the first eight bytes, big-endian, of SHA-256("kua/v1/retention" ‖ id) modulo
    /// `2 * spread + 1`, minus `spread`.
    pub fn of(&self, id: ObjectId) -> i64 {
        let digest = ObjectId::of(&[&b"kua/v1/retention"[..], id.as_bytes()].concat());
        let number = digest.as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        let offset = number % (2 * u64::from(self.spread) + 1);
        self.least() + offset.cast_signed()
    }

    /// The last UTC day on which the object with this id is kept, if it came on `day`.
    pub fn last_day(&self, day: Day, id: ObjectId) -> Day {
        day.plus(self.of(id))
    }

    /// Days that every object is kept at least.
    pub fn least(&self) -> i64 {
        i64::from(self.days) - i64::from(self.spread)
    }
}

/// What is due for deletion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    /// Objects that go because somebody wished it. Where another wish stands meanwhile, or none, the object stays.
    pub wished: Vec<(ObjectId, DeleteAsked)>,
    /// How long objects are kept.
    pub retention: Retention,
    /// Objects whose [last day](Retention::last_day) is this or earlier go; none does without it.
    pub through: Option<Day>,
}

/// Objects whose last day is reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expiring {
    /// How many there are; what their cases own is not counted.
    pub objects: u64,
    /// The earliest of their last days.
    pub oldest: Option<Day>,
}

/// What [`Store::tidy`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tidied {
    /// How many objects coordinators had wanted deleted; what their cases owned is not counted.
    pub deleted: u64,
    /// How many objects were past their retention, counted likewise.
    pub expired: u64,
    /// The days whose segments were rewritten in the order of ids.
    pub closed: Vec<Day>,
}
