//! What is drawn: frames without a screen, on whatever adapter there is.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot set up its world fails"
)]

mod cost;
mod marks;
mod picking;
mod projection;
mod shaders;
mod snapshot;
mod styles;

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, OnceLock};

use glam::Vec3;
use millwright_scene::camera::Orbit;
use millwright_scene::frame::{Frame, Motion};
use millwright_scene::machine::Pump;
use millwright_scene::model::Model;
use millwright_scene::pose::{Rig, Stance};
use millwright_scene::render::Stage;

/// Stages that no test is on: pipelines are made once for each.
static STAGES: Mutex<Vec<Stage>> = Mutex::new(Vec::new());

/// A stage with a model on it, as if it were new.
pub struct OnStage(Option<Stage>);

/// Puts a model on a stage.
pub fn stage(model: &Arc<Model>) -> OnStage {
    let known = STAGES.lock().unwrap().pop();
    let new =
        || Stage::headless().expect("an adapter is there: on Debian `apt-get install mesa-vulkan-drivers`");
    let mut stage = known.unwrap_or_else(new);
    stage.load(Arc::clone(model)).unwrap();
    OnStage(Some(stage))
}

impl Deref for OnStage {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        self.0.as_ref().unwrap()
    }
}

impl DerefMut for OnStage {
    fn deref_mut(&mut self) -> &mut Stage {
        self.0.as_mut().unwrap()
    }
}

impl Drop for OnStage {
    fn drop(&mut self) {
        // What a test that failed leaves is not for others.
        if let (false, Ok(mut stages)) = (std::thread::panicking(), STAGES.lock()) {
            stages.extend(self.0.take());
        }
    }
}

/// The pump unit.
pub fn pump() -> Arc<Model> {
    static PUMP: OnceLock<Arc<Model>> = OnceLock::new();
    Arc::clone(PUMP.get_or_init(|| Arc::new(Pump::default().model().unwrap())))
}

/// A frame that has all of a model in view, from a direction, so much nearer.
pub fn frame_around(model: &Model, motion: Motion, azimuth_rad: f32, elevation_rad: f32, zoom: f32) -> Frame {
    let (rig, mut stance) = (Rig::of(model), Stance::default());
    rig.stand(model, &motion, &mut stance);
    let bounds = rig.bounds(&stance);
    let mut orbit =
        Orbit::around(Vec3::from(bounds.low), Vec3::from(bounds.high), azimuth_rad, elevation_rad);
    orbit.distance_m /= zoom;
    let (width_px, height_px) = (snapshot::WIDTH_PX, snapshot::HEIGHT_PX);
    Frame { motion, ..Frame::of(width_px, height_px, orbit.camera(width_px, height_px)) }
}
