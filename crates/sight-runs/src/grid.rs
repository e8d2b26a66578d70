//! The samples of a camera's pixels, and the light that comes to each pixel.
//!
//! The renderer gives shade and what hides what; the cells of labels are laid on by exact rays: what is toner takes its
//! share from the light of the sheet. So no edge of a cell goes through the renderer's own smoothing, which mixes
//! neighbouring samples as screens show them and not as light, and would move edges by a twentieth of a pixel.

use millwright_scene::camera::Intrinsics;
use millwright_vision::{CameraModel, RigidPose};

use crate::RunFault;
use crate::machine::LabelledMachine;
use crate::pattern::Pattern;
use crate::studio::DrawnTwice;

/// Samples of the renderer along each side of a pixel, each smoothed over four places by itself: 16 in a pixel.
const SAMPLES: usize = 2;
/// Rays along each side of a sample that ask for the pattern: 64 in a pixel.
const RAYS: usize = 4;
/// What toner throws back of what paper does: laser prints have densities of 1.1 to 1.4.
const TONER_SHARE: f32 = 0.06;

/// Light that comes to the pixels from the machine alone; 1 is what a white wall throws back in the same hall.
#[derive(Clone, Debug)]
pub(crate) struct Radiance {
    /// Row by row, over each pixel's share that the machine fills.
    pub(crate) light: Vec<f32>,
    /// Where sheets are seen: the pixel, the label's place in the list, and the share of the pixel.
    pub(crate) sheets: Vec<(usize, usize, f32)>,
}

/// The samples of a camera's pixels.
pub(crate) struct Grid<'a> {
    camera: &'a CameraModel,
    /// The ideal lens that shows all of what the camera's own lens does.
    pub(crate) ideal: Intrinsics,
    /// Of each sample of the camera's picture: where the ideal picture shows the same.
    pub(crate) ideal_sample: Vec<u32>,
    /// Of each sample: the direction that it looks into.
    directions: Vec<[f32; 2]>,
    samples_wide: usize,
    samples_tall: usize,
}

impl<'a> Grid<'a> {
    pub(crate) fn of(camera: &'a CameraModel) -> Result<Self, RunFault> {
        let [width, height] = camera.numbers().size_px.map(|side| side as usize);
        let (samples_wide, samples_tall) = (width * SAMPLES, height * SAMPLES);
        let mut directions = Vec::with_capacity(samples_wide * samples_tall);
        for row in 0..samples_tall {
            for column in 0..samples_wide {
                let [x_px, y_px] = [column, row].map(|place| (place as f64 + 0.5) / SAMPLES as f64);
                let [x, y] = camera.unproject([x_px, y_px]).ok_or(RunFault::Lens { x_px, y_px })?;
                directions.push([x as f32, y as f32]);
            }
        }
        let (ideal, ideal_sample) = ideal_of(camera, &directions);
        Ok(Self { camera, ideal, ideal_sample, directions, samples_wide, samples_tall })
    }

    /// What comes to the camera's pixels while it is open: the machine as it was drawn, and the labels' cells from all the
    /// places of `camera_from_machine`. What is no label stands still meanwhile.
    pub(crate) fn radiance(
        &self,
        machine: &LabelledMachine,
        drawn: &DrawnTwice,
        camera_from_machine: &[RigidPose],
    ) -> Result<Radiance, RunFault> {
        let DrawnTwice { all, paper, .. } = drawn;
        let mut light: Vec<f32> = all.iter().map(|sample| sample[0]).collect();
        let width = self.samples_wide / SAMPLES;
        let mut sheets = vec![];
        for (place, label) in machine.labels.iter().enumerate() {
            let patterns = camera_from_machine.iter().map(|pose| Pattern::of(label, pose));
            let patterns = patterns.collect::<Result<Vec<Pattern>, RunFault>>()?;
            let Some(bounds) = patterns.first().and_then(|pattern| pattern.bounds_px(self.camera)) else {
                continue;
            };
            let range = |axis: usize, most: usize| {
                let cut = |pixel: f64| (pixel.max(0.0) as usize).min(most);
                cut(bounds[0][axis])..cut(bounds[1][axis] + 1.0)
            };
            for y in range(1, self.samples_tall / SAMPLES) {
                for x in range(0, width) {
                    let mut share = 0.0;
                    for sample in 0..SAMPLES * SAMPLES {
                        let (column, row) = (x * SAMPLES + sample % SAMPLES, y * SAMPLES + sample / SAMPLES);
                        let at = row * self.samples_wide + column;
                        let [paper_light, paper_share] = paper[at];
                        if paper_share > 0.0 {
                            let white = patterns.iter().map(|pattern| self.white_share(pattern, column, row));
                            let toner = 1.0 - white.sum::<f32>() / patterns.len() as f32;
                            light[at] -= paper_light * toner * (1.0 - TONER_SHARE);
                            share += paper_share / (SAMPLES * SAMPLES) as f32;
                        }
                    }
                    if share > 0.0 {
                        sheets.push((y * width + x, place, share));
                    }
                }
            }
        }
        Ok(Radiance { light: self.pixels(&light), sheets })
    }

    /// Of the rays through a sample, those that meet white.
    fn white_share(&self, pattern: &Pattern, column: usize, row: usize) -> f32 {
        let at = |column: usize, row: usize| self.directions[row * self.samples_wide + column];
        let [x, y] = at(column, row).map(f64::from);
        // The way to the next sample on each axis; at the rim, from the one before.
        let way = |near: [f32; 2], far: [f32; 2]| [0, 1].map(|axis| f64::from(far[axis] - near[axis]));
        let before = (column.min(self.samples_wide - 2), row.min(self.samples_tall - 2));
        let right = way(at(before.0, row), at(before.0 + 1, row));
        let down = way(at(column, before.1), at(column, before.1 + 1));
        let mut white = 0.0;
        for ray in 0..RAYS * RAYS {
            let part = |index: usize| (index as f64 + 0.5) / RAYS as f64 - 0.5;
            let (across, along) = (part(ray % RAYS), part(ray / RAYS));
            let direction =
                [x + across * right[0] + along * down[0], y + across * right[1] + along * down[1]];
            white += f32::from(u8::from(pattern.is_white(direction)));
        }
        white / (RAYS * RAYS) as f32
    }

    /// The mean of the samples of each pixel.
    pub(crate) fn pixels(&self, samples: &[f32]) -> Vec<f32> {
        let width = self.samples_wide / SAMPLES;
        let mut pixels = vec![0.0; width * (self.samples_tall / SAMPLES)];
        let weight = 1.0 / (SAMPLES * SAMPLES) as f32;
        for (row, samples) in samples.chunks_exact(self.samples_wide).enumerate() {
            let start = row / SAMPLES * width;
            let pixels = pixels.get_mut(start..start + width).unwrap_or_default();
            for (pixel, samples) in pixels.iter_mut().zip(samples.as_chunks::<SAMPLES>().0) {
                *pixel += samples.iter().sum::<f32>() * weight;
            }
        }
        pixels
    }
}

/// An ideal lens of the same focal length whose picture holds all directions, and where in it each of them is.
fn ideal_of(camera: &CameraModel, directions: &[[f32; 2]]) -> (Intrinsics, Vec<u32>) {
    let samples = SAMPLES as f64;
    let [fx, fy] = camera.numbers().focal_px.map(|focal| focal * samples);
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for direction in directions {
        for (axis, focal) in [fx, fy].into_iter().enumerate() {
            let place = f64::from(direction[axis]) * focal;
            low[axis] = low[axis].min(place);
            high[axis] = high[axis].max(place);
        }
    }
    // The first sample's centre lies half a sample inside.
    let centre = low.map(|low| 0.5 - low);
    let [width, height] = [0, 1].map(|axis| (high[axis] + centre[axis] + 0.49).ceil());
    let ideal = Intrinsics {
        fx_px: fx as f32,
        fy_px: fy as f32,
        cx_px: centre[0] as f32,
        cy_px: centre[1] as f32,
        width_px: width as u32,
        height_px: height as u32,
    };
    let sample = |direction: &[f32; 2]| {
        let column = (f64::from(direction[0]) * fx + centre[0]).clamp(0.0, width - 1.0) as u32;
        let row = (f64::from(direction[1]) * fy + centre[1]).clamp(0.0, height - 1.0) as u32;
        row * ideal.width_px + column
    };
    (ideal, directions.iter().map(sample).collect())
}
