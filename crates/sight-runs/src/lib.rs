//! Recorded camera runs around our own machines, drawn without a screen, with the truth of every frame known: what tests
//! of sight, tracking and guidance look at. No product code depends on it.
//!
//! [`LabelledMachine`] hangs labels on a model's mounts, [`CameraPath`] leads a camera around it, [`record`] draws it under
//! a [`Light`] and gives frames with the pose that is true of each; [`Recorded`] writes them as a recording and as JSON.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod board;
mod chance;
mod fault;
mod grid;
mod hall;
mod light;
mod machine;
mod optics;
mod path;
mod pattern;
mod run;
mod sensor;
mod studio;
mod truth;

pub use fault::RunFault;
pub use light::Light;
pub use machine::LabelledMachine;
pub use path::CameraPath;
pub use run::{FRAMES, FRAMES_PER_S, Recorded, Run, TrueFrame, record, record_part, usual_camera};
pub use truth::{TrueLabel, TrueMoment, TruePose, Truth};
