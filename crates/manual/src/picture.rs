//! A drawn page, a piece of one, and its bytes as PNG.

use crate::ManualFault;

/// A page as a picture, on white.
#[derive(Clone, PartialEq, Eq)]
pub struct PagePicture {
    /// Pixels from left to right.
    pub width_px: u32,
    /// Pixels from top to bottom.
    pub height_px: u32,
    /// Red, green and blue of each pixel, row by row from the top.
    pub rgb: Vec<u8>,
}

impl std::fmt::Debug for PagePicture {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "PagePicture({} × {} px)", self.width_px, self.height_px)
    }
}

impl PagePicture {
    /// The picture as PNG.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn to_png(&self) -> Result<Vec<u8>, ManualFault> {
        let failed = |error: png::EncodingError| ManualFault::Png(error.to_string());
        let mut bytes = vec![];
        let mut encoder = png::Encoder::new(&mut bytes, self.width_px, self.height_px);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(&self.rgb).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(bytes)
    }
}

/// A piece of a page as it is shown, turned as the page says: shares of its width and height, from its upper left corner.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Area {
    /// Where the piece begins from the left, 0 to 1.
    pub left: f64,
    /// Where it begins from the top, 0 to 1.
    pub top: f64,
    /// Its width as a share of the page's.
    pub width: f64,
    /// Its height as a share of the page's.
    pub height: f64,
}

impl Area {
    /// The whole page.
    pub const PAGE: Self = Self { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };

    /// Whether it lies within the page and has an area.
    pub(crate) fn is_within_page(&self) -> bool {
        const SAME: f64 = 1e-9;
        let along = |start: f64, length: f64| start >= 0.0 && length > 0.0 && start + length <= 1.0 + SAME;
        along(self.left, self.width) && along(self.top, self.height)
    }
}

/// A piece of a page, ready to be attached.
#[derive(Clone, Debug, PartialEq)]
pub struct Crop {
    /// The picture as PNG.
    pub png: Vec<u8>,
    /// Pixels from left to right.
    pub width_px: u32,
    /// Pixels from top to bottom.
    pub height_px: u32,
    /// How fine it is: what was asked for, or less where the picture would have become larger than pictures are made.
    pub dots_per_inch: f64,
}
