//! Dates as people remember them: a day, a month or a year.

use std::fmt;
use std::str::FromStr;

use crate::Error;
use crate::text::text_form;
use crate::vocabulary::DatePrecision;

/// A date that may lack its day, or its day and month: `2010-10-11`, `2010-10` or `2010`.
///
/// Days exist in the Gregorian calendar. HURIDOCS writes unknown parts as zeros and names them in list 48; here they are
/// simply absent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

impl PartialDate {
    /// Says how much of the date is known: day, month or year.
    pub fn precision(&self) -> DatePrecision {
        match (self.month, self.day) {
            (_, Some(_)) => DatePrecision::Day,
            (Some(_), None) => DatePrecision::Month,
            (None, None) => DatePrecision::Year,
        }
    }

    /// Gives the first and the last day that it can be, both exact to the day.
    pub fn days(&self) -> (Self, Self) {
        let (first, last) = (self.month.unwrap_or(1), self.month.unwrap_or(12));
        // The first day of a month exists, as the year does.
        let length = jiff::civil::Date::new(self.year, last, 1).map_or(31, jiff::civil::Date::days_in_month);
        let day = |month, day| Self { year: self.year, month: Some(month), day: Some(day) };
        (day(first, self.day.unwrap_or(1)), day(last, self.day.unwrap_or(length)))
    }
}

impl FromStr for PartialDate {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        const WRONG: Error =
            Error::Form("a date: write 2010-10-11, or 2010-10 or 2010 when that is all you know");
        let number = |text: &str, digits: usize| {
            let valid = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
            valid.then(|| text.parse::<i16>().ok()).flatten().ok_or(WRONG)
        };
        let small = |text: &str| number(text, 2).and_then(|value| i8::try_from(value).map_err(|_| WRONG));
        let mut parts = text.splitn(3, '-');
        let year = number(parts.next().unwrap_or_default(), 4)?;
        let month = parts.next().map(small).transpose()?;
        let day = parts.next().map(small).transpose()?;
        jiff::civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).map_err(|_| WRONG)?;
        Ok(Self { year, month, day })
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "{:04}", self.year)?;
        [self.month, self.day].iter().flatten().try_for_each(|part| write!(formatter, "-{part:02}"))
    }
}

impl fmt::Debug for PartialDate {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

text_form!([] PartialDate, "PartialDate", schemars::json_schema!({
    "type": "string",
    "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
}));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_exist() {
        for date in ["2010", "2010-10", "2010-10-11", "2012-02-29"] {
            assert_eq!(date.parse::<PartialDate>().unwrap().to_string(), date);
        }
        for wrong in [
            "",
            "10",
            "2010-",
            "2010-13",
            "2010-00",
            "2011-02-29",
            "2010-1-1",
            "2010-10-11T00",
            "-010",
            "２０１０",
            "2010-10-11-",
        ] {
            assert!(wrong.parse::<PartialDate>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_vague_date_is_as_long_as_it_is_vague() {
        let days = |date: &str| {
            let (first, last) = date.parse::<PartialDate>().unwrap().days();
            format!("{first} {last}")
        };
        assert_eq!(days("2012"), "2012-01-01 2012-12-31");
        assert_eq!(days("2012-02"), "2012-02-01 2012-02-29");
        assert_eq!(days("2012-02-03"), "2012-02-03 2012-02-03");
    }

    proptest! {
        #[test]
        fn what_parses_is_written_the_same(text in "[0-9-]{0,12}") {
            if let Ok(date) = text.parse::<PartialDate>() {
                prop_assert_eq!(date.to_string(), text);
            }
        }

        #[test]
        fn any_text_parses_or_fails(text in ".*") {
            let _ = text.parse::<PartialDate>();
        }
    }
}
