//! PNG (W3C, third edition): a row of chunks with checksums.

use bytes::Bytes;
use img_parts::png::{Png, PngChunk};

use crate::exif;
use crate::finding::{self, Finding};
use crate::{Cleaned, NotCleaned};

/// Chunks without which the picture would look different.
const PICTURE: &[&[u8; 4]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"hIST",
    b"pHYs", b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT",
];

pub(crate) fn clean(file: &Bytes) -> Result<Cleaned, NotCleaned> {
    let mut png = Png::from_bytes(file.clone()).map_err(|_| NotCleaned::NotUnderstood("its chunks"))?;
    let whole = png.clone().encoder().bytes();
    if !file.starts_with(&whole) || png.chunks().last().is_none_or(|chunk| chunk.kind() != *b"IEND") {
        return Err(NotCleaned::NotUnderstood("it is cut short"));
    }
    let (mut findings, mut orientation, mut unknown) = (Vec::new(), None, false);
    png.chunks_mut().retain(|chunk| {
        let kind = chunk.kind();
        if PICTURE.contains(&&kind) {
            return true;
        }
        match &kind {
            b"eXIf" => {
                let told = exif::read(chunk.contents());
                orientation = orientation.or(told.as_ref().and_then(|told| told.orientation));
                if !exif::is_bare(chunk.contents()) {
                    findings.extend(exif::findings(told));
                }
            }
            b"tEXt" | b"zTXt" | b"iTXt" => findings.push(text(chunk.contents())),
            b"tIME" => findings.push(Finding::Time(time(chunk.contents()))),
            b"iCCP" => findings.push(Finding::Profile),
            // An upper-case letter begins the name of what a reader must understand.
            _ if kind[0].is_ascii_uppercase() => unknown = true,
            _ => findings.push(Finding::Unknown(finding::text(&kind))),
        }
        false
    });
    if unknown {
        return Err(NotCleaned::NotUnderstood("a chunk of an unknown kind"));
    }
    if let Some(orientation) = orientation {
        let at = usize::from(!png.chunks().is_empty());
        let block = Bytes::copy_from_slice(&exif::turned(orientation));
        png.chunks_mut().insert(at, PngChunk::new(*b"eXIf", block));
    }
    let after = file.len() - whole.len();
    findings.extend((after > 0).then_some(Finding::Trailing(after as u64)));
    Ok(Cleaned { bytes: png.encoder().bytes(), findings })
}

/// A text chunk: its keyword says what the text is about.
fn text(contents: &[u8]) -> Finding {
    let mut parts = contents.splitn(2, |byte| *byte == 0);
    let keyword = finding::text(parts.next().unwrap_or_default());
    let says = finding::text(parts.next().unwrap_or_default());
    match keyword.as_str() {
        "XML:com.adobe.xmp" | "Raw profile type xmp" | "Raw profile type iptc" => Finding::History,
        "Author" | "Copyright" => Finding::Author(says),
        "Software" => Finding::Software(says),
        "Creation Time" => Finding::Time(says),
        _ => Finding::Comment(format!("{keyword}: {says}")),
    }
}

fn time(contents: &[u8]) -> String {
    match contents {
        [y, e, month, day, hour, minute, second] => {
            let year = u16::from_be_bytes([*y, *e]);
            format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        _ => String::new(),
    }
}
