//! A camera's frame as the detector reads it in place: rows of brightness, and parts of them.
//!
//! Coordinates are in pixels from the upper left corner of the picture; the centre of its first pixel is (0.5, 0.5).

/// A side longer than this is refused.
pub const FRAME_SIDE_MAX_PX: usize = 8_192;

/// A frame of brightness that somebody else holds.
#[derive(Copy, Clone, Debug)]
pub struct GreyFrame<'a> {
    width_px: usize,
    height_px: usize,
    stride_bytes: usize,
    brightness: &'a [u8],
}

/// A part of a frame, in pixels.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The first column.
    pub left_px: usize,
    /// The first row.
    pub top_px: usize,
    /// Columns.
    pub width_px: usize,
    /// Rows.
    pub height_px: usize,
}

/// Why bytes are no frame.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A side is empty or too long.
    #[error("the frame has {width_px} × {height_px} pixels; each side may have 1 to {FRAME_SIDE_MAX_PX}")]
    Sides {
        /// Pixels in a row.
        width_px: usize,
        /// Rows.
        height_px: usize,
    },
    /// Rows would overlap.
    #[error("a row has {width_px} pixels, and the next begins after {stride_bytes} bytes")]
    Stride {
        /// Pixels in a row.
        width_px: usize,
        /// Bytes from one row to the next.
        stride_bytes: usize,
    },
    /// There are too few bytes.
    #[error("the frame needs {needed} bytes and has {found}")]
    Bytes {
        /// What its sides need.
        needed: usize,
        /// What came.
        found: usize,
    },
}

impl<'a> GreyFrame<'a> {
    /// The frame of `brightness`: one byte per pixel, 0 for black, rows from the top that begin `stride_bytes` apart.
    ///
    /// # Errors
    /// When a side is out of bounds, rows overlap or bytes are missing.
    pub fn new(
        width_px: usize,
        height_px: usize,
        stride_bytes: usize,
        brightness: &'a [u8],
    ) -> Result<Self, FrameError> {
        let fits = |side: usize| (1..=FRAME_SIDE_MAX_PX).contains(&side);
        if !fits(width_px) || !fits(height_px) {
            return Err(FrameError::Sides { width_px, height_px });
        }
        if stride_bytes < width_px {
            return Err(FrameError::Stride { width_px, stride_bytes });
        }
        let needed = stride_bytes.saturating_mul(height_px - 1).saturating_add(width_px);
        if brightness.len() < needed {
            return Err(FrameError::Bytes { needed, found: brightness.len() });
        }
        Ok(Self { width_px, height_px, stride_bytes, brightness })
    }

    /// Pixels in a row.
    pub fn width_px(&self) -> usize {
        self.width_px
    }

    /// Rows.
    pub fn height_px(&self) -> usize {
        self.height_px
    }

    /// The pixels of row `y`; none below the frame.
    pub fn row(&self, y: usize) -> &'a [u8] {
        if y >= self.height_px {
            return &[];
        }
        &self.brightness[y * self.stride_bytes..][..self.width_px]
    }

    /// The part of the frame that `region` shares with it; nothing when they share none.
    pub fn part(&self, region: Region) -> Option<Self> {
        let width_px = region.width_px.min(self.width_px.checked_sub(region.left_px)?);
        let height_px = region.height_px.min(self.height_px.checked_sub(region.top_px)?);
        if width_px == 0 || height_px == 0 {
            return None;
        }
        let brightness = &self.brightness[region.top_px * self.stride_bytes + region.left_px..];
        Some(Self { width_px, height_px, stride_bytes: self.stride_bytes, brightness })
    }

    /// The brightness at a place, 0 to 255, between the four pixels around it; nothing where those are not in the frame.
    pub fn brightness_at(&self, x_px: f64, y_px: f64) -> Option<f64> {
        let (x, y) = (x_px - 0.5, y_px - 0.5);
        let inside =
            x >= 0.0 && y >= 0.0 && x < self.width_px as f64 - 1.0 && y < self.height_px as f64 - 1.0;
        if !inside {
            return None;
        }
        let (column, row) = (x as usize, y as usize);
        let (across, down) = (x - column as f64, y - row as f64);
        let at = row * self.stride_bytes + column;
        let upper = self.brightness.get(at..at + 2)?;
        let lower = self.brightness.get(at + self.stride_bytes..at + self.stride_bytes + 2)?;
        let mix = |pair: &[u8]| f64::from(pair[0]) * (1.0 - across) + f64::from(pair[1]) * across;
        Some(mix(upper) * (1.0 - down) + mix(lower) * down)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_frame_are_refused() {
        assert!(matches!(GreyFrame::new(0, 4, 4, &[0; 16]), Err(FrameError::Sides { .. })));
        assert!(matches!(GreyFrame::new(usize::MAX, 4, usize::MAX, &[]), Err(FrameError::Sides { .. })));
        assert!(matches!(GreyFrame::new(4, 4, 3, &[0; 16]), Err(FrameError::Stride { .. })));
        assert!(matches!(
            GreyFrame::new(4, 4, 8, &[0; 27]),
            Err(FrameError::Bytes { needed: 28, found: 27 })
        ));
        assert!(matches!(GreyFrame::new(4, 2, usize::MAX, &[0; 27]), Err(FrameError::Bytes { .. })));
    }

    #[test]
    fn the_centre_of_a_pixel_has_its_brightness() {
        let frame = GreyFrame::new(2, 2, 3, &[10, 20, 99, 30, 40]).unwrap();
        assert_eq!(frame.brightness_at(0.5, 0.5), Some(10.0));
        assert_eq!(frame.brightness_at(1.0, 1.0), Some(25.0));
        assert_eq!(frame.brightness_at(1.6, 1.0), None);
    }

    #[test]
    fn a_part_begins_where_it_was_cut() {
        let frame = GreyFrame::new(3, 2, 3, &[1, 2, 3, 4, 5, 6]).unwrap();
        let part = frame.part(Region { left_px: 1, top_px: 1, width_px: 9, height_px: 9 }).unwrap();
        assert_eq!(part.row(0), &[5, 6]);
        assert!(frame.part(Region { left_px: 3, top_px: 0, width_px: 1, height_px: 1 }).is_none());
    }
}
