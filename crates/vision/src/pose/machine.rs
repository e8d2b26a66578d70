//! The pose of a machine from all its surveyed fiducials at once.

use super::estimate::{PoseError, PosePair, TagView, corners_m, settle, tag_seeds};
use super::fit::Sight;
use super::rigid::RigidPose;
use crate::camera::CameraModel;
use crate::fiducial::FiducialFamily;

/// A fiducial whose place on a machine is known.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct SurveyedTag {
    /// Its family.
    pub family: FiducialFamily,
    /// Its number in the family.
    pub id: u32,
    /// The distance of its detection corners, in metres.
    pub size_m: f64,
    /// Where it hangs.
    pub machine_from_tag: RigidPose,
    /// How well that is known: one standard deviation of its place on each axis, in metres.
    pub sigma_m: f64,
}

/// The pose of the machine that carries all fiducials of `seen`. With `previous`, nothing flips from frame to frame.
///
/// # Errors
/// When none is seen, numbers are no fiducial's, or nothing explains them.
pub fn estimate_machine(
    camera: &CameraModel,
    seen: &[(TagView, SurveyedTag)],
    previous: Option<&RigidPose>,
) -> Result<PosePair, PoseError> {
    let (sights, seeds) = gather(camera, seen)?;
    let pair = settle(camera, &sights, &seeds)?;
    Ok(previous.map_or(pair, |previous| pair.following(previous)))
}

/// All corners with their places on the machine, and the poses that each fiducial speaks for.
pub(super) fn gather(
    camera: &CameraModel,
    seen: &[(TagView, SurveyedTag)],
) -> Result<(Vec<Sight>, Vec<RigidPose>), PoseError> {
    let mut sights = Vec::with_capacity(4 * seen.len());
    let mut seeds = Vec::with_capacity(2 * seen.len());
    for (view, tag) in seen {
        let poses = tag_seeds(camera, view, tag.size_m)?;
        let tag_from_machine = tag.machine_from_tag.inverse();
        seeds.extend(poses.map(|camera_from_tag| camera_from_tag.then(&tag_from_machine)));
        let [pose, _] = poses;
        // What a sheet is off by on the machine, as it is seen from here. Its four corners are off together: as if each
        // were off by twice as much on its own.
        let far_m = pose.position_m[2].max(1e-3);
        let survey_px = 2.0 * tag.sigma_m.max(0.0) * camera.numbers().focal_px[0] / far_m;
        let sigma_px = view.sigma_px.hypot(survey_px);
        for (corner, pixel) in corners_m(tag.size_m).into_iter().zip(view.corners_px) {
            sights.push(Sight { point_m: tag.machine_from_tag.apply(corner), pixel, sigma_px });
        }
    }
    if sights.is_empty() {
        return Err(PoseError::Nothing);
    }
    Ok((sights, seeds))
}
