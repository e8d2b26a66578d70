//! Where a sheet lies, by all of its cells at once.
//!
//! Edges of small cells blur each other, and few pixels lie along them. And cameras for eyes do not write light as it is:
//! they lift the dark, and half of the light across an edge is more than half of the brightness, so that white seems to
//! grow and black to shrink. Edges of the frame alone cannot tell that from a smaller sheet; cells can, where white lies
//! in black as well as black in white. Once it is known what is printed, every pixel says where the sheet is: its mapping,
//! the light on it, the blur and the camera's tone settle so that the printed cells, seen blurred, look like the picture.

use std::array;
use std::ops::Range;

use super::edge::Refined;
use super::expected::{BLACK_AT, Expectation, SUMS};
use super::samples::{Lie, Samples};
use crate::fiducial::family::FiducialFamily;
use crate::frame::GreyFrame;
use crate::homography::Homography;
use crate::linear::{Factored, inverse, length_of, multiply};

/// How many times some pixels are looked at, and then all of them, at most.
const ROUNDS_FIRST: usize = 4;
const ROUNDS: usize = 4;
/// Corners that move less than this in a round of some pixels are good enough for all of them, in pixels.
const NEAR_PX: f64 = 0.12;
/// Corners that move less than this in a round are settled, in pixels: what is left shrinks by much more in each.
const SETTLED_PX: f64 = 0.06;
/// Corners that still move more than this in the last round do not settle, in pixels.
const LEFT_MAX_PX: f64 = 0.15;
/// Pixels that are off by more than this share of the contrast count less: dirt, a mirrored lamp, and what covers a part.
/// At first that is much; then it follows what is left of most pixels, so many standard deviations of it and no less than
/// a share.
const DOUBTFUL_SHARE: f64 = 0.4;
const DOUBTFUL_SIGMAS: f64 = 3.0;
const DOUBTFUL_SHARE_MIN: f64 = 0.04;
/// What is left out at the sheet's rim, in cells and in standard deviations of the blur: what lies beyond blurs it.
pub(super) const RIM_CELLS: f64 = 0.5;
pub(super) const RIM_SIGMAS: f64 = 1.6;
/// How far a corner may be moved, in cells.
const MOVE_MAX_CELLS: f64 = 1.2;
/// Cells side by side on the widest sheet, with one more on each side.
pub(super) const CELLS: usize = 12;
/// Eight numbers of the mapping, then black, contrast, the tone, and the blur along rows and columns of cells.
const UNKNOWNS: usize = 13;
/// How far from straight a tone may be: what lies in the middle of black and white is brighter by a quarter of it. More
/// would not rise everywhere.
const TONE_MAX: f64 = 0.9;
/// How blurred a sheet may be, as one standard deviation in pixels. No lens is sharper than the pixel itself, which shows
/// the mean of its surface.
const BLUR_MIN_PX: f64 = 0.29;
const BLUR_MAX_PX: f64 = 3.0;
/// Below this, the picture is hardly more blurred than by pixels themselves.
const BLUR_SHARP_PX: f64 = 0.34;
/// A blur of which the logarithm changes less than this in a round is settled.
const SETTLED_BLUR: f64 = 0.1;
/// What corners may be off by in such a picture, as one standard deviation on each axis: the mean of a pixel's surface is
/// not quite like the blur of a lens. And where the picture has no shades between black
/// and white, edges may be anywhere between the middles of two pixels.
const SHARP_SIGMA_PX: f64 = 0.04;
const SHADELESS_SIGMA_PX: f64 = 0.29;
/// A picture with less than this share of the shades that are expected has none.
const SHADELESS_SHARE: f64 = 0.25;

/// What is printed.
pub(super) struct PrintedCells {
    /// Whether a cell is white, by row and column, with the outermost cells once more around them.
    pub(super) white: [[bool; CELLS]; CELLS],
    /// Cells outside of the detection corners, on each side.
    pub(super) rim: i32,
    /// Cells between two detection corners.
    pub(super) distance: i32,
}

/// Fits sheets to pictures, and keeps what it needs for that.
#[derive(Clone, Debug, Default)]
pub(super) struct PatternFitter {
    samples: Samples,
    expectation: Expectation,
}

/// A sheet as it is printed, and as it seems to lie.
pub(super) struct Pattern {
    pub(super) printed: PrintedCells,
    /// Cells from places around the sheet's middle, as shares of its size in the picture.
    pub(super) cells_from_place: [[f64; 3]; 3],
    pub(super) middle_px: [f64; 2],
    pub(super) size_px: f64,
    pub(super) black: f64,
    pub(super) contrast: f64,
    /// Along rows of cells and along columns: what moves is blurred along its way.
    pub(super) blur_px: [f64; 2],
    pub(super) tone: f64,
    /// From so much on, pixels that are off count less, in steps of brightness.
    pub(super) doubtful: f64,
}

/// How sure all numbers were in a round: their equations, and the square of what was left of a pixel.
struct Certainty {
    normal: Factored<UNKNOWNS>,
    square: f64,
    /// How much shade between black and white is expected: the sum over all pixels of white's share times black's.
    bulge: f64,
    /// Whether there is hardly more blur than that of pixels themselves.
    is_sharp: bool,
    /// By how much the logarithm of the blur changed.
    blur_change: f64,
}

impl PatternFitter {
    /// Moves the corners of a sheet that was read (in the order of a detection) to where all its cells fit best. Nothing
    /// when they do not settle near where they were.
    pub(super) fn align(
        &mut self,
        frame: GreyFrame<'_>,
        (family, id): (FiducialFamily, u32),
        corners_px: &[[f64; 2]; 4],
        (black, white): (f64, f64),
        blur_px: f64,
    ) -> Option<Refined> {
        let mut pattern = Pattern::new(family, id, corners_px, (black, white), blur_px)?;
        let samples = &mut self.samples;
        pattern.take_samples(frame, corners_px, samples);
        self.expectation.print(&pattern.printed);
        let mut aligned = *corners_px;
        let (mut moved_px, mut certainty) = (f64::INFINITY, None);
        let mut count = samples.first_count;
        let is_whole = count == samples.x.len();
        for round in 0..ROUNDS_FIRST + ROUNDS {
            let found = pattern.improve(samples, count, &mut self.expectation)?;
            let blur_change = found.blur_change;
            certainty = Some(found);
            let corners = pattern.corners_px()?;
            moved_px = far_px(&corners, &aligned);
            aligned = corners;
            // The first round trusts all pixels.
            let is_settled = moved_px < SETTLED_PX && blur_change < SETTLED_BLUR;
            if round > 0 && count == samples.x.len() && is_settled {
                break;
            }
            if !is_whole && (moved_px < NEAR_PX || round + 1 >= ROUNDS_FIRST) {
                count = samples.x.len();
            }
        }
        let certainty = certainty?;
        let noise_px = length_of(pattern.noise_px(&certainty)?, pattern.sharpness_px(&certainty, samples));
        let cell_px = pattern.size_px / f64::from(pattern.printed.distance);
        let is_settled = moved_px < LEFT_MAX_PX && far_px(&aligned, corners_px) <= MOVE_MAX_CELLS * cell_px;
        let blur_px = length_of(pattern.blur_px[0], pattern.blur_px[1]) / f64::sqrt(2.0);
        is_settled.then_some(Refined { corners_px: aligned, blur_px, noise_px })
    }
}

impl PrintedCells {
    fn new(family: FiducialFamily, id: u32) -> Option<Self> {
        let bitmap = family.bitmap(id)?;
        let last = bitmap.len().checked_sub(1)?;
        let within = |place: usize| place.saturating_sub(1).min(last);
        let white = array::from_fn(|y| array::from_fn(|x| bitmap[within(y)][within(x)]));
        Some(Self { white, rim: family.rim_cells(), distance: family.corner_distance_cells() as i32 })
    }
}

impl Pattern {
    fn new(
        family: FiducialFamily,
        id: u32,
        corners_px: &[[f64; 2]; 4],
        (black, white): (f64, f64),
        blur_px: f64,
    ) -> Option<Self> {
        let printed = PrintedCells::new(family, id)?;
        let distance = f64::from(printed.distance);
        let picture_from_cells = Homography::of_square(distance, corners_px)?;
        let middle_px = picture_from_cells.apply([distance / 2.0; 2]);
        let size_px = (0..4)
            .map(|side| {
                let (from, to) = (corners_px[side], corners_px[(side + 1) % 4]);
                length_of(to[0] - from[0], to[1] - from[1])
            })
            .fold(0.0, f64::max);
        let place = [[size_px, 0.0, middle_px[0]], [0.0, size_px, middle_px[1]], [0.0, 0.0, 1.0]];
        let mut cells_from_place = multiply(&inverse(&picture_from_cells.rows)?, &place);
        let scale = cells_from_place[2][2];
        if scale.abs() < 1e-9 {
            return None;
        }
        for cell in cells_from_place.iter_mut().flatten() {
            *cell /= scale;
        }
        Some(Self {
            printed,
            cells_from_place,
            middle_px,
            size_px,
            black,
            contrast: white - black,
            blur_px: [blur_px; 2],
            tone: 0.0,
            doubtful: (white - black).abs() * DOUBTFUL_SHARE,
        })
    }

    fn take_samples(&self, frame: GreyFrame<'_>, corners_px: &[[f64; 2]; 4], samples: &mut Samples) {
        let PrintedCells { rim, distance, .. } = self.printed;
        let (rim, distance) = (f64::from(rim) - RIM_CELLS, f64::from(distance));
        let lie = Lie {
            cells: &self.printed,
            cells_from_place: &self.cells_from_place,
            middle_px: self.middle_px,
            size_px: self.size_px,
            blur_px: length_of(self.blur_px[0], self.blur_px[1]) / f64::sqrt(2.0),
            clear: [-rim, distance + rim],
        };
        samples.take(frame, rows_around(frame, corners_px, rim / distance), &lie);
    }

    /// What corners may be off by: one standard deviation on each axis, over all four.
    fn noise_px(&self, certainty: &Certainty) -> Option<f64> {
        const CHANGE: f64 = 1e-6;
        let here = self.corners_px()?;
        // How each coordinate changes with each number of the mapping; all others do not move corners.
        let mut slopes = [[0.0; UNKNOWNS]; 8];
        for number in 0..8 {
            let mut moved = self.cells_from_place;
            moved[number / 3][number % 3] += CHANGE;
            let there = self.corners_of(&moved)?;
            for (slopes, (there, here)) in
                slopes.iter_mut().zip(there.iter().flatten().zip(here.iter().flatten()))
            {
                slopes[number] = (there - here) / CHANGE;
            }
        }
        let squares: f64 = slopes.iter().map(|slopes| certainty.normal.square_of(slopes)).sum();
        let noise_px = (squares / 8.0 * certainty.square).max(0.0).sqrt();
        Some(noise_px)
    }

    /// What corners may be off by because there is so little blur: one standard deviation on each axis.
    fn sharpness_px(&self, certainty: &Certainty, samples: &Samples) -> f64 {
        if !certainty.is_sharp {
            return 0.0;
        }
        let [black, white_share] = [self.black, 1.0 / self.contrast].map(|number| number as f32);
        let bulge = |brightness: &f32| {
            let white = ((brightness - black) * white_share).clamp(0.0, 1.0);
            f64::from(white * (1.0 - white))
        };
        let seen: f64 = samples.brightness.iter().map(bulge).sum();
        if seen < SHADELESS_SHARE * certainty.bulge { SHADELESS_SIGMA_PX } else { SHARP_SIGMA_PX }
    }

    /// Where the detection corners are.
    fn corners_px(&self) -> Option<[[f64; 2]; 4]> {
        self.corners_of(&self.cells_from_place)
    }

    fn corners_of(&self, cells_from_place: &[[f64; 3]; 3]) -> Option<[[f64; 2]; 4]> {
        let place_from_cells = Homography { rows: inverse(cells_from_place)? };
        let distance = f64::from(self.printed.distance);
        let corners = [[0.0, distance], [distance, distance], [distance, 0.0], [0.0, 0.0]].map(|corner| {
            let [x, y] = place_from_cells.apply(corner);
            [x * self.size_px + self.middle_px[0], y * self.size_px + self.middle_px[1]]
        });
        corners.iter().flatten().all(|place| place.is_finite()).then_some(corners)
    }

    /// Settles all numbers a little more by the first `count` samples, and tells how sure they are; nothing when the
    /// pixels do not say how.
    fn improve(
        &mut self,
        samples: &Samples,
        count: usize,
        expectation: &mut Expectation,
    ) -> Option<Certainty> {
        let sums = expectation.sum_up(self, samples, count);
        let mut normal: [[f64; UNKNOWNS]; UNKNOWNS] =
            array::from_fn(|i| array::from_fn(|j| sums[i.min(j)][i.max(j)]));
        let right = array::from_fn(|i| sums[i][SUMS - 1]);
        // Without evidence, blur and tone stay as they are.
        for (place, line) in normal.iter_mut().enumerate().skip(10) {
            line[place] += self.contrast * self.contrast;
        }
        let normal = Factored::new(normal)?;
        let change = normal.solve(right);
        for (cell, change) in self.cells_from_place.iter_mut().flatten().zip(&change[..8]) {
            *cell += change;
        }
        self.black += change[8];
        self.contrast += change[9];
        self.tone = (self.tone + change[10]).clamp(-TONE_MAX, TONE_MAX);
        let (mut is_sharp, mut blur_change) = (false, 0.0_f64);
        for (blur_px, change) in self.blur_px.iter_mut().zip(&change[11..]) {
            let before_px = *blur_px;
            let wanted_px = before_px * change.clamp(-0.45, 0.45).exp();
            is_sharp |= wanted_px < BLUR_SHARP_PX;
            blur_change = blur_change.max((before_px / *blur_px).ln().abs());
            *blur_px = wanted_px.clamp(BLUR_MIN_PX, BLUR_MAX_PX);
        }
        // What is left of the pixels is their noise, and all that is not as it is taken for.
        let [squares, count] = [SUMS - 1, BLACK_AT].map(|place| sums[place][place]);
        let gained: f64 = change.iter().zip(right).map(|(change, right): (&f64, f64)| change * right).sum();
        let square = (squares - gained).max(0.0) / (count - UNKNOWNS as f64).max(1.0);
        let contrast = self.contrast.abs();
        let bulge = sums[BLACK_AT][BLACK_AT + 2] / self.contrast;
        self.doubtful =
            (DOUBTFUL_SIGMAS * square.sqrt()).clamp(DOUBTFUL_SHARE_MIN * contrast, DOUBTFUL_SHARE * contrast);
        Some(Certainty { normal, square, bulge, is_sharp, blur_change })
    }
}

/// Rows around a sheet with some corners, of which a share lies beyond them on each side.
fn rows_around(frame: GreyFrame<'_>, corners_px: &[[f64; 2]; 4], beyond: f64) -> Range<usize> {
    let places = corners_px.map(|corner| corner[1]);
    let low = places.iter().fold(f64::INFINITY, |low, place| low.min(*place));
    let high = places.iter().fold(f64::NEG_INFINITY, |high, place| high.max(*place));
    let more = (high - low) * beyond * 1.2 + 1.0;
    let cut = |place: f64| (place.max(0.0) as usize).min(frame.height_px());
    cut(low - more)..cut(high + more + 1.0)
}

/// How far the farthest corner has moved, in pixels.
fn far_px(one: &[[f64; 2]; 4], other: &[[f64; 2]; 4]) -> f64 {
    one.iter().zip(other).map(|(a, b)| length_of(a[0] - b[0], a[1] - b[1])).fold(0.0, f64::max)
}
