//! Where an edge runs, to a small part of a pixel.
//!
//! The brightness across an edge is that of a blurred step. All pixels of a strip along it settle where it runs, at
//! which angle, how blurred it is and how bright either side: the likeliest edge under even noise.

use std::f64::consts::TAU;
use std::ops::Range;

use super::quad::crossing;
use crate::frame::GreyFrame;
use crate::linear::{self, length_of};

/// How many times the strip is looked at, to tell where an edge is, and to read cells that lie by it.
pub(super) const ROUNDS: usize = 6;
pub(super) const ROUNDS_TO_READ: usize = 3;
/// In the first rounds an edge may still be far: then all pixels count.
const ROUNDS_OPEN: usize = 2;
/// An edge that moves less than this in a round is settled, in pixels: rounds halve what is left many times over.
const SETTLED_PX: f64 = 0.01;
/// How blurred an edge is taken to be, as one standard deviation in pixels: at first, at least and at most.
pub(super) const BLUR_FIRST_PX: f64 = 0.8;
const BLUR_MIN_PX: f64 = 0.35;
const BLUR_MAX_PX: f64 = 3.0;
/// Pixels that are off by more than this share of the contrast count less.
const DOUBTFUL_SHARE: f64 = 0.2;
/// The widest strip, in pixels to each side.
const REACH_MAX_PX: f64 = 5.0;
/// How far a corner may be moved: in pixels, and more for each pixel of a cell.
const MOVE_MAX_PX: f64 = 0.8;
const MOVE_MAX_CELLS: f64 = 0.4;
/// What the table of the normal distribution reaches to, in standard deviations, and its steps for each.
const TABLE_REACH: f64 = 4.0;
const TABLE_STEPS: f64 = 64.0;

/// The normal distribution and its density, by table.
#[derive(Clone, Debug)]
pub(super) struct Step {
    table: Vec<(f64, f64)>,
}

/// A straight edge of a quadrilateral as it was measured.
#[derive(Copy, Clone, Debug)]
struct Edge {
    through: [f64; 2],
    along: [f64; 2],
    blur_px: f64,
}

/// Corners as their edges have them.
#[derive(Copy, Clone, Debug)]
pub(super) struct Refined {
    pub(super) corners_px: [[f64; 2]; 4],
    /// One standard deviation of the blur across the edges, in pixels: the middle of the four.
    pub(super) blur_px: f64,
    /// What noise takes corners off by, as one standard deviation on each axis; 0 where that is not known.
    pub(super) noise_px: f64,
}

impl Step {
    pub(super) fn new() -> Self {
        let count = (2.0 * TABLE_REACH * TABLE_STEPS) as usize + 2;
        let table = (0..count).map(|index| {
            let deviations = index as f64 / TABLE_STEPS - TABLE_REACH;
            (normal_distribution(deviations), normal_density(deviations))
        });
        Self { table: table.collect() }
    }

    /// The distribution and the density at `deviations`.
    #[inline]
    pub(super) fn at(&self, deviations: f64) -> (f64, f64) {
        let place = ((deviations + TABLE_REACH) * TABLE_STEPS).clamp(0.0, 2.0 * TABLE_REACH * TABLE_STEPS);
        let index = place as usize;
        let part = place - index as f64;
        match self.table.get(index..index + 2) {
            Some([(below, dense_below), (above, dense_above)]) => {
                (below + (above - below) * part, dense_below + (dense_above - dense_below) * part)
            }
            _ => (1.0, 0.0),
        }
    }

    /// Moves the corners of a quadrilateral to where its edges cross. `cells` is the number of cells between two corners;
    /// `inside` and `outside` are the brightness on either side of the edges; with `patience` over one, corners may be
    /// moved farther. Strips are looked at in `rounds`. Nothing when an edge cannot be followed.
    pub(super) fn refine(
        &self,
        frame: GreyFrame<'_>,
        corners_px: &[[f64; 2]; 4],
        cells: f64,
        [inside, outside]: [f64; 2],
        patience: f64,
        rounds: usize,
    ) -> Option<Refined> {
        let mut found = [None; 4];
        // One lens and one motion blur all four.
        let mut blur_px = BLUR_FIRST_PX;
        for (index, edge) in found.iter_mut().enumerate() {
            let (from, to) = (corners_px[index], corners_px[(index + 1) % 4]);
            // Cells shrink with the sides that lead away from this one.
            let away = length(corners_px[(index + 3) % 4], from).min(length(to, corners_px[(index + 2) % 4]));
            let measured = self.edge(frame, [from, to], away / cells, [inside, outside], blur_px, rounds)?;
            blur_px = measured.blur_px;
            *edge = Some(measured);
        }
        let [Some(first), Some(second), Some(third), Some(fourth)] = found else { return None };
        let cross = |one: Edge, other: Edge| crossing(one.through, one.along, other.through, other.along);
        let refined =
            [cross(fourth, first)?, cross(first, second)?, cross(second, third)?, cross(third, fourth)?];
        let shortest = (0..4).map(|side| length(corners_px[side], corners_px[(side + 1) % 4]));
        let most = MOVE_MAX_PX + MOVE_MAX_CELLS * shortest.fold(f64::INFINITY, f64::min) / cells;
        let near = refined.iter().zip(corners_px).all(|(new, old)| length(*new, *old) <= most * patience);
        let mut blurs = [first, second, third, fourth].map(|edge| edge.blur_px);
        blurs.sort_by(f64::total_cmp);
        near.then_some(Refined {
            corners_px: refined,
            blur_px: f64::midpoint(blurs[1], blurs[2]),
            noise_px: 0.0,
        })
    }

    fn edge(
        &self,
        frame: GreyFrame<'_>,
        [from, to]: [[f64; 2]; 2],
        cell_px: f64,
        mut levels: [f64; 2],
        mut blur_px: f64,
        rounds: usize,
    ) -> Option<Edge> {
        let long = length(from, to);
        let mut strip = Strip {
            middle: [f64::midpoint(from[0], to[0]), f64::midpoint(from[1], to[1])],
            along: [(to[0] - from[0]) / long, (to[1] - from[1]) / long],
            half_px: long / 2.0,
            reach_px: (0.85 * cell_px).clamp(1.0, REACH_MAX_PX),
        };
        for round in 0..rounds {
            strip.reach_px = (0.85 * cell_px).clamp(1.0, (3.0 * blur_px + 0.7).min(REACH_MAX_PX));
            let change = self.improve(frame, &strip, levels, blur_px, round < ROUNDS_OPEN)?;
            let [offset, tilt, inside, outside, blur] = change;
            let limit = strip.reach_px;
            strip.shift(offset.clamp(-limit, limit), (tilt / strip.half_px).clamp(-0.2, 0.2));
            levels = [levels[0] + inside, levels[1] + outside];
            blur_px = (blur_px + blur.clamp(-0.5, 0.5)).clamp(BLUR_MIN_PX, BLUR_MAX_PX);
            if round > 0
                && offset.abs() < SETTLED_PX
                && tilt.abs() < SETTLED_PX
                && blur.abs() < 3.0 * SETTLED_PX
            {
                break;
            }
        }
        Some(Edge { through: strip.middle, along: strip.along, blur_px })
    }

    /// The change of offset and tilt (pixels at the ends of the side), of both levels and of the blur that fits the strip
    /// best.
    fn improve(
        &self,
        frame: GreyFrame<'_>,
        strip: &Strip,
        [inside, outside]: [f64; 2],
        blur_px: f64,
        is_open: bool,
    ) -> Option<[f64; 5]> {
        let mut normal = [[0.0; 5]; 5];
        let mut right = [0.0; 5];
        let contrast = outside - inside;
        let doubtful = if is_open { f64::INFINITY } else { contrast.abs() * DOUBTFUL_SHARE };
        strip.each_pixel(frame, |brightness, along, across| {
            let deviations = across / blur_px;
            let (share, density) = self.at(deviations);
            let slope = contrast * density / blur_px;
            let off = brightness - (inside + contrast * share);
            let row = [-slope, -slope * along, 1.0 - share, share, -slope * deviations];
            // What else lies beside the edge does not bend it.
            let trust = (doubtful / off.abs().max(1e-9)).min(1.0);
            for i in 0..5 {
                let scaled = row[i] * trust;
                for j in i..5 {
                    normal[i][j] += scaled * row[j];
                }
                right[i] += scaled * off;
            }
        });
        linear::mirror(&mut normal);
        // Without evidence, levels and blur stay as they are.
        normal[2][2] += 1e-3;
        normal[3][3] += 1e-3;
        normal[4][4] += contrast * contrast * 0.02;
        linear::solve(normal, right)
    }
}

/// Pixels along an edge.
struct Strip {
    middle: [f64; 2],
    along: [f64; 2],
    half_px: f64,
    reach_px: f64,
}

impl Strip {
    /// Away from the quadrilateral, whose corners go counter-clockwise as seen.
    fn outwards(&self) -> [f64; 2] {
        [-self.along[1], self.along[0]]
    }

    /// Moves the edge outwards and turns it.
    fn shift(&mut self, offset_px: f64, tilt_rad: f64) {
        let [out_x, out_y] = self.outwards();
        self.middle = [self.middle[0] + out_x * offset_px, self.middle[1] + out_y * offset_px];
        let turned = [self.along[0] + out_x * tilt_rad, self.along[1] + out_y * tilt_rad];
        let long = length_of(turned[0], turned[1]);
        self.along = turned.map(|value| value / long);
    }

    /// Shows brightness, place along the edge (-1 to 1) and distance outwards, in pixels.
    fn each_pixel(&self, frame: GreyFrame<'_>, mut see: impl FnMut(f64, f64, f64)) {
        let [along_x, along_y] = self.along;
        let [out_x, out_y] = self.outwards();
        let [middle_x, middle_y] = self.middle;
        // Near the corners, other edges blur what is seen.
        let half_px = (self.half_px - (self.reach_px + 0.5)).max(self.half_px * 0.4);
        let tall = half_px * along_y.abs() + self.reach_px * out_y.abs();
        for row in pixels(middle_y - tall, middle_y + tall, frame.height_px()) {
            let dy = row as f64 + 0.5 - middle_y;
            let (first, last) =
                shared(interval(along_x, along_y * dy, half_px), interval(out_x, out_y * dy, self.reach_px));
            let columns = pixels(middle_x + first, middle_x + last, frame.width_px());
            let dx = columns.start as f64 + 0.5 - middle_x;
            let mut along = (dx * along_x + dy * along_y) / self.half_px;
            let mut out = dx * out_x + dy * out_y;
            let along_step = along_x / self.half_px;
            for brightness in frame.row(row).get(columns).unwrap_or_default() {
                see(f64::from(*brightness), along, out);
                along += along_step;
                out += out_x;
            }
        }
    }
}

/// Where |slope · x + offset| is at most `most`.
fn interval(slope: f64, offset: f64, most: f64) -> (f64, f64) {
    if slope.abs() < 1e-9 {
        return if offset.abs() <= most { (f64::NEG_INFINITY, f64::INFINITY) } else { (0.0, -1.0) };
    }
    let (one, other) = ((-most - offset) / slope, (most - offset) / slope);
    (one.min(other), one.max(other))
}

fn shared(one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    (one.0.max(other.0), one.1.min(other.1))
}

/// The pixels with their centres between two places, of `count`.
fn pixels(from_px: f64, to_px: f64, count: usize) -> Range<usize> {
    // Rounded half up: the first centre not before the one place, and the first after the other.
    let rounded = |place: f64| (place + 0.5).max(0.0) as usize;
    let first = rounded(from_px).min(count);
    first..rounded(to_px).min(count).max(first)
}

fn length(from: [f64; 2], to: [f64; 2]) -> f64 {
    length_of(to[0] - from[0], to[1] - from[1])
}

fn normal_density(deviations: f64) -> f64 {
    (-deviations * deviations / 2.0).exp() / TAU.sqrt()
}

/// Abramowitz and Stegun 26.2.17, good to 7.5e-8.
fn normal_distribution(deviations: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * deviations.abs());
    let series = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530];
    let tail = normal_density(deviations) * series.iter().fold(0.0, |sum, factor| (sum + factor) * t);
    if deviations > 0.0 { 1.0 - tail } else { tail }
}
