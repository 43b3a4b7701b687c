//! Ids, keys and recipients as report.json writes them: text of one exact form each.
//!
//! This crate knows no keys; it only holds their public texts to the form that the protocol gives them
//! ("Bytes, once and for all"), so that nothing else travels in their place.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

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

/// `N` bytes written in lower-case hex: drop ids and random numbers (16), digests and report ids (32).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hex<const N: usize>([u8; N]);

impl<const N: usize> Hex<N> {
    /// Takes the bytes themselves.
    pub fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// Gives the bytes themselves.
    pub fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<const N: usize> FromStr for Hex<N> {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        const WRONG: Error = Error::Form("an id in lower-case hex of the right length");
        let digits = text.as_bytes();
        if digits.len() != 2 * N {
            return Err(WRONG);
        }
        let mut bytes = [0; N];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            for digit in pair {
                let value = match digit {
                    b'0'..=b'9' => digit - b'0',
                    b'a'..=b'f' => digit - b'a' + 10,
                    _ => return Err(WRONG),
                };
                *byte = *byte << 4 | value;
            }
        }
        Ok(Self(bytes))
    }
}

text_form!([const N: usize] Hex<N>, format!("Hex{N}"), schemars::json_schema!({
    "type": "string",
    "pattern": format!("^[0-9a-f]{{{}}}$", 2 * N)
}));

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

/// An age recipient of the hybrid kind, `age1pq1…`; whoever seals to it checks the key inside.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct AgeRecipient(String);

impl AgeRecipient {
    /// Gives the recipient as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AgeRecipient {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for AgeRecipient {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let well_formed = text.len() == RECIPIENT_LEN
            && text.starts_with("age1pq1")
            && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::Form("an age recipient (age1pq1…)"))
        }
    }
}

/// Bech32 of 1184 + 32 bytes: prefix and separator (7), 1946 letters, checksum (6).
const RECIPIENT_LEN: usize = 7 + (1216 * 8usize).div_ceil(5) + 6;

text_form!([] AgeRecipient, "AgeRecipient", schemars::json_schema!({
    "type": "string",
    "pattern": format!("^age1pq1[a-z0-9]{{{}}}$", RECIPIENT_LEN - 7)
}));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hex_has_one_form() {
        assert!("00ff".parse::<Hex<2>>().is_ok());
        for wrong in ["00FF", "00f", "00fff", "0x00", "", "00f ", "é0f"] {
            assert!(wrong.parse::<Hex<2>>().is_err(), "{wrong}");
        }
    }

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
            prop_assert_eq!(*Hex::new(bytes).to_string().parse::<Hex<32>>().unwrap().as_bytes(), bytes);
            prop_assert_eq!(*Base64Url::new(bytes).to_string().parse::<Base64Url<32>>().unwrap().as_bytes(), bytes);
        }

        #[test]
        fn any_text_parses_or_fails(text in ".*") {
            let _ = (text.parse::<Hex<4>>(), text.parse::<Base64Url<4>>(), text.parse::<AgeRecipient>());
        }
    }
}
