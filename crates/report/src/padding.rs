//! To which size an archive grows before it is sealed, so that its size says little about what is in it.
//!
//! Padmé (Nikitin et al., *Reducing Metadata Leakage from Encrypted Files and Communication with PURBs*, PETS 2019,
//! section 4) in whole numbers; the floor makes all short reports one size. Source: protocol, "A report".

use crate::{Error, INTEGER_LIMIT};

/// The least size of a padded report, in bytes.
pub const REPORT_FLOOR: u64 = 16 * 1024;

/// The least size of a padded reply, in bytes.
pub const REPLY_FLOOR: u64 = 4 * 1024;

/// The least size of a padded entry or grant of the case log, in bytes.
pub const ENTRY_FLOOR: u64 = 2 * 1024;

/// What the header may be larger in one sealing than in another, in bytes; room for it is kept in every size.
const HEADER_SLACK: u64 = 512;

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

/// Says how large the plaintext is to become, B: the archive, and zeros, less the header's slack in use.
///
/// # Errors
/// [`Error::TooLarge`] when the result would exceed 2^53 − 1.
pub fn padded_len(archive_len: u64, floor: u64) -> Result<u64, Error> {
    let length = archive_len.checked_add(HEADER_SLACK).map(padme).ok_or(Error::TooLarge)?.max(floor);
    if length > INTEGER_LIMIT { Err(Error::TooLarge) } else { Ok(length) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn padding_grows_little_and_only_once(length in 0..INTEGER_LIMIT) {
            let padded = padme(length);
            prop_assert!(padded >= length);
            prop_assert!(padded - length <= length / 8);
            prop_assert_eq!(padme(padded), padded);
        }

        #[test]
        fn a_longer_archive_is_never_smaller(length in 0..INTEGER_LIMIT / 2, more in 0..1_000_000u64) {
            prop_assert!(padme(length) <= padme(length + more));
        }

        #[test]
        fn room_for_the_header_remains(length in 0..INTEGER_LIMIT / 2) {
            prop_assert!(padded_len(length, REPORT_FLOOR).unwrap() >= length + HEADER_SLACK);
        }
    }

    #[test]
    fn what_cannot_be_written_down_is_refused() {
        assert!(padded_len(INTEGER_LIMIT, REPORT_FLOOR).is_err());
        assert!(padded_len(u64::MAX, REPORT_FLOOR).is_err());
        assert_eq!(padme(u64::MAX), u64::MAX);
    }
}
