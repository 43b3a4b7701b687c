//! A share as text that is printed and typed: `share1…`, 89 characters of bech32m (BIP-350).
//!
//! Within 90 characters its checksum finds every one to four wrong characters, and misses others once in 2^30.

use std::str::FromStr;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32m, Hrp};
use kua_protocol::secret::Locked;
use zeroize::Zeroizing;

use super::{MAX_SHARES, SEED_LEN, Share, ShareError, Split};
use crate::VaultKind;

const HRP: Hrp = Hrp::parse_unchecked("share");
const BEGINNING: &str = "share1";
const VERSION: u8 = 1;
/// Version, kind, threshold, index, 4 bytes of the set, 8 of the key's digest, and the value.
const BYTES_LEN: usize = 16 + SEED_LEN;
/// The beginning, the bytes in groups of five bits, and six characters of checksum.
const TEXT_LEN: usize = BEGINNING.len() + (BYTES_LEN * 8).div_ceil(5) + 6;

impl Share {
    /// Returns the share as text, for the moment when it is written down.
    pub fn reveal(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; BYTES_LEN]);
        bytes[0] = VERSION;
        bytes[1] = u8::from(self.split.kind == VaultKind::Root);
        bytes[2] = self.split.threshold;
        bytes[3] = self.index;
        bytes[4..8].copy_from_slice(&self.split.set);
        bytes[8..16].copy_from_slice(&self.split.key);
        bytes[16..].copy_from_slice(self.value.as_slice());
        // Room beforehand: a string that grows leaves copies of itself behind.
        let mut text = Zeroizing::new(String::with_capacity(TEXT_LEN));
        // Writing to a string does not fail, and the length is within the limit.
        let _ = bech32::encode_to_fmt::<Bech32m, _>(&mut *text, HRP, bytes.as_slice());
        text
    }

    /// How many characters are still to come of a share that begins in what was typed so far; none where no share begins.
    pub fn missing(text: &str) -> usize {
        letters(text).map_or(0, |letters| TEXT_LEN.saturating_sub(letters.chars().count()))
    }

    fn read(text: &str) -> Result<Self, ShareError> {
        let checked = CheckedHrpstring::new::<Bech32m>(text).map_err(|_| ShareError::Damaged)?;
        let mut bytes = Zeroizing::new([0; BYTES_LEN]);
        let mut read = checked.byte_iter();
        for byte in bytes.iter_mut() {
            *byte = read.next().ok_or(ShareError::Damaged)?;
        }
        if bytes[0] > VERSION {
            return Err(ShareError::Newer);
        }
        let [version, kind, threshold, index] = [bytes[0], bytes[1], bytes[2], bytes[3]];
        let numbers = (2..=MAX_SHARES).contains(&threshold) && (1..=MAX_SHARES).contains(&index);
        if version != VERSION || kind > 1 || !numbers {
            return Err(ShareError::Damaged);
        }
        let mut value = Zeroizing::new([0; SEED_LEN]);
        value.copy_from_slice(&bytes[16..]);
        let split = Split {
            kind: if kind == 1 { VaultKind::Root } else { VaultKind::Coordinator },
            threshold,
            set: std::array::from_fn(|at| bytes[4 + at]),
            key: std::array::from_fn(|at| bytes[8 + at]),
        };
        let share = Self { split, index, value: Locked::new(value) };
        // One bit fills the last character up: a share has one spelling.
        if share.reveal().as_str() == text { Ok(share) } else { Err(ShareError::Damaged) }
    }
}

impl FromStr for Share {
    type Err = ShareError;

    /// Finds a share in what was typed, or on its printed page: from `share1` on, in any case, with spaces, line ends and
    /// hyphens anywhere.
    ///
    /// # Errors
    ///
    /// [`ShareError::NotAShare`], [`ShareError::Damaged`] or [`ShareError::Newer`].
    fn from_str(text: &str) -> Result<Self, ShareError> {
        Self::read(&letters(text).ok_or(ShareError::NotAShare)?)
    }
}

/// The characters of a share from its beginning on, as many as there are.
fn letters(text: &str) -> Option<Zeroizing<String>> {
    let lower = Zeroizing::new(text.to_ascii_lowercase());
    let begin = lower.find(BEGINNING)?;
    let letters = lower[begin..].chars().filter(|letter| !letter.is_whitespace() && *letter != '-');
    // Four bytes at most for a letter that does not belong there.
    let mut share = Zeroizing::new(String::with_capacity(4 * TEXT_LEN));
    share.extend(letters.take(TEXT_LEN));
    Some(share)
}
