//! Where labels hang that nobody surveyed, gathered from pictures that show them beside labels whose places are known.

use std::collections::BTreeMap;

use millwright_model::{FiducialId, SurveyedLabel};
use millwright_vision::{CameraModel, PosePair, RigidPose, TagView, estimate_tag};

use super::look::kept;

/// More pictures say nothing new.
const PICTURES_MAX: u32 = 400;

/// What was gathered, by the place of a label in the register.
#[derive(Default)]
pub(super) struct Surveys(BTreeMap<usize, Gathered>);

/// What pictures say of one label.
#[derive(Clone, Default)]
struct Gathered {
    count: u32,
    position_sum_m: [f64; 3],
    position_squares: [f64; 3],
    quaternion_sum: [f64; 4],
    /// Angles to the first attitude, squared, in radians.
    first: Option<RigidPose>,
    angle_squares: f64,
    /// How far off the machine's own pose is there: that is the same in all pictures, and not averaged away.
    pose_sigma_m: f64,
    pose_sigma_rad: f64,
}

impl Surveys {
    /// Adds what a picture says of a label. A pose that may be another one says nothing.
    pub(super) fn add(
        &mut self,
        label: usize,
        camera: &CameraModel,
        view: &TagView,
        size_m: f64,
        machine: &PosePair,
    ) {
        let Ok(tag) = estimate_tag(camera, view, size_m) else { return };
        let gathered = self.0.entry(label).or_default();
        if tag.is_ambiguous() || gathered.count >= PICTURES_MAX {
            return;
        }
        let camera_from_machine = &machine.best.camera_from_body;
        let machine_from_label = camera_from_machine.inverse().then(&tag.best.camera_from_body);
        let place = machine.error_at(machine_from_label.position_m);
        gathered.take(&machine_from_label, place.sigma_mm / 1_000.0, place.bound_deg.to_radians() / 2.0);
    }

    /// What was gathered, with the id and the name of each label.
    pub(super) fn told(&self, named: impl Fn(usize) -> Option<(FiducialId, String)>) -> Vec<SurveyedLabel> {
        self.0
            .iter()
            .filter_map(|(label, gathered)| {
                let (fiducial_id, name) = named(*label)?;
                let (pose, sigma) = gathered.mean()?;
                Some(SurveyedLabel {
                    fiducial_id,
                    name,
                    picture_count: gathered.count,
                    machine_from_label: kept(&pose),
                    sigma,
                })
            })
            .collect()
    }
}

impl Gathered {
    fn take(&mut self, pose: &RigidPose, sigma_m: f64, sigma_rad: f64) {
        let first = *self.first.get_or_insert(*pose);
        let quaternion = pose.quaternion();
        let along: f64 = quaternion.iter().zip(first.quaternion()).map(|(one, other)| one * other).sum();
        let sign = if along < 0.0 { -1.0 } else { 1.0 };
        for (axis, place_m) in pose.position_m.into_iter().enumerate() {
            self.position_sum_m[axis] += place_m;
            self.position_squares[axis] += (place_m - first.position_m[axis]).powi(2);
        }
        for (sum, part) in self.quaternion_sum.iter_mut().zip(quaternion) {
            *sum += sign * part;
        }
        self.angle_squares += first.angle_to_rad(pose).powi(2);
        self.count += 1;
        let share = 1.0 / f64::from(self.count);
        self.pose_sigma_m += (sigma_m - self.pose_sigma_m) * share;
        self.pose_sigma_rad += (sigma_rad - self.pose_sigma_rad) * share;
    }

    /// The pose in the middle, and how sure it is.
    fn mean(&self) -> Option<(RigidPose, [f64; 6])> {
        let first = self.first?;
        let count = f64::from(self.count);
        let position_m = self.position_sum_m.map(|sum| sum / count);
        let long = self.quaternion_sum.iter().map(|part| part * part).sum::<f64>().sqrt();
        if long < 1e-9 {
            return None;
        }
        let pose = RigidPose::of_quaternion(self.quaternion_sum.map(|part| part / long), position_m);
        let spread = |axis: usize| {
            let mean = position_m[axis] - first.position_m[axis];
            (self.position_squares[axis] / count - mean * mean).max(0.0) / count
        };
        let place = [0, 1, 2].map(|axis| (spread(axis) + self.pose_sigma_m.powi(2) / 3.0).sqrt());
        let mean_rad = first.angle_to_rad(&pose);
        let turned = (self.angle_squares / count - mean_rad * mean_rad).max(0.0) / count;
        let angle = (turned / 3.0 + self.pose_sigma_rad.powi(2) / 3.0).sqrt();
        Some((pose, [place[0], place[1], place[2], angle, angle, angle]))
    }
}
