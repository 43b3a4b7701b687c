//! Which start of the machine it is.

use std::fmt;
use std::fs;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where Linux tells it: a random UUID, made at each start (random(4)).
const FILE: &str = "/proc/sys/kernel/random/boot_id";

/// One start of a machine, 16 bytes, written as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BootId([u8; 16]);

/// Why a text is not a start's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BootIdError;

impl BootId {
    /// The id with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The id of this start of the system; a random one where the system tells none, so that each process counts as a
    /// start of its own.
    pub(crate) fn of_system() -> Self {
        let told = fs::read_to_string(FILE).ok().and_then(|text| Self::parse(text.trim()).ok());
        told.unwrap_or_else(|| {
            let mut bytes = [0; 16];
            // Without randomness it is the same each time, and nothing is lost but a doubt.
            let _ = getrandom::fill(&mut bytes);
            Self(bytes)
        })
    }

    /// The id after this one, for clocks that tests set.
    pub(crate) fn next(self) -> Self {
        Self(u128::from_be_bytes(self.0).wrapping_add(1).to_be_bytes())
    }

    /// Reads 32 hexadecimal digits, with the dashes of a UUID or without.
    fn parse(text: &str) -> Result<Self, BootIdError> {
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        let hex = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = if hex { u128::from_str_radix(&digits, 16).ok() } else { None };
        number.map(|number| Self(number.to_be_bytes())).ok_or(BootIdError)
    }
}

impl fmt::Display for BootId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for BootId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BootId({self})")
    }
}

impl Serialize for BootId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BootId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|_| serde::de::Error::custom("a start's id has 32 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_the_system_and_as_we_write_it() {
        let id = BootId::parse("3f2a9c01-0000-4000-8000-00000000abcd").unwrap();
        assert_eq!(id.to_string(), "3f2a9c0100004000800000000000abcd");
        assert_eq!(BootId::parse(&id.to_string()), Ok(id));
        for bad in ["", "3f2a", "+f2a9c0100004000800000000000abcd", "zz2a9c0100004000800000000000abcd"] {
            assert_eq!(BootId::parse(bad), Err(BootIdError), "{bad}");
        }
    }
}
