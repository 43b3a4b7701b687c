//! What an image tells besides its picture: found, shown to the person, and taken out without touching a pixel.
//!
//! Cleaning fails closed. A file is taken apart, and what may stay is listed; all else goes. What cannot be understood
//! to its last byte is refused and never passed on as clean, and the result is looked at once more.
//!
//! | format | what may stay |
//! |---|---|
//! | JPEG | frame, scan and table segments; JFIF's 14 bytes with its thumbnail cut off; Adobe's APP14 of 12 bytes; the orientation alone, in an Exif segment of 36 bytes |
//! | PNG | `IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT bKGD hIST pHYs cICP mDCV cLLI acTL fcTL fdAT`; the orientation alone, in `eXIf` |
//! | WebP | `VP8X`, `VP8 `, `VP8L`, `ALPH`, `ANIM`, `ANMF` with none but these inside; the orientation alone, in `EXIF` |
//!
//! So what goes is: Exif with position, device, time and thumbnail, XMP, IPTC, comments and texts, colour profiles
//! (which name devices; colours may change slightly), embedded previews, all that is unknown, and bytes after the end.
//! Nothing is claimed of PDF, HEIC, MP4 and office files: they are not looked into.

use bytes::Bytes;

mod exif;
mod finding;
mod jpeg;
mod png;
mod webp;

pub use finding::{Finding, Position};

/// The largest file that is cleaned, in bytes: it is held in memory.
pub const LARGEST: u64 = 64 << 20;

/// A format that can be cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG (ITU-T T.81), with JFIF or Exif.
    Jpeg,
    /// PNG (third edition), also animated.
    Png,
    /// WebP (RFC 9649), also animated.
    WebP,
}

/// Why a file was not cleaned. Nothing of it may be passed on as clean.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCleaned {
    /// It is none of the formats that can be cleaned here: change it to one, or send it knowing what it may hold.
    #[error("files of this kind cannot be cleaned here")]
    OtherFormat,
    /// It has more than [`LARGEST`] bytes.
    #[error("it is too large to be cleaned here")]
    TooLarge,
    /// It is damaged, or uses its format in a way that is not understood to the last byte.
    #[error("it is damaged or unusual, so that nobody can be sure that it is clean: {0}")]
    NotUnderstood(&'static str),
}

/// A cleaned file.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// The bytes without what was found; the same bytes when nothing was.
    pub bytes: Bytes,
    /// What was found and taken out, in the order of the file.
    pub findings: Vec<Finding>,
}

impl Format {
    /// The format of a file, by its first bytes (12 are enough) and not by its name.
    pub fn of(beginning: &[u8]) -> Option<Self> {
        if beginning.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if beginning.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if beginning.starts_with(b"RIFF") && beginning.get(8..12) == Some(b"WEBP") {
            Some(Self::WebP)
        } else {
            None
        }
    }
}

/// Takes out of an image what it tells besides its picture. The pixels stay as they are, bit for bit.
///
/// # Errors
///
/// [`NotCleaned`].
pub fn clean(file: &Bytes) -> Result<Cleaned, NotCleaned> {
    if file.len() as u64 > LARGEST {
        return Err(NotCleaned::TooLarge);
    }
    let cleaned = once(file)?;
    // What is handed on as clean is looked at again, from its bytes alone.
    if once(&cleaned.bytes)? == (Cleaned { bytes: cleaned.bytes.clone(), findings: Vec::new() }) {
        Ok(cleaned)
    } else {
        Err(NotCleaned::NotUnderstood("it is not clean after cleaning"))
    }
}

fn once(file: &Bytes) -> Result<Cleaned, NotCleaned> {
    match Format::of(file).ok_or(NotCleaned::OtherFormat)? {
        Format::Jpeg => jpeg::clean(file),
        Format::Png => png::clean(file),
        Format::WebP => webp::clean(file),
    }
}
