//! Reads QR codes with a library that did not write them.

use std::path::Path;

use rqrr::PreparedImage;

/// Pixels for a half block, so that the reader has something to look at.
const SCALE: usize = 6;

/// What a picture of so many pixels says, whose shades of grey these are.
fn read(width: usize, height: usize, grey: impl Fn(usize, usize) -> u8) -> String {
    let mut picture = PreparedImage::prepare_from_greyscale(width, height, grey);
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1, "one QR code");
    grids[0].decode().unwrap().1
}

/// What a PNG says.
pub fn read_png(path: &Path) -> String {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Grayscale, png::BitDepth::Eight));
    read(width, height, |x, y| pixels[y * width + x])
}

/// What an SVG of rectangles, `M x y h w v h H x V y`, says.
pub fn read_svg(svg: &str) -> String {
    let side: usize = svg.split("width=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    let drawn = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut dark = vec![false; side * side];
    for rectangle in drawn.split('M').skip(1) {
        let numbers: Vec<usize> =
            rectangle.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
        let [left, top, width, height, ..] = numbers[..] else { panic!("{rectangle}") };
        for y in top..top + height {
            dark[y * side + left..y * side + left + width].fill(true);
        }
    }
    read(side, side, |x, y| if dark[y * side + x] { 0 } else { 255 })
}

/// What half blocks on a terminal say. `drawn_is_dark` is the ink: true where it is black on white.
pub fn read_blocks(picture: &str, drawn_is_dark: bool) -> String {
    let rows: Vec<Vec<char>> = picture.lines().map(|line| line.chars().collect()).collect();
    let width = rows[0].len();
    assert!(rows.iter().all(|row| row.len() == width), "a rectangle");
    read(width * SCALE, 2 * rows.len() * SCALE, |x, y| {
        let (x, y) = (x / SCALE, y / SCALE);
        let drawn = match rows[y / 2][x] {
            '█' => true,
            '▀' => y % 2 == 0,
            '▄' => y % 2 == 1,
            ' ' => false,
            other => panic!("{other:?} is no block"),
        };
        if drawn == drawn_is_dark { 0 } else { 255 }
    })
}
