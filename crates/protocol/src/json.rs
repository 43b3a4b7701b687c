//! JSON as the protocol takes it: no duplicate keys, no number beyond ±(2^53−1), nothing after the end.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// The largest integer that every JSON reader keeps exact: 2^53 − 1 (RFC 8259, section 6).
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Why bytes are not JSON of the expected form.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct JsonError(#[from] serde_json::Error);

/// Reads a value from exactly these bytes.
///
/// # Errors
///
/// When they are not JSON, repeat a key in one object, hold a number out of range, or do not have the
/// form of `T`; the message names line and column.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    let mut walk = serde_json::Deserializer::from_slice(bytes);
    Strict.deserialize(&mut walk)?;
    walk.end()?;
    Ok(serde_json::from_slice(bytes)?)
}

/// Reads a value that is written as an object. By itself serde takes a list of a structure's fields for it, too.
///
/// # Errors
///
/// As [`from_slice`], and when it is no object.
pub fn from_object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(JsonError(serde_json::Error::custom("this is no object")));
    }
    from_slice(bytes)
}

/// Passes over the byte order mark that some editors put in front of a text, where a person can neither see nor remove it. For
/// files that people keep and hand on; what comes over a line has none.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Walks through a value and keeps nothing.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        if number <= MAX_INTEGER { Ok(()) } else { Err(out_of_range()) }
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.visit_u64(number.unsigned_abs())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        #[allow(clippy::cast_precision_loss, reason = "2^53 − 1 is exact in an f64")]
        if number.abs() <= MAX_INTEGER as f64 { Ok(()) } else { Err(out_of_range()) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Strict)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            if keys.contains(&key) {
                return Err(A::Error::custom(format_args!("the key {key:?} stands twice in one object")));
            }
            keys.insert(key);
            entries.next_value_seed(Strict)?;
        }
        Ok(())
    }
}

fn out_of_range<E: serde::de::Error>() -> E {
    E::custom("a number lies beyond ±(2^53−1)")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn duplicate_keys_and_large_numbers_are_refused() {
        assert!(from_slice::<Value>(br#"{"a":1,"b":[{"a":-9007199254740991,"c":null}]}"#).is_ok());
        for bad in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":[{"b":1,"\u0062":2}]}"#,
            "9007199254740992",
            "[-9007199254740992]",
            "18446744073709551616",
            "1e300",
            "{} {}",
            "{",
        ] {
            assert!(from_slice::<Value>(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_list_is_no_object() {
        assert!(from_object::<Value>(b"\n {\"a\":[]}").is_ok());
        for other in ["[1]", "null", "", "{\"a\":1,\"a\":1}"] {
            assert!(from_object::<Value>(other.as_bytes()).is_err(), "{other}");
        }
    }
}
