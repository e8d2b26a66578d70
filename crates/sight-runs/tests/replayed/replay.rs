//! A run seen again as guidance sees it: followed fiducials, the machine's pose from all of them, and how far off both
//! are against the truth.

use millwright_sight_runs::{Recorded, TrueFrame};
use millwright_vision::{
    CameraModel, FiducialFamily, PointError, RecordingReader, RigidPose, SurveyedTag, TagTracker, TagView,
    estimate_machine,
};

/// A label that is seen in so many pixels around its true place is that label.
const SAME_PLACE_PX: f64 = 6.0;

/// What a frame told.
#[derive(Clone, Debug)]
pub struct Told {
    pub at_s: f64,
    /// The numbers of the labels that were found.
    pub ids: Vec<u32>,
    /// Found where no label of that number is.
    pub wrong: usize,
    pub corners: Vec<Corners>,
    pub pose: Option<Off>,
}

/// How far the corners of a label are off, in pixels.
#[derive(Copy, Clone, Debug)]
pub struct Corners {
    pub id: u32,
    /// The root mean square on each axis.
    pub off_px: f64,
    /// How much farther from the middle they are than they should be.
    pub grown_px: f64,
}

/// How far a pose is off.
#[derive(Copy, Clone, Debug)]
pub struct Off {
    pub point_mm: f64,
    pub turn_deg: f64,
    pub stated: PointError,
}

impl Off {
    pub fn is_bounded(&self) -> bool {
        self.point_mm <= self.stated.bound_mm && self.turn_deg <= self.stated.bound_deg
    }
}

/// Looks at a run from its bytes, as they would come from a file.
pub fn replay(recorded: &Recorded) -> Vec<Told> {
    let bytes = recorded.to_recording().unwrap();
    let mut reader = RecordingReader::open(bytes.as_slice()).unwrap();
    let camera = reader.camera().clone();
    assert_eq!(camera, recorded.camera);
    let mut tracker = TagTracker::new(&FiducialFamily::ALL);
    let mut previous: Option<RigidPose> = None;
    let mut told = vec![];
    for truth in &recorded.frames {
        let frame = reader.next_frame().unwrap().unwrap();
        assert_eq!(frame.at_s, truth.at_s);
        let tags = tracker.track(frame.as_grey().unwrap(), frame.at_s);
        let label_of = |id: u32| recorded.labels.iter().find(|label| label.id == id).copied();
        let (mut ids, mut corners, mut wrong, mut seen) = (vec![], vec![], 0, vec![]);
        for tag in tags {
            let view = TagView::of_tracked(tag);
            let known = label_of(tag.detection.id).filter(|label| label.family == tag.detection.family);
            let off = known.and_then(|label| off(&camera, truth, &label, &view));
            if off.is_none_or(|off| off.off_px > SAME_PLACE_PX) {
                wrong += 1;
            }
            ids.push(tag.detection.id);
            corners.extend(off);
            seen.extend(known.map(|label| (view, label)));
        }
        let pair = estimate_machine(&camera, &seen, previous.as_ref()).ok();
        let pose = pair.map(|pair| {
            let found = pair.best.camera_from_body;
            previous = Some(found);
            let [one, other] = [&found, &truth.camera_from_machine].map(|pose| pose.apply(recorded.point_m));
            let apart = (0..3).map(|axis| (one[axis] - other[axis]).powi(2)).sum::<f64>().sqrt();
            Off {
                point_mm: apart * 1_000.0,
                turn_deg: found.angle_to_rad(&truth.camera_from_machine).to_degrees(),
                stated: pair.error_at(recorded.point_m),
            }
        });
        told.push(Told { at_s: truth.at_s, ids, wrong, corners, pose });
    }
    assert!(reader.next_frame().unwrap().is_none());
    told
}

/// How far corners are off their true places; nothing where the camera cannot see those.
fn off(camera: &CameraModel, truth: &TrueFrame, label: &SurveyedTag, view: &TagView) -> Option<Corners> {
    let camera_from_tag = truth.camera_from_machine.then(&label.machine_from_tag);
    let middle = camera.project(camera_from_tag.position_m)?;
    let half = label.size_m / 2.0;
    let corners = [[-half, -half, 0.0], [half, -half, 0.0], [half, half, 0.0], [-half, half, 0.0]];
    let (mut squares, mut grown_px) = (0.0, 0.0);
    for (corner, seen) in corners.into_iter().zip(view.corners_px) {
        let [x, y] = camera.project(camera_from_tag.apply(corner))?;
        squares += (seen[0] - x).powi(2) + (seen[1] - y).powi(2);
        let far = |corner: [f64; 2]| (corner[0] - middle[0]).hypot(corner[1] - middle[1]);
        grown_px += (far(seen) - far([x, y])) / 4.0;
    }
    Some(Corners { id: label.id, off_px: (squares / 8.0).sqrt(), grown_px })
}

/// The share of frames with a pose in which what was stated held; 1 where there is no pose.
pub fn bounded_share(told: &[Told]) -> f64 {
    let poses: Vec<&Off> = told.iter().filter_map(|told| told.pose.as_ref()).collect();
    let held = poses.iter().filter(|off| off.is_bounded()).count();
    if poses.is_empty() { 1.0 } else { held as f64 / poses.len() as f64 }
}

/// Says in a line what a run came to.
pub fn report(name: &str, labels: usize, told: &[Told]) -> String {
    let poses: Vec<&Off> = told.iter().filter_map(|told| told.pose.as_ref()).collect();
    let found: usize = told.iter().map(|told| told.ids.len()).sum();
    let all = |of: fn(&Off) -> f64| poses.iter().map(|off| of(off)).collect::<Vec<f64>>();
    let [mm, deg, bound] = [all(|off| off.point_mm), all(|off| off.turn_deg), all(|off| off.stated.bound_mm)];
    format!(
        "{name:14} | labels {found:3} of {:3} | poses {:3} of {:3} | median {:6.2} mm {:.3}° | p95 {:6.2} mm {:.3}° | \
         bound median {:.2} mm | held {:.3}",
        labels * told.len(),
        poses.len(),
        told.len(),
        percentile(&mm, 0.5),
        percentile(&deg, 0.5),
        percentile(&mm, 0.95),
        percentile(&deg, 0.95),
        percentile(&bound, 0.5),
        bounded_share(told),
    )
}

fn percentile(values: &[f64], share: f64) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(((values.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or(f64::NAN)
}
