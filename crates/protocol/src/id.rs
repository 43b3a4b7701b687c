//! Ids: what a sealed object, a mailbox and a drop are called.
//!
//! All of them are fixed-width bytes, written in lower-case hex. One door in: `FromStr`.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::keys::PublicKey;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text has another length than the id's.
    #[error("expected {expected} hexadecimal digits, found {found}")]
    Length {
        /// Digits that an id of this kind has.
        expected: usize,
        /// Characters that were found.
        found: usize,
    },
    /// A character is not one of `0-9a-f`.
    #[error("character {0} is not a lower-case hexadecimal digit")]
    Digit(usize),
}

/// Reads lower-case hex of exactly `N` bytes.
fn bytes_from_hex<const N: usize>(text: &str) -> Result<[u8; N], IdError> {
    if text.len() != 2 * N {
        return Err(IdError::Length { expected: 2 * N, found: text.chars().count() });
    }
    let mut bytes = [0; N];
    for (position, digit) in text.bytes().enumerate() {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return Err(IdError::Digit(position + 1)),
        };
        bytes[position / 2] = bytes[position / 2] << 4 | value;
    }
    Ok(bytes)
}

/// Writes bytes as lower-case hex, in one piece: lists have tens of thousands of ids.
fn write_hex<const N: usize>(bytes: &[u8; N], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [[0; 2]; N];
    for (pair, byte) in text.iter_mut().zip(bytes) {
        *pair = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    }
    f.write_str(std::str::from_utf8(text.as_flattened()).map_err(|_| fmt::Error)?)
}

/// Reads an id where it stands, without a copy of its text.
struct Digits<T>(PhantomData<T>);

impl<T: FromStr<Err = IdError>> Visitor<'_> for Digits<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lower-case hexadecimal digits")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// Takes the bytes as they are.
            pub const fn from_bytes(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $bytes] {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                bytes_from_hex(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Digits(PhantomData))
            }
        }
    };
}

hex_id! {
    /// The id of a sealed object: the SHA-256 of its bytes, 32 bytes (protocol, "Ids").
    ///
    /// The same bytes sent twice are one object, and nobody can put other bytes under an id.
    ObjectId, 32
}

hex_id! {
    /// The id of a mailbox, 16 bytes: what a drop knows of a submitter (protocol, "Mailbox id").
    MailboxId, 16
}

hex_id! {
    /// The number of a report: 16 random bytes inside its seal, so that no two reports are the same bytes (protocol, "Ids").
    ReportNumber, 16
}

hex_id! {
    /// The id of a drop: 16 random bytes, for ever (protocol, "Ids").
    DropId, 16
}

hex_id! {
    /// The SHA-256 of bytes that are not a sealed object, such as a roster's payload, 32 bytes.
    Digest, 32
}

impl ObjectId {
    /// The id of these sealed bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The first eight digits, as people see and say them.
    pub fn short(&self) -> String {
        let mut text = self.to_string();
        text.truncate(IdPrefix::MIN_DIGITS);
        text
    }
}

impl MailboxId {
    /// The mailbox of a submitter's signing key: the first 16 bytes of SHA-256("kua/v1/mailbox" ‖ key).
    pub fn of(key: &PublicKey) -> Self {
        let digest = Sha256::new().chain_update("kua/v1/mailbox").chain_update(key.as_bytes()).finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        Self(id)
    }
}

impl DropId {
    /// A new drop's id.
    ///
    /// # Errors
    ///
    /// When the system gives no randomness.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut id = [0; 16];
        getrandom::fill(&mut id)?;
        Ok(Self(id))
    }
}

impl Digest {
    /// The SHA-256 of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

/// The beginning of an object's id as a person types it: 8 to 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdPrefix(String);

/// Why a text is not the beginning of an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id is typed as its first 8 hexadecimal digits or more, for example 3fa91c07")]
pub struct IdPrefixError;

impl IdPrefix {
    /// Fewer digits than this would soon be ambiguous.
    pub const MIN_DIGITS: usize = 8;

    /// Whether the id begins so.
    pub fn matches(&self, id: &ObjectId) -> bool {
        id.to_string().starts_with(&self.0)
    }

    /// The digits, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdPrefix {
    type Err = IdPrefixError;

    fn from_str(text: &str) -> Result<Self, IdPrefixError> {
        let text = text.trim().to_ascii_lowercase();
        let digits = (Self::MIN_DIGITS..=64).contains(&text.len());
        if digits && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            Ok(Self(text))
        } else {
            Err(IdPrefixError)
        }
    }
}

impl fmt::Display for IdPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_lower_case_hex_and_nothing_else() {
        let id: DropId = "000102030405060708090a0b0c0d0e0f".parse().unwrap();
        assert_eq!(id.as_bytes()[15], 15);
        assert_eq!(id.to_string(), "000102030405060708090a0b0c0d0e0f");
        assert_eq!("0001".parse::<DropId>(), Err(IdError::Length { expected: 32, found: 4 }));
        assert_eq!("000102030405060708090A0b0c0d0e0f".parse::<DropId>(), Err(IdError::Digit(22)));
        assert!("жжжжжжжжжжжжжжжж".parse::<DropId>().is_err());
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<DropId>(&json).unwrap(), id);
        // A name that is written with an escape is the same name.
        assert_eq!(serde_json::from_str::<DropId>(&json.replace("0f\"", "0\\u0066\"")).unwrap(), id);
        assert!(serde_json::from_str::<DropId>("15").is_err());
    }

    #[test]
    fn a_prefix_matches_in_either_case() {
        let id = ObjectId::of(b"");
        assert_eq!(id.short(), "e3b0c442");
        assert!("E3B0C44298".parse::<IdPrefix>().unwrap().matches(&id));
        assert!(!"e3b0c443".parse::<IdPrefix>().unwrap().matches(&id));
        assert_eq!("e3b0c44".parse::<IdPrefix>(), Err(IdPrefixError));
    }
}
