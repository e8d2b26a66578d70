//! A picture as decoders want it: the brightness of each pixel.

/// A picture with a longer side is refused: a label that fills a frame is read at far less.
pub const SIDE_MAX_PX: u32 = 1600;
/// A picture with a shorter side holds no code that could be read.
pub const SIDE_MIN_PX: u32 = 16;

/// A picture of brightness.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width_px: u32,
    height_px: u32,
    brightness: Vec<u8>,
}

/// Why bytes are no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// A side is too short or too long.
    #[error(
        "the picture has {width_px} × {height_px} pixels; each side may have {SIDE_MIN_PX} to {SIDE_MAX_PX}"
    )]
    Sides {
        /// Pixels in a row.
        width_px: u32,
        /// Rows.
        height_px: u32,
    },
    /// The bytes are not as many as the pixels.
    #[error("the picture should have {expected} bytes of brightness and has {found}")]
    Bytes {
        /// One for each pixel.
        expected: usize,
        /// What came.
        found: usize,
    },
}

impl Picture {
    /// The picture of `brightness`: one byte per pixel, row by row from the top, 0 for black.
    ///
    /// # Errors
    /// When a side is out of bounds or the bytes do not fill it.
    pub fn new(width_px: u32, height_px: u32, brightness: Vec<u8>) -> Result<Self, PictureError> {
        let fits = |side: u32| (SIDE_MIN_PX..=SIDE_MAX_PX).contains(&side);
        if !fits(width_px) || !fits(height_px) {
            return Err(PictureError::Sides { width_px, height_px });
        }
        let expected = width_px as usize * height_px as usize;
        if brightness.len() != expected {
            return Err(PictureError::Bytes { expected, found: brightness.len() });
        }
        Ok(Self { width_px, height_px, brightness })
    }

    /// Pixels in a row.
    pub fn width_px(&self) -> u32 {
        self.width_px
    }

    /// Rows.
    pub fn height_px(&self) -> u32 {
        self.height_px
    }

    /// One byte per pixel.
    pub fn into_brightness(self) -> Vec<u8> {
        self.brightness
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_picture_are_refused() {
        assert!(matches!(Picture::new(4, 640, vec![0; 2560]), Err(PictureError::Sides { .. })));
        assert!(matches!(Picture::new(u32::MAX, u32::MAX, vec![]), Err(PictureError::Sides { .. })));
        let short = Picture::new(640, 480, vec![0; 640]);
        assert_eq!(short.err(), Some(PictureError::Bytes { expected: 307_200, found: 640 }));
    }
}
