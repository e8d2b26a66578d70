//! Which surveyed fiducial is not as it was surveyed: printed in another size, moved, or swapped with another one.

use super::estimate::{PoseError, TagView, corners_m, settle, tag_seeds};
use super::fit::{Sight, cost_of};
use super::machine::{SurveyedTag, gather};
use super::rigid::RigidPose;
use crate::camera::CameraModel;

/// Beyond so many squares of standard deviations for each free number, fiducials contradict each other.
const CONTRADICTION: f64 = 9.0;
/// A size that is off by less than this share is not said to be wrong.
const SIZE_SHARE_MIN: f64 = 0.02;

/// What is wrong with fiducials. From one place, one that was moved along the line of sight looks like one of another
/// size: then that is said.
#[derive(Clone, Debug, PartialEq)]
pub enum TagFault {
    /// The detection corners of this one are so many metres apart, not as many as it was registered with.
    WrongSize {
        /// Its place in what was seen.
        index: usize,
        /// What its size seems to be, in metres.
        size_m: f64,
    },
    /// This one hangs elsewhere.
    Moved {
        /// Its place in what was seen.
        index: usize,
        /// How far from where it was surveyed, in metres.
        by_m: f64,
    },
    /// These two hang in each other's places.
    Swapped {
        /// Their places in what was seen.
        indices: [usize; 2],
    },
    /// They contradict each other, and it cannot be told which is wrong.
    Contradiction,
}

/// What looking at each fiducial without the others gives.
#[derive(Clone, Debug, PartialEq)]
pub struct TagFinding {
    /// What is wrong; nothing when all agree.
    pub fault: Option<TagFault>,
    /// What is left of all corners, in squares of standard deviations for each free number: about 1 when all is well.
    pub disagreement: f64,
}

/// Holds surveyed fiducials that are seen together against each other, each against the rest.
///
/// # Errors
/// When none is seen, numbers are no fiducial's, or nothing explains them.
pub fn check_tags(camera: &CameraModel, seen: &[(TagView, SurveyedTag)]) -> Result<TagFinding, PoseError> {
    let disagreement = disagreement(camera, seen)?;
    if disagreement <= CONTRADICTION {
        return Ok(TagFinding { fault: None, disagreement });
    }
    let fault = resized(camera, seen)
        .or_else(|| odd_one_out(camera, seen))
        .or_else(|| swapped(camera, seen))
        .unwrap_or(TagFault::Contradiction);
    Ok(TagFinding { fault: Some(fault), disagreement })
}

/// What is left of all corners for each free number.
fn disagreement(camera: &CameraModel, seen: &[(TagView, SurveyedTag)]) -> Result<f64, PoseError> {
    let (sights, seeds) = gather(camera, seen)?;
    let pose = settle(camera, &sights, &seeds)?.best.camera_from_body;
    let cost = cost_of(camera, &sights, &pose).ok_or(PoseError::NoPose)?;
    Ok(cost / (2 * sights.len() - 6).max(1) as f64)
}

fn agrees(camera: &CameraModel, seen: &[(TagView, SurveyedTag)]) -> bool {
    disagreement(camera, seen).is_ok_and(|found| found <= CONTRADICTION)
}

/// The one whose absence makes the others agree. With two, either would.
fn odd_one_out(camera: &CameraModel, seen: &[(TagView, SurveyedTag)]) -> Option<TagFault> {
    if seen.len() < 3 {
        return None;
    }
    let mut alone = (0..seen.len()).filter_map(|index| {
        let rest = without(seen, index);
        agrees(camera, &rest).then_some((index, rest))
    });
    let (index, rest) = alone.next()?;
    if alone.next().is_some() {
        return None;
    }
    let (sights, seeds) = gather(camera, &rest).ok()?;
    let camera_from_machine = settle(camera, &sights, &seeds).ok()?.best.camera_from_body;
    let (view, tag) = seen.get(index)?;
    let surveyed = camera_from_machine.then(&tag.machine_from_tag);
    let by_m = tag_seeds(camera, view, tag.size_m)
        .ok()?
        .iter()
        .map(|camera_from_tag| camera_from_tag.distance_to_m(&surveyed))
        .fold(f64::INFINITY, f64::min);
    Some(TagFault::Moved { index, by_m })
}

/// The one that would agree with the others in another size.
fn resized(camera: &CameraModel, seen: &[(TagView, SurveyedTag)]) -> Option<TagFault> {
    if seen.len() < 2 {
        return None;
    }
    let mut found = (0..seen.len()).filter_map(|index| {
        let rest = without(seen, index);
        if rest.len() > 1 && !agrees(camera, &rest) {
            return None;
        }
        let (sights, seeds) = gather(camera, &rest).ok()?;
        let camera_from_machine = settle(camera, &sights, &seeds).ok()?.best.camera_from_body;
        let (view, tag) = seen.get(index)?;
        let size_m = seen_size_m(camera, view, tag, &camera_from_machine)?;
        let mut other = seen.to_vec();
        other.get_mut(index)?.1.size_m = size_m;
        let is_other = (size_m / tag.size_m - 1.0).abs() >= SIZE_SHARE_MIN;
        (is_other && agrees(camera, &other)).then_some(TagFault::WrongSize { index, size_m })
    });
    let fault = found.next()?;
    // With two, the other one might as well have the wrong size.
    if found.next().is_some() { None } else { Some(fault) }
}

/// The size in which a fiducial at its surveyed place is seen as it is.
fn seen_size_m(
    camera: &CameraModel,
    view: &TagView,
    tag: &SurveyedTag,
    camera_from_machine: &RigidPose,
) -> Option<f64> {
    let camera_from_tag = camera_from_machine.then(&tag.machine_from_tag);
    let cost = |size_m: f64| {
        let sights = corners_m(size_m).into_iter().zip(view.corners_px);
        let sights: Vec<Sight> =
            sights.map(|(point_m, pixel)| Sight { point_m, pixel, sigma_px: 1.0 }).collect();
        cost_of(camera, &sights, &camera_from_tag).unwrap_or(f64::INFINITY)
    };
    // Golden section over sizes from a fifth to five times the registered one.
    let (mut low, mut high) = ((tag.size_m / 5.0).ln(), (tag.size_m * 5.0).ln());
    let golden = 0.618_033_988_749_894_9;
    for _ in 0..60 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if cost(left.exp()) <= cost(right.exp()) {
            high = right;
        } else {
            low = left;
        }
    }
    let size_m = f64::midpoint(low, high).exp();
    size_m.is_finite().then_some(size_m)
}

/// The two whose exchange makes all agree.
fn swapped(camera: &CameraModel, seen: &[(TagView, SurveyedTag)]) -> Option<TagFault> {
    let pairs = (0..seen.len()).flat_map(|one| (one + 1..seen.len()).map(move |other| [one, other]));
    let mut found = pairs.filter(|[one, other]| {
        let mut exchanged = seen.to_vec();
        let place = exchanged[*one].1.machine_from_tag;
        exchanged[*one].1.machine_from_tag = exchanged[*other].1.machine_from_tag;
        exchanged[*other].1.machine_from_tag = place;
        agrees(camera, &exchanged)
    });
    let indices = found.next()?;
    if found.next().is_some() { None } else { Some(TagFault::Swapped { indices }) }
}

fn without(seen: &[(TagView, SurveyedTag)], left_out: usize) -> Vec<(TagView, SurveyedTag)> {
    seen.iter().enumerate().filter(|(index, _)| *index != left_out).map(|(_, tag)| *tag).collect()
}
