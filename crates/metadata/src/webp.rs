//! WebP (RFC 9649): a RIFF file with chunks, and with chunks inside the frames of an animation.

use bytes::{Bytes, BytesMut};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::{CHUNK_ANMF, CHUNK_EXIF, CHUNK_ICCP, CHUNK_VP8X, CHUNK_XMP, WebP};

use crate::exif;
use crate::finding::{self, Finding};
use crate::{Cleaned, NotCleaned};

/// Chunks without which there is no picture.
const PICTURE: &[&[u8; 4]] = &[b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"];
/// Bits of `VP8X` that announce a colour profile, Exif and XMP (section 2.7).
const ANNOUNCED: u8 = 0x20 | EXIF_BIT | 0x04;
const EXIF_BIT: u8 = 0x08;
/// Where the chunks begin inside a frame of an animation.
const FRAME_HEADER: usize = 16;

pub(crate) fn clean(file: &Bytes) -> Result<Cleaned, NotCleaned> {
    let mut webp = WebP::from_bytes(file.clone()).map_err(|_| NotCleaned::NotUnderstood("its chunks"))?;
    let whole = webp.clone().encoder().bytes();
    if !file.starts_with(&whole) {
        return Err(NotCleaned::NotUnderstood("bytes between its chunks"));
    }
    let (mut findings, mut orientation, mut odd) = (Vec::new(), None, false);
    webp.chunks_mut().retain(|chunk| {
        let RiffContent::Data(contents) = chunk.content() else {
            odd = true;
            return false;
        };
        let id = chunk.id();
        if PICTURE.contains(&&id) {
            odd |= id == CHUNK_ANMF && !is_bare_frame(contents);
            return true;
        }
        match id {
            CHUNK_EXIF => {
                // Some programs put JPEG's prefix before it.
                let block = contents.strip_prefix(b"Exif\0\0").unwrap_or(contents);
                let told = exif::read(block);
                orientation = orientation.or(told.as_ref().and_then(|told| told.orientation));
                if !exif::is_bare(contents) {
                    findings.extend(exif::findings(told));
                }
            }
            CHUNK_XMP => findings.push(Finding::History),
            CHUNK_ICCP => findings.push(Finding::Profile),
            _ => findings.push(Finding::Unknown(finding::text(&id))),
        }
        false
    });
    if odd {
        return Err(NotCleaned::NotUnderstood("a chunk of an unknown kind"));
    }
    if let Some(orientation) = orientation {
        let block = RiffContent::Data(Bytes::copy_from_slice(&exif::turned(orientation)));
        webp.chunks_mut().push(RiffChunk::new(CHUNK_EXIF, block));
    }
    announce(&mut webp, orientation.is_some())?;
    let after = file.len() - whole.len();
    findings.extend((after > 0).then_some(Finding::Trailing(after as u64)));
    Ok(Cleaned { bytes: webp.encoder().bytes(), findings })
}

/// Lets the header announce what is there now.
fn announce(webp: &mut WebP, exif: bool) -> Result<(), NotCleaned> {
    let header = webp.chunks_mut().iter_mut().find(|chunk| chunk.id() == CHUNK_VP8X);
    match header.map(RiffChunk::content_mut) {
        Some(RiffContent::Data(contents)) => {
            let mut changed = BytesMut::from(&contents[..]);
            let flags = changed.first_mut().ok_or(NotCleaned::NotUnderstood("its header"))?;
            *flags = (*flags & !ANNOUNCED) | if exif { EXIF_BIT } else { 0 };
            *contents = changed.freeze();
            Ok(())
        }
        _ if exif => Err(NotCleaned::NotUnderstood("Exif that is not announced")),
        _ => Ok(()),
    }
}

/// Whether a frame holds nothing but its picture.
fn is_bare_frame(frame: &Bytes) -> bool {
    let mut at = FRAME_HEADER;
    while at < frame.len() {
        let Some((id, len)) = frame.get(at..at + 8).map(|head| head.split_at(4)) else { return false };
        let Ok(len) = <[u8; 4]>::try_from(len) else { return false };
        if !matches!(id, b"ALPH" | b"VP8 " | b"VP8L") {
            return false;
        }
        let len = u32::from_le_bytes(len) as usize;
        at += 8 + len + len % 2;
    }
    at == frame.len()
}
