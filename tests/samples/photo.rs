//! A photo as a phone would take it: with the place and the device inside.

use jpeg_encoder::{ColorType, Encoder, EncodingError};

const WIDTH: u16 = 640;
const HEIGHT: u16 = 480;

/// The device that every sample photo names in its EXIF data.
const DEVICE: &str = "Kua Sample Phone";

/// Makes a JPEG of about 100 KB whose EXIF data name a device and a place, both made up, each photo its own.
///
/// The same seed gives the same bytes.
#[expect(clippy::expect_used, reason = "only sizes that disagree could fail, and they are constants")]
pub fn photo(seed: u64) -> Vec<u8> {
    encode(seed).expect("the pixels fill the picture")
}

fn encode(seed: u64) -> Result<Vec<u8>, EncodingError> {
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 88);
    encoder.add_app_segment(1, exif(seed))?;
    encoder.encode(&pixels(seed), WIDTH, HEIGHT, ColorType::Rgb)?;
    Ok(jpeg)
}

/// Sky, ground and grain, so that the size is that of a photo and not of a drawing.
fn pixels(seed: u64) -> Vec<u8> {
    let mut grain = Grain(seed);
    let horizon = HEIGHT / 3 + u16::from(grain.byte()) / 2;
    let tint = [grain.byte() / 4, grain.byte() / 4, grain.byte() / 4];
    let mut pixels = Vec::with_capacity(usize::from(WIDTH) * usize::from(HEIGHT) * 3);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let base: [u8; 3] = if y < horizon { [110, 140, 170] } else { [100, 90, 70] };
            let shade = u8::try_from((x ^ y) / 16 % 32).unwrap_or_default() + grain.byte() / 4;
            pixels.extend(base.iter().zip(tint).map(|(colour, tint)| colour + tint / 2 + shade / 2));
        }
    }
    pixels
}

/// Vigna's generator `SplitMix64`: even, repeatable, and not for secrets.
struct Grain(u64);

impl Grain {
    fn byte(&mut self) -> u8 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed >> 56).to_le_bytes()[0]
    }
}

/// The body of an EXIF segment (CIPA DC-008): the device's name in the first directory, a position in the GPS directory.
fn exif(seed: u64) -> Vec<u8> {
    const ASCII: u16 = 2;
    const LONG: u16 = 4;
    const RATIONAL: u16 = 5;
    // Offsets count from the byte-order mark: two entries for the device and the GPS directory, then four for the place.
    const FIRST: u32 = 8;
    const GPS: u32 = FIRST + 2 + 2 * 12 + 4;
    const LATITUDE: u32 = GPS + 2 + 4 * 12 + 4;
    const LONGITUDE: u32 = LATITUDE + 24;
    const MODEL: u32 = LONGITUDE + 24;

    let mut place = Grain(!seed);
    let mut degrees = |from: u8| {
        let parts =
            [u32::from(from + place.byte() % 10), u32::from(place.byte() % 60), u32::from(place.byte() % 60)];
        parts.into_iter().flat_map(|part| [part, 1]).flat_map(u32::to_le_bytes).collect::<Vec<u8>>()
    };
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    let model = format!("{DEVICE}\0");
    let model_len = u32::try_from(model.len()).unwrap_or_default();
    [
        &b"Exif\0\0II*\0"[..],
        &FIRST.to_le_bytes(),
        &2u16.to_le_bytes(),
        &entry(0x0110, ASCII, model_len, MODEL.to_le_bytes()),
        &entry(0x8825, LONG, 1, GPS.to_le_bytes()),
        &[0; 4],
        &4u16.to_le_bytes(),
        &entry(1, ASCII, 2, *b"N\0\0\0"),
        &entry(2, RATIONAL, 3, LATITUDE.to_le_bytes()),
        &entry(3, ASCII, 2, *b"E\0\0\0"),
        &entry(4, RATIONAL, 3, LONGITUDE.to_le_bytes()),
        &[0; 4],
        &degrees(42),
        &degrees(60),
        model.as_bytes(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The segments of a JPEG up to the start of its scan: marker and body (ITU-T T.81, annex B).
    fn segments(jpeg: &[u8]) -> Vec<(u8, &[u8])> {
        assert_eq!(jpeg[..2], [0xff, 0xd8], "start of image");
        assert_eq!(jpeg[jpeg.len() - 2..], [0xff, 0xd9], "end of image");
        let mut segments = Vec::new();
        let mut at = 2;
        while segments.last().is_none_or(|(marker, _)| *marker != 0xda) {
            assert_eq!(jpeg[at], 0xff, "a marker at {at}");
            let length = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
            segments.push((jpeg[at + 1], &jpeg[at + 4..at + 2 + length]));
            at += 2 + length;
        }
        segments
    }

    #[test]
    fn it_is_a_jpeg_of_a_photos_size_with_one_exif_segment() {
        for seed in [0, 1, u64::MAX] {
            let jpeg = photo(seed);
            assert!((60_000..150_000).contains(&jpeg.len()), "{}", jpeg.len());
            let segments = segments(&jpeg);
            let exif: Vec<_> = segments.iter().filter(|(_, body)| body.starts_with(b"Exif\0\0")).collect();
            assert_eq!(exif.len(), 1);
            assert_eq!(exif[0].0, 0xe1);
            let (_, size) = segments.iter().find(|(marker, _)| (0xc0..=0xc2).contains(marker)).unwrap();
            assert_eq!(size[1..5], [HEIGHT.to_be_bytes(), WIDTH.to_be_bytes()].concat());
        }
    }

    /// A little-endian number of the TIFF part.
    fn long(tiff: &[u8], at: usize) -> usize {
        u32::from_le_bytes(tiff[at..at + 4].try_into().unwrap()) as usize
    }

    #[test]
    fn device_and_place_are_found_where_the_directories_point() {
        let exif = exif(3);
        let tiff = &exif[6..];
        let first = long(tiff, 4);
        let model = long(tiff, first + 2 + 8);
        assert_eq!(&tiff[model..], [DEVICE.as_bytes(), b"\0"].concat());
        assert_eq!(long(tiff, first + 2 + 4), DEVICE.len() + 1);
        let gps = long(tiff, first + 2 + 12 + 8);
        assert_eq!(tiff[gps..gps + 2], [4, 0]);
        for (entry, range) in [(1, 42..52), (3, 60..70)] {
            let value = long(tiff, gps + 2 + entry * 12 + 8);
            assert!(range.contains(&long(tiff, value)) && long(tiff, value + 4) == 1);
        }
    }

    #[test]
    fn every_seed_is_a_photo_of_its_own_and_the_same_each_time() {
        assert!(photo(1) == photo(1));
        assert!(photo(1) != photo(2));
    }
}
