//! The event itself: what happened, when, where, to whom and by whom.
//!
//! Numbers in brackets are those of HURIDOCS' *Events Standard Formats* (2001).

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::json::Extra;
use crate::vocabulary::{Act, DatePrecision, PartOfDay, Severity};
use crate::{Error, Intervention, PartialDate, Perpetrator, Source, Victim};

/// What happened, in the fields of HURIDOCS' event format.
///
/// Only title and description are needed. Fields that this version does not know are kept and written back.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// A line by which people recognise the event (0102).
    pub title: String,
    /// What happened, in the reporter's words (0115).
    pub description: String,
    /// The language of title and description, as a BCP 47 tag such as `kk` or `pt-BR` (2510).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// When it happened (0113, 0114).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred: Option<Occurred>,
    /// Where it happened (0111, 0112).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What was done, by the rights that it violates (2109, thesaurus 4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<Act>,
    /// To whom it was done (2102).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub victims: Vec<Victim>,
    /// Who did it (2402).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perpetrators: Vec<Perpetrator>,
    /// Where the information comes from (2502).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// What was done about it so far (2602).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interventions: Vec<Intervention>,
    /// How soon someone should act, as the reporter sees it (2652, thesaurus 46).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(flatten)]
    pub(crate) extra: Extra,
}

/// When the event happened: a date, or the first and last of several.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Occurred {
    /// The date, or the first one (0113).
    pub from: PartialDate,
    /// The last date, when it went on; as exact as the first (0114).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PartialDate>,
    /// How exactly the dates are known (thesaurus 48).
    pub precision: DatePrecision,
    /// When in the day; only beside a date that has a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of_day: Option<PartOfDay>,
    #[serde(flatten)]
    pub(crate) extra: Extra,
}

/// Where the event happened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The place in words (0112).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The country, as ISO 3166-1 writes it in two capitals (0111).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Degrees north, −90 to 90 (WGS 84); only together with `lon`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Degrees east, −180 to 180 (WGS 84); only together with `lat`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    #[serde(flatten)]
    pub(crate) extra: Extra,
}

impl Event {
    /// The fields of report.json that are the event's own.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for (field, text) in [("title", &self.title), ("description", &self.description)] {
            if text.trim().is_empty() {
                return Err(Error::Missing { field });
            }
        }
        if self.language.as_deref().is_some_and(|tag| !is_language_tag(tag)) {
            return Err(Error::field("language", "a BCP 47 tag is needed, such as kk or pt-BR"));
        }
        self.occurred.as_ref().map_or(Ok(()), Occurred::check)?;
        self.place.as_ref().map_or(Ok(()), Place::check)
    }
}

impl Occurred {
    fn check(&self) -> Result<(), Error> {
        let known = self.from.precision();
        if self.precision != DatePrecision::Estimate && self.precision != known {
            let reason =
                format!("the date {} is known to the {known}, not to the {}", self.from, self.precision);
            return Err(Error::field("occurred.precision", reason));
        }
        if let Some(to) = self.to {
            if to.precision() != known {
                return Err(Error::field("occurred.to", "it must be as exact as `occurred.from`"));
            }
            if to < self.from {
                return Err(Error::field("occurred.to", "it comes before `occurred.from`"));
            }
        }
        if self.part_of_day.is_some() && known != DatePrecision::Day {
            return Err(Error::field("occurred.part_of_day", "it needs a date with a day"));
        }
        Ok(())
    }
}

impl Place {
    fn check(&self) -> Result<(), Error> {
        let is_country = |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        if self.country.as_deref().is_some_and(|code| !is_country(code)) {
            return Err(Error::field("place.country", "two capitals are needed, as in ISO 3166-1: KZ"));
        }
        if self.lat.is_some() != self.lon.is_some() {
            return Err(Error::field("place.lat", "`lat` and `lon` are only right together"));
        }
        if self.lat.is_some_and(|degrees| !(-90.0..=90.0).contains(&degrees)) {
            return Err(Error::field("place.lat", "degrees north are needed, from -90 to 90"));
        }
        if self.lon.is_some_and(|degrees| !(-180.0..=180.0).contains(&degrees)) {
            return Err(Error::field("place.lon", "degrees east are needed, from -180 to 180"));
        }
        Ok(())
    }
}

/// The shape of a BCP 47 tag (RFC 5646, section 2.1), without its registry.
fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && tag.len() <= 35
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Shows nothing of the event, so that no log line ever holds a report.
impl fmt::Debug for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_struct("Event").finish_non_exhaustive()
    }
}
