//! What a lens does to light before it is counted: focus, scatter, and drops on the glass.

use crate::chance::Chance;

/// Light that comes to each pixel of a picture.
#[derive(Clone, Debug)]
pub(crate) struct Plane {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) light: Vec<f32>,
}

/// A drop on the lens, as it lies in the picture.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Drop {
    middle_px: [f64; 2],
    radius_px: f64,
    /// How much smaller the scene is seen through it: its curved surface is a lens of its own.
    shrink: f64,
}

/// How blurred the scene is through drops, one standard deviation in pixels: they all lie on the same glass.
const DROP_BLUR_PX: f64 = 2.0;

impl Plane {
    /// Blurred as focus and diffraction do, one standard deviation in pixels.
    pub(crate) fn blurred(&self, sigma_px: f64) -> Self {
        // Three boxes are a bell; a narrow one is added up.
        let light = if sigma_px > 3.0 { self.boxed(sigma_px) } else { self.bell(sigma_px) };
        Self { light, ..*self }
    }

    fn bell(&self, sigma_px: f64) -> Vec<f32> {
        if sigma_px <= 0.0 {
            return self.light.clone();
        }
        let reach = (sigma_px * 4.0).ceil() as usize;
        let weights: Vec<f64> =
            (0..=reach).map(|far| (-((far * far) as f64) / (2.0 * sigma_px * sigma_px)).exp()).collect();
        let total = weights.iter().sum::<f64>() * 2.0 - weights.first().copied().unwrap_or(0.0);
        let kernel: Vec<f32> = weights.iter().map(|weight| (weight / total) as f32).collect();
        let across = transposed(&convolved(&self.light, self.width, &kernel), self.width);
        transposed(&convolved(&across, self.height, &kernel), self.height)
    }

    fn boxed(&self, sigma_px: f64) -> Vec<f32> {
        let radii = box_radii(sigma_px);
        let mut light = self.light.clone();
        for radius in radii {
            light = averaged(&light, self.width, radius);
        }
        light = transposed(&light, self.width);
        for radius in radii {
            light = averaged(&light, self.height, radius);
        }
        transposed(&light, self.height)
    }

    /// With halos around what is bright, and an even veil over all.
    pub(crate) fn scattered(&self, halos: &[(f32, f64)], veil_share: f32) -> Self {
        let kept = 1.0 - halos.iter().map(|(share, _)| share).sum::<f32>() - veil_share;
        let mean =
            self.light.iter().map(|light| f64::from(*light)).sum::<f64>() / self.light.len().max(1) as f64;
        let veil = veil_share * mean as f32;
        let mut light: Vec<f32> = self.light.iter().map(|light| light * kept + veil).collect();
        for (share, sigma_px) in halos {
            for (light, halo) in light.iter_mut().zip(self.blurred(*sigma_px).light) {
                *light += share * halo;
            }
        }
        Self { light, ..*self }
    }

    /// As it is seen through drops on the lens. They lie far before the focus: their rims are soft.
    pub(crate) fn through(&self, drops: &[Drop]) -> Self {
        if drops.is_empty() {
            return self.clone();
        }
        let blurred = self.blurred(DROP_BLUR_PX);
        let mut light = self.light.clone();
        for drop in drops {
            let reach = drop.radius_px * 1.35;
            let range = |axis: usize, most: usize| {
                let cut = |place: f64| (place.max(0.0) as usize).min(most);
                cut(drop.middle_px[axis] - reach)..cut(drop.middle_px[axis] + reach + 1.0)
            };
            for y in range(1, self.height) {
                for x in range(0, self.width) {
                    let off = [x as f64 + 0.5 - drop.middle_px[0], y as f64 + 0.5 - drop.middle_px[1]];
                    let far = off[0].hypot(off[1]) / drop.radius_px;
                    let cover = 1.0 - smooth(0.65, 1.35, far);
                    if cover <= 0.0 {
                        continue;
                    }
                    // A flat cap bends light towards its middle, the more the nearer to its rim.
                    let bend = 1.0 + drop.shrink * (0.3 + 0.7 * far.min(1.0));
                    let place = [0, 1].map(|axis| drop.middle_px[axis] + off[axis] * bend);
                    if let Some(pixel) = light.get_mut(y * self.width + x) {
                        *pixel = *pixel * (1.0 - cover as f32) + blurred.at(place) * cover as f32;
                    }
                }
            }
        }
        Self { light, ..*self }
    }

    /// The light at a place, between the four pixels around it; the nearest pixel's outside of the picture.
    fn at(&self, [x_px, y_px]: [f64; 2]) -> f32 {
        let x = (x_px - 0.5).clamp(0.0, self.width as f64 - 1.001);
        let y = (y_px - 0.5).clamp(0.0, self.height as f64 - 1.001);
        let (column, row) = (x as usize, y as usize);
        let (across, down) = ((x - column as f64) as f32, (y - row as f64) as f32);
        let of =
            |column: usize, row: usize| self.light.get(row * self.width + column).copied().unwrap_or(0.0);
        let mix = |row: usize| of(column, row) * (1.0 - across) + of(column + 1, row) * across;
        mix(row) * (1.0 - down) + mix(row + 1) * down
    }
}

impl Drop {
    /// Drops as a spray leaves them at a time of the run: many small ones, few large ones, and each creeps down the
    /// glass.
    pub(crate) fn on_lens(count: usize, size_px: [u32; 2], at_s: f64, seed: u64) -> Vec<Self> {
        let mut chance = Chance::new(seed);
        let [width, height] = size_px.map(f64::from);
        (0..count)
            .map(|_| {
                let radius_px = 14.0 + 42.0 * chance.between(0.0, 1.0).powi(3);
                let middle_px = [chance.between(0.0, width), chance.between(0.0, height)];
                // Large drops are heavy: 10 pixels a second at most.
                let creep_px = (radius_px / 56.0).powi(2) * 10.0 * at_s;
                Self {
                    middle_px: [middle_px[0], middle_px[1] + creep_px],
                    radius_px,
                    shrink: chance.between(0.1, 0.6),
                }
            })
            .collect()
    }
}

/// Three boxes that are together as wide as a bell: the variance of one of 2 r + 1 pixels is r (r + 1) / 3.
fn box_radii(sigma_px: f64) -> [usize; 3] {
    let square = sigma_px * sigma_px;
    let radius = ((square + 0.25).sqrt() - 0.5).floor().max(0.0);
    // Each box that is one wider adds so much.
    let step = 2.0 * (radius + 1.0) / 3.0;
    let wider = ((square - radius * (radius + 1.0)) / step).round() as usize;
    [0, 1, 2].map(|place| radius as usize + usize::from(place < wider))
}

/// Each row with itself moved along, by weights.
fn convolved(light: &[f32], width: usize, kernel: &[f32]) -> Vec<f32> {
    let reach = kernel.len().saturating_sub(1);
    let mut out = Vec::with_capacity(light.len());
    let mut padded = vec![];
    for row in light.chunks_exact(width) {
        let (first, last) = (row.first().copied().unwrap_or(0.0), row.last().copied().unwrap_or(0.0));
        padded.clear();
        padded.resize(reach, first);
        padded.extend_from_slice(row);
        padded.resize(padded.len() + reach, last);
        out.extend(padded.windows(2 * reach + 1).map(|window| {
            let sum = window
                .iter()
                .enumerate()
                .map(|(at, light)| light * kernel.get(at.abs_diff(reach)).copied().unwrap_or(0.0));
            sum.sum::<f32>()
        }));
    }
    out
}

/// The mean over so many pixels on each side along rows.
fn averaged(light: &[f32], width: usize, radius: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(light.len());
    let share = 1.0 / (2 * radius + 1) as f64;
    for row in light.chunks_exact(width) {
        let at = |place: isize| f64::from(row[place.clamp(0, width as isize - 1) as usize]);
        let radius = radius as isize;
        let mut sum: f64 = (-radius..=radius).map(at).sum();
        for place in 0..width as isize {
            out.push((sum * share) as f32);
            sum += at(place + radius + 1) - at(place - radius);
        }
    }
    out
}

fn transposed(light: &[f32], width: usize) -> Vec<f32> {
    let height = light.len() / width;
    let mut out = vec![0.0; light.len()];
    for (y, row) in light.chunks_exact(width).enumerate() {
        for (x, pixel) in row.iter().enumerate() {
            out[x * height + y] = *pixel;
        }
    }
    out
}

fn smooth(low: f64, high: f64, place: f64) -> f64 {
    let part = ((place - low) / (high - low)).clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point() -> Plane {
        let mut light = vec![0.0; 101 * 81];
        light[40 * 101 + 50] = 1.0;
        Plane { width: 101, height: 81, light }
    }

    /// The sum of a plane, and how wide it is across and down.
    fn spread(plane: &Plane) -> (f64, f64, f64) {
        let (mut sum, mut across, mut down) = (0.0, 0.0, 0.0);
        for (at, light) in plane.light.iter().enumerate() {
            let (x, y) = ((at % plane.width) as f64 - 50.0, (at / plane.width) as f64 - 40.0);
            sum += f64::from(*light);
            across += f64::from(*light) * x * x;
            down += f64::from(*light) * y * y;
        }
        (sum, (across / sum).sqrt(), (down / sum).sqrt())
    }

    #[test]
    fn blur_keeps_light_and_is_as_wide_as_it_says() {
        for sigma_px in [0.6, 2.0, 6.0] {
            let (sum, across, down) = spread(&point().blurred(sigma_px));
            assert!((sum - 1.0).abs() < 1e-3, "{sum}");
            assert!((across / sigma_px - 1.0).abs() < 0.08, "{across} {sigma_px}");
            assert!((down / sigma_px - 1.0).abs() < 0.08, "{down} {sigma_px}");
        }
    }

    #[test]
    fn scatter_takes_from_what_is_bright_and_gives_to_all() {
        let scattered = point().scattered(&[(0.02, 4.0)], 0.03);
        let (sum, _, _) = spread(&scattered);
        assert!((sum - 1.0).abs() < 1e-3, "{sum}");
        assert!(scattered.light[0] > 0.0);
        assert!((scattered.light[40 * 101 + 50] - 0.95).abs() < 0.01);
    }
}
