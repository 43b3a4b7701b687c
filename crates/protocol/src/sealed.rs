//! Sealed bytes: the only thing that a drop takes in.
//!
//! The check is the age v1 header's grammar (C2SP age, "The age file header") and its sizes. Recipients are
//! opaque here: nothing in this crate could open what it checks.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::Bytes;

use crate::id::ObjectId;

const VERSION_LINE: &[u8] = b"age-encryption.org/v1\n";
const COLUMNS: usize = 64;
/// Bytes of the nonce that begins a payload (c2sp.org/age, "Payload").
pub const NONCE_LEN: u64 = 16;
const TAG_LEN: u64 = 16;
const CHUNK_LEN: u64 = 65_536;

/// Most bytes that a header may have; more is refused.
pub const MAX_HEADER_LEN: usize = 256 * 1024;
/// Most stanzas that a header may have; more is refused.
pub const MAX_STANZAS: usize = 64;

/// Why bytes are not a sealed object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealedError {
    /// The bytes do not begin with the age v1 version line.
    #[error("this is not a sealed file: it does not begin with the age version line")]
    NotAge,
    /// The header breaks the grammar.
    #[error("the sealed file's header is malformed")]
    Malformed,
    /// The header has more than [`MAX_STANZAS`] stanzas or [`MAX_HEADER_LEN`] bytes.
    #[error("the sealed file's header is larger than the limit")]
    TooLarge,
    /// The bytes end before the header or the payload does.
    #[error("the sealed file is cut short")]
    CutShort,
}

/// How far the beginning of a sealed object has been understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderScan {
    /// The whole header is there; it takes this many bytes.
    Complete {
        /// Length of the header in bytes, the MAC line included.
        len: usize,
    },
    /// All that is there is well-formed, and more is needed.
    NeedsMore,
}

/// Reads the header at the beginning of `bytes`, which may end anywhere.
///
/// # Errors
///
/// When no continuation of `bytes` could be a sealed object within the limits.
pub fn scan_header(bytes: &[u8]) -> Result<HeaderScan, SealedError> {
    let common = bytes.len().min(VERSION_LINE.len());
    if bytes[..common] != VERSION_LINE[..common] {
        return Err(SealedError::NotAge);
    }
    if common < VERSION_LINE.len() {
        return Ok(HeaderScan::NeedsMore);
    }
    let window = &bytes[..bytes.len().min(MAX_HEADER_LEN)];
    let mut lines = Lines { rest: &window[VERSION_LINE.len()..] };
    let mut stanzas = 0;
    let mut in_body = false;
    while let Some(line) = lines.next_line() {
        if in_body {
            in_body = body_line_goes_on(line)?;
        } else if let Some(mac) = line.strip_prefix(b"--- ") {
            if stanzas == 0 || !is_canonical(mac, 32) {
                return Err(SealedError::Malformed);
            }
            return Ok(HeaderScan::Complete { len: window.len() - lines.rest.len() });
        } else {
            check_stanza_line(line)?;
            stanzas += 1;
            in_body = true;
            if stanzas > MAX_STANZAS {
                return Err(SealedError::TooLarge);
            }
        }
    }
    if window.len() == MAX_HEADER_LEN {
        return Err(SealedError::TooLarge);
    }
    Ok(HeaderScan::NeedsMore)
}

/// Whole lines, each without its line feed; an unfinished one stays in `rest`.
struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Lines<'a> {
    fn next_line(&mut self) -> Option<&'a [u8]> {
        let end = self.rest.iter().position(|b| *b == b'\n')?;
        let (line, rest) = self.rest.split_at(end);
        self.rest = &rest[1..];
        Some(line)
    }
}

/// `-> TYPE ARGUMENT…`, words of visible ASCII with one space between.
fn check_stanza_line(line: &[u8]) -> Result<(), SealedError> {
    let words = line.strip_prefix(b"-> ").ok_or(SealedError::Malformed)?;
    let word = |w: &[u8]| !w.is_empty() && w.iter().all(u8::is_ascii_graphic);
    if words.split(|b| *b == b' ').all(word) { Ok(()) } else { Err(SealedError::Malformed) }
}

/// A body is full lines of 64 columns and then one shorter line, which may be empty.
fn body_line_goes_on(line: &[u8]) -> Result<bool, SealedError> {
    if line.len() > COLUMNS || STANDARD_NO_PAD.decode(line).is_err() {
        return Err(SealedError::Malformed);
    }
    Ok(line.len() == COLUMNS)
}

fn is_canonical(text: &[u8], len: usize) -> bool {
    STANDARD_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == len)
}

/// The length of the payload of so many bytes of plaintext, one at least: nonce, chunks and their tags (c2sp.org/age,
/// "Payload").
pub fn payload_len(plaintext: u64) -> u64 {
    NONCE_LEN + plaintext + TAG_LEN * plaintext.div_ceil(CHUNK_LEN)
}

/// The plaintext length of a payload of `len` bytes (nonce and chunks), if there is one.
///
/// Source: C2SP age, "Payload": a 16-byte nonce, then chunks of 64 KiB with a 16-byte tag each; the last
/// may be shorter, and is empty only when it is the only one.
fn plaintext_len(len: u64) -> Option<u64> {
    let chunks = len.checked_sub(NONCE_LEN)?;
    let last = chunks % (CHUNK_LEN + TAG_LEN);
    let whole = chunks / (CHUNK_LEN + TAG_LEN);
    match last {
        0 if whole > 0 => Some(whole * CHUNK_LEN),
        TAG_LEN if whole == 0 => Some(0),
        _ if last > TAG_LEN => Some(whole * CHUNK_LEN + last - TAG_LEN),
        _ => None,
    }
}

/// The parts of a sealed object, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedShape {
    /// Length of the header, the MAC line included.
    pub header_len: usize,
    /// Length of the padded plaintext. Limits count this and not the header.
    pub plaintext_len: u64,
}

impl SealedShape {
    /// The shape of an object of `total` bytes that begins with `beginning`, which holds its whole header.
    ///
    /// # Errors
    ///
    /// When the beginning or the length cannot be those of a sealed object.
    pub fn of(beginning: &[u8], total: u64) -> Result<Self, SealedError> {
        let HeaderScan::Complete { len } = scan_header(beginning)? else {
            return Err(SealedError::CutShort);
        };
        let payload = total.checked_sub(len as u64).and_then(plaintext_len);
        payload.map(|plaintext_len| Self { header_len: len, plaintext_len }).ok_or(SealedError::CutShort)
    }
}

/// A whole sealed object: one age v1 file whose header was checked. There is no other way to make one.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedBytes {
    bytes: Bytes,
    id: ObjectId,
    shape: SealedShape,
}

impl SealedBytes {
    /// The id: the SHA-256 of the bytes.
    pub fn id(&self) -> ObjectId {
        self.id
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// How the bytes divide into header and payload.
    pub fn shape(&self) -> SealedShape {
        self.shape
    }

    /// The length in bytes.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }
}

impl TryFrom<Bytes> for SealedBytes {
    type Error = SealedError;

    fn try_from(bytes: Bytes) -> Result<Self, SealedError> {
        let shape = SealedShape::of(&bytes, bytes.len() as u64)?;
        Ok(Self { id: ObjectId::of(&bytes), bytes, shape })
    }
}

impl fmt::Debug for SealedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedBytes")
            .field("id", &self.id)
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAC: &str = "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";

    fn file(stanzas: &str, payload: usize) -> Vec<u8> {
        let mut bytes = format!("age-encryption.org/v1\n{stanzas}{MAC}").into_bytes();
        bytes.resize(bytes.len() + payload, 7);
        bytes
    }

    fn check(bytes: Vec<u8>) -> Result<SealedShape, SealedError> {
        SealedBytes::try_from(Bytes::from(bytes)).map(|sealed| sealed.shape())
    }

    #[test]
    fn a_well_formed_file_is_taken_and_measured() {
        let full = "A".repeat(64);
        let header = format!("-> type arg +/=\n{full}\nAAAA\n-> x\n\n");
        let bytes = file(&header, 16 + 65_552 + 17);
        let shape = check(bytes.clone()).unwrap();
        assert_eq!(shape.plaintext_len, 65_537);
        assert_eq!(shape.header_len, bytes.len() - 16 - 65_552 - 17);
        assert_eq!(check(file("-> x\n\n", 32)).unwrap().plaintext_len, 0);
    }

    #[test]
    fn a_payload_has_the_plaintext_that_its_length_was_made_for() {
        for plaintext in [1, 2, CHUNK_LEN - 1, CHUNK_LEN, CHUNK_LEN + 1, 10 * CHUNK_LEN, 1 << 40] {
            assert_eq!(plaintext_len(payload_len(plaintext)), Some(plaintext), "{plaintext}");
        }
    }

    #[test]
    fn a_file_cut_anywhere_is_refused() {
        let bytes = file("-> type arg\nAAAA\n", 40);
        for len in 0..bytes.len() - 8 {
            assert_eq!(check(bytes[..len].to_vec()), Err(SealedError::CutShort), "{len}");
        }
        assert_eq!(
            check(file("-> x\n\n", 16 + 65_552 + 16)),
            Err(SealedError::CutShort),
            "an empty last chunk"
        );
    }

    #[test]
    fn what_is_not_sealed_is_refused() {
        let armoured = b"-----BEGIN AGE ENCRYPTED FILE-----\n".to_vec();
        for foreign in [b"a plain text".to_vec(), b"PK\x03\x04".to_vec(), armoured] {
            assert_eq!(check(foreign), Err(SealedError::NotAge));
        }
        let spoilt = |stanzas: &str| check(file(stanzas, 40));
        for bad in [
            "",
            "-> \n\n",
            "->x\n\n",
            "-> a  b\n\n",
            "-> a \n\n",
            "-> \u{e4}\n\n",
            "-> x\nA\n",
            "-> x\nAB=\n",
            "x\n",
        ] {
            assert_eq!(spoilt(bad), Err(SealedError::Malformed), "{bad:?}");
        }
        assert_eq!(spoilt(&format!("-> x\n{}\n\n", "A".repeat(68))), Err(SealedError::Malformed));
        assert_eq!(spoilt("-> x\nAB\n"), Err(SealedError::Malformed), "bits left over");
    }

    #[test]
    fn a_header_within_the_limits_and_one_beyond() {
        assert!(check(file(&"-> x\n\n".repeat(64), 40)).is_ok());
        assert_eq!(check(file(&"-> x\n\n".repeat(65), 40)), Err(SealedError::TooLarge));
        let endless = format!("-> x\n{}", format!("{}\n", "A".repeat(64)).repeat(5000));
        assert_eq!(check(file(&endless, 40)), Err(SealedError::TooLarge));
    }

    proptest! {
        #[test]
        fn a_scan_of_a_beginning_never_refuses_what_the_whole_allows(cut in 0usize..4000, words in "[a-z]{1,8}( [!-~]{1,9}){0,4}") {
            let body = format!("{}\n", "A".repeat(64)).repeat(cut % 50);
            let bytes = file(&format!("-> {words}\n{body}\n"), 64);
            let cut = cut.min(bytes.len());
            let scan = scan_header(&bytes[..cut]);
            prop_assert!(scan.is_ok());
            prop_assert!(check(bytes).is_ok());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut whole = VERSION_LINE.to_vec();
            whole.extend(&bytes);
            let _ = check(whole);
            let _ = check(bytes);
        }
    }
}
