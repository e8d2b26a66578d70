//! The pose of one fiducial, with the other pose from which it would look nearly the same.

use super::fit::{Fit, Sight, covariance, fit};
use super::rigid::RigidPose;
use super::square::two_poses;
use crate::camera::CameraModel;
use crate::fiducial::{Detection, TrackedTag};
use crate::homography::Homography;
use crate::linear::{dot, length};

/// By how much the other pose fits worse when it is ruled out, in squares of standard deviations.
const RULED_OUT: f64 = 14.0;
/// Poses nearer to each other than this are one, in radians.
const SAME_POSE_RAD: f64 = 0.004;
/// How many seeds are followed to their ends.
const FOLLOWED: usize = 4;

/// Where a fiducial's corners are seen.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct TagView {
    /// Lower left, lower right, upper right, upper left of the sheet, in pixels.
    pub corners_px: [[f64; 2]; 4],
    /// One standard deviation of each, on each axis, in pixels.
    pub sigma_px: f64,
}

/// A pose and how sure it is. The body is a fiducial or a machine.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct PoseEstimate {
    /// Takes points of the body's frame to the camera's.
    pub camera_from_body: RigidPose,
    /// Of the place (x, y, z in metres) and the attitude (rotation vector in radians, around the body's origin), both in
    /// the camera's frame.
    pub covariance: [[f64; 6]; 6],
    /// The root mean square of what is left of the corners on each axis, in pixels.
    pub residual_px: f64,
}

/// The likeliest pose, and the next likely one that is another.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct PosePair {
    /// The pose to use.
    pub best: PoseEstimate,
    /// The other pose, where there is one.
    pub other: Option<PoseEstimate>,
    /// The residual of the best pose as a share of the other's: near 1, a picture does not tell which is true. 0 where
    /// there is no other.
    pub ambiguity_ratio: f64,
    is_ambiguous: bool,
}

/// Why there is no pose.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoseError {
    /// The size is no fiducial's.
    #[error("a fiducial is 1 mm to 10 m wide")]
    Size,
    /// A standard deviation is none.
    #[error("a corner's standard deviation is more than 0 and at most 100 pixels")]
    Sigma,
    /// The corners do not go around counter-clockwise as seen.
    #[error("the corners do not go around a square that faces the camera")]
    Corners,
    /// The camera does not look there.
    #[error("the camera cannot see the corners where they are said to be")]
    NotSeen,
    /// No pose explains what is seen.
    #[error("no pose explains the corners")]
    NoPose,
    /// Points of a machine are too few, or more than a person lays.
    #[error("4 to 64 points say where a machine stands")]
    Points,
    /// There is nothing to go by.
    #[error("no surveyed fiducial is seen")]
    Nothing,
}

impl TagView {
    /// What a detection says of its fiducial's corners.
    pub fn of(detection: &Detection) -> Self {
        Self { corners_px: detection.corners_px, sigma_px: detection.corner_sigma_px() }
    }

    /// Where a followed fiducial's corners are, smoothed over frames.
    pub fn of_tracked(tag: &TrackedTag) -> Self {
        Self { corners_px: tag.smoothed_px, sigma_px: tag.detection.corner_sigma_px() }
    }

    pub(super) fn check(&self) -> Result<(), PoseError> {
        if !(self.sigma_px > 0.0 && self.sigma_px <= 100.0) {
            return Err(PoseError::Sigma);
        }
        let turns_left = (0..4).all(|index| {
            let [before, here, after] = [3, 0, 1].map(|offset| self.corners_px[(index + offset) % 4]);
            let (ax, ay) = (here[0] - before[0], here[1] - before[1]);
            let (bx, by) = (after[0] - here[0], after[1] - here[1]);
            ay * bx - ax * by > 1e-3 * ax.hypot(ay) * bx.hypot(by)
        });
        turns_left.then_some(()).ok_or(PoseError::Corners)
    }
}

/// The corners of a fiducial in its own frame, in metres, in the order of a detection.
pub(crate) fn corners_m(size_m: f64) -> [[f64; 3]; 4] {
    let half = size_m / 2.0;
    [[-half, -half, 0.0], [half, -half, 0.0], [half, half, 0.0], [-half, half, 0.0]]
}

/// The pose of a fiducial whose detection corners are `size_m` apart.
///
/// # Errors
/// When the numbers are no fiducial's, or nothing explains them.
pub fn estimate_tag(camera: &CameraModel, view: &TagView, size_m: f64) -> Result<PosePair, PoseError> {
    let seeds = tag_seeds(camera, view, size_m)?;
    let sights = corners_m(size_m).into_iter().zip(view.corners_px);
    let sights: Vec<Sight> =
        sights.map(|(point_m, pixel)| Sight { point_m, pixel, sigma_px: view.sigma_px }).collect();
    settle(camera, &sights, &seeds)
}

/// The two poses of a fiducial to start from.
pub(crate) fn tag_seeds(
    camera: &CameraModel,
    view: &TagView,
    size_m: f64,
) -> Result<[RigidPose; 2], PoseError> {
    if !(0.001..=10.0).contains(&size_m) {
        return Err(PoseError::Size);
    }
    view.check()?;
    let mut pairs = [([0.0; 2], [0.0; 2]); 4];
    for (pair, ([x, y, _], pixel)) in pairs.iter_mut().zip(corners_m(size_m).into_iter().zip(view.corners_px))
    {
        *pair = ([x, y], camera.unproject(pixel).ok_or(PoseError::NotSeen)?);
    }
    let homography = Homography::of_pairs(&pairs).ok_or(PoseError::NoPose)?;
    two_poses(&homography, &pairs).ok_or(PoseError::NoPose)
}

/// The best pose of a body and the next one, from seeds.
pub(super) fn settle(
    camera: &CameraModel,
    sights: &[Sight],
    seeds: &[RigidPose],
) -> Result<PosePair, PoseError> {
    let mut ranked: Vec<(f64, RigidPose)> =
        seeds.iter().filter_map(|seed| Some((super::fit::cost_of(camera, sights, seed)?, *seed))).collect();
    ranked.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut fits: Vec<Fit> =
        ranked.iter().take(FOLLOWED).filter_map(|(_, seed)| fit(camera, sights, *seed)).collect();
    fits.sort_by(|one, other| one.cost.total_cmp(&other.cost));
    let best = *fits.first().ok_or(PoseError::NoPose)?;
    let other = fits
        .iter()
        .find(|fit| fit.camera_from_body.angle_to_rad(&best.camera_from_body) > SAME_POSE_RAD)
        .copied();
    let estimate = |fit: &Fit| {
        let covariance = covariance(camera, sights, fit)?;
        Some(PoseEstimate {
            camera_from_body: fit.camera_from_body,
            covariance,
            residual_px: fit.residual_px,
        })
    };
    let ambiguity_ratio = other.map_or(0.0, |other| (best.cost / other.cost.max(1e-30)).sqrt().min(1.0));
    // What the camera is off by and what bends the sheet is left of both.
    let free = (2 * sights.len()).saturating_sub(6).max(1) as f64;
    let scale = (best.cost / free).max(1.0);
    Ok(PosePair {
        best: estimate(&best).ok_or(PoseError::NoPose)?,
        other: other.as_ref().and_then(estimate),
        ambiguity_ratio,
        is_ambiguous: other.is_some_and(|other| other.cost - best.cost < RULED_OUT * scale),
    })
}

impl PoseEstimate {
    /// The angle between a fiducial's face and the way from its middle to the camera, in radians.
    pub fn face_angle_rad(&self) -> f64 {
        let pose = &self.camera_from_body;
        let far_m = length(pose.position_m);
        let face = pose.rotation.map(|row| row[2]);
        if far_m > 0.0 { (-dot(face, pose.position_m) / far_m).clamp(-1.0, 1.0).acos() } else { 0.0 }
    }
}

impl PosePair {
    /// Whether the other pose may be the true one.
    pub fn is_ambiguous(&self) -> bool {
        self.is_ambiguous
    }

    /// The same poses with that as the best which is nearer to a previous one, as long as both may be true: so nothing
    /// flips from one frame to the next.
    pub fn following(self, previous: &RigidPose) -> Self {
        match self.other {
            Some(other)
                if self.is_ambiguous
                    && other.camera_from_body.angle_to_rad(previous)
                        < self.best.camera_from_body.angle_to_rad(previous) =>
            {
                Self { best: other, other: Some(self.best), ..self }
            }
            _ => self,
        }
    }
}
