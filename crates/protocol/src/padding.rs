//! To which size an archive grows before it is sealed, so that its size says little about what is in it.
//!
//! Padmé (Nikitin et al., *Reducing Metadata Leakage from Encrypted Files and Communication with PURBs*, PETS 2019,
//! section 4) in whole numbers; the floor makes all short reports one size. Source: protocol, "A report".

use crate::json::MAX_INTEGER;

/// What the header may be larger in one sealing than in another, in bytes; room for it is kept in every size.
const HEADER_SLACK: u64 = 512;

/// Below which size nothing is told apart: the least padded length of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// A report: 16 KiB.
    Report,
    /// A reply: 4 KiB.
    Reply,
    /// An entry of the case log, or a grant: 2 KiB.
    Entry,
}

impl Floor {
    /// The least padded length, in bytes.
    pub const fn bytes(self) -> u64 {
        match self {
            Self::Report => 16 * 1024,
            Self::Reply => 4 * 1024,
            Self::Entry => 2 * 1024,
        }
    }
}

/// The padded length would exceed 2^53 − 1 bytes: no number of the protocol is larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("larger than {MAX_INTEGER} bytes")]
pub struct TooLong;

/// Rounds a length up so that at most about log log of it can be told: never by more than 12 %.
///
/// With E = ⌊log2 L⌋ and S = the number of bits of E, the result is the next multiple of 2^(E − S). Lengths near the end
/// of `u64` saturate.
pub fn padme(length: u64) -> u64 {
    let Some(exponent) = length.checked_ilog2() else {
        return 0;
    };
    let kept_bits = u32::BITS - exponent.leading_zeros();
    let unit = 1 << exponent.saturating_sub(kept_bits);
    length.checked_next_multiple_of(unit).unwrap_or(u64::MAX)
}

/// How large the plaintext is to become, B in bytes: the archive, and zeros, less the header's slack in use.
///
/// # Errors
///
/// [`TooLong`].
pub fn padded_len(archive_len: u64, floor: u64) -> Result<u64, TooLong> {
    let length = archive_len.checked_add(HEADER_SLACK).map(padme).ok_or(TooLong)?.max(floor);
    if length > MAX_INTEGER { Err(TooLong) } else { Ok(length) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn padding_grows_little_and_only_once(length in 0..MAX_INTEGER) {
            let padded = padme(length);
            prop_assert!(padded >= length);
            prop_assert!(padded - length <= length / 8);
            prop_assert_eq!(padme(padded), padded);
        }

        #[test]
        fn a_longer_archive_is_never_smaller(length in 0..MAX_INTEGER / 2, more in 0..1_000_000u64) {
            prop_assert!(padme(length) <= padme(length + more));
        }

        #[test]
        fn room_for_the_header_remains(length in 0..MAX_INTEGER / 2) {
            prop_assert!(padded_len(length, Floor::Report.bytes()).unwrap() >= length + HEADER_SLACK);
        }
    }

    #[test]
    fn what_cannot_be_written_down_is_refused() {
        assert!(padded_len(MAX_INTEGER, Floor::Report.bytes()).is_err());
        assert!(padded_len(u64::MAX, Floor::Report.bytes()).is_err());
        assert_eq!(padme(u64::MAX), u64::MAX);
    }
}
