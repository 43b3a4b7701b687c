use std::collections::HashSet;
use std::fmt;
use std::io;
use std::str::FromStr;

use age::EncryptError;
use age_core::format::{FileKey, Stanza};
use age_core::secrecy::ExposeSecret as _;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;

use crate::{AgeBech32, Error, HPKE_INFO, STANZA_TAG, decode_key, hpke, kem};

const HRP: bech32::Hrp = bech32::Hrp::parse_unchecked("age1pq");

/// A public key to seal files to: `age1pq1…`, 1216 bytes.
///
/// The same as an age recipient file's line. Reading one checks both halves of the key, so that a value of this type can
/// always be sealed to. A file tells nobody which recipients it was sealed to.
#[derive(Clone, PartialEq)]
pub struct Recipient(Box<kem::PublicKey>);

impl Eq for Recipient {}

impl Recipient {
    pub(crate) fn new(key: kem::PublicKey) -> Self {
        Self(Box::new(key))
    }
}

impl FromStr for Recipient {
    type Err = Error;

    /// Reads the Bech32 form, all lower or all upper case (BIP 173 without its limit on length).
    ///
    /// # Errors
    ///
    /// Any of [`Error`]'s but [`Error::NoRandomness`].
    fn from_str(s: &str) -> Result<Self, Error> {
        kem::PublicKey::from_bytes(&decode_key(s, HRP, "age1pq")?).map(Self::new)
    }
}

impl fmt::Display for Recipient {
    /// Writes the Bech32 form in lower case: 1959 characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bech32::encode_lower_to_fmt::<AgeBech32, _>(f, HRP, &self.0.to_bytes()).map_err(|_| fmt::Error)
    }
}

impl fmt::Debug for Recipient {
    /// Shows the beginning: enough to tell keys apart in a test's output.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({:.24}…)", self.to_string())
    }
}

impl age::Recipient for Recipient {
    /// Wraps the file key in one stanza, labelled `postquantum`, so that the age crate refuses to seal the same file to a
    /// classical recipient as well.
    fn wrap_file_key(&self, file_key: &FileKey) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        let (secret, share) = self.0.encapsulate().map_err(io::Error::other)?;
        let body = hpke::seal(&secret, HPKE_INFO, file_key.expose_secret())
            .ok_or_else(|| io::Error::other("the file key could not be wrapped"))?;
        let stanza = Stanza {
            tag: STANZA_TAG.to_owned(),
            args: vec![BASE64_STANDARD_NO_PAD.encode(share.to_bytes())],
            body,
        };
        Ok((vec![stanza], HashSet::from(["postquantum".to_owned()])))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Identity;

    const VECTOR: &str = include_str!("../../../tests/vectors/hybrid/recipient.txt");

    fn encode(bytes: &[u8]) -> String {
        bech32::encode_lower::<AgeBech32>(HRP, bytes).unwrap()
    }

    fn vector_bytes() -> Vec<u8> {
        VECTOR.trim().parse::<Recipient>().unwrap().0.to_bytes()
    }

    #[test]
    fn a_recipient_reads_back_as_it_was_written() {
        let recipient: Recipient = VECTOR.trim().parse().unwrap();
        assert_eq!(recipient.to_string(), VECTOR.trim());
        assert_eq!(VECTOR.trim().to_uppercase().parse::<Recipient>().unwrap(), recipient);
        assert_eq!(format!("{recipient:?}"), format!("Recipient({}…)", &VECTOR[..24]));
    }

    #[test]
    fn an_ml_kem_key_that_is_not_reduced_is_refused() {
        let mut bytes = vector_bytes();
        // The first coefficient is the low twelve bits: 3329 is the modulus, and stands for zero in a key made wrong.
        (bytes[0], bytes[1]) = (0x01, bytes[1] & 0xf0 | 0x0d);
        assert_eq!(encode(&bytes).parse::<Recipient>(), Err(Error::MlKem));
        (bytes[0], bytes[1]) = (0xff, bytes[1] | 0x0f);
        assert_eq!(encode(&bytes).parse::<Recipient>(), Err(Error::MlKem));
    }

    #[test]
    fn an_x25519_point_of_low_order_is_refused() {
        let zero = [0; 32];
        let mut one = [0; 32];
        one[0] = 1;
        for point in [zero, one] {
            let mut bytes = vector_bytes();
            bytes[1184..].copy_from_slice(&point);
            assert_eq!(encode(&bytes).parse::<Recipient>(), Err(Error::LowOrder));
        }
    }

    #[test]
    fn other_keys_are_told_apart_from_mistyped_ones() {
        let key = VECTOR.trim();
        let parse = |s: &str| s.parse::<Recipient>().unwrap_err();
        assert_eq!(parse(""), Error::Bech32);
        assert_eq!(parse(&key[..key.len() - 1]), Error::Bech32);
        assert_eq!(parse(&key.replacen('q', "Q", 1)), Error::Bech32);
        assert_eq!(parse(&encode(&vector_bytes()[1..])), Error::Length);
        assert_eq!(parse(&encode(&[vector_bytes(), vec![0]].concat())), Error::Length);
        let classical = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
        assert_eq!(parse(classical), Error::Prefix { expected: "age1pq" });
        let bech32m = bech32::encode_lower::<bech32::Bech32m>(HRP, &[0; 32]).unwrap();
        assert_eq!(parse(&bech32m), Error::Bech32);
    }

    #[test]
    fn sealing_to_a_classical_recipient_as_well_is_refused() {
        let classical = age::x25519::Identity::generate().to_public();
        let hybrid = Identity::generate().unwrap().to_public();
        let both: [&dyn age::Recipient; 2] = [&hybrid, &classical];
        assert!(matches!(
            age::Encryptor::with_recipients(both.into_iter()),
            Err(EncryptError::IncompatibleRecipients { .. })
        ));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_panic(s in ".{0,80}") {
            prop_assert!(s.parse::<Recipient>().is_err());
        }

        #[test]
        fn a_wrong_letter_is_noticed(at in 7usize..1959, letter in "[qpzry9x8gf2tvdw0s3jn54khce6mua7l]") {
            let mut key = VECTOR.trim().to_owned();
            prop_assume!(key[at..=at] != letter);
            key.replace_range(at..=at, &letter);
            prop_assert_eq!(key.parse::<Recipient>(), Err(Error::Bech32));
        }
    }
}
