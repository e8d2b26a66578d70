//! Why a run cannot be made.

use millwright_scene::machine::LabelMountFault;
use millwright_scene::model::ModelFault;
use millwright_scene::render::StageFault;
use millwright_vision::{CameraError, FrameError, RecordingError};

/// Why a run cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum RunFault {
    /// The machine and its labels make no model.
    #[error(transparent)]
    Model(#[from] ModelFault),
    /// It cannot be drawn here.
    #[error(transparent)]
    Stage(#[from] StageFault),
    /// The camera is none.
    #[error(transparent)]
    Camera(#[from] CameraError),
    /// A frame is none.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The frames cannot be recorded.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// The truth cannot be written.
    #[error(transparent)]
    Truth(#[from] serde_json::Error),
    /// The machine has no such part.
    #[error("the machine has no part {0}")]
    Part(&'static str),
    /// The family has not so many ids.
    #[error("there is no fiducial {0}")]
    Fiducial(u32),
    /// A label's place on the machine cannot be read.
    #[error(transparent)]
    Mount(#[from] LabelMountFault),
    /// The lens bends what it should show out of any picture.
    #[error("the lens cannot be undone at {x_px}, {y_px}")]
    Lens {
        /// Where.
        x_px: f64,
        /// See `x_px`.
        y_px: f64,
    },
}
