//! What a quadrilateral says: its cells are held against the light on its frame, and the word is looked up.

use super::quad::Quad;
use super::sheet::Sheet;
use crate::fiducial::codebook::Codebook;
use crate::fiducial::family::FiducialFamily;
use crate::frame::GreyFrame;

/// How much of what the neighbours of a cell add to it is taken away again: blur mixes small cells.
const SHARPENING: f64 = 0.25;
/// The share of the frame's cells that must be as they are printed.
const FRAME_RIGHT_SHARE: f64 = 0.9;
/// The margin below which a read word is chance, as a share of half the contrast, and more for each corrected bit.
const MARGIN_SHARE: f64 = 0.2;
const MARGIN_SHARE_PER_WRONG_BIT: f64 = 0.12;

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
    let mut sheet = Sheet::new(frame, &quad.corners_px, family)?;
    let (white, black) = sheet.light()?;
    let middle = [f64::from(distance) / 2.0; 2];
    let contrast = white.at(middle) - black.at(middle);
    let right = sheet.frame_right_share(&white, &black);
    if contrast < contrast_min * 0.5 || right < FRAME_LIKELY_SHARE {
        return None;
    }
    sheet.look_at_all();
    let mut word = 0_u64;
    let mut light = (0.0, 0.0);
    let mut dark = (0.0, 0.0);
    for &(x, y) in family.bit_cells() {
        let over = sheet.over(&white, &black, i32::from(x), i32::from(y), SHARPENING);
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
