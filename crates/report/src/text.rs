//! Ids, keys and recipients as report.json writes them: text of one exact form each.
//!
//! This crate knows no keys; it only holds their public texts to the form that the protocol gives them
//! ("Bytes, once and for all"), so that nothing else travels in their place. Ids and digests are the protocol's own types.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kua_protocol::roster::RecipientText;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::Error;

/// Gives a type that has `Display` and `FromStr` the same text in JSON, and its form in the JSON Schema.
macro_rules! text_form {
    ([$($generics:tt)*] $type:ty, $name:expr, $schema:expr) => {
        impl<$($generics)*> serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de, $($generics)*> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl<$($generics)*> schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $schema
            }
        }
    };
}
pub(crate) use text_form;

/// The form of an id or digest of `N` bytes in a JSON Schema: lower-case hex.
pub struct HexText<const N: usize>;

impl<const N: usize> schemars::JsonSchema for HexText<N> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Hex{N}").into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": format!("^[0-9a-f]{{{}}}$", 2 * N) })
    }
}

/// Reads an id or digest of the protocol, and says what form it has where it is none.
pub(crate) fn hex<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| D::Error::custom(Error::Form("an id in lower-case hex of the right length")))
}

/// `N` bytes written in base64url without padding: Ed25519 keys (32) and signatures (64).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Base64Url<const N: usize>([u8; N]);

impl<const N: usize> Base64Url<N> {
    /// Takes the bytes themselves.
    pub fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// Gives the bytes themselves.
    pub fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> fmt::Display for Base64Url<N> {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl<const N: usize> fmt::Debug for Base64Url<N> {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<const N: usize> FromStr for Base64Url<N> {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or(Error::Form("a key or signature in base64url without padding, of the right length"))
    }
}

text_form!([const N: usize] Base64Url<N>, format!("Base64Url{N}"), schemars::json_schema!({
    "type": "string",
    "pattern": format!("^[A-Za-z0-9_-]{{{}}}$", (N * 8).div_ceil(6))
}));

/// The form of an age recipient in a JSON Schema.
pub(crate) struct RecipientForm;

impl schemars::JsonSchema for RecipientForm {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "AgeRecipient".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let letters = RecipientText::LEN - "age1pq1".len();
        schemars::json_schema!({ "type": "string", "pattern": format!("^age1pq1[a-z0-9]{{{letters}}}$") })
    }
}

/// Reads an age recipient of the hybrid kind, `age1pq1…`; whoever seals to it checks the key inside.
pub(crate) fn recipient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RecipientText, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.try_into().map_err(|_| D::Error::custom(Error::Form("an age recipient (age1pq1…)")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn base64url_has_one_form() {
        assert_eq!("_-8".parse::<Base64Url<2>>().unwrap().as_bytes(), &[0xff, 0xef]);
        // Standard alphabet, padding, a trailing bit that is not zero, another length.
        for wrong in ["/+8", "_-8=", "_-9", "_-8A", ""] {
            assert!(wrong.parse::<Base64Url<2>>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn texts_come_back(bytes in any::<[u8; 32]>()) {
            prop_assert_eq!(*Base64Url::new(bytes).to_string().parse::<Base64Url<32>>().unwrap().as_bytes(), bytes);
        }

        #[test]
        fn any_text_parses_or_fails(text in ".*") {
            let _ = text.parse::<Base64Url<4>>();
        }
    }
}
