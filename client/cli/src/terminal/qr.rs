//! A text as a QR code (ISO/IEC 18004): on a terminal, as PNG, as SVG.

use console::Style;
use qrcode::render::{svg, unicode};
use qrcode::{Color, EcLevel, QrCode};

use crate::error::Error;

/// Modules of quiet zone on each side, which the standard asks for.
const QUIET: usize = 4;
/// Pixels for a module: a link of 60 characters becomes 360 pixels wide.
const PIXELS: usize = 8;

/// A QR code that survives the loss of about 15 % of its picture.
pub struct QrPicture(QrCode);

impl QrPicture {
    /// Encodes a text of up to 2331 bytes.
    ///
    /// # Errors
    ///
    /// When it is longer.
    pub fn of(text: &str) -> Result<Self, Error> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M);
        code.map(Self).map_err(|error| Error::refused(format!("it cannot be shown as a QR code: {error}")))
    }

    /// The picture in half blocks, two modules one above the other in each character.
    ///
    /// Coloured, it is black on white whatever the terminal's own colours are. Without colours the light modules are drawn,
    /// which is right where the terminal is dark; elsewhere it is a negative, as many readers take it, too.
    pub fn for_terminal(&self, coloured: bool) -> String {
        let (dark, light) = (unicode::Dense1x2::Dark, unicode::Dense1x2::Light);
        let mut render = self.0.render::<unicode::Dense1x2>();
        if coloured {
            // The exact black and white of the palette of 256, which themes leave alone.
            let style = Style::new().color256(16).on_color256(231);
            let picture = render.dark_color(dark).light_color(light).build();
            picture.lines().map(|line| style.apply_to(line).to_string()).collect::<Vec<_>>().join("\n")
        } else {
            render.dark_color(light).light_color(dark).build()
        }
    }

    /// The picture as SVG.
    pub fn to_svg(&self) -> String {
        let pixels = u32::try_from(PIXELS).unwrap_or(1);
        self.0.render::<svg::Color<'_>>().module_dimensions(pixels, pixels).build()
    }

    /// The picture as PNG, in shades of grey.
    ///
    /// # Errors
    ///
    /// When there is not enough memory.
    pub fn to_png(&self) -> Result<Vec<u8>, Error> {
        let failed = |error: png::EncodingError| Error::system(error);
        let modules = self.0.width();
        let side = (modules + 2 * QUIET) * PIXELS;
        let module = |pixel: usize| (pixel / PIXELS).checked_sub(QUIET).filter(|module| *module < modules);
        let grey = |at: usize| match module(at % side).zip(module(at / side)) {
            Some(place) if self.0[place] == Color::Dark => 0,
            _ => 255,
        };
        let pixels: Vec<u8> = (0..side * side).map(grey).collect();
        let mut bytes = Vec::new();
        let width = u32::try_from(side).unwrap_or_default();
        let mut encoder = png::Encoder::new(&mut bytes, width, width);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(&pixels).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(bytes)
    }
}
