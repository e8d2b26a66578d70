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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]
mod tests {
    use millwright_vision::{FiducialFamily, SurveyedTag, estimate_machine};

    use super::*;

    const SIZE_M: f64 = 0.08;

    fn turned(angle_rad: f64, position_m: [f64; 3]) -> RigidPose {
        RigidPose::of_quaternion([0.0, (angle_rad / 2.0).sin(), 0.0, (angle_rad / 2.0).cos()], position_m)
    }

    /// How a label that hangs there is seen from there.
    fn view(camera: &CameraModel, camera_from_label: &RigidPose) -> TagView {
        let half = SIZE_M / 2.0;
        let corners = [[-half, -half, 0.0], [half, -half, 0.0], [half, half, 0.0], [-half, half, 0.0]];
        let corners_px = corners.map(|corner| camera.project(camera_from_label.apply(corner)).unwrap());
        TagView { corners_px, sigma_px: 0.05 }
    }

    #[test]
    fn a_label_is_surveyed_by_pictures_that_show_it_beside_known_ones() {
        let camera = CameraModel::unmeasured(640, 480).unwrap();
        let known = [turned(0.1, [-0.2, 0.0, 0.0]), turned(-0.3, [0.25, 0.1, 0.02])];
        let unknown = turned(0.6, [0.05, -0.12, 0.03]);
        // The camera looks at the machine from its front, upright: x right, y down, z ahead.
        let upright = RigidPose::of_quaternion([1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.9]);
        let mut surveys = Surveys::default();
        for step in 0..12 {
            let camera_from_machine = upright.then(&turned(0.35 + 0.05 * f64::from(step), [0.0; 3]));
            let seen = known.map(|machine_from_tag| {
                let tag = SurveyedTag {
                    family: FiducialFamily::Tag36h11,
                    id: 0,
                    size_m: SIZE_M,
                    machine_from_tag,
                    sigma_m: 0.0,
                };
                (view(&camera, &camera_from_machine.then(&machine_from_tag)), tag)
            });
            let machine = estimate_machine(&camera, &seen, None).unwrap();
            surveys.add(0, &camera, &view(&camera, &camera_from_machine.then(&unknown)), SIZE_M, &machine);
        }
        let told = surveys.told(|_| Some((FiducialId::default(), "Base".to_owned())));
        let [label] = told.as_slice() else { unreachable!("{told:?}") };
        assert_eq!((label.name.as_str(), label.picture_count), ("Base", 12));
        let found =
            RigidPose::of_quaternion(label.machine_from_label.rotation, label.machine_from_label.position_m);
        assert!(found.distance_to_m(&unknown) < 0.001, "off by {} m", found.distance_to_m(&unknown));
        assert!(found.angle_to_rad(&unknown) < 0.02, "turned by {} rad", found.angle_to_rad(&unknown));
        assert!(label.sigma.iter().all(|sigma| *sigma > 0.0 && *sigma < 0.2), "{:?}", label.sigma);
    }

    #[test]
    fn a_label_that_no_picture_tells_well_is_not_surveyed() {
        let camera = CameraModel::unmeasured(640, 480).unwrap();
        // Far away and turned: two attitudes look the same but for less than the camera's noise.
        let upright = RigidPose::of_quaternion([1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 6.0]);
        let far = upright.then(&turned(0.5, [0.0; 3]));
        let seen = [(
            view(&camera, &far),
            SurveyedTag {
                family: FiducialFamily::Tag36h11,
                id: 0,
                size_m: SIZE_M,
                machine_from_tag: RigidPose::IDENTITY,
                sigma_m: 0.0,
            },
        )];
        let machine = estimate_machine(&camera, &seen, None).unwrap();
        let mut surveys = Surveys::default();
        surveys.add(0, &camera, &TagView { sigma_px: 1.0, ..view(&camera, &far) }, SIZE_M, &machine);
        assert_eq!(surveys.told(|_| Some((FiducialId::default(), String::new()))), []);
    }
}
