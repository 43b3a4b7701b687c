//! JSON as the protocol takes it: no key twice, no integer that some reader would round, everything unknown kept.
//!
//! Source: protocol, "Bytes, once and for all". Two readers that resolve a doubled key differently would see two reports
//! in the same bytes, so such bytes are no report at all.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::{Error, INTEGER_LIMIT};

/// Fields that this version does not know, kept in their order so that they survive a round trip.
pub(crate) type Extra = Map<String, Value>;

/// Parses one JSON value and nothing after it.
///
/// # Errors
/// [`Error::Json`] with line and column.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict::deserialize(&mut deserializer).map_err(|error| Error::Json(error.to_string()))?;
    deserializer.end().map_err(|error| Error::Json(error.to_string()))?;
    Ok(value.0)
}

/// A value whose every object and integer has been looked at.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

const OUT_OF_RANGE: &str = "an integer beyond ±(2^53−1), which not every reader would keep exact";

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        if value > INTEGER_LIMIT { Err(E::custom(OUT_OF_RANGE)) } else { Ok(value.into()) }
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() > INTEGER_LIMIT { Err(E::custom(OUT_OF_RANGE)) } else { Ok(value.into()) }
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        // An integer too long for 64 bits arrives here, already rounded.
        #[allow(
            clippy::cast_precision_loss,
            reason = "2^53 − 1 is the largest integer that f64 holds exactly"
        )]
        let limit = INTEGER_LIMIT as f64;
        if value.abs() > limit { Err(E::custom(OUT_OF_RANGE)) } else { Ok(value.into()) }
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the field `{key}` stands there twice")));
            }
            let Strict(value) = entries.next_value()?;
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_key_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"x":{"b":1,"\u0062":2}}]"#] {
            let error = parse(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("twice"), "{error}");
        }
    }

    #[test]
    fn integers_stay_within_what_every_reader_keeps() {
        for text in ["9007199254740991", "-9007199254740991", "0", "0.5", "-0", "1e15"] {
            assert!(parse(text.as_bytes()).is_ok(), "{text}");
        }
        for text in ["9007199254740992", "-9007199254740992", "18446744073709551616", "1e300"] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn nothing_may_follow_and_depth_is_bounded() {
        assert!(parse(b"{} {}").is_err());
        assert!(parse(b"").is_err());
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_parse_or_fail(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn fractions_come_back_exactly(number in -180.0..180.0f64) {
            let text = serde_json::to_string(&number).unwrap();
            prop_assert_eq!(serde_json::to_string(&parse(text.as_bytes()).unwrap()).unwrap(), text);
        }
    }
}
