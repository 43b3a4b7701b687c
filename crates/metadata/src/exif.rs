//! Exif (CIPA DC-008): what it tells, and the one thing of it that may stay.

use exif::{Exif, In, Reader, Tag, Value};

use crate::finding::{Finding, Position};

/// What an Exif block tells.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) orientation: Option<u16>,
    pub(crate) located: bool,
    pub(crate) position: Option<Position>,
    pub(crate) device: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) time: Option<String>,
    pub(crate) software: Option<String>,
    pub(crate) comment: Option<String>,
    pub(crate) thumbnail: bool,
}

/// The Exif block, as TIFF, that says nothing but how the picture is to be turned.
pub(crate) fn turned(orientation: u16) -> [u8; 26] {
    let mut block = *b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    block[18..20].copy_from_slice(&orientation.to_be_bytes());
    block
}

/// Whether a block says nothing else than that.
pub(crate) fn is_bare(block: &[u8]) -> bool {
    (2..=8).any(|orientation| block == turned(orientation))
}

/// Says what stands in an Exif block that is taken out.
pub(crate) fn findings(told: Option<Told>) -> Vec<Finding> {
    let Some(told) = told else {
        return vec![Finding::Unknown("Exif".into())];
    };
    let mut findings = Vec::new();
    findings.extend(told.located.then_some(Finding::Location(told.position)));
    findings.extend(told.device.map(Finding::Device));
    findings.extend(told.author.map(Finding::Author));
    findings.extend(told.time.map(Finding::Time));
    findings.extend(told.software.map(Finding::Software));
    findings.extend(told.comment.map(Finding::Comment));
    findings.extend(told.thumbnail.then_some(Finding::Thumbnail));
    if findings.is_empty() {
        findings.push(Finding::Unknown("Exif".into()));
    }
    findings
}

/// Reads a block, which is TIFF; nothing when it is damaged.
pub(crate) fn read(block: &[u8]) -> Option<Told> {
    let exif = Reader::new().read_raw(block.to_vec()).ok()?;
    let orientation = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    Some(Told {
        orientation: orientation
            .and_then(|turn| u16::try_from(turn).ok())
            .filter(|turn| (2..=8).contains(turn)),
        located: exif.fields().any(|field| field.tag.context() == exif::Context::Gps),
        position: position(&exif),
        device: first(&exif, &[Tag::Make, Tag::Model, Tag::LensModel, Tag::BodySerialNumber]),
        author: first(&exif, &[Tag::Artist, Tag::Copyright, Tag::CameraOwnerName]),
        time: first(&exif, &[Tag::DateTimeOriginal, Tag::DateTime, Tag::DateTimeDigitized]),
        software: first(&exif, &[Tag::Software]),
        comment: first(&exif, &[Tag::ImageDescription, Tag::UserComment]),
        thumbnail: exif.fields().any(|field| field.ifd_num == In::THUMBNAIL),
    })
}

/// The texts of these tags, one after the other.
fn first(exif: &Exif, tags: &[Tag]) -> Option<String> {
    let text = |tag: &Tag| match &exif.get_field(*tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => Some(crate::finding::text(&lines.concat())),
        Value::Undefined(bytes, _) => Some(crate::finding::text(bytes.get(8..).unwrap_or_default())),
        _ => None,
    };
    let texts: Vec<String> = tags.iter().filter_map(text).filter(|text| !text.is_empty()).collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

fn position(exif: &Exif) -> Option<Position> {
    let degrees = |tag, towards, negative: u8| {
        let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
        let [degrees, minutes, seconds] = parts.as_slice() else { return None };
        let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
        let Value::Ascii(side) = &exif.get_field(towards, In::PRIMARY)?.value else { return None };
        let side = side.first()?.first()?;
        value.is_finite().then_some(if *side == negative { -value } else { value })
    };
    let latitude = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    let longitude = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    Some(Position { latitude, longitude })
}
