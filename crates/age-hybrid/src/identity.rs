use std::fmt;
use std::str::FromStr;

use age::DecryptError;
use age_core::format::{FileKey, Stanza};
use age_core::secrecy::SecretString;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::{AgeBech32, Error, HPKE_INFO, Recipient, STANZA_TAG, decode_key, hpke, kem};

const HRP: bech32::Hrp = bech32::Hrp::parse_unchecked("AGE-SECRET-KEY-PQ-");

/// A wrapped file key: 16 bytes and ChaCha20-Poly1305's tag.
const BODY_LEN: usize = 16 + 16;

/// A secret key that opens files sealed to its [`Recipient`]: `AGE-SECRET-KEY-PQ-1…`, 32 bytes.
///
/// Neither cloned nor printed by accident: its text comes out of [`Identity::to_secret_string`] alone, and its memory is
/// zeroized when it is dropped.
///
/// The key lies in the value itself and not behind a pointer: whoever puts it into locked memory locks the key.
pub struct Identity(kem::SecretKey);

impl ZeroizeOnDrop for Identity {}

impl Identity {
    /// Makes a new secret key from the operating system's randomness.
    ///
    /// # Errors
    ///
    /// [`Error::NoRandomness`].
    pub fn generate() -> Result<Self, Error> {
        Ok(Self(kem::SecretKey::expand(crate::random()?)))
    }

    /// Makes the secret key whose 32 bytes are `seed`, for a seed that is itself derived from a secret of yours.
    ///
    /// The seed must be indistinguishable from 32 random bytes. Erasing the caller's copy is up to the caller.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(kem::SecretKey::expand(Zeroizing::new(seed)))
    }

    /// Returns the recipient that seals to this identity.
    pub fn to_public(&self) -> Recipient {
        Recipient::new(self.0.public())
    }

    /// Writes the secret key as age identity files have it: 77 upper-case characters.
    pub fn to_secret_string(&self) -> SecretString {
        let mut text = String::with_capacity(80);
        // Writing to a string does not fail, nor does a checksum without a limit on length.
        let _ = bech32::encode_upper_to_fmt::<AgeBech32, _>(&mut text, HRP, self.0.seed());
        text.into()
    }
}

impl FromStr for Identity {
    type Err = Error;

    /// Reads the Bech32 form, all upper or all lower case.
    ///
    /// # Errors
    ///
    /// [`Error::Bech32`], [`Error::Prefix`] or [`Error::Length`].
    fn from_str(s: &str) -> Result<Self, Error> {
        let seed = decode_key(s, HRP, "AGE-SECRET-KEY-PQ-")?;
        Ok(Self::from_seed(seed))
    }
}

impl fmt::Debug for Identity {
    /// Says that there is one, and no more.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

impl age::Identity for Identity {
    /// Opens a stanza of ours; `None` when it is of another type, or for someone else.
    ///
    /// A stanza that carries our tag and breaks its rules makes the whole header invalid (age specification,
    /// "mlkem768x25519 recipient stanza"). The length of the body is checked before it is decrypted, so that no one can
    /// make a file that opens with many keys at once (partitioning oracles).
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        if stanza.tag != STANZA_TAG {
            return None;
        }
        let Some(secret) = read_share(stanza).and_then(|share| self.0.decapsulate(&share)) else {
            return Some(Err(DecryptError::InvalidHeader));
        };
        let wrapped = hpke::open(&secret, HPKE_INFO, &stanza.body)?;
        Some(FileKey::try_init_with_mut(|file_key| {
            let wrapped = wrapped.as_slice().try_into().map_err(|_| DecryptError::InvalidHeader)?;
            *file_key = wrapped;
            Ok(())
        }))
    }
}

/// Reads the one argument of a stanza whose body has the right length.
fn read_share(stanza: &Stanza) -> Option<kem::Encapsulated> {
    let [share] = stanza.args.as_slice() else {
        return None;
    };
    if stanza.body.len() != BODY_LEN {
        return None;
    }
    // This engine refuses padding and stray bits, so a share has one spelling.
    kem::Encapsulated::from_bytes(&BASE64_STANDARD_NO_PAD.decode(share).ok()?)
}

#[cfg(test)]
mod tests {
    use age::{Identity as _, Recipient as _};
    use age_core::secrecy::ExposeSecret as _;
    use proptest::prelude::*;

    use super::*;

    const VECTOR: &str = include_str!("../../../tests/vectors/hybrid/identity.txt");
    const PLAIN: &[u8] = include_bytes!("../../../tests/vectors/hybrid/plain.txt");

    fn vector() -> &'static str {
        VECTOR.lines().find(|line| !line.starts_with('#')).unwrap()
    }

    fn file_key() -> FileKey {
        FileKey::new(Box::new(*b"sixteen bytes ok"))
    }

    /// An identity and a stanza for it, to be spoilt.
    fn stanza() -> (Identity, Stanza) {
        let identity = Identity::generate().unwrap();
        let (mut stanzas, labels) = identity.to_public().wrap_file_key(&file_key()).unwrap();
        assert_eq!(labels.into_iter().collect::<Vec<_>>(), ["postquantum"]);
        (identity, stanzas.remove(0))
    }

    fn is_invalid_header(identity: &Identity, stanza: &Stanza) -> bool {
        matches!(identity.unwrap_stanza(stanza), Some(Err(DecryptError::InvalidHeader)))
    }

    #[test]
    fn files_of_the_npm_package_open_for_ever() {
        let identity: Identity = vector().parse().unwrap();
        let recipient = include_str!("../../../tests/vectors/hybrid/recipient.txt").trim();
        assert_eq!(identity.to_public().to_string(), recipient);
        assert_eq!(identity.to_secret_string().expose_secret(), vector());
        for sealed in [
            &include_bytes!("../../../tests/vectors/hybrid/sealed.age")[..],
            include_bytes!("../../../tests/vectors/hybrid/sealed-for-three.age"),
        ] {
            assert_eq!(age::decrypt(&identity, sealed).unwrap(), PLAIN);
        }
    }

    #[test]
    fn a_stanza_has_the_form_that_the_specification_fixes() {
        let (identity, stanza) = stanza();
        assert_eq!((stanza.tag.as_str(), stanza.args.len()), ("mlkem768x25519", 1));
        assert_eq!((stanza.args[0].len(), stanza.body.len()), (1494, 32));
        let opened = identity.unwrap_stanza(&stanza).unwrap().ok().unwrap();
        assert_eq!(opened.expose_secret(), file_key().expose_secret());
    }

    #[test]
    fn a_stanza_for_someone_else_is_no_error() {
        let (identity, mut stanza) = stanza();
        assert!(Identity::generate().unwrap().unwrap_stanza(&stanza).is_none());
        stanza.body[31] ^= 1;
        assert!(identity.unwrap_stanza(&stanza).is_none());
        stanza.tag = "X25519".to_owned();
        stanza.args.clear();
        assert!(identity.unwrap_stanza(&stanza).is_none());
    }

    #[test]
    fn a_stanza_of_ours_that_breaks_the_rules_invalidates_the_header() {
        let (identity, mut stanza) = stanza();
        let share = stanza.args[0].clone();
        let bytes = BASE64_STANDARD_NO_PAD.decode(&share).unwrap();

        let mut low_order = bytes.clone();
        low_order[1088..].fill(0);
        let longer = [bytes.as_slice(), &[0]].concat();
        // 1120 bytes leave four unused bits in the last of 1494 letters, one of A, Q, g and w when they are zero.
        assert!(share.ends_with(['A', 'Q', 'g', 'w']));
        let stray_bits = [&share[..1493], "B"].concat();
        for args in [
            vec![],
            vec![share.clone(), share.clone()],
            vec![BASE64_STANDARD_NO_PAD.encode(&bytes[..1119])],
            vec![BASE64_STANDARD_NO_PAD.encode(&longer)],
            vec![BASE64_STANDARD_NO_PAD.encode(&low_order)],
            vec![format!("{share}==")],
            vec![stray_bits],
            vec![String::new()],
        ] {
            stanza.args = args;
            assert!(is_invalid_header(&identity, &stanza), "{:.80?}", stanza.args);
        }

        stanza.args = vec![share];
        stanza.body.push(0);
        assert!(is_invalid_header(&identity, &stanza));
        stanza.body.truncate(31);
        assert!(is_invalid_header(&identity, &stanza));
    }

    #[test]
    fn stray_bits_in_a_body_do_not_pass_the_age_crate() {
        let identity = Identity::generate().unwrap();
        let sealed = age::encrypt(&identity.to_public(), b"text").unwrap();
        // The body is the stanza's second line: 43 letters, whose last one carries two unused bits.
        let last = sealed.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(2).unwrap().0 - 1;
        let mut spoilt = sealed.clone();
        spoilt[last] += 1;
        // The age crate reads a header that it cannot parse as one of a later format.
        assert!(matches!(age::decrypt(&identity, &spoilt), Err(DecryptError::UnknownFormat)));
        assert_eq!(age::decrypt(&identity, &sealed).unwrap(), b"text");
    }

    #[test]
    fn debug_output_shows_nothing_of_the_key() {
        insta::assert_snapshot!(format!("{:?}", Identity::from_seed([7; 32])), @"Identity(…)");
    }

    #[test]
    fn other_keys_are_told_apart_from_mistyped_ones() {
        let parse = |s: &str| s.parse::<Identity>().unwrap_err();
        assert_eq!(parse(&vector()[..40]), Error::Bech32);
        let encode = |bytes: &[u8]| bech32::encode_upper::<AgeBech32>(HRP, bytes).unwrap();
        assert_eq!(parse(&encode(&[1; 31])), Error::Length);
        assert_eq!(parse(&encode(&[1; 33])), Error::Length);
        let classical = age::x25519::Identity::generate().to_string();
        assert_eq!(parse(classical.expose_secret()), Error::Prefix { expected: "AGE-SECRET-KEY-PQ-" });
    }

    #[test]
    fn stray_bits_at_the_end_of_a_key_are_refused() {
        use bech32::primitives::iter::{ByteIterExt as _, Fe32IterExt as _};
        let letters = |last: u8| {
            let mut letters: Vec<_> = [0u8; 32].into_iter().bytes_to_fes().collect();
            *letters.last_mut().unwrap() = bech32::Fe32::try_from(last).unwrap();
            letters.into_iter().with_checksum::<AgeBech32>(&HRP).chars().collect::<String>()
        };
        assert!(letters(0).parse::<Identity>().is_ok());
        assert_eq!(letters(1).parse::<Identity>().unwrap_err(), Error::Length);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn every_seed_reads_back(seed in any::<[u8; 32]>()) {
            let identity = Identity::from_seed(seed);
            let again: Identity = identity.to_secret_string().expose_secret().parse().unwrap();
            prop_assert_eq!(again.0.seed(), &seed);
            prop_assert_eq!(again.to_public(), identity.to_public());
        }
    }
}
