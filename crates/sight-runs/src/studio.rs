//! Draws a labelled machine from where the camera stands, as light that comes to each pixel.
//!
//! The renderer gives shade and what hides what; the cells of labels are laid on by exact rays. For that it draws each
//! frame twice, with the sheets white all over and black all over: where the two differ a sheet is seen, and the pattern
//! chooses between them. So no edge of a cell goes through the renderer's own smoothing, which mixes neighbouring samples
//! as screens show them and not as light, and would move edges by a twentieth of a pixel.

use glam::{Quat, Vec3};
use millwright_scene::camera::{Camera, Fit, Intrinsics, Lens, Rigid};
use millwright_scene::frame::{Background, Fill, Frame, Look, PartRef, Placed, Reach, Rule};
use millwright_scene::model::PartId;
use millwright_scene::render::Stage;
use millwright_vision::{CameraModel, RigidPose};
use std::sync::Arc;

use crate::RunFault;
use crate::machine::LabelledMachine;
use crate::pattern::Pattern;

/// Samples of the renderer along each side of a pixel, each smoothed over four places by itself: 16 in a pixel.
const SAMPLES: usize = 2;
/// Rays along each side of a sample that ask for the pattern: 64 in a pixel.
const RAYS: usize = 4;
/// From so much more light with white sheets than with black ones on, a sample shows a sheet.
const SHEET_LIGHT_MIN: f32 = 0.05;
/// How the eye, and a grey camera, weigh red, green and blue (BT.709).
const LUMA: [f32; 3] = [0.2126, 0.7152, 0.0722];

/// Light that comes to the pixels from the machine alone; 1 is what a white wall throws back in the same hall.
#[derive(Clone, Debug)]
pub(crate) struct Radiance {
    /// Row by row, over each pixel's share that the machine fills.
    pub(crate) light: Vec<f32>,
    /// Where sheets are seen: the pixel, the label's place in the list, and the share of the pixel.
    pub(crate) sheets: Vec<(usize, usize, f32)>,
}

/// What the renderer shows of a machine: light and share of the machine in each sample.
#[derive(Clone, Debug)]
pub(crate) struct DrawnTwice {
    white: Vec<[f32; 2]>,
    black: Vec<[f32; 2]>,
    /// The share of each pixel that the machine fills.
    pub(crate) filled: Vec<f32>,
}

/// How far a card lies over its label: 0 beside it, out of sight; 1 all over it.
pub(crate) type Cover = f64;

/// Where a machine is drawn for one camera.
pub(crate) struct Studio<'a> {
    machine: &'a LabelledMachine,
    camera: &'a CameraModel,
    stage: Stage,
    /// The ideal lens that shows all of what the camera's own lens does.
    ideal: Intrinsics,
    /// Of each sample of the camera's picture: where the ideal picture shows the same.
    ideal_sample: Vec<u32>,
    /// Of each sample: the direction that it looks into, and how that changes to the next one right and down.
    directions: Vec<[f32; 2]>,
    samples_wide: usize,
    samples_tall: usize,
}

impl<'a> Studio<'a> {
    pub(crate) fn of(machine: &'a LabelledMachine, camera: &'a CameraModel) -> Result<Self, RunFault> {
        let numbers = camera.numbers();
        let [width, height] = numbers.size_px.map(|side| side as usize);
        let (samples_wide, samples_tall) = (width * SAMPLES, height * SAMPLES);
        let direction = |column: f64, row: f64| {
            let (x_px, y_px) = (column / SAMPLES as f64, row / SAMPLES as f64);
            camera.unproject([x_px, y_px]).ok_or(RunFault::Lens { x_px, y_px })
        };
        let mut directions = Vec::with_capacity(samples_wide * samples_tall);
        for row in 0..samples_tall {
            for column in 0..samples_wide {
                let [x, y] = direction(column as f64 + 0.5, row as f64 + 0.5)?;
                directions.push([x as f32, y as f32]);
            }
        }
        let (ideal, ideal_sample) = ideal_of(camera, &directions);
        let mut stage = Stage::headless()?;
        stage.load(Arc::clone(&machine.model))?;
        Ok(Self { machine, camera, stage, ideal, ideal_sample, directions, samples_wide, samples_tall })
    }

    /// What the renderer shows, with a cover for each label.
    pub(crate) fn drawn(
        &mut self,
        camera_from_machine: &RigidPose,
        covers: &[Cover],
    ) -> Result<DrawnTwice, RunFault> {
        let white = self.samples(camera_from_machine, covers, true)?;
        let black = self.samples(camera_from_machine, covers, false)?;
        let filled: Vec<f32> = black.iter().map(|sample| sample[1]).collect();
        Ok(DrawnTwice { white, black, filled: self.pixels(&filled) })
    }

    /// What comes to the camera's pixels while it is open: the machine as it was drawn, and the labels' cells from all the
    /// places of `camera_from_machine`. What is no label stands still meanwhile.
    pub(crate) fn radiance(
        &self,
        drawn: &DrawnTwice,
        camera_from_machine: &[RigidPose],
    ) -> Result<Radiance, RunFault> {
        let DrawnTwice { white, black, .. } = drawn;
        let mut light: Vec<f32> = black.iter().map(|sample| sample[0]).collect();
        let width = self.samples_wide / SAMPLES;
        let mut sheets = vec![];
        for (place, label) in self.machine.labels.iter().enumerate() {
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
                        let more = white[at][0] - black[at][0];
                        if more > SHEET_LIGHT_MIN {
                            let seen = patterns.iter().map(|pattern| self.white_share(pattern, column, row));
                            light[at] = black[at][0] + more * seen.sum::<f32>() / patterns.len() as f32;
                            share += 1.0 / (SAMPLES * SAMPLES) as f32;
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

    /// Light and share of the machine in each sample, as the renderer has them.
    fn samples(
        &mut self,
        camera_from_machine: &RigidPose,
        covers: &[Cover],
        are_white: bool,
    ) -> Result<Vec<[f32; 2]>, RunFault> {
        let rotation = camera_from_machine.quaternion().map(|number| number as f32);
        let camera = Camera {
            intrinsics: self.ideal,
            lens: Lens::default(),
            camera_from_machine: Rigid {
                translation_m: Vec3::from_array(camera_from_machine.position_m.map(|number| number as f32)),
                rotation: Quat::from_array(rotation).normalize(),
            },
            near_m: 0.1,
            far_m: 8.0,
            fit: Fit::Contain,
        };
        let mut frame = Frame::of(self.ideal.width_px, self.ideal.height_px, camera);
        frame.background = Background::Clear;
        for (place, sheet) in self.machine.sheets.iter().enumerate() {
            frame.rules.push(hidden(if are_white { sheet.black } else { sheet.white }));
            let cover = covers.get(place).copied().unwrap_or(0.0) as f32;
            if cover <= 0.0 {
                frame.rules.push(hidden(sheet.card));
            }
            frame.motion.placed.push(Placed {
                part: PartRef::Id(sheet.card),
                translation_m: sheet.card_at_m + sheet.aside_m * (1.0 - cover),
                rotation: sheet.card_turn,
            });
        }
        let picture = self.stage.picture(&frame)?;
        let (texels, _) = picture.rgba.as_chunks::<4>();
        let seen = |sample: &u32| texels.get(*sample as usize).map_or([0.0; 2], light_of);
        Ok(self.ideal_sample.iter().map(seen).collect())
    }

    /// The mean of the samples of each pixel.
    fn pixels(&self, samples: &[f32]) -> Vec<f32> {
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

/// The renderer writes the square root of light, times how much of the sample is filled.
fn light_of([red, green, blue, opacity]: &[u8; 4]) -> [f32; 2] {
    let filled = f32::from(*opacity) / 255.0;
    if filled <= 0.0 {
        return [0.0; 2];
    }
    let of = |byte: u8| (f32::from(byte) / 255.0 / filled).powi(2);
    let light = LUMA[0] * of(*red) + LUMA[1] * of(*green) + LUMA[2] * of(*blue);
    [light * filled, filled]
}

fn hidden(part: PartId) -> Rule {
    Rule { part: PartRef::Id(part), reach: Reach::Alone, look: Look::of(Fill::Hidden) }
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
