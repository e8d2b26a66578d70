//! Which pixels are dark against what is around them.
//!
//! As in AprilTag 3, a pixel is held against the middle between the darkest and the lightest within the tiles around it.
//! Unlike there, how far those must lie apart follows the noise of the picture: else every speck becomes an outline.

use crate::frame::GreyFrame;

/// The side of a tile, in pixels.
const TILE_PX: usize = 4;
/// How far dark and light lie apart at least, in steps of brightness.
const CONTRAST_MIN: u8 = 8;
/// What is asked of busy pictures at most, in steps of brightness.
const CONTRAST_MAX: u8 = 40;
/// How far the noise of a flat surface reaches within 12 × 12 pixels, in ranges of a quiet tile.
const NOISE_REACH: f64 = 2.6;

/// Set where a pixel is dark.
pub(super) const DARK: u8 = 1;

/// The dark pixels of a frame, with a rim of one pixel that is not dark, and what it takes to find them.
#[derive(Clone, Debug, Default)]
pub(super) struct Darkness {
    /// One byte per pixel and rim pixel.
    pub(super) map: Vec<u8>,
    /// Bytes from one row of the map to the next.
    pub(super) stride: usize,
    /// How far dark and light lay apart at least.
    pub(super) contrast_min: u8,
    /// The sides that the map was laid out for, in pixels.
    map_of: (usize, usize),
    tiles_wide: usize,
    low: Vec<u8>,
    high: Vec<u8>,
    low_across: Vec<u8>,
    high_across: Vec<u8>,
    column_low: Vec<u8>,
    column_high: Vec<u8>,
    limits: Vec<u8>,
}

impl Darkness {
    /// Finds the dark pixels of `frame`; `contrast_min` where it is known how far dark and light lie apart at least.
    pub(super) fn find(&mut self, frame: GreyFrame<'_>, contrast_min: Option<u8>) {
        self.measure_tiles(frame);
        self.contrast_min = contrast_min.unwrap_or_else(|| self.contrast_over_noise());
        self.spread();
        self.mark(frame);
    }

    /// The darkest and the lightest of each tile.
    fn measure_tiles(&mut self, frame: GreyFrame<'_>) {
        let (width, height) = (frame.width_px(), frame.height_px());
        self.tiles_wide = width.div_ceil(TILE_PX);
        self.low.clear();
        self.high.clear();
        let padded = self.tiles_wide * TILE_PX;
        self.column_low.resize(padded, 0);
        self.column_high.resize(padded, 0);
        for top in (0..height).step_by(TILE_PX) {
            let (low, high) = (&mut self.column_low[..], &mut self.column_high[..]);
            let first = frame.row(top);
            low[..width].copy_from_slice(first);
            high[..width].copy_from_slice(first);
            low[width..].fill(u8::MAX);
            high[width..].fill(0);
            for y in top + 1..(top + TILE_PX).min(height) {
                let row = frame.row(y);
                for ((low, high), pixel) in low.iter_mut().zip(high.iter_mut()).zip(row) {
                    *low = (*low).min(*pixel);
                    *high = (*high).max(*pixel);
                }
            }
            // Of each four columns, the first takes in its neighbour, and then the other two.
            for step in [1, 2] {
                for at in 0..padded - step {
                    low[at] = low[at].min(low[at + step]);
                    high[at] = high[at].max(high[at + step]);
                }
            }
            self.low.extend(low.as_chunks::<TILE_PX>().0.iter().map(|columns| columns[0]));
            self.high.extend(high.as_chunks::<TILE_PX>().0.iter().map(|columns| columns[0]));
        }
    }

    /// What a fifth of the tiles stays within is noise; clipped tiles hide theirs.
    fn contrast_over_noise(&self) -> u8 {
        let mut counts = [0_u32; 256];
        for (low, high) in self.low.iter().zip(&self.high) {
            if *low > 0 && *high < u8::MAX {
                counts[usize::from(high - low)] += 1;
            }
        }
        let quiet = counts.iter().sum::<u32>() / 5;
        let mut seen = 0;
        let range = counts.iter().position(|count| {
            seen += count;
            seen > quiet
        });
        let needed = range.map_or(0.0, |range| range as f64 * NOISE_REACH);
        (needed.ceil() as u8).clamp(CONTRAST_MIN, CONTRAST_MAX)
    }

    /// Each tile takes the darkest and the lightest of the nine around it.
    fn spread(&mut self) {
        let wide = self.tiles_wide;
        self.low_across.resize(self.low.len(), 0);
        self.high_across.resize(self.high.len(), 0);
        let rows = self.low.chunks_exact(wide).zip(self.high.chunks_exact(wide));
        let across = self.low_across.chunks_exact_mut(wide).zip(self.high_across.chunks_exact_mut(wide));
        for ((low, high), (low_across, high_across)) in rows.zip(across) {
            low_across.copy_from_slice(low);
            high_across.copy_from_slice(high);
            for tile in 1..wide {
                low_across[tile] = low_across[tile].min(low[tile - 1]);
                high_across[tile] = high_across[tile].max(high[tile - 1]);
            }
            for tile in 1..wide {
                low_across[tile - 1] = low_across[tile - 1].min(low[tile]);
                high_across[tile - 1] = high_across[tile - 1].max(high[tile]);
            }
        }
        let tall = self.low.len() / wide;
        for row in 0..tall {
            for near in [row.saturating_sub(1), row, (row + 1).min(tall - 1)] {
                let (low, high) = (&mut self.low[row * wide..][..wide], &mut self.high[row * wide..][..wide]);
                let (near_low, near_high) =
                    (&self.low_across[near * wide..][..wide], &self.high_across[near * wide..][..wide]);
                for tile in 0..wide {
                    low[tile] = low[tile].min(near_low[tile]);
                    high[tile] = high[tile].max(near_high[tile]);
                }
            }
        }
    }

    /// Marks what is darker than the middle, where dark and light lie far enough apart.
    fn mark(&mut self, frame: GreyFrame<'_>) {
        let (width, height) = (frame.width_px(), frame.height_px());
        // Rows are read eight bytes at a time, and none of them ends within those.
        let stride = (width + 2).next_multiple_of(8);
        let size = stride * (height + 2);
        if self.map_of != (width, height) {
            self.map.clear();
            self.map.resize(size, 0);
            self.map_of = (width, height);
            self.stride = stride;
        }
        let wide = self.tiles_wide;
        self.limits.clear();
        self.limits.resize(wide * TILE_PX, 0);
        for (tile_row, top) in (0..height).step_by(TILE_PX).enumerate() {
            let tiles = tile_row * wide..(tile_row + 1) * wide;
            let mut any = 0;
            let limits = self.limits.as_chunks_mut::<TILE_PX>().0;
            for (limit, (low, high)) in
                limits.iter_mut().zip(self.low[tiles.clone()].iter().zip(&self.high[tiles]))
            {
                let known = high - low >= self.contrast_min;
                let middle = if known { low + (high - low).div_ceil(2) } else { 0 };
                any |= middle;
                *limit = [middle; TILE_PX];
            }
            for y in top..(top + TILE_PX).min(height) {
                let marks = &mut self.map[(y + 1) * self.stride + 1..][..width];
                if any == 0 {
                    marks.fill(0);
                    continue;
                }
                for ((mark, pixel), limit) in marks.iter_mut().zip(frame.row(y)).zip(&self.limits) {
                    *mark = u8::from(pixel < limit);
                }
            }
        }
    }
}
