//! A draft: the event as a person writes it, before her client adds where it goes.

use kua_protocol::json::without_mark;
use serde_json::Value;

use crate::report::{self, Routing};
use crate::{Error, Event, REPORT_JSON_LIMIT, TEXT_LIMIT, json};

/// An event whose every field has been checked; the only thing from which a report is made.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft(Event);

impl Draft {
    /// Parses the file of `kua submit --report`: the event's fields as one JSON object, in UTF-8.
    ///
    /// `format` may be absent. Fields that this version does not know are kept.
    ///
    /// # Errors
    /// [`Error::Json`], [`Error::Missing`], [`Error::Field`], [`Error::TooMuchText`], [`Error::Reserved`] or
    /// [`Error::Format`]: each says what to change.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > REPORT_JSON_LIMIT {
            return Err(Error::TooMuchText { bytes: bytes.len(), longest: "the whole file".to_owned() });
        }
        Self::from_value(json::parse(without_mark(bytes))?)
    }

    /// Takes the same object from a form that has built it.
    ///
    /// # Errors
    /// As [`Draft::parse`], without [`Error::Json`].
    pub fn from_value(mut value: Value) -> Result<Self, Error> {
        let fields =
            value.as_object_mut().ok_or_else(|| Error::Json("an object {…} is needed".to_owned()))?;
        if let Some(format) = fields.shift_remove("format") {
            report::check_format(Some(&format))?;
        }
        if let Some(field) = Routing::FIELDS.iter().find(|field| fields.contains_key(**field)) {
            return Err(Error::Reserved(field));
        }
        for field in ["title", "description"] {
            if !fields.contains_key(field) {
                return Err(Error::Missing { field });
            }
        }
        check_text(fields.iter())?;
        let event: Event = serde_path_to_error::deserialize(value)
            .map_err(|error| Error::field(error.path().to_string(), error.inner().to_string()))?;
        event.check()?;
        Ok(Self(event))
    }

    /// Gives the event to read.
    pub fn event(&self) -> &Event {
        &self.0
    }

    /// Gives the event away, to be sealed.
    pub(crate) fn into_event(self) -> Event {
        self.0
    }
}

/// Counts all strings, so that neither one long text nor many short ones exceed what a report takes.
fn check_text<'a>(fields: impl Iterator<Item = (&'a String, &'a Value)>) -> Result<(), Error> {
    let sizes: Vec<_> = fields.map(|(name, value)| (text_len(value), name)).collect();
    let bytes = sizes.iter().map(|(size, _)| size).sum();
    match sizes.into_iter().max() {
        Some((_, longest)) if bytes > TEXT_LIMIT => {
            Err(Error::TooMuchText { bytes, longest: longest.clone() })
        }
        _ => Ok(()),
    }
}

fn text_len(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(text_len).sum(),
        Value::Object(fields) => fields.values().map(text_len).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn refusal(value: Value) -> String {
        Draft::from_value(value).unwrap_err().to_string()
    }

    #[test]
    fn title_and_description_are_needed() {
        assert!(refusal(json!({"description": "d"})).starts_with("a report without a title"));
        assert!(refusal(json!({"title": " \n", "description": "d"})).starts_with("a report without a title"));
        assert!(refusal(json!({"title": "t"})).starts_with("a report without a description"));
        assert!(Draft::from_value(json!({"title": "t", "description": "d"})).is_ok());
    }

    #[test]
    fn errors_name_the_field() {
        let draft = |field: &str, value: Value| {
            let mut draft = json!({"title": "t", "description": "d"});
            draft[field] = value;
            refusal(draft)
        };
        for (field, value, expected) in [
            ("title", json!(7), "`title`"),
            ("acts", json!(["life", "murder"]), "`acts[1]`"),
            ("victims", json!([{"kind": "individual", "age": -1}]), "`victims[0].age`"),
            ("perpetrators", json!([{"type": "unknown", "count": 0}]), "`perpetrators[0].count`"),
            ("occurred", json!({"from": "2010-02-30", "precision": "day"}), "`occurred.from`"),
            ("occurred", json!({"from": "2010-10", "precision": "day"}), "`occurred.precision`"),
            ("occurred", json!({"from": "2010", "to": "2009", "precision": "year"}), "`occurred.to`"),
            ("occurred", json!({"from": "2010", "to": "2010-12", "precision": "estimate"}), "`occurred.to`"),
            (
                "occurred",
                json!({"from": "2010", "precision": "year", "part_of_day": "night"}),
                "`occurred.part_of_day`",
            ),
            ("place", json!({"country": "kz"}), "`place.country`"),
            ("place", json!({"lat": 1.0}), "`place.lat`"),
            ("place", json!({"lat": 91, "lon": 0}), "`place.lat`"),
            ("place", json!({"lat": 0, "lon": -180.5}), "`place.lon`"),
            ("language", json!("Kazakh!"), "`language`"),
            ("to", json!([]), "`to`"),
            ("format", json!("kua-report/2"), "kua-report/2"),
        ] {
            let error = draft(field, value);
            assert!(error.contains(expected), "{field}: {error}");
        }
    }

    #[test]
    fn dates_may_be_as_vague_as_memory() {
        for occurred in [
            json!({"from": "2010", "precision": "year"}),
            json!({"from": "2010-10", "to": "2010-11", "precision": "month"}),
            json!({"from": "2010-10-05", "to": "2010-10-05", "precision": "day", "part_of_day": "evening"}),
            json!({"from": "2010-10-05", "precision": "estimate", "part_of_day": "night"}),
        ] {
            let draft = json!({"title": "t", "description": "d", "occurred": occurred});
            assert!(Draft::from_value(draft).is_ok(), "{occurred}");
        }
    }

    #[test]
    fn text_has_a_limit_to_the_byte() {
        let draft =
            |bytes: usize| Draft::from_value(json!({"title": "t", "description": "d".repeat(bytes - 1)}));
        assert!(draft(TEXT_LIMIT).is_ok());
        let error = draft(TEXT_LIMIT + 1).unwrap_err().to_string();
        assert!(
            error.contains("65537") && error.contains("65536") && error.contains("`description`"),
            "{error}"
        );
        let error = Draft::parse(&vec![b' '; 10_000_000]).unwrap_err().to_string();
        assert!(error.contains("65536"), "{error}");
    }

    #[test]
    fn a_byte_order_mark_is_no_fault_of_the_writer() {
        assert!(Draft::parse("\u{feff}{\"title\":\"t\",\"description\":\"d\"}".as_bytes()).is_ok());
    }

    #[test]
    fn debug_shows_nothing_of_the_text() {
        let draft =
            Draft::from_value(json!({"title": "canary", "description": "canary", "x": "canary"})).unwrap();
        assert_eq!(format!("{draft:?}"), "Draft(Event { .. })");
    }

    proptest! {
        #[test]
        fn any_text_parses_or_fails(text in ".*") {
            let _ = Draft::parse(text.as_bytes());
            let _ = Draft::from_value(json!({"title": text, "description": "d", "occurred": text}));
        }
    }
}
