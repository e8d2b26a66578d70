//! Pictures of fiducials with known truth: seen through a camera, blurred, noisy, on a flat or a busy wall.
#![allow(dead_code, reason = "tests and the bench each use a part of it")]

use millwright_vision::FiducialFamily;

/// The same numbers on every machine.
#[derive(Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// From `low` to `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Normally distributed around zero with a standard deviation of one.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.between(1e-12, 1.0).ln()).sqrt();
        radius * self.between(0.0, std::f64::consts::TAU).cos()
    }
}

/// A fiducial in front of the camera.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    pub family: FiducialFamily,
    pub id: u32,
    /// The distance of its detection corners, in metres.
    pub size_m: f64,
    /// Columns: right, down and away on the sheet, in the camera's frame (x right, y down, z ahead).
    pub camera_from_tag: [[f64; 3]; 3],
    /// Its middle, in metres.
    pub middle_m: [f64; 3],
}

impl Placed {
    /// At `distance_m` ahead, turned in the picture by `roll_rad`, then tilted by `tilt_rad` around an axis in the picture
    /// at `axis_rad`, and moved so that its middle is seen at `seen_px`.
    pub fn tilted(
        family: FiducialFamily,
        id: u32,
        size_m: f64,
        view: &View,
        seen_px: [f64; 2],
        distance_m: f64,
        roll_rad: f64,
        tilt_rad: f64,
        axis_rad: f64,
    ) -> Self {
        let (sine, cosine) = roll_rad.sin_cos();
        let roll = [[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]];
        let (x, y) = (axis_rad.cos(), axis_rad.sin());
        let (sine, cosine) = tilt_rad.sin_cos();
        let rest = 1.0 - cosine;
        let tilt = [
            [cosine + x * x * rest, x * y * rest, y * sine],
            [x * y * rest, cosine + y * y * rest, -x * sine],
            [-y * sine, x * sine, cosine],
        ];
        let mut turn = [[0.0; 3]; 3];
        for row in 0..3 {
            for column in 0..3 {
                turn[row][column] = (0..3).map(|inner| tilt[row][inner] * roll[inner][column]).sum();
            }
        }
        let middle_m = [
            (seen_px[0] - view.centre_px[0]) / view.focal_px * distance_m,
            (seen_px[1] - view.centre_px[1]) / view.focal_px * distance_m,
            distance_m,
        ];
        Self { family, id, size_m, camera_from_tag: turn, middle_m }
    }

    /// A point of the sheet in the camera's frame, in metres from its middle: right and down.
    pub fn at(&self, [right_m, down_m]: [f64; 2]) -> [f64; 3] {
        [0, 1, 2].map(|axis| {
            self.camera_from_tag[axis][0] * right_m
                + self.camera_from_tag[axis][1] * down_m
                + self.middle_m[axis]
        })
    }

    /// Where the detection corners are seen, in the order of a detection.
    pub fn corners_px(&self, view: &View) -> [[f64; 2]; 4] {
        let half = self.size_m / 2.0;
        [[-half, half], [half, half], [half, -half], [-half, -half]].map(|corner| view.seen(self.at(corner)))
    }

    /// Where the printed sheet ends.
    fn sheet_px(&self, view: &View) -> [[f64; 2]; 4] {
        let half = self.family.printed_side_m(self.size_m) / 2.0;
        [[-half, half], [half, half], [half, -half], [-half, -half]].map(|corner| view.seen(self.at(corner)))
    }
}

/// A camera without distortion.
#[derive(Clone, Copy, Debug)]
pub struct View {
    pub width_px: usize,
    pub height_px: usize,
    pub focal_px: f64,
    pub centre_px: [f64; 2],
}

impl View {
    /// 1280 × 720 pixels with a focal length of 900.
    pub fn hd() -> Self {
        Self { width_px: 1280, height_px: 720, focal_px: 900.0, centre_px: [640.0, 360.0] }
    }

    pub fn seen(&self, [x, y, z]: [f64; 3]) -> [f64; 2] {
        [self.focal_px * x / z + self.centre_px[0], self.focal_px * y / z + self.centre_px[1]]
    }
}

/// What is on the wall behind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wall {
    /// One grey.
    Flat(f64),
    /// Rectangles, stripes and blobs.
    Busy,
}

/// What lies over a part of a sheet.
#[derive(Clone, Copy, Debug)]
pub struct Patch {
    /// Its middle, right and down from the sheet's, as shares of the printed side.
    pub middle: [f64; 2],
    /// Its radius, or one standard deviation of a mirrored lamp, as a share of the printed side.
    pub radius: f64,
    /// How bright it is, or by how much a mirrored lamp is brighter where it is brightest.
    pub light: f64,
    /// Whether it is a lamp that the sheet mirrors, or hides the sheet.
    pub is_mirrored: bool,
}

/// What a pixel shows of the light that falls on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pixel {
    /// The mean of 6 × 6 places, which a lens blurs anyway.
    Blurred,
    /// The mean over its surface, to a hundredth of it: 64 places of which no two share a row or a column.
    Surface,
    /// What falls on its middle.
    Middle,
}

impl Pixel {
    /// The places of a pixel that are looked at, from 0 to 1 across and down.
    fn places(self) -> Vec<[f64; 2]> {
        let middles = |count: usize| move |index: usize| (index as f64 + 0.5) / count as f64;
        match self {
            Self::Blurred => (0..36).map(|place| [place % 6, place / 6].map(middles(6))).collect(),
            Self::Surface => (0..64).map(|place| [place, place * 27 % 64].map(middles(64))).collect(),
            Self::Middle => vec![[0.5; 2]],
        }
    }
}

/// How the picture is taken.
#[derive(Clone, Copy, Debug)]
pub struct Shot {
    pub wall: Wall,
    pub black: f64,
    pub white: f64,
    pub pixel: Pixel,
    pub blur_px: f64,
    pub noise: f64,
    /// What the camera writes of light: 1 as it is, 2.2 for eyes (its root, so that the dark is lifted).
    pub gamma: f64,
    pub patch: Option<Patch>,
    pub seed: u64,
}

impl Shot {
    pub fn plain(seed: u64) -> Self {
        Self {
            wall: Wall::Flat(120.0),
            black: 40.0,
            white: 210.0,
            pixel: Pixel::Blurred,
            blur_px: 0.7,
            noise: 0.0,
            gamma: 1.0,
            patch: None,
            seed,
        }
    }
}

/// The picture, row by row.
pub fn picture(view: &View, tags: &[Placed], shot: &Shot) -> Vec<u8> {
    let mut chance = Chance::new(shot.seed);
    let (width, height) = (view.width_px, view.height_px);
    let mut light = match shot.wall {
        Wall::Flat(grey) => vec![grey as f32; width * height],
        Wall::Busy => busy(width, height, &mut chance),
    };
    for tag in tags {
        paint(&mut light, view, tag, shot);
    }
    blur(&mut light, width, height, shot.blur_px);
    light
        .iter()
        .map(|level| {
            let noise = if shot.noise > 0.0 { chance.normal() * shot.noise } else { 0.0 };
            let lit = (f64::from(*level) + noise).clamp(0.0, 255.0);
            let written = if shot.gamma == 1.0 { lit } else { 255.0 * (lit / 255.0).powf(1.0 / shot.gamma) };
            written.round() as u8
        })
        .collect()
}

fn busy(width: usize, height: usize, chance: &mut Chance) -> Vec<f32> {
    let mut light = vec![0.0_f32; width * height];
    let (across, down) = (chance.between(-40.0, 40.0), chance.between(-40.0, 40.0));
    for y in 0..height {
        for x in 0..width {
            light[y * width + x] = (120.0
                + across * (x as f64 / width as f64 - 0.5)
                + down * (y as f64 / height as f64 - 0.5)) as f32;
        }
    }
    for _ in 0..width * height / 3_000 {
        let (left, top) = (chance.between(-20.0, width as f64), chance.between(-20.0, height as f64));
        let (wide, tall) = (chance.between(3.0, 60.0), chance.between(3.0, 60.0));
        let slant = chance.between(-0.6, 0.6);
        let level = chance.between(20.0, 230.0) as f32;
        let round = chance.next() & 1 == 0;
        for y in top.max(0.0) as usize..((top + tall).max(0.0) as usize).min(height) {
            let shift = slant * (y as f64 - top);
            let (from, to) = if round {
                let part = (y as f64 - top) / tall * 2.0 - 1.0;
                let half = wide / 2.0 * (1.0 - part * part).max(0.0).sqrt();
                (left + wide / 2.0 - half, left + wide / 2.0 + half)
            } else {
                (left + shift, left + shift + wide)
            };
            for x in from.max(0.0) as usize..(to.max(0.0) as usize).min(width) {
                light[y * width + x] = level;
            }
        }
    }
    light
}

/// Paints a sheet with a ray for each place of a pixel that is looked at.
fn paint(light: &mut [f32], view: &View, tag: &Placed, shot: &Shot) {
    let places = shot.pixel.places();
    let bitmap = tag.family.bitmap(tag.id).unwrap();
    let side_m = tag.family.printed_side_m(tag.size_m);
    let cells = bitmap.len() as f64;
    let sheet = tag.sheet_px(view);
    let bound = |axis: usize, most: usize| {
        let values = sheet.map(|corner| corner[axis]);
        let low = values.iter().fold(f64::INFINITY, |low, value| low.min(*value)) - 1.0;
        let high = values.iter().fold(f64::NEG_INFINITY, |high, value| high.max(*value)) + 2.0;
        low.clamp(0.0, most as f64) as usize..high.clamp(0.0, most as f64) as usize
    };
    let turn = tag.camera_from_tag;
    let column = |index: usize| [turn[0][index], turn[1][index], turn[2][index]];
    let dot = |one: [f64; 3], other: [f64; 3]| one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
    let (right, down, normal) = (column(0), column(1), column(2));
    for y in bound(1, view.height_px) {
        for x in bound(0, view.width_px) {
            let mut sum = 0.0;
            let behind = f64::from(light[y * view.width_px + x]);
            for [across, below] in &places {
                let ahead = [
                    (x as f64 + across - view.centre_px[0]) / view.focal_px,
                    (y as f64 + below - view.centre_px[1]) / view.focal_px,
                    1.0,
                ];
                let far = dot(normal, tag.middle_m) / dot(normal, ahead);
                let from_middle = [0, 1, 2].map(|axis| ahead[axis] * far - tag.middle_m[axis]);
                let cell = |along: [f64; 3]| ((dot(along, from_middle) / side_m + 0.5) * cells).floor();
                let (column, row) = (cell(right), cell(down));
                let printed = column >= 0.0 && row >= 0.0 && column < cells && row < cells;
                let plain = match printed.then(|| bitmap[row as usize][column as usize]) {
                    Some(true) => shot.white,
                    Some(false) => shot.black,
                    None => behind,
                };
                let off = |patch: &Patch| {
                    let [x, y] = patch.middle.map(|share| share * side_m);
                    (dot(right, from_middle) - x).hypot(dot(down, from_middle) - y) / (patch.radius * side_m)
                };
                sum += match shot.patch.map(|patch| (off(&patch), patch)) {
                    Some((off, patch)) if patch.is_mirrored && printed => {
                        plain + patch.light * (-off * off / 2.0).exp()
                    }
                    Some((off, patch)) if !patch.is_mirrored && off < 1.0 => patch.light,
                    _ => plain,
                };
            }
            light[y * view.width_px + x] = (sum / places.len() as f64) as f32;
        }
    }
}

fn blur(light: &mut [f32], width: usize, height: usize, blur_px: f64) {
    if blur_px <= 0.0 {
        return;
    }
    let reach = (blur_px * 4.0).ceil() as usize;
    let weights: Vec<f32> =
        (0..=reach).map(|far| (-((far * far) as f64) / (2.0 * blur_px * blur_px)).exp() as f32).collect();
    let total: f32 = weights[0] + 2.0 * weights[1..].iter().sum::<f32>();
    let mut across = vec![0.0_f32; light.len()];
    for (from, to) in light.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        for (far, weight) in weights.iter().enumerate() {
            let weight = weight / total;
            for x in 0..width {
                let sides = if far == 0 {
                    from[x]
                } else {
                    from[x.saturating_sub(far)] + from[(x + far).min(width - 1)]
                };
                to[x] += weight * sides;
            }
        }
    }
    light.fill(0.0);
    for y in 0..height {
        for (far, weight) in weights.iter().enumerate() {
            let weight = weight / total;
            let (above, below) = (y.saturating_sub(far) * width, (y + far).min(height - 1) * width);
            for x in 0..width {
                let sides = if far == 0 { across[above + x] } else { across[above + x] + across[below + x] };
                light[y * width + x] += weight * sides;
            }
        }
    }
}
