//! A UTC day: the finest time that a drop keeps.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A UTC day between 1970-01-01 and 9999-12-31, written `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

/// Why a text is not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a day is written YYYY-MM-DD, for example 2026-03-21")]
pub struct DayError;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// The number of 9999-12-31.
const LAST: u32 = 2_932_896;

impl Day {
    /// The day that holds this moment, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// Moments outside the range of [`Day`] count as its first or last day.
    pub fn at_unix(seconds: u64) -> Self {
        Self::from_number(u32::try_from(seconds / 86_400).unwrap_or(u32::MAX))
    }

    /// The day with this number, counted from 1970-01-01; later than 9999-12-31 counts as that day.
    pub fn from_number(days: u32) -> Self {
        Self(EPOCH.saturating_add(i64::from(days.min(LAST)).days()))
    }

    /// Whole days since 1970-01-01.
    pub fn number(self) -> u32 {
        let days = EPOCH.until(self.0).map_or(0, |span| span.get_days());
        u32::try_from(days).unwrap_or(0)
    }

    /// The moment at which this day begins, in seconds since 1970-01-01T00:00:00Z.
    pub fn midnight_unix(self) -> u64 {
        u64::from(self.number()) * 86_400
    }

    /// This many days later (or earlier, for a negative number), kept within the range of [`Day`].
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        let number = i64::from(self.number()).saturating_add(days).max(0);
        Self::from_number(u32::try_from(number).unwrap_or(u32::MAX))
    }

    /// Days from the other day to this one; negative when this one is earlier.
    pub fn days_since(self, other: Self) -> i64 {
        i64::from(self.number()) - i64::from(other.number())
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let shape = |(i, b): (usize, u8)| {
            if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() }
        };
        if text.len() != 10 || !text.bytes().enumerate().all(shape) {
            return Err(DayError);
        }
        match text.parse::<Date>() {
            Ok(date) if date >= EPOCH => Ok(Self(date)),
            _ => Err(DayError),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Day({self})")
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_the_epoch() {
        let day: Day = "2010-10-11".parse().unwrap();
        assert_eq!(day.number(), 14_893);
        assert_eq!(Day::from_number(14_893), day);
        assert_eq!(Day::at_unix(14_893 * 86_400 + 86_399), day);
        assert_eq!(day.plus(31).to_string(), "2010-11-11");
        assert_eq!(day.plus(-14_893).to_string(), "1970-01-01");
        assert_eq!(day.plus(-20_000).to_string(), "1970-01-01");
        assert_eq!(Day::from_number(u32::MAX).to_string(), "9999-12-31");
    }

    #[test]
    fn only_real_days_in_the_one_form_are_taken() {
        for bad in ["2010-02-30", "2010-2-3", "+010-10-11", "1969-12-31", "2010-10-11T00", "", "২০১০-10-11"]
        {
            assert_eq!(bad.parse::<Day>(), Err(DayError), "{bad}");
        }
    }
}
