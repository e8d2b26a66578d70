//! What a quadrilateral says: its cells are held against the light on its frame, and the word is looked up.

use super::light::{LightPlane, LightSamples};
use super::quad::Quad;
use crate::fiducial::codebook::Codebook;
use crate::fiducial::family::FiducialFamily;
use crate::frame::GreyFrame;
use crate::homography::Homography;

/// How much of what the neighbours of a cell add to it is taken away again: blur mixes small cells.
const SHARPENING: f64 = 0.25;
/// The share of the frame's cells that must be as they are printed.
const FRAME_RIGHT_SHARE: f64 = 0.9;
/// The margin below which a read word is chance, as a share of half the contrast, and more for each corrected bit.
const MARGIN_SHARE: f64 = 0.2;
const MARGIN_SHARE_PER_WRONG_BIT: f64 = 0.12;
/// Cells of the widest family with a rim of one.
const GRID: usize = 11;

/// The share of the frame's cells from which a quadrilateral is worth being measured and read again.
const FRAME_LIKELY_SHARE: f64 = 0.7;

/// The share of bits of either kind that every word has.
const LIGHT_SHARE_MIN: f64 = 0.15;

/// What comes of reading a quadrilateral.
#[derive(Copy, Clone, Debug)]
pub(super) enum Outcome {
    /// It is a fiducial.
    Read(Decoded),
    /// Its frame looks like one: with better corners it may be read.
    Likely {
        /// The brightness of black and of white in its middle.
        black: f64,
        /// See `black`.
        white: f64,
    },
    /// It is none.
    Nothing,
}

/// What a quadrilateral was read as.
#[derive(Copy, Clone, Debug)]
pub(super) struct Decoded {
    pub(super) id: u32,
    /// The corners as the detection tells them.
    pub(super) corners_px: [[f64; 2]; 4],
    pub(super) wrong_bits: u32,
    /// How far bits lie from the middle between black and white on average, in steps of brightness.
    pub(super) margin: f64,
    /// The brightness of black and of white in the middle of the fiducial.
    pub(super) black: f64,
    pub(super) white: f64,
}

/// Reads `quad` as a member of `family`; `contrast_min` in steps of brightness.
pub(super) fn decode(
    frame: GreyFrame<'_>,
    quad: &Quad,
    family: FiducialFamily,
    book: &Codebook,
    contrast_min: f64,
) -> Outcome {
    if quad.dark_inside == family.is_light_inside() {
        return Outcome::Nothing;
    }
    try_decode(frame, quad, family, book, contrast_min).unwrap_or(Outcome::Nothing)
}

fn try_decode(
    frame: GreyFrame<'_>,
    quad: &Quad,
    family: FiducialFamily,
    book: &Codebook,
    contrast_min: f64,
) -> Option<Outcome> {
    let distance = family.corner_distance_cells() as i32;
    let homography = Homography::of_square(f64::from(distance), &quad.corners_px)?;
    let sample = |x: i32, y: i32| {
        let [column, row] = homography.apply([f64::from(x) + 0.5, f64::from(y) + 0.5]);
        frame.brightness_at(column, row)
    };
    let (inner, outer) = frame_light(distance, &sample)?;
    let (white, black) = if family.is_light_inside() { (inner, outer) } else { (outer, inner) };
    let middle = [f64::from(distance) / 2.0; 2];
    let contrast = white.at(middle) - black.at(middle);
    let right = frame_right_share(distance, family, &sample, &white, &black);
    if contrast < contrast_min * 0.5 || right < FRAME_LIKELY_SHARE {
        return None;
    }
    let cells = Cells::read(family, &sample, &white, &black)?;
    let mut word = 0_u64;
    let mut light = (0.0, 0.0);
    let mut dark = (0.0, 0.0);
    for &(x, y) in family.bit_cells() {
        let over = cells.sharpened(i32::from(x), i32::from(y));
        word = word << 1 | u64::from(over > 0.0);
        let side = if over > 0.0 { &mut light } else { &mut dark };
        *side = (side.0 + over.abs(), side.1 + 1.0);
    }
    // A plain patch has a frame too, and no bits.
    let share = light.1 / f64::from(family.bit_count());
    if !(LIGHT_SHARE_MIN..=1.0 - LIGHT_SHARE_MIN).contains(&share) {
        return None;
    }
    let likely = Outcome::Likely { black: black.at(middle), white: white.at(middle) };
    if right < FRAME_RIGHT_SHARE {
        return Some(likely);
    }
    let Some(reading) = book.read(word) else { return Some(likely) };
    let margin = (light.0 / f64::max(light.1, 1.0)).min(dark.0 / f64::max(dark.1, 1.0));
    let needed = MARGIN_SHARE + MARGIN_SHARE_PER_WRONG_BIT * f64::from(reading.wrong_bits);
    if margin < needed * contrast * 0.5 {
        return Some(likely);
    }
    let turns = reading.quarter_turns as usize;
    let corners_px = [0, 1, 2, 3].map(|corner| quad.corners_px[(corner + turns) % 4]);
    let (black, white) = (black.at(middle), white.at(middle));
    Some(Outcome::Read(Decoded {
        id: reading.id,
        corners_px,
        wrong_bits: reading.wrong_bits,
        margin,
        black,
        white,
    }))
}

/// Visits the cells along the inside of the frame's edge, or with `out` 1 those outside of it.
fn along_edge(distance: i32, out: i32, mut visit: impl FnMut(i32, i32)) {
    let (first, last) = (-out, distance - 1 + out);
    for step in first..last {
        visit(step, first);
        visit(last, step);
        visit(first + last - step, last);
        visit(first, first + last - step);
    }
}

/// The light on the frame's cells within the edge, and outside of it.
fn frame_light(distance: i32, sample: &impl Fn(i32, i32) -> Option<f64>) -> Option<(LightPlane, LightPlane)> {
    let plane = |out: i32| {
        let mut samples = LightSamples::default();
        along_edge(distance, out, |x, y| {
            if let Some(brightness) = sample(x, y) {
                samples.add([f64::from(x) + 0.5, f64::from(y) + 0.5], brightness);
            }
        });
        samples.plane()
    };
    Some((plane(0)?, plane(1)?))
}

/// The share of the frame's cells that are as they are printed.
fn frame_right_share(
    distance: i32,
    family: FiducialFamily,
    sample: &impl Fn(i32, i32) -> Option<f64>,
    white: &LightPlane,
    black: &LightPlane,
) -> f64 {
    let (mut right, mut all) = (0.0, 0.0);
    for out in [0, 1] {
        let is_white = family.is_light_inside() == (out == 0);
        along_edge(distance, out, |x, y| {
            let Some(brightness) = sample(x, y) else { return };
            let place = [f64::from(x) + 0.5, f64::from(y) + 0.5];
            all += 1.0;
            right += f64::from(u8::from(
                (brightness > f64::midpoint(white.at(place), black.at(place))) == is_white,
            ));
        });
    }
    right / f64::max(all, 1.0)
}

/// How far each printed cell lies over the middle between black and white.
struct Cells {
    rim: i32,
    over: [[f64; GRID]; GRID],
}

impl Cells {
    fn read(
        family: FiducialFamily,
        sample: &impl Fn(i32, i32) -> Option<f64>,
        white: &LightPlane,
        black: &LightPlane,
    ) -> Option<Self> {
        let side = family.printed_side_cells() as i32;
        let first = -family.rim_cells();
        let mut over = [[0.0; GRID]; GRID];
        for y in first..first + side {
            for x in first..first + side {
                let place = [f64::from(x) + 0.5, f64::from(y) + 0.5];
                let middle = f64::midpoint(white.at(place), black.at(place));
                let row = over.get_mut((y - first) as usize)?;
                *row.get_mut((x - first) as usize)? =
                    sample(x, y).map_or(0.0, |brightness| brightness - middle);
            }
        }
        Some(Self { rim: family.rim_cells(), over })
    }

    fn at(&self, x: i32, y: i32) -> f64 {
        let (column, row) = ((x + self.rim) as usize, (y + self.rim) as usize);
        self.over.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0.0)
    }

    fn sharpened(&self, x: i32, y: i32) -> f64 {
        let around = self.at(x - 1, y) + self.at(x + 1, y) + self.at(x, y - 1) + self.at(x, y + 1);
        let here = self.at(x, y);
        here + SHARPENING * (4.0 * here - around)
    }
}
