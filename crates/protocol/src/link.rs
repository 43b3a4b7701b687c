//! The link to a drop, and the digits that say the same aloud.
//!
//! Source: protocol, "Link" and "Digits"; the text form is bech32m (BIP-350) with the prefix `kua`.

use std::fmt;
use std::str::FromStr;

use bech32::{Bech32m, Hrp};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use url::{Host, Url};

use crate::keys::PublicKey;

/// Most characters of a fingerprint as text: so many its checksum covers (BIP-173).
const MAX_FINGERPRINT: usize = 90;
const HRP: Hrp = Hrp::parse_unchecked("kua");
const VERSION: u8 = 1;

/// The fingerprint of a root key: the first 20 bytes of SHA-256("kua/v1/root" ‖ key).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RootFingerprint([u8; 20]);

/// Why a text is not a fingerprint, or not a link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The text is not a web address at all.
    #[error("this is not a link: {0}")]
    NotAnAddress(String),
    /// The address is neither https, nor http to an onion service or to this machine.
    #[error("a drop's link begins with https://, or with http:// when its host ends in .onion")]
    Insecure,
    /// The address has parts that a link does not have: a path, a query, a user name.
    #[error("a drop's link has nothing between the host and #kua1…")]
    ExtraParts,
    /// Nothing follows the `#`.
    #[error("the part after # is missing: without it nobody can tell whether the drop is the right one")]
    NoFingerprint,
    /// The part after `#` has a wrong or missing character.
    #[error("the part after # has a typing error: compare it with the link that you were given")]
    Mistyped,
    /// The part after `#` is of a later version of the protocol.
    #[error("the link is of a newer kind than this program knows")]
    Newer,
}

impl RootFingerprint {
    /// The fingerprint of a root's key.
    pub fn of(root: &PublicKey) -> Self {
        let digest = Sha256::new().chain_update("kua/v1/root").chain_update(root.as_bytes()).finalize();
        let mut bytes = [0; 20];
        bytes.copy_from_slice(&digest[..20]);
        Self(bytes)
    }

    /// The 20 bytes.
    pub fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// Whether this is the fingerprint of that key; in constant time.
    pub fn is_of(&self, root: &PublicKey) -> bool {
        self.0.ct_eq(&Self::of(root).0).into()
    }

    /// Ten groups of five digits for reading aloud: the bytes as one big-endian number of 49 digits, and a Damm
    /// check digit.
    pub fn digits(&self) -> String {
        let mut digits = decimal_digits(self.0);
        digits.push(damm(&digits));
        let groups: Vec<String> =
            digits.chunks(5).map(|group| group.iter().map(|d| char::from(b'0' + d)).collect()).collect();
        groups.join(" ")
    }
}

/// The number as 49 decimal digits, most significant first: 2^160 has 49.
fn decimal_digits(mut number: [u8; 20]) -> Vec<u8> {
    let mut digits = vec![0; 49];
    for digit in digits.iter_mut().rev() {
        let mut remainder = 0;
        for byte in &mut number {
            let value = remainder * 256 + u32::from(*byte);
            // Both fit in a byte: value is below 10 × 256.
            (*byte, remainder) = (u8::try_from(value / 10).unwrap_or(0), value % 10);
        }
        *digit = u8::try_from(remainder).unwrap_or(0);
    }
    digits
}

/// The check digit of H. M. Damm's totally anti-symmetric quasigroup of order 10: it finds every wrong digit and
/// every swap of neighbours.
fn damm(digits: &[u8]) -> u8 {
    const TABLE: [[u8; 10]; 10] = [
        [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
        [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
        [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
        [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
        [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
        [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
        [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
        [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
        [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
        [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
    ];
    digits.iter().fold(0, |interim, digit| TABLE[usize::from(interim)][usize::from(*digit)])
}

impl fmt::Display for RootFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [VERSION; 21];
        bytes[1..].copy_from_slice(&self.0);
        bech32::encode_to_fmt::<Bech32m, _>(f, HRP, &bytes).map_err(|_| fmt::Error)
    }
}

impl FromStr for RootFingerprint {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let checked = bech32::primitives::decode::CheckedHrpstring::new::<Bech32m>(text)
            .map_err(|_| LinkError::Mistyped)?;
        let bytes: Vec<u8> = checked.byte_iter().collect();
        // One form for each fingerprint: a bit in the padding, or more of it, would be another text of the same bytes
        // (BIP-173, "Segwit address format"), and more than 90 characters are out of reach of the checksum.
        let again = bech32::encode::<Bech32m>(checked.hrp(), &bytes).map_err(|_| LinkError::Mistyped)?;
        if text.len() > MAX_FINGERPRINT || again != text.to_ascii_lowercase() {
            return Err(LinkError::Mistyped);
        }
        match bytes.split_first() {
            Some((&VERSION, rest)) if checked.hrp() == HRP => {
                rest.try_into().map(Self).map_err(|_| LinkError::Mistyped)
            }
            Some(_) if checked.hrp() == HRP => Err(LinkError::Newer),
            _ => Err(LinkError::Mistyped),
        }
    }
}

/// A link to a drop: where it is, and whose signature makes its roster true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropLink {
    origin: Url,
    root: RootFingerprint,
}

impl DropLink {
    /// The link to a drop at this address, such as `https://drop.example`.
    ///
    /// # Errors
    ///
    /// When the address is not one that a drop may have.
    pub fn new(origin: &str, root: RootFingerprint) -> Result<Self, LinkError> {
        Ok(Self { origin: parse_origin(origin)?, root })
    }

    /// The drop's address, which ends in `/`.
    pub fn origin(&self) -> &Url {
        &self.origin
    }

    /// The fingerprint that the drop's roster must be signed under.
    pub fn root(&self) -> RootFingerprint {
        self.root
    }
}

/// Reads a drop's address: scheme, host and port and nothing else. A fragment is left to the caller.
///
/// # Errors
///
/// When it is no address, not a secure one, or has a path, a query or a user name.
pub fn parse_origin(text: &str) -> Result<Url, LinkError> {
    let mut url = Url::parse(text.trim()).map_err(|error| LinkError::NotAnAddress(error.to_string()))?;
    url.set_fragment(None);
    let secure = match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_onion(&url) || is_loopback(&url),
        _ => false,
    };
    if !secure {
        return Err(LinkError::Insecure);
    }
    let bare =
        url.path() == "/" && url.query().is_none() && url.username().is_empty() && url.password().is_none();
    if bare { Ok(url) } else { Err(LinkError::ExtraParts) }
}

/// Whether the host is an onion service, which is reached through Tor alone.
pub fn is_onion(url: &Url) -> bool {
    // The parser has lower-cased the host.
    url.domain().and_then(|host| host.rsplit_once('.')).is_some_and(|(_, last)| last == "onion")
}

/// Whether the host is this machine, which nobody can listen to on the way.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl FromStr for DropLink {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        let (address, fragment) = text.split_once('#').unwrap_or((text, ""));
        let origin = parse_origin(address)?;
        if fragment.is_empty() {
            return Err(LinkError::NoFingerprint);
        }
        Ok(Self { origin, root: fragment.parse()? })
    }
}

impl fmt::Display for DropLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.origin, self.root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: RootFingerprint = RootFingerprint([0x5a; 20]);

    #[test]
    fn a_link_comes_back_from_its_text() {
        for origin in ["https://drop.example/", "http://127.0.0.1:7171/", "http://[::1]:7171/"] {
            let link = DropLink::new(origin, ROOT).unwrap();
            assert_eq!(link.to_string().parse(), Ok(link));
        }
        let onion = DropLink::new("http://abcdefgh.onion", ROOT).unwrap();
        assert!(is_onion(onion.origin()));
        assert!(onion.to_string().starts_with("http://abcdefgh.onion/#kua1"));
    }

    #[test]
    fn every_single_wrong_character_is_found() {
        let link = DropLink::new("https://drop.example", ROOT).unwrap().to_string();
        let start = link.find('#').unwrap() + 1;
        for position in start..link.len() {
            for other in "qpzry9x8gf2tvdw0s3jn54khce6mua7l1b".chars() {
                let mut bent = link.clone();
                bent.replace_range(position..=position, &other.to_string());
                if bent != link {
                    assert!(bent.parse::<DropLink>().is_err(), "{bent}");
                }
            }
        }
    }

    #[test]
    fn addresses_that_would_be_heard_or_mean_something_else_are_refused() {
        let with = |address: &str| format!("{address}#{ROOT}").parse::<DropLink>().unwrap_err();
        assert_eq!(with("http://drop.example/"), LinkError::Insecure);
        assert_eq!(with("http://onion.example/"), LinkError::Insecure);
        assert_eq!(with("ftp://drop.example/"), LinkError::Insecure);
        assert_eq!(with("https://drop.example/path"), LinkError::ExtraParts);
        assert_eq!(with("https://user@drop.example/"), LinkError::ExtraParts);
        assert_eq!(with("https://drop.example/?q"), LinkError::ExtraParts);
        assert!(matches!(with("drop.example"), LinkError::NotAnAddress(_)));
        assert_eq!("https://drop.example/".parse::<DropLink>(), Err(LinkError::NoFingerprint));
    }

    #[test]
    fn digits_are_the_number_and_a_check() {
        assert_eq!(damm(&[5, 7, 2]), 4, "Damm's own example");
        let digits = RootFingerprint([0xff; 20]).digits();
        assert!(digits.starts_with("14615 01637 33090 29182 03684 83271 62830 19655 93254 2975"));
        assert_eq!(digits.len(), 59);
        let all: Vec<u8> = digits.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
        assert_eq!(damm(&all), 0);
        assert!(RootFingerprint([0; 20]).digits().starts_with("00000 00000"));
    }
}
