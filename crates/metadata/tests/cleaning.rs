//! Images with something hidden in each of its places: found, gone, and the picture the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it fails")]
#![allow(clippy::cast_possible_truncation, clippy::trivially_copy_pass_by_ref, reason = "samples are small")]

use std::io::Cursor;
use std::process::Command;

use bytes::Bytes;
use image::{DynamicImage, ImageFormat, RgbImage};
use kua_metadata::{Cleaned, Finding, Format, NotCleaned, Position, clean};
use proptest::prelude::*;

/// Stands in every hidden place, and nowhere afterwards.
const CANARY: &str = "CANARY-51.1694-71.4491";

fn picture(format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(40, 24, |x, y| image::Rgb([x as u8 * 6, y as u8 * 10, (x * y) as u8]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn pixels(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

/// A TIFF block with orientation, device, time and position, and a thumbnail's directory; big-endian.
fn exif(orientation: u16) -> Vec<u8> {
    let mut data = Vec::new();
    let mut directories = Vec::new();
    let text = |text: &str| [text.as_bytes(), b"\0"].concat();
    let degrees = |parts: [u32; 3]| {
        parts.iter().flat_map(|part| [part.to_be_bytes(), 1u32.to_be_bytes()]).flatten().collect()
    };
    let first: Vec<(u16, u16, u32, Vec<u8>)> = vec![
        (0x010f, 2, 0, text("Maker")),
        (0x0110, 2, 0, text(CANARY)),
        (0x0112, 3, 1, [orientation.to_be_bytes(), [0, 0]].concat()),
        (0x0132, 2, 0, text("2010:10:11 12:13:14")),
        (0x8825, 4, 1, Vec::new()),
    ];
    let gps: Vec<(u16, u16, u32, Vec<u8>)> = vec![
        (1, 2, 2, b"N\0\0\0".to_vec()),
        (2, 5, 3, degrees([51, 10, 12])),
        (3, 2, 2, b"W\0\0\0".to_vec()),
        (4, 5, 3, degrees([71, 26, 24])),
    ];
    let thumbnail: Vec<(u16, u16, u32, Vec<u8>)> = vec![(0x0100, 3, 1, vec![0, 1, 0, 0])];
    let len = |rows: &Vec<(u16, u16, u32, Vec<u8>)>| 2 + 12 * rows.len() + 4;
    let (gps_at, thumbnail_at) = (8 + len(&first), 8 + len(&first) + len(&gps));
    let data_at = thumbnail_at + len(&thumbnail);
    for (rows, next) in [(first, thumbnail_at), (gps, 0), (thumbnail, 0)] {
        directories.extend(u16::try_from(rows.len()).unwrap().to_be_bytes());
        for (tag, kind, count, value) in rows {
            directories.extend([tag.to_be_bytes(), kind.to_be_bytes()].concat());
            let count = if count == 0 { value.len() as u32 } else { count };
            directories.extend(count.to_be_bytes());
            if tag == 0x8825 {
                directories.extend((gps_at as u32).to_be_bytes());
            } else if value.len() == 4 {
                directories.extend(value);
            } else {
                directories.extend(((data_at + data.len()) as u32).to_be_bytes());
                data.extend(value);
            }
        }
        directories.extend((next as u32).to_be_bytes());
    }
    [&b"MM\0\x2a\0\0\0\x08"[..], &directories, &data].concat()
}

fn segment(marker: u8, contents: &[u8]) -> Vec<u8> {
    let len = u16::try_from(contents.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &len[..], contents].concat()
}

fn hidden(prefix: &[u8]) -> Vec<u8> {
    [prefix, CANARY.as_bytes()].concat()
}

/// A photo with everything in it.
fn jpeg(orientation: u16) -> Vec<u8> {
    let plain = picture(ImageFormat::Jpeg);
    assert_eq!(&plain[2..4], &[0xff, 0xe0], "JFIF comes first");
    let jfif_end = 4 + usize::from(u16::from_be_bytes([plain[4], plain[5]]));
    [
        &plain[..jfif_end],
        &segment(0xe1, &[b"Exif\0\0", &exif(orientation)[..]].concat()),
        &segment(0xe1, &hidden(b"http://ns.adobe.com/xap/1.0/\0")),
        &segment(0xed, &hidden(b"Photoshop 3.0\0")),
        &segment(0xe2, &hidden(b"ICC_PROFILE\0\x01\x01")),
        &segment(0xe2, &hidden(b"MPF\0")),
        &segment(0xe7, &hidden(b"maker")),
        &segment(0xfe, CANARY.as_bytes()),
        &plain[jfif_end..],
        CANARY.as_bytes(),
    ]
    .concat()
}

fn chunk(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    img_parts::png::PngChunk::new(*kind, Bytes::copy_from_slice(contents)).encoder().bytes().to_vec()
}

fn png(orientation: u16) -> Vec<u8> {
    let plain = picture(ImageFormat::Png);
    let header_end = 8 + 25;
    [
        &plain[..header_end],
        &chunk(b"eXIf", &exif(orientation)),
        &chunk(b"tEXt", &hidden(b"Author\0")),
        &chunk(b"iTXt", &hidden(b"XML:com.adobe.xmp\0\0\0\0\0")),
        &chunk(b"zTXt", &hidden(b"Comment\0\0")),
        &chunk(b"iCCP", &hidden(b"profile\0\0")),
        &chunk(b"tIME", &[7, 218, 10, 11, 12, 13, 14]),
        &chunk(b"prVt", CANARY.as_bytes()),
        &plain[header_end..],
        CANARY.as_bytes(),
    ]
    .concat()
}

fn riff(id: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    let len = u32::try_from(contents.len()).unwrap().to_le_bytes();
    let pad: &[u8] = if contents.len() % 2 == 1 { &[0] } else { &[] };
    [&id[..], &len, contents, pad].concat()
}

fn webp(orientation: u16) -> Vec<u8> {
    let plain = picture(ImageFormat::WebP);
    let chunks = [
        riff(b"VP8X", &[0x2c, 0, 0, 0, 39, 0, 0, 23, 0, 0]),
        riff(b"ICCP", CANARY.as_bytes()),
        plain[12..].to_vec(),
        riff(b"EXIF", &exif(orientation)),
        riff(b"XMP ", CANARY.as_bytes()),
        riff(b"kuaX", CANARY.as_bytes()),
    ]
    .concat();
    [&riff(b"RIFF", &[b"WEBP", &chunks[..]].concat())[..], CANARY.as_bytes()].concat()
}

fn cleaned(bytes: Vec<u8>) -> Cleaned {
    clean(&Bytes::from(bytes)).unwrap()
}

fn holds(bytes: &[u8], trace: &[u8]) -> bool {
    bytes.windows(trace.len()).any(|window| window == trace)
}

fn kinds(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(Finding::kind).collect()
}

#[test]
fn everything_hidden_is_found_and_gone_and_the_pixels_stay() {
    let of_exif = ["location", "device", "time", "thumbnail"];
    let cases = [
        (
            jpeg(6),
            [&of_exif[..], &["history", "history", "profile", "thumbnail", "unknown", "comment", "trailing"]]
                .concat(),
        ),
        (
            png(6),
            [&of_exif[..], &["author", "history", "comment", "profile", "time", "unknown", "trailing"]]
                .concat(),
        ),
        (webp(6), [&["profile"], &of_exif[..], &["history", "unknown", "trailing"]].concat()),
    ];
    for (file, expected) in cases {
        let format = Format::of(&file).unwrap();
        let cleaned = cleaned(file.clone());
        assert_eq!(kinds(&cleaned.findings), expected, "{format:?}");
        assert!(!holds(&cleaned.bytes, CANARY.as_bytes()), "{format:?}");
        assert!(!holds(&cleaned.bytes, b"Maker"), "{format:?}");
        assert_eq!(pixels(&cleaned.bytes), pixels(&file), "{format:?}");
        assert!(
            holds(&cleaned.bytes, b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"),
            "how it is turned"
        );
        let location = cleaned.findings.iter().find_map(|finding| match finding {
            Finding::Location(position) => *position,
            _ => None,
        });
        let Position { latitude, longitude } = location.unwrap();
        assert!((latitude - 51.17).abs() < 1e-9 && (longitude + 71.44).abs() < 1e-9);
    }
}

#[test]
fn clean_files_stay_as_they_are() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let plain = picture(format);
        assert_eq!(cleaned(plain.clone()), Cleaned { bytes: plain.into(), findings: Vec::new() });
    }
    for turned in [jpeg(3), png(3), webp(3)] {
        let once = cleaned(turned);
        assert_eq!(cleaned(once.bytes.to_vec()), Cleaned { bytes: once.bytes, findings: Vec::new() });
    }
    let upright = cleaned(jpeg(1));
    assert!(!holds(&upright.bytes, b"Exif"), "nothing has to be said of a picture that stands upright");
}

#[test]
fn scans_with_tables_restarts_and_comments_between_them_are_walked() {
    let plain = picture(ImageFormat::Jpeg);
    let scan = plain.windows(2).position(|two| two == [0xff, 0xda]).unwrap();
    let end = plain.len() - 2;
    let (head, scan) = (&plain[..scan], &plain[scan..end]);
    let between = [segment(0xfe, CANARY.as_bytes()), segment(0xe5, CANARY.as_bytes())].concat();
    let restarts = [scan, &[0xff, 0xd0], &[1, 2, 0xff, 0, 3], &[0xff, 0xd7]].concat();
    let tables = segment(0xdd, &[0, 4]);
    let file = [head, &restarts, &between, &tables, scan, &[0xff, 0xd9]].concat();
    let cleaned = cleaned(file);
    assert_eq!(kinds(&cleaned.findings), ["comment", "unknown"]);
    assert_eq!(cleaned.bytes, [head, &restarts, &tables, scan, &[0xff, 0xd9]].concat());
}

#[test]
fn what_is_not_understood_to_its_last_byte_is_refused() {
    assert_eq!(clean(&Bytes::from_static(b"%PDF-1.7")), Err(NotCleaned::OtherFormat));
    assert_eq!(clean(&Bytes::new()), Err(NotCleaned::OtherFormat));
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let plain = picture(format);
        for len in (12..plain.len()).step_by(7).chain([plain.len() - 1]) {
            let cut = clean(&Bytes::copy_from_slice(&plain[..len]));
            assert!(matches!(cut, Err(NotCleaned::NotUnderstood(_))), "{format:?} {len}: {cut:?}");
        }
    }
    let plain = picture(ImageFormat::Jpeg);
    let hidden_between = [&plain[..2], b"hidden", &plain[2..]].concat();
    assert!(clean(&hidden_between.into()).is_err());
    let plain = picture(ImageFormat::Png);
    let critical = [&plain[..33], &chunk(b"KUAx", b"?"), &plain[33..]].concat();
    assert!(clean(&critical.into()).is_err(), "a critical chunk that nobody knows");
    let frame = [&[0; 16][..], &riff(b"kuaX", b"??")].concat();
    let animated = [riff(b"VP8X", &[2, 0, 0, 0, 0, 0, 0, 0, 0, 0]), riff(b"ANMF", &frame)].concat();
    let animated = riff(b"RIFF", &[b"WEBP", &animated[..]].concat());
    assert!(clean(&animated.into()).is_err(), "something in a frame that is no picture");
    let huge = vec![0xff; (64 << 20) + 1];
    assert_eq!(clean(&huge.into()), Err(NotCleaned::TooLarge));
}

#[test]
fn mat2_finds_nothing_in_what_was_cleaned() {
    if Command::new("mat2").arg("--version").output().is_err() {
        println!("skipped: mat2 is not installed (Debian package mat2)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    // Debian 12 has a mat2 that knows no WebP.
    for (name, file) in [("a.jpg", jpeg(1)), ("a.png", png(1))] {
        let path = folder.path().join(name);
        let shown = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            let output = Command::new("mat2").arg("--show").arg(&path).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        assert!(shown(&file).contains("51 deg"), "mat2 sees the position in {name}");
        let after = shown(&cleaned(file).bytes);
        assert!(after.contains("No metadata found"), "{name}: {after}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_what_is_clean_stays_clean(which in 0..3usize, at: prop::sample::Index, with in prop::collection::vec(any::<u8>(), 0..40), cut in 0..20usize) {
        let mut file = [jpeg, png, webp][which](5);
        let at = at.index(file.len());
        let end = (at + cut).min(file.len());
        file.splice(at..end, with);
        if let Ok(cleaned) = clean(&Bytes::from(file)) {
            prop_assert_eq!(clean(&cleaned.bytes).unwrap(), Cleaned { bytes: cleaned.bytes, findings: Vec::new() });
        }
    }

    #[test]
    fn no_soup_of_segments_makes_it_panic(soup in prop::collection::vec((any::<u8>(), prop::collection::vec(any::<u8>(), 0..30)), 0..12)) {
        let segments: Vec<u8> = soup.iter().flat_map(|(marker, contents)| segment(*marker, contents)).collect();
        let _ = clean(&[&[0xff, 0xd8], &segments[..]].concat().into());
        let chunks: Vec<u8> = soup.iter().flat_map(|(kind, contents)| riff(&[*kind; 4], contents)).collect();
        let _ = clean(&riff(b"RIFF", &[b"WEBP", &chunks[..]].concat()).into());
    }
}
