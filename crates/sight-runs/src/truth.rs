//! The truth of a run as JSON: the camera, the labels as they were surveyed, and where the machine stood in every frame.

use millwright_vision::{CameraModel, RigidPose, SurveyedTag};
use serde::{Deserialize, Serialize};

use crate::RunFault;
use crate::run::TrueFrame;

/// A turn and a place.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TruePose {
    /// Metres.
    pub position_m: [f64; 3],
    /// A unit quaternion: x, y, z, w.
    pub rotation_xyzw: [f64; 4],
}

/// A label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrueLabel {
    /// The family's name as its makers write it.
    pub family: String,
    /// Its number.
    pub id: u32,
    /// The distance of its detection corners.
    pub size_m: f64,
    /// Where it was surveyed.
    pub machine_from_tag: TruePose,
    /// How well, one standard deviation of its place on each axis.
    pub sigma_m: f64,
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrueMoment {
    /// When, as the recording has it.
    pub at_s: f64,
    /// Where the machine stood before the camera.
    pub camera_from_machine: TruePose,
    /// The share of each label that is covered, in the order of `labels`.
    pub covers: Vec<f64>,
}

/// All that is true of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// The run's name.
    pub run: String,
    /// The machine's name; its model is `assets/machines/<machine>.glb`.
    pub machine: String,
    /// The camera, exactly.
    pub camera: CameraModel,
    /// What guidance points at, in the machine's frame.
    pub point_m: [f64; 3],
    /// The labels.
    pub labels: Vec<TrueLabel>,
    /// The frames.
    pub frames: Vec<TrueMoment>,
}

impl From<&RigidPose> for TruePose {
    fn from(pose: &RigidPose) -> Self {
        Self { position_m: pose.position_m, rotation_xyzw: pose.quaternion() }
    }
}

impl From<&TruePose> for RigidPose {
    fn from(pose: &TruePose) -> Self {
        Self::of_quaternion(pose.rotation_xyzw, pose.position_m)
    }
}

impl From<&SurveyedTag> for TrueLabel {
    fn from(tag: &SurveyedTag) -> Self {
        Self {
            family: tag.family.as_str().to_owned(),
            id: tag.id,
            size_m: tag.size_m,
            machine_from_tag: TruePose::from(&tag.machine_from_tag),
            sigma_m: tag.sigma_m,
        }
    }
}

impl From<&TrueFrame> for TrueMoment {
    fn from(frame: &TrueFrame) -> Self {
        Self {
            at_s: frame.at_s,
            camera_from_machine: TruePose::from(&frame.camera_from_machine),
            covers: frame.covers.clone(),
        }
    }
}

impl Truth {
    /// As indented JSON.
    ///
    /// # Errors
    /// When a number is none.
    pub fn to_json(&self) -> Result<Vec<u8>, RunFault> {
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        Ok(json)
    }
}
