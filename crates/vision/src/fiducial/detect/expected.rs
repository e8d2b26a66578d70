//! What a picture should show of a printed sheet, and how that changes with all that is not known of it.
//!
//! Pixels are taken many at a time, each step over all of them, in the form that compilers turn into instructions over
//! several numbers: this is where most of the time of a frame goes.

use std::f32::consts::LN_2;

use super::pattern::{CELLS, Pattern, PrintedCells, RIM_CELLS, RIM_SIGMAS};
use super::samples::Samples;

/// Pixels that are taken at a time.
const MANY: usize = 64;
/// The unknowns of a pattern, and after those what is off.
pub(super) const SUMS: usize = 14;
const PAIRS: usize = SUMS * (SUMS + 1) / 2;
/// The place of black among them: every pixel counts once for it.
pub(super) const BLACK_AT: usize = 8;
/// Cells from one row of the table to the next, a power of two: four bits of an index each.
const TABLE_WIDE: usize = 16;
/// Added to a small number, this rounds it to a whole one, which the lowest bits then hold.
const ROUNDING: f32 = 12_582_912.0;

/// Sums are kept in so many parts, each of every so manieth pixel: as many as go into one instruction.
const PARTS: usize = 8;

type Many = [f32; MANY];

/// How light at a place in a cell follows from how far it and its eight neighbours are in the blur: by the shares that lie
/// before the cell and not after it, along its row and its column, and by their products. Each kind by the cell's index.
type Mixtures = [[f32; TABLE_WIDE * TABLE_WIDE]; 9];

/// Tells what pixels should show, and keeps what it needs for that.
#[derive(Clone, Debug)]
pub(super) struct Expectation {
    mixtures: Box<Mixtures>,
    block: Box<Block>,
}

/// Numbers of many pixels, each kind side by side.
#[derive(Clone, Debug)]
struct Block {
    x: Many,
    y: Many,
    share: Many,
    /// Places in cells from the first of all.
    u: Many,
    v: Many,
    /// Where in their cell that is.
    u_part: Many,
    v_part: Many,
    index: [u32; MANY],
    mixture: [Many; 9],
    sums: [Many; SUMS],
    /// Products of all pairs of those, the upper half row by row, each in parts.
    products: [[f32; PARTS]; PAIRS],
}

impl Default for Expectation {
    fn default() -> Self {
        let many = [0.0; MANY];
        let block = Block {
            x: many,
            y: many,
            share: many,
            u: many,
            v: many,
            u_part: many,
            v_part: many,
            index: [0; MANY],
            mixture: [many; 9],
            sums: [many; SUMS],
            products: [[0.0; PARTS]; PAIRS],
        };
        Self { mixtures: Box::new([[0.0; TABLE_WIDE * TABLE_WIDE]; 9]), block: Box::new(block) }
    }
}

impl Expectation {
    /// Takes in what is printed.
    pub(super) fn print(&mut self, printed: &PrintedCells) {
        for row in 1..CELLS - 1 {
            for column in 1..CELLS - 1 {
                let white =
                    |y: usize, x: usize| f32::from(u8::from(printed.white[row + y - 1][column + x - 1]));
                let along = |y: usize| [white(y, 2), white(y, 0) - white(y, 1), white(y, 1) - white(y, 2)];
                let [above, here, below] = [0, 1, 2].map(along);
                let at = row * TABLE_WIDE + column;
                for term in 0..3 {
                    self.mixtures[term][at] = below[term];
                    self.mixtures[3 + term][at] = above[term] - here[term];
                    self.mixtures[6 + term][at] = here[term] - below[term];
                }
            }
        }
    }

    /// The sums over the first `count` samples of the products of all pairs of: how what is expected changes with each
    /// unknown, and what is off; the upper half. Samples that are far off count less.
    pub(super) fn sum_up(
        &mut self,
        pattern: &Pattern,
        samples: &Samples,
        count: usize,
    ) -> [[f64; SUMS]; SUMS] {
        self.block.products = [[0.0; PARTS]; PAIRS];
        let parts = [&samples.x, &samples.y, &samples.brightness].map(|part| part[..count].chunks(MANY));
        let [x, y, brightness] = parts;
        for ((x, y), brightness) in x.zip(y).zip(brightness) {
            let block = &mut *self.block;
            block.x[..x.len()].copy_from_slice(x);
            block.y[..y.len()].copy_from_slice(y);
            let mut seen = [0.0; MANY];
            seen[..brightness.len()].copy_from_slice(brightness);
            // What the last block has too much counts for nothing.
            let mut counts = [0.0; MANY];
            counts[..brightness.len()].fill(1.0);
            take_in(block, pattern, &self.mixtures, &seen, &counts);
        }
        self.block.summed()
    }
}

/// Takes in the pixels of a block: what is expected there, what is `seen`, and the sums of that.
///
/// Once for every processor, and once more for those with wider instructions: the same steps on more numbers at a time, and
/// so the same bits. None of them contracts products and sums into one step, which would round otherwise.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn take_in(block: &mut Block, pattern: &Pattern, mixtures: &Mixtures, seen: &Many, counts: &Many) {
    block.place(pattern);
    block.look_up(mixtures);
    block.expect(pattern, seen, counts);
    block.add_products();
}

impl Block {
    /// Where in which cells places are.
    #[inline(always)]
    fn place(&mut self, pattern: &Pattern) {
        let [across, down, depth] = pattern.cells_from_place.map(|line| line.map(|term| term as f32));
        let first = pattern.printed.rim as f32 + 1.0;
        let most = (CELLS - 1) as f32;
        for at in 0..MANY {
            let (x, y) = (self.x[at], self.y[at]);
            let w = depth[0] * x + depth[1] * y + depth[2];
            // What is behind the camera is nowhere on the sheet.
            let share = if w < 0.05 { 20.0 } else { 1.0 / w };
            let u = (across[0] * x + across[1] * y + across[2]) * share + first;
            let v = (down[0] * x + down[1] * y + down[2]) * share + first;
            let (u_cell, v_cell) = (u.clamp(1.0, most) - 0.5 + ROUNDING, v.clamp(1.0, most) - 0.5 + ROUNDING);
            self.share[at] = share;
            self.u[at] = u - first;
            self.v[at] = v - first;
            self.u_part[at] = u - (u_cell - ROUNDING);
            self.v_part[at] = v - (v_cell - ROUNDING);
            self.index[at] = (v_cell.to_bits() & 15) << 4 | u_cell.to_bits() & 15;
        }
    }

    /// Looks up what is printed in and around those cells.
    #[inline(always)]
    fn look_up(&mut self, mixtures: &Mixtures) {
        for (found, values) in self.mixture.iter_mut().zip(mixtures) {
            for (found, index) in found.iter_mut().zip(&self.index) {
                *found = values[*index as usize % (TABLE_WIDE * TABLE_WIDE)];
            }
        }
    }

    /// What is expected there and what is `seen`.
    #[inline(always)]
    fn expect(&mut self, pattern: &Pattern, seen: &Many, counts: &Many) {
        let [across, down, depth] = pattern.cells_from_place.map(|line| line.map(|term| term as f32));
        let blur = pattern.blur_px.map(|blur_px| (blur_px / pattern.size_px) as f32);
        let (rim, distance) = (pattern.printed.rim as f32, pattern.printed.distance as f32);
        let [black, contrast, tone, doubtful] =
            [pattern.black, pattern.contrast, pattern.tone, pattern.doubtful].map(|number| number as f32);
        let (rim_cells, rim_sigmas) = (RIM_CELLS as f32, RIM_SIGMAS as f32);
        for at in 0..MANY {
            let (x, y, share, u, v) = (self.x[at], self.y[at], self.share[at], self.u[at], self.v[at]);
            let (u_blur, v_blur) = (blur[0] * share, blur[1] * share);
            let u_slope = [across[0] - u * depth[0], across[1] - u * depth[1]];
            let v_slope = [down[0] - v * depth[0], down[1] - v * depth[1]];
            // Where cells are sheared, what is blurred along rows is blurred along columns too: a covariance.
            let sheared = u_blur * v_blur * (u_slope[0] * v_slope[0] + u_slope[1] * v_slope[1]);
            let u_blur = u_blur * (u_slope[0] * u_slope[0] + u_slope[1] * u_slope[1]).sqrt();
            let v_blur = v_blur * (v_slope[0] * v_slope[0] + v_slope[1] * v_slope[1]).sqrt();
            // Far enough from the rim for its blur?
            let u_rim = rim - rim_cells.max(rim_sigmas * u_blur);
            let v_rim = rim - rim_cells.max(rim_sigmas * v_blur);
            let over = (-u_rim - u).max(u - distance - u_rim).max(-v_rim - v).max(v - distance - v_rim);
            let (u_sharp, v_sharp) = (1.0 / u_blur, 1.0 / v_blur);
            // The shares of what lies before the cell and of what does not lie after it, and how both change.
            let (left, right) = (-self.u_part[at] * u_sharp, (1.0 - self.u_part[at]) * u_sharp);
            let (top, bottom) = (-self.v_part[at] * v_sharp, (1.0 - self.v_part[at]) * v_sharp);
            let (left_share, left_density) = normal(left);
            let (right_share, right_density) = normal(right);
            let (top_share, top_density) = normal(top);
            let (bottom_share, bottom_density) = normal(bottom);
            let mix = |term: usize| self.mixture[term][at];
            let by_top = mix(3) + mix(4) * left_share + mix(5) * right_share;
            let by_bottom = mix(6) + mix(7) * left_share + mix(8) * right_share;
            let by_left = mix(1) + mix(4) * top_share + mix(7) * bottom_share;
            let by_right = mix(2) + mix(5) * top_share + mix(8) * bottom_share;
            let plain = mix(0) + mix(1) * left_share + mix(2) * right_share;
            let (left_slope, right_slope) = (by_left * left_density, by_right * right_density);
            let (top_slope, bottom_slope) = (by_top * top_density, by_bottom * bottom_density);
            // The first term of the series of the normal distribution in two variables by their correlation.
            let twisted = (mix(4) * left_density + mix(5) * right_density) * top_density
                + (mix(7) * left_density + mix(8) * right_density) * bottom_density;
            let white =
                plain + by_top * top_share + by_bottom * bottom_share + sheared * twisted * u_sharp * v_sharp;
            // How much light is white's, and what the camera writes for that.
            let bulge = white * (1.0 - white);
            let written = white + tone * bulge;
            let slope = contrast * (1.0 + tone * (1.0 - 2.0 * white));
            let off = seen[at] - (black + contrast * written);
            let doubt = doubtful / off.abs().max(1e-6);
            let trust = if over > 0.0 { 0.0 } else { doubt.min(1.0) * counts[at] };
            let slope = slope * trust;
            let by_u = -slope * (left_slope + right_slope) * u_sharp * share;
            let by_v = -slope * (top_slope + bottom_slope) * v_sharp * share;
            let by_w = -(by_u * u + by_v * v);
            self.sums[0][at] = by_u * x;
            self.sums[1][at] = by_u * y;
            self.sums[2][at] = by_u;
            self.sums[3][at] = by_v * x;
            self.sums[4][at] = by_v * y;
            self.sums[5][at] = by_v;
            self.sums[6][at] = by_w * x;
            self.sums[7][at] = by_w * y;
            self.sums[8][at] = trust;
            self.sums[9][at] = written * trust;
            self.sums[10][at] = contrast * bulge * trust;
            self.sums[11][at] = -slope * (left * left_slope + right * right_slope);
            self.sums[12][at] = -slope * (top * top_slope + bottom * bottom_slope);
            self.sums[13][at] = off * trust;
        }
    }

    /// Adds the products of all pairs, in their parts.
    #[inline(always)]
    fn add_products(&mut self) {
        let mut products = self.products.iter_mut();
        for (row, one) in self.sums.iter().enumerate() {
            for (other, product) in self.sums[row..].iter().zip(&mut products) {
                let mut parts = *product;
                for (one, other) in one.as_chunks::<PARTS>().0.iter().zip(other.as_chunks::<PARTS>().0) {
                    for part in 0..PARTS {
                        parts[part] += one[part] * other[part];
                    }
                }
                *product = parts;
            }
        }
    }

    /// The sums of all products.
    fn summed(&self) -> [[f64; SUMS]; SUMS] {
        let mut sums = [[0.0; SUMS]; SUMS];
        let places = sums.iter_mut().enumerate().flat_map(|(row, sums)| sums.iter_mut().skip(row));
        for (sum, parts) in places.zip(&self.products) {
            *sum = parts.iter().copied().map(f64::from).sum();
        }
        sums
    }
}

/// The normal distribution (good to 1e-5) and its density without branches: Abramowitz and Stegun 26.2.16.
#[inline(always)]
fn normal(deviations: f32) -> (f32, f32) {
    // Half of the square, in powers of two; what is smaller is nothing.
    let power = (deviations * deviations * -0.721_347_5).max(-80.0);
    let whole = power + ROUNDING;
    let part = power - (whole - ROUNDING);
    let scale = f32::from_bits(whole.to_bits().wrapping_add(127) << 23);
    let series = 0.009_618_129 * part + 0.055_504_11;
    let series = (((series * part + 0.240_226_5) * part + LN_2) * part + 1.0) * scale;
    let density = series * 0.398_942_3;
    let t = 1.0 / (1.0 + 0.332_67 * deviations.abs());
    let tail = density * t * (0.436_183_6 + t * (-0.120_167_6 + t * 0.937_298));
    (if deviations > 0.0 { 1.0 - tail } else { tail }, density)
}
