//! JPEG (ITU-T T.81): segments up to the first scan, then scans with tables between them, then the end marker.

use bytes::{BufMut as _, Bytes, BytesMut};
use img_parts::jpeg::{Jpeg, JpegSegment, markers};

use crate::exif;
use crate::finding::{self, Finding};
use crate::{Cleaned, NotCleaned};

const EXIF: &[u8] = b"Exif\0\0";
/// JFIF's segment without a thumbnail, in bytes.
const JFIF_LEN: usize = 14;
/// Adobe's segment, which says how colours are coded, in bytes.
const ADOBE_LEN: usize = 12;

pub(crate) fn clean(file: &Bytes) -> Result<Cleaned, NotCleaned> {
    let parsed = Jpeg::from_bytes(file.clone()).map_err(|_| NotCleaned::NotUnderstood("its segments"))?;
    // Fill bytes and stray markers are passed over by the parser; here they may hide something.
    if parsed.clone().encoder().bytes() != *file {
        return Err(NotCleaned::NotUnderstood("bytes between its segments"));
    }
    let (mut out, mut findings, mut orientation) = (BytesMut::new(), Vec::new(), None);
    out.put_slice(&[markers::P, markers::SOI]);
    let (mut kept, mut scans) = (Vec::new(), None);
    for segment in parsed.segments() {
        match segment.marker() {
            markers::SOS => {
                let begin = file.len() - segment.len_with_entropy();
                scans = Some(self::scans(&file[begin..], &mut findings)?);
            }
            _ => {
                if let Some(contents) = keep(segment, &mut findings, &mut orientation)? {
                    kept.push((segment.marker(), contents));
                }
            }
        }
    }
    let scans = scans.ok_or(NotCleaned::NotUnderstood("it has no picture"))?;
    if let Some(orientation) = orientation {
        // After JFIF's segment, which comes first where there is one.
        let at = usize::from(kept.first().is_some_and(|(marker, _)| *marker == markers::APP0));
        let contents = Bytes::from([EXIF, &exif::turned(orientation)].concat());
        kept.insert(at, (markers::APP1, contents));
    }
    for (marker, contents) in kept {
        put(&mut out, marker, &contents)?;
    }
    out.put_slice(&scans);
    Ok(Cleaned { bytes: out.freeze(), findings })
}

fn put(out: &mut BytesMut, marker: u8, contents: &[u8]) -> Result<(), NotCleaned> {
    let len =
        u16::try_from(contents.len() + 2).map_err(|_| NotCleaned::NotUnderstood("a segment's length"))?;
    out.put_slice(&[markers::P, marker]);
    out.put_u16(len);
    out.put_slice(contents);
    Ok(())
}

/// Tables and frames, without which there is no picture.
fn is_picture(marker: u8) -> bool {
    // Frames, Huffman and arithmetic tables; quantisation, number of lines, restart interval, hierarchy.
    matches!(marker, 0xc0..=0xc7 | 0xc9..=0xcf | 0xdb..=0xdf)
}

/// What stays of a segment before the first scan.
fn keep(
    segment: &JpegSegment,
    findings: &mut Vec<Finding>,
    orientation: &mut Option<u16>,
) -> Result<Option<Bytes>, NotCleaned> {
    let contents = segment.contents();
    match segment.marker() {
        marker if is_picture(marker) => return Ok(Some(contents.clone())),
        markers::APP0 if contents.starts_with(b"JFIF\0") && contents.len() >= JFIF_LEN => {
            let mut bare = BytesMut::from(&contents[..JFIF_LEN]);
            bare[JFIF_LEN - 2..].fill(0);
            findings.extend((bare != *contents).then_some(Finding::Thumbnail));
            return Ok(Some(bare.freeze()));
        }
        markers::APP14 if contents.starts_with(b"Adobe") && contents.len() == ADOBE_LEN => {
            return Ok(Some(contents.clone()));
        }
        markers::APP1 if contents.starts_with(EXIF) => {
            let block = &contents[EXIF.len()..];
            let told = exif::read(block);
            *orientation = orientation.or(told.as_ref().and_then(|told| told.orientation));
            if !exif::is_bare(block) {
                findings.extend(exif::findings(told));
            }
        }
        markers::APP1 if contents.starts_with(b"http://ns.adobe.com/") => findings.push(Finding::History),
        markers::APP13 => findings.push(Finding::History),
        markers::APP2 if contents.starts_with(b"ICC_PROFILE\0") => findings.push(Finding::Profile),
        markers::APP2 if contents.starts_with(b"MPF\0") => findings.push(Finding::Thumbnail),
        markers::COM => findings.push(Finding::Comment(finding::text(contents))),
        marker @ 0xe0..=0xef => findings.push(Finding::Unknown(format!("APP{}", marker - 0xe0))),
        _ => return Err(NotCleaned::NotUnderstood("a segment of an unknown kind")),
    }
    Ok(None)
}

/// The scans from the first one's marker on, the tables between them, and the end marker; nothing else.
fn scans(bytes: &[u8], findings: &mut Vec<Finding>) -> Result<Vec<u8>, NotCleaned> {
    let cut = || NotCleaned::NotUnderstood("it is cut short");
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    loop {
        let [first, marker] = *bytes.get(at..at + 2).and_then(|two| two.first_chunk()).ok_or_else(cut)?;
        if first != markers::P {
            return Err(NotCleaned::NotUnderstood("bytes between its scans"));
        }
        if marker == markers::EOI {
            out.extend([first, marker]);
            let after = bytes.len() - at - 2;
            findings.extend((after > 0).then_some(Finding::Trailing(after as u64)));
            return Ok(out);
        }
        let len: [u8; 2] = *bytes.get(at + 2..at + 4).and_then(|two| two.first_chunk()).ok_or_else(cut)?;
        let end = at + 2 + usize::from(u16::from_be_bytes(len));
        let segment = bytes.get(at..end).filter(|segment| segment.len() >= 4).ok_or_else(cut)?;
        at = end;
        match marker {
            markers::SOS => {
                out.extend(segment);
                let entropy = entropy(&bytes[at..]).ok_or_else(cut)?;
                out.extend(entropy);
                at += entropy.len();
            }
            marker if is_picture(marker) => out.extend(segment),
            markers::COM => findings.push(Finding::Comment(finding::text(&segment[4..]))),
            0xe0..=0xef => findings.push(Finding::Unknown(format!("APP{}", marker - 0xe0))),
            _ => return Err(NotCleaned::NotUnderstood("a segment of an unknown kind")),
        }
    }
}

/// Coded data up to the next marker: 0xff is followed by a zero there, or by the number of a restart.
fn entropy(bytes: &[u8]) -> Option<&[u8]> {
    let is_marker = |two: &[u8]| two[0] == markers::P && !matches!(two[1], 0 | 0xd0..=0xd7);
    bytes.windows(2).position(is_marker).map(|end| &bytes[..end])
}
