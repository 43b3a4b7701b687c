#![doc = include_str!("../README.md")]

mod hpke;
mod identity;
mod kem;
mod recipient;

pub use identity::Identity;
pub use recipient::Recipient;

/// The first argument of a stanza of this type (age specification, "mlkem768x25519 recipient stanza").
pub const STANZA_TAG: &str = "mlkem768x25519";

/// What HPKE binds a wrapped file key to (age specification, same section).
const HPKE_INFO: &[u8] = b"age-encryption.org/mlkem768x25519";

/// Why a key could not be read or made.
///
/// Files have no errors of their own here: what goes wrong with them is an [`age::DecryptError`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The string is not Bech32, or its checksum does not fit: copy it again, in whole.
    #[error("this key was mistyped or cut short: its checksum does not fit")]
    Bech32,
    /// The string is sound, but it is some other kind of key.
    #[error("this is another kind of key: expected one that starts with {expected}1")]
    Prefix {
        /// The human-readable part that belongs here.
        expected: &'static str,
    },
    /// The string is sound and of the right kind, but carries a wrong number of bytes, or stray bits at its end.
    #[error("this key has a wrong length")]
    Length,
    /// The ML-KEM half encodes a coefficient of 3329 or more (FIPS 203, section 7.2): whoever made it made it wrong.
    #[error("this recipient's ML-KEM key is invalid")]
    MlKem,
    /// The X25519 half is a point of low order, which would make that half of the secret known to everybody.
    #[error("this recipient's X25519 key is invalid")]
    LowOrder,
    /// The operating system gave no random bytes: nothing can be sealed safely now.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
}

/// Bech32 as age uses it: the checksum of BIP 173 without the limit on length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum AgeBech32 {}

impl bech32::Checksum for AgeBech32 {
    type MidstateRepr = <bech32::Bech32 as bech32::Checksum>::MidstateRepr;
    type CorrectionField = <bech32::Bech32 as bech32::Checksum>::CorrectionField;
    const ROOT_GENERATOR: Self::CorrectionField = bech32::Bech32::ROOT_GENERATOR;
    const ROOT_EXPONENTS: std::ops::RangeInclusive<usize> = bech32::Bech32::ROOT_EXPONENTS;
    const CODE_LENGTH: usize = usize::MAX;
    const CHECKSUM_LENGTH: usize = bech32::Bech32::CHECKSUM_LENGTH;
    const GENERATOR_SH: [Self::MidstateRepr; 5] = bech32::Bech32::GENERATOR_SH;
    const TARGET_RESIDUE: Self::MidstateRepr = bech32::Bech32::TARGET_RESIDUE;
}

/// Reads exactly `N` bytes from a key string with the human-readable part `hrp`.
///
/// Base 32 leaves up to four unused bits at the end; they must be zero, so that a key has one spelling (but for its case).
fn decode_key<const N: usize>(key: &str, hrp: bech32::Hrp, expected: &'static str) -> Result<[u8; N], Error> {
    let parsed =
        bech32::primitives::decode::CheckedHrpstring::new::<AgeBech32>(key).map_err(|_| Error::Bech32)?;
    if parsed.hrp() != hrp {
        return Err(Error::Prefix { expected });
    }
    let letters = parsed.fe32_iter().count();
    let unused_bits = (letters * 5).checked_sub(N * 8).ok_or(Error::Length)?;
    let last = parsed.fe32_iter().last().map_or(0, bech32::Fe32::to_u8);
    if unused_bits >= 5 || last & ((1 << unused_bits) - 1) != 0 {
        return Err(Error::Length);
    }
    let mut bytes = [0; N];
    for (to, from) in bytes.iter_mut().zip(parsed.byte_iter()) {
        *to = from;
    }
    Ok(bytes)
}

/// Fills `N` fresh random bytes from the operating system, zeroized when dropped.
fn random<const N: usize>() -> Result<zeroize::Zeroizing<[u8; N]>, Error> {
    let mut bytes = zeroize::Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| Error::NoRandomness)?;
    Ok(bytes)
}
