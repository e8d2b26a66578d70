//! Which pixels of a sheet say where it lies: those beside its edges, and a few of what is plain.

use std::array;
use std::ops::Range;

use super::pattern::{CELLS, PrintedCells};
use crate::frame::GreyFrame;
use crate::linear::length_of;

/// About so many pixels beside edges are looked at.
const EDGE_PIXELS_ENOUGH: f64 = 3_000.0;
/// About so many of them settle most; then all are looked at.
const FIRST_PIXELS_ENOUGH: f64 = 400.0;
/// About so many pixels of what is plain say how bright black and white are.
const PLAIN_PIXELS_ENOUGH: f64 = 300.0;
/// How far from an edge a pixel still says something of it: in standard deviations of the blur, and what the edge may lie
/// elsewhere than it was taken for, in pixels.
const BESIDE_SIGMAS: f64 = 2.2;
const BESIDE_PX: f64 = 0.8;
/// The share of a sheet's cells that differ from the next, about.
const EDGES_SHARE: f64 = 0.5;
/// Steps of a sequence that spreads evenly in the plane, whichever line is taken through it, as parts of 2³²: powers of
/// the root of x³ = x + 1. Where every second column is left out, edges along columns may be as well.
const SPREAD_X: u32 = 3_242_174_889;
const SPREAD_Y: u32 = 2_447_445_414;

/// Places around a sheet's middle as shares of its size, and how bright they are. The first of them are spread over the
/// whole sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Samples {
    pub(super) x: Vec<f32>,
    pub(super) y: Vec<f32>,
    pub(super) brightness: Vec<f32>,
    /// How many settle most.
    pub(super) first_count: usize,
    later: Vec<[f32; 3]>,
}

/// A sheet as far as it is known where it lies.
pub(super) struct Lie<'a> {
    pub(super) cells: &'a PrintedCells,
    /// Cells from places around the middle.
    pub(super) cells_from_place: &'a [[f64; 3]; 3],
    pub(super) middle_px: [f64; 2],
    pub(super) size_px: f64,
    pub(super) blur_px: f64,
    /// Where cells begin and end that are clear of the rim, along either axis.
    pub(super) clear: [f64; 2],
}

/// Four half planes hold what is clear of the rim: a · x + b · y + c ≥ 0.
type HalfPlane = [f64; 3];

impl Samples {
    /// Takes the pixels of a sheet in `rows` of `frame`.
    pub(super) fn take(&mut self, frame: GreyFrame<'_>, rows: Range<usize>, lie: &Lie<'_>) {
        self.x.clear();
        self.y.clear();
        self.brightness.clear();
        self.later.clear();
        let [across, down, depth] = lie.cells_from_place;
        let planes: [HalfPlane; 4] = array::from_fn(|side| {
            let line = if side % 2 == 0 { across } else { down };
            let [low, high] = lie.clear;
            array::from_fn(|term| {
                if side < 2 { line[term] - low * depth[term] } else { high * depth[term] - line[term] }
            })
        });
        // In the middle of the sheet; it need not be exact.
        let beside: [f64; 2] = [across, down].map(|line| {
            let cells_per_px = length_of(line[0], line[1]) / lie.size_px;
            (BESIDE_SIGMAS * lie.blur_px + BESIDE_PX) * cells_per_px
        });
        let span = lie.clear[1] - lie.clear[0];
        let pixels_per_cell = [across, down].map(|line| lie.size_px / length_of(line[0], line[1]).max(1e-9));
        let pixel_count = span * span * pixels_per_cell[0] * pixels_per_cell[1];
        let edge_share = ((beside[0] + beside[1]) * 2.0 * EDGES_SHARE).min(1.0);
        let part = |enough: f64, of: f64| {
            // Beyond the whole is the whole.
            (enough / of.max(1.0) * f64::from(u32::MAX)) as u32
        };
        let edge_count = pixel_count * edge_share;
        let edge_part = part(EDGE_PIXELS_ENOUGH, edge_count);
        let first_part = part(FIRST_PIXELS_ENOUGH, edge_count);
        let plain_part = part(PLAIN_PIXELS_ENOUGH, pixel_count);
        let plain_first_part =
            part(PLAIN_PIXELS_ENOUGH * FIRST_PIXELS_ENOUGH / EDGE_PIXELS_ENOUGH, pixel_count);
        let most_part = edge_part.max(plain_part);
        let [across, down, depth] = [across, down, depth].map(|line| line.map(|term| term as f32));
        let beside = beside.map(|reach| reach as f32);
        let rim = lie.cells.rim as f32 + 1.0;
        for row in rows {
            let y = (row as f64 + 0.5 - lie.middle_px[1]) / lie.size_px;
            let Some(columns) = columns_within(&planes, y, lie, frame.width_px()) else { continue };
            let pixels = frame.row(row).get(columns.clone()).unwrap_or_default();
            let first_x = ((columns.start as f64 + 0.5 - lie.middle_px[0]) / lie.size_px) as f32;
            let step_x = (1.0 / lie.size_px) as f32;
            let mut spread = (columns.start as u32)
                .wrapping_mul(SPREAD_X)
                .wrapping_add((row as u32).wrapping_mul(SPREAD_Y));
            let y = y as f32;
            for (index, brightness) in pixels.iter().enumerate() {
                spread = spread.wrapping_add(SPREAD_X);
                if spread > most_part {
                    continue;
                }
                let x = first_x + index as f32 * step_x;
                let share = 1.0 / (depth[0] * x + depth[1] * y + depth[2]);
                let u = (across[0] * x + across[1] * y + across[2]) * share + rim;
                let v = (down[0] * x + down[1] * y + down[2]) * share + rim;
                let is_plain = lie.cells.is_plain([u, v], beside);
                let (part, first_part) =
                    if is_plain { (plain_part, plain_first_part) } else { (edge_part, first_part) };
                if spread <= first_part {
                    self.x.push(x);
                    self.y.push(y);
                    self.brightness.push(f32::from(*brightness));
                } else if spread <= part {
                    self.later.push([x, y, f32::from(*brightness)]);
                }
            }
        }
        self.first_count = self.x.len();
        self.x.extend(self.later.iter().map(|sample| sample[0]));
        self.y.extend(self.later.iter().map(|sample| sample[1]));
        self.brightness.extend(self.later.iter().map(|sample| sample[2]));
    }
}

/// The columns of a row that lie within half planes.
fn columns_within(planes: &[HalfPlane; 4], y: f64, lie: &Lie<'_>, width_px: usize) -> Option<Range<usize>> {
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    for [a, b, c] in planes {
        let level = b * y + c;
        if a.abs() < 1e-12 {
            if level < 0.0 {
                return None;
            }
        } else if *a > 0.0 {
            low = low.max(-level / a);
        } else {
            high = high.min(-level / a);
        }
    }
    let column = |x: f64| (x * lie.size_px + lie.middle_px[0] + 0.5).clamp(0.0, width_px as f64) as usize;
    let columns = column(low)..column(high);
    (low < high && !columns.is_empty()).then_some(columns)
}

impl PrintedCells {
    /// Whether all is alike around a place, in cells from the first of all, as far as `beside` along either axis.
    fn is_plain(&self, [u, v]: [f32; 2], beside: [f32; 2]) -> bool {
        if beside[0] + beside[1] >= 1.0 {
            return false;
        }
        let cell = |place: f32| (place.max(0.0) as usize).min(CELLS - 1);
        let columns = [cell(u - beside[0]), cell(u + beside[0])];
        let rows = [cell(v - beside[1]), cell(v + beside[1])];
        let at = |row: usize, column: usize| self.white[rows[row]][columns[column]];
        let one = at(0, 0);
        at(0, 1) == one && at(1, 0) == one && at(1, 1) == one
    }
}
