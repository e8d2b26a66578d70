//! Draws a labelled machine from where the camera stands: all of it, and the sheets alone where nothing hides them.

use std::sync::Arc;

use glam::{Quat, Vec3};
use millwright_scene::camera::{Camera, Fit, Lens, Rigid};
use millwright_scene::frame::{Background, Fill, Frame, Look, PartRef, Placed, Reach, Rule};
use millwright_scene::model::PartId;
use millwright_scene::render::Stage;
use millwright_vision::RigidPose;

use crate::RunFault;
use crate::grid::Grid;
use crate::machine::LabelledMachine;

/// How the eye, and a grey camera, weigh red, green and blue (BT.709).
const LUMA: [f32; 3] = [0.2126, 0.7152, 0.0722];

/// What the renderer shows of a machine with white sheets, and of the sheets alone: light and what they fill of each
/// sample.
#[derive(Clone, Debug)]
pub(crate) struct DrawnTwice {
    pub(crate) all: Vec<[f32; 2]>,
    pub(crate) paper: Vec<[f32; 2]>,
    /// The share of each pixel that the machine fills.
    pub(crate) filled: Vec<f32>,
}

/// How far a card lies over its label: 0 beside it, out of sight; 1 all over it.
pub(crate) type Cover = f64;

/// Where a machine is drawn.
pub(crate) struct Studio<'a> {
    machine: &'a LabelledMachine,
    grid: &'a Grid<'a>,
    stage: Stage,
}

impl<'a> Studio<'a> {
    pub(crate) fn of(machine: &'a LabelledMachine, grid: &'a Grid<'a>) -> Result<Self, RunFault> {
        let mut stage = Stage::headless()?;
        stage.load(Arc::clone(&machine.model))?;
        Ok(Self { machine, grid, stage })
    }

    /// What the renderer shows, with a cover for each label.
    pub(crate) fn drawn(
        &mut self,
        camera_from_machine: &RigidPose,
        covers: &[Cover],
    ) -> Result<DrawnTwice, RunFault> {
        let all = self.samples(camera_from_machine, covers, Fill::Shaded)?;
        let paper = self.samples(camera_from_machine, covers, Fill::Occluder)?;
        let filled: Vec<f32> = all.iter().map(|sample| sample[1]).collect();
        Ok(DrawnTwice { all, paper, filled: self.grid.pixels(&filled) })
    }

    /// Light and share in each sample of the sheets and, with a fill for it, of the machine.
    fn samples(
        &mut self,
        camera_from_machine: &RigidPose,
        covers: &[Cover],
        fill: Fill,
    ) -> Result<Vec<[f32; 2]>, RunFault> {
        let rotation = camera_from_machine.quaternion().map(|number| number as f32);
        let camera = Camera {
            intrinsics: self.grid.ideal,
            lens: Lens::default(),
            camera_from_machine: Rigid {
                translation_m: Vec3::from_array(camera_from_machine.position_m.map(|number| number as f32)),
                rotation: Quat::from_array(rotation).normalize(),
            },
            near_m: 0.1,
            far_m: 8.0,
            fit: Fit::Contain,
        };
        let mut frame = Frame::of(self.grid.ideal.width_px, self.grid.ideal.height_px, camera);
        frame.background = Background::Clear;
        frame.look = Look::of(fill);
        for (place, sheet) in self.machine.sheets.iter().enumerate() {
            frame.rules.push(look_of(sheet.paper, Fill::Shaded));
            let cover = covers.get(place).copied().unwrap_or(0.0) as f32;
            if cover <= 0.0 {
                frame.rules.push(look_of(sheet.card, Fill::Hidden));
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
        Ok(self.grid.ideal_sample.iter().map(seen).collect())
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

fn look_of(part: PartId, fill: Fill) -> Rule {
    Rule { part: PartRef::Id(part), reach: Reach::Alone, look: Look::of(fill) }
}
