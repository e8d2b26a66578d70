//! Where a sheet lies, by all of its cells at once.
//!
//! Edges of small cells blur each other, and few pixels lie along them. And cameras for eyes do not write light as it is:
//! they lift the dark, and half of the light across an edge is more than half of the brightness, so that white seems to
//! grow and black to shrink. Edges of the frame alone cannot tell that from a smaller sheet; cells can, where white lies
//! in black as well as black in white. Once it is known what is printed, every pixel says where the sheet is: its mapping,
//! the light on it, the blur and the camera's tone settle so that the printed cells, seen blurred, look like the picture.

use std::array;
use std::ops::Range;

use super::edge::{Refined, Step};
use crate::fiducial::family::FiducialFamily;
use crate::frame::GreyFrame;
use crate::homography::Homography;
use crate::linear::{self, inverse, length_of, multiply};

/// How many times all pixels are looked at, at most.
const ROUNDS: usize = 5;
/// Corners that move less than this in a round are settled, in pixels: what is left shrinks by much more in each.
const SETTLED_PX: f64 = 0.03;
/// Pixels that are off by more than this share of the contrast count less: dirt, a mirrored lamp, and what covers a part.
/// At first that is much; then it follows what is left of most pixels, so many standard deviations of it and no less than
/// a share.
const DOUBTFUL_SHARE: f64 = 0.4;
const DOUBTFUL_SIGMAS: f64 = 3.0;
const DOUBTFUL_SHARE_MIN: f64 = 0.04;
/// What is left out at the sheet's rim, in cells and in standard deviations of the blur: what lies beyond blurs it.
const RIM_CELLS: f64 = 0.5;
const RIM_SIGMAS: f64 = 1.6;
/// How far a corner may be moved, in cells.
const MOVE_MAX_CELLS: f64 = 1.2;
/// Cells side by side on the widest sheet, with one more on each side.
const CELLS: usize = 12;
/// Eight numbers of the mapping, then black, contrast, the tone, and the blur along rows and columns of cells.
const UNKNOWNS: usize = 13;
/// Room for sums over pixels, a little more than there are unknowns: whole steps for processors that add many at once.
const SUMS: usize = 16;
/// How far from straight a tone may be: what lies in the middle of black and white is brighter by a quarter of it. More
/// would not rise everywhere.
const TONE_MAX: f64 = 0.9;
/// About so many pixels are looked at; of a large sheet, only some of its rows and columns.
const PIXELS_ENOUGH: f64 = 3_000.0;

/// A sheet as it is printed, and as it seems to lie.
struct Pattern {
    family: FiducialFamily,
    /// White is 1, with the outermost cells once more around them.
    cells: [[f64; CELLS]; CELLS],
    /// Cells from places around the sheet's middle, as shares of its size in the picture.
    cells_from_place: [[f64; 3]; 3],
    middle_px: [f64; 2],
    size_px: f64,
    black: f64,
    contrast: f64,
    /// Along rows of cells and along columns: what moves is blurred along its way.
    blur_px: [f64; 2],
    tone: f64,
    /// From so much on, pixels that are off count less, in steps of brightness.
    doubtful: f64,
}

/// How sure all numbers were in a round: their equations, and the square of what was left of a pixel.
struct Certainty {
    normal: [[f64; UNKNOWNS]; UNKNOWNS],
    square: f64,
}

/// How a blurred row of three cells lies under a place: weights, and how they change with the place and with the logarithm
/// of the blur.
struct Blurred {
    first: usize,
    weights: [f64; 3],
    by_place: [f64; 3],
    by_blur: [f64; 3],
}

/// Moves the corners of a sheet that was read (in the order of a detection) to where all its cells fit best. Nothing when
/// they do not settle near where they were.
pub(super) fn align(
    frame: GreyFrame<'_>,
    (family, id): (FiducialFamily, u32),
    corners_px: &[[f64; 2]; 4],
    (black, white): (f64, f64),
    blur_px: f64,
    step: &Step,
) -> Option<Refined> {
    let mut pattern = Pattern::new(family, id, corners_px, (black, white), blur_px)?;
    let mut aligned = *corners_px;
    let beyond = (f64::from(family.rim_cells()) - RIM_CELLS) / f64::from(family.corner_distance_cells());
    let around = pixels_around(frame, corners_px, beyond);
    let pixel_count = around.iter().map(|range| range.len() as f64).product::<f64>();
    let stride = ((pixel_count / PIXELS_ENOUGH).sqrt() as usize).max(1);
    let (mut moved_px, mut certainty) = (f64::INFINITY, None);
    for round in 0..ROUNDS {
        certainty = Some(pattern.improve(frame, &around, stride, step)?);
        let corners = pattern.corners_px()?;
        moved_px = far_px(&corners, &aligned);
        aligned = corners;
        // The first round trusts all pixels.
        if round > 0 && moved_px < SETTLED_PX {
            break;
        }
    }
    let noise_px = pattern.noise_px(&certainty?)?;
    let cell_px = pattern.size_px / f64::from(family.corner_distance_cells());
    let is_settled = moved_px < 5.0 * SETTLED_PX && far_px(&aligned, corners_px) <= MOVE_MAX_CELLS * cell_px;
    let blur_px = length_of(pattern.blur_px[0], pattern.blur_px[1]) / f64::sqrt(2.0);
    is_settled.then_some(Refined { corners_px: aligned, blur_px, noise_px })
}

impl Pattern {
    fn new(
        family: FiducialFamily,
        id: u32,
        corners_px: &[[f64; 2]; 4],
        (black, white): (f64, f64),
        blur_px: f64,
    ) -> Option<Self> {
        let printed = family.bitmap(id)?;
        let last = printed.len().checked_sub(1)?;
        let mut cells = [[0.0; CELLS]; CELLS];
        for (y, row) in cells.iter_mut().enumerate() {
            for (x, cell) in row.iter_mut().enumerate() {
                let white = printed[y.saturating_sub(1).min(last)][x.saturating_sub(1).min(last)];
                *cell = f64::from(u8::from(white));
            }
        }
        let distance = f64::from(family.corner_distance_cells());
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
            family,
            cells,
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

    /// What corners may be off by: one standard deviation on each axis, over all four.
    fn noise_px(&self, certainty: &Certainty) -> Option<f64> {
        const CHANGE: f64 = 1e-6;
        let here = self.corners_px()?;
        let all = inverse(&certainty.normal)?;
        let spread: [[f64; 8]; 8] = array::from_fn(|row| array::from_fn(|column| all[row][column]));
        let mut slopes = [[0.0; 8]; 8];
        for (number, slopes) in slopes.iter_mut().enumerate() {
            let mut moved = self.cells_from_place;
            moved[number / 3][number % 3] += CHANGE;
            let there = self.corners_of(&moved)?;
            for (slope, (there, here)) in
                slopes.iter_mut().zip(there.iter().flatten().zip(here.iter().flatten()))
            {
                *slope = (there - here) / CHANGE;
            }
        }
        let squares = (0..8).map(|axis| {
            let row: [f64; 8] = array::from_fn(|number| slopes[number][axis]);
            linear::apply(&spread, &row).iter().zip(row).map(|(one, other)| one * other).sum::<f64>()
        });
        Some((squares.sum::<f64>() / 8.0 * certainty.square).max(0.0).sqrt())
    }

    /// Where the detection corners are.
    fn corners_px(&self) -> Option<[[f64; 2]; 4]> {
        self.corners_of(&self.cells_from_place)
    }

    fn corners_of(&self, cells_from_place: &[[f64; 3]; 3]) -> Option<[[f64; 2]; 4]> {
        let place_from_cells = Homography { rows: inverse(cells_from_place)? };
        let distance = f64::from(self.family.corner_distance_cells());
        let corners = [[0.0, distance], [distance, distance], [distance, 0.0], [0.0, 0.0]].map(|corner| {
            let [x, y] = place_from_cells.apply(corner);
            [x * self.size_px + self.middle_px[0], y * self.size_px + self.middle_px[1]]
        });
        corners.iter().flatten().all(|place| place.is_finite()).then_some(corners)
    }

    /// Settles all numbers a little more, and tells how sure they are; nothing when the pixels do not say how.
    fn improve(
        &mut self,
        frame: GreyFrame<'_>,
        around: &[Range<usize>; 2],
        stride: usize,
        step: &Step,
    ) -> Option<Certainty> {
        let mut sums = [[0.0; SUMS]; SUMS];
        let doubtful = self.doubtful;
        let [columns, rows] = around.clone();
        let first = (columns.start as f64 + 0.5 - self.middle_px[0]) / self.size_px;
        for row in rows.step_by(stride) {
            let y = (row as f64 + 0.5 - self.middle_px[1]) / self.size_px;
            let pixels = frame.row(row).get(columns.clone()).unwrap_or_default();
            for (index, brightness) in pixels.iter().enumerate().step_by(stride) {
                let mut unknowns = [0.0; SUMS];
                if self.expect(first + index as f64 / self.size_px, y, step, &mut unknowns) {
                    // The last place holds what is off: its sums are the right side.
                    unknowns[SUMS - 1] += f64::from(*brightness);
                    let trust = (doubtful / unknowns[SUMS - 1].abs().max(1e-9)).min(1.0).powi(2);
                    add_upper(&mut sums, &unknowns, trust);
                }
            }
        }
        let mut normal: [[f64; UNKNOWNS]; UNKNOWNS] =
            array::from_fn(|i| array::from_fn(|j| sums[i.min(j)][i.max(j)]));
        let right = array::from_fn(|i| sums[i][SUMS - 1]);
        // Without evidence, blur and tone stay as they are.
        for (place, line) in normal.iter_mut().enumerate().skip(10) {
            line[place] += self.contrast * self.contrast;
        }
        let change = linear::solve(normal, right)?;
        for (cell, change) in self.cells_from_place.iter_mut().flatten().zip(&change[..8]) {
            *cell += change;
        }
        self.black += change[8];
        self.contrast += change[9];
        self.tone = (self.tone + change[10]).clamp(-TONE_MAX, TONE_MAX);
        for (blur_px, change) in self.blur_px.iter_mut().zip(&change[11..]) {
            *blur_px = (*blur_px * change.clamp(-0.3, 0.3).exp()).clamp(0.35, 3.0);
        }
        // What is left of the pixels is their noise, and all that is not as it is taken for.
        let [squares, count] = [SUMS - 1, 8].map(|place| sums[place][place]);
        let gained: f64 = change.iter().zip(right).map(|(change, right): (&f64, f64)| change * right).sum();
        let square = (squares - gained).max(0.0) / (count - UNKNOWNS as f64).max(1.0);
        let contrast = self.contrast.abs();
        self.doubtful =
            (DOUBTFUL_SIGMAS * square.sqrt()).clamp(DOUBTFUL_SHARE_MIN * contrast, DOUBTFUL_SHARE * contrast);
        Some(Certainty { normal, square })
    }

    /// How the expected brightness of a place changes with each unknown, and after those its negative. Says whether the
    /// place is on the sheet.
    fn expect(&self, x: f64, y: f64, step: &Step, unknowns: &mut [f64; SUMS]) -> bool {
        let [across, down, depth] = &self.cells_from_place;
        let w = depth[0] * x + depth[1] * y + depth[2];
        let share = 1.0 / w;
        let u = (across[0] * x + across[1] * y + across[2]) * share;
        let v = (down[0] * x + down[1] * y + down[2]) * share;
        if w < 0.05 {
            return false;
        }
        let [u_blur, v_blur] = self.blur_px.map(|blur_px| blur_px * share / self.size_px);
        let u_slope = [across[0] - u * depth[0], across[1] - u * depth[1]];
        let v_slope = [down[0] - v * depth[0], down[1] - v * depth[1]];
        // Where cells are sheared, what is blurred along rows is blurred along columns too: a covariance.
        let sheared = u_blur * v_blur * (u_slope[0] * v_slope[0] + u_slope[1] * v_slope[1]);
        let u_blur = u_blur * length_of(u_slope[0], u_slope[1]);
        let v_blur = v_blur * length_of(v_slope[0], v_slope[1]);
        if !self.is_clear(u, u_blur) || !self.is_clear(v, v_blur) {
            return false;
        }
        let rim = f64::from(self.family.rim_cells()) + 1.0;
        let columns = Blurred::at(u + rim, u_blur, step);
        let rows = Blurred::at(v + rim, v_blur, step);
        let (mut white, mut by_u, mut by_v, mut by_u_blur, mut by_v_blur) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for row in 0..3 {
            let line = self.cells.get(rows.first + row);
            let Some([a, b, c]) = line.and_then(|line| line.get(columns.first..columns.first + 3)) else {
                return false;
            };
            let sum = |weights: &[f64; 3]| a * weights[0] + b * weights[1] + c * weights[2];
            let plain = sum(&columns.weights);
            let across = sum(&columns.by_place);
            // The first term of the series of the normal distribution in two variables by their correlation.
            white += plain * rows.weights[row] + sheared * across * rows.by_place[row];
            by_u += across * rows.weights[row];
            by_v += plain * rows.by_place[row];
            by_u_blur += sum(&columns.by_blur) * rows.weights[row];
            by_v_blur += plain * rows.by_blur[row];
        }
        // How much light is white's, and what the camera writes for that.
        let bulge = white * (1.0 - white);
        let written = white + self.tone * bulge;
        let slope = self.contrast * (1.0 + self.tone * (1.0 - 2.0 * white));
        let (by_u, by_v) = (slope * by_u * share, slope * by_v * share);
        let by_w = -(by_u * u + by_v * v);
        let expected = self.black + self.contrast * written;
        let found = [
            by_u * x,
            by_u * y,
            by_u,
            by_v * x,
            by_v * y,
            by_v,
            by_w * x,
            by_w * y,
            1.0,
            written,
            self.contrast * bulge,
            slope * by_u_blur,
            slope * by_v_blur,
        ];
        for (place, value) in unknowns.iter_mut().zip(found) {
            *place = value;
        }
        unknowns[SUMS - 1] = -expected;
        true
    }

    /// Whether a place along an axis, in cells, lies far enough from the rim for its blur.
    fn is_clear(&self, place: f64, sigma: f64) -> bool {
        let rim = f64::from(self.family.rim_cells()) - RIM_CELLS.max(RIM_SIGMAS * sigma);
        place >= -rim && place <= f64::from(self.family.corner_distance_cells()) + rim
    }
}

impl Blurred {
    /// Three cells around a place, from the first cell of all, where one standard deviation of the blur is `sigma` cells.
    fn at(place: f64, sigma: f64, step: &Step) -> Self {
        let cell = place.floor();
        let (before, after) = ((cell - place) / sigma, (cell + 1.0 - place) / sigma);
        let (share_before, density_before) = step.at(before);
        let (share_after, density_after) = step.at(after);
        Self {
            first: (cell - 1.0).max(0.0) as usize,
            weights: [share_before, share_after - share_before, 1.0 - share_after],
            by_place: [
                -density_before / sigma,
                (density_before - density_after) / sigma,
                density_after / sigma,
            ],
            by_blur: [
                -before * density_before,
                before * density_before - after * density_after,
                after * density_after,
            ],
        }
    }
}

/// Adds the products of all pairs of numbers, each weighed by `trust`: the upper half, in whole steps of four.
fn add_upper(sums: &mut [[f64; SUMS]; SUMS], numbers: &[f64; SUMS], trust: f64) {
    let scaled = numbers.map(|number| number * trust);
    add_from::<0>(sums, numbers, &scaled);
    add_from::<4>(sums, numbers, &scaled);
    add_from::<8>(sums, numbers, &scaled);
    add_from::<12>(sums, numbers, &scaled);
}

/// Four rows, from the place where their diagonal begins.
#[inline(always)]
fn add_from<const FIRST: usize>(sums: &mut [[f64; SUMS]; SUMS], numbers: &[f64; SUMS], scaled: &[f64; SUMS]) {
    for row in FIRST..FIRST + 4 {
        for column in FIRST..SUMS {
            sums[row][column] += scaled[row] * numbers[column];
        }
    }
}

/// Columns and rows around a sheet with some corners, of which a share lies beyond them on each side.
fn pixels_around(frame: GreyFrame<'_>, corners_px: &[[f64; 2]; 4], beyond: f64) -> [Range<usize>; 2] {
    array::from_fn(|axis| {
        let count = if axis == 0 { frame.width_px() } else { frame.height_px() };
        let places = corners_px.map(|corner| corner[axis]);
        let low = places.iter().fold(f64::INFINITY, |low, place| low.min(*place));
        let high = places.iter().fold(f64::NEG_INFINITY, |high, place| high.max(*place));
        let more = (high - low) * beyond * 1.2 + 1.0;
        let cut = |place: f64| (place.max(0.0) as usize).min(count);
        cut(low - more)..cut(high + more + 1.0)
    })
}

/// How far the farthest corner has moved, in pixels.
fn far_px(one: &[[f64; 2]; 4], other: &[[f64; 2]; 4]) -> f64 {
    one.iter().zip(other).map(|(a, b)| length_of(a[0] - b[0], a[1] - b[1])).fold(0.0, f64::max)
}
