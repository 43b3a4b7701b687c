//! The texts of many reports in one piece, as they are sealed together.
//!
//! A count as u32, then for each report its id (32 bytes), the text's length as u32, and the text; numbers are
//! little-endian. Zeros may follow: what is sealed is padded with them.

use kua_protocol::id::ObjectId;
use zeroize::Zeroizing;

/// Lays texts out in one piece.
pub(super) fn encode<'t>(texts: impl ExactSizeIterator<Item = (ObjectId, &'t [u8])>) -> Zeroizing<Vec<u8>> {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = Zeroizing::new(number(texts.len()).to_vec());
    for (id, text) in texts {
        bytes.extend_from_slice(id.as_bytes());
        bytes.extend_from_slice(&number(text.len()));
        bytes.extend_from_slice(text);
    }
    bytes
}

/// Takes such a piece apart; none when it is not one.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<(ObjectId, &[u8])>> {
    let number = |bytes: &[u8; 4]| usize::try_from(u32::from_le_bytes(*bytes)).ok();
    let (count, mut rest) = bytes.split_first_chunk::<4>()?;
    let mut texts = Vec::new();
    for _ in 0..number(count)? {
        let (id, after) = rest.split_first_chunk::<32>()?;
        let (length, after) = after.split_first_chunk::<4>()?;
        let (text, after) = after.split_at_checked(number(length)?)?;
        texts.push((ObjectId::from_bytes(*id), text));
        rest = after;
    }
    Some(texts)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_laid_out_is_taken_apart_again(
            texts in vec((any::<[u8; 32]>(), vec(any::<u8>(), 0..50)), 0..9),
            zeros in 0..9_usize,
        ) {
            let texts: Vec<_> = texts.iter().map(|(id, text)| (ObjectId::from_bytes(*id), &text[..])).collect();
            let mut bytes = encode(texts.iter().copied()).to_vec();
            bytes.extend(vec![0; zeros]);
            prop_assert_eq!(decode(&bytes), Some(texts.clone()));
            // Cut anywhere, it is nothing, unless nothing but zeros was cut.
            let whole = bytes.len() - zeros;
            for cut in 0..whole {
                prop_assert_eq!(decode(&bytes[..cut]), None);
            }
        }

        #[test]
        fn any_bytes_are_taken_apart_or_not(bytes in vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }
    }
}
