//! Fiducials from frame to frame: sought where they should be, and smoothed without hiding that something jumped.
//!
//! The same frames with the same times give the same answers, bit for bit.

use super::detect::{Detection, Detector};
use super::family::FiducialFamily;
use crate::frame::{GreyFrame, Region};

/// The whole frame is searched at least so often, in frames: something may have come into view.
const WHOLE_EVERY: u32 = 10;
/// What was not seen for so many frames is given up.
const MISSED_MAX: u32 = 5;
/// How much of what a frame says anew is believed at least for the place, and for the speed.
const PLACE_GAIN: f64 = 0.6;
const SPEED_GAIN: f64 = 0.4;
/// Corners this many standard deviations away from where they should be have jumped.
const JUMP_SIGMAS: f64 = 4.0;
/// What motion may add to that between two frames, in pixels.
const MOTION_SIGMA_PX: f64 = 0.3;
/// What is searched around a fiducial, as a share of its size and in pixels.
const AROUND_SHARE: f64 = 0.5;
const AROUND_PX: f64 = 12.0;
/// Times farther apart than this, in seconds, are not one motion.
const GAP_MAX_S: f64 = 0.5;

/// A fiducial that is seen in this frame and may have been seen before.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct TrackedTag {
    /// What this frame says.
    pub detection: Detection,
    /// The corners with what earlier frames said, in pixels. After a jump, those of the detection.
    pub smoothed_px: [[f64; 2]; 4],
    /// How fast its middle moves, in pixels per second.
    pub speed_px_per_s: [f64; 2],
    /// Whether it is elsewhere than its motion so far would have it.
    pub jumped: bool,
}

/// What is followed.
#[derive(Copy, Clone, Debug)]
struct Track {
    tag: TrackedTag,
    /// Of each corner, in pixels per second.
    speeds: [[f64; 2]; 4],
    seen_at_s: f64,
    missed: u32,
}

/// Follows fiducials through the frames of one camera.
#[derive(Clone, Debug)]
pub struct TagTracker {
    detector: Detector,
    tracks: Vec<Track>,
    since_whole: u32,
    contrast_min: Option<u8>,
    size_px: (usize, usize),
    seen: Vec<Detection>,
    shown: Vec<TrackedTag>,
}

impl TagTracker {
    /// A tracker of some families.
    pub fn new(families: &[FiducialFamily]) -> Self {
        Self {
            detector: Detector::new(families),
            tracks: vec![],
            since_whole: 0,
            contrast_min: None,
            size_px: (0, 0),
            seen: vec![],
            shown: vec![],
        }
    }

    /// Forgets all that was seen.
    pub fn reset(&mut self) {
        self.tracks.clear();
        self.since_whole = 0;
        self.contrast_min = None;
    }

    /// The fiducials in the next frame, taken at `at_s` seconds of any clock that goes forward.
    pub fn track(&mut self, frame: GreyFrame<'_>, at_s: f64) -> &[TrackedTag] {
        let size_px = (frame.width_px(), frame.height_px());
        if self.size_px != size_px {
            self.reset();
            self.size_px = size_px;
        }
        self.look(frame, at_s);
        self.follow(at_s);
        &self.shown
    }

    /// Looks where fiducials should be, and everywhere when there are none, one is missing or it is time.
    fn look(&mut self, frame: GreyFrame<'_>, at_s: f64) {
        self.seen.clear();
        let is_due = self.tracks.is_empty() || self.since_whole >= WHOLE_EVERY;
        if let Some(contrast_min) = self.contrast_min.filter(|_| !is_due) {
            for track in &self.tracks {
                let region = track.region(at_s, self.size_px);
                let found = self.detector.detect_with_contrast(frame, region, contrast_min);
                self.seen.extend(track.nearest(found, at_s));
            }
            if self.seen.len() == self.tracks.len() {
                self.since_whole += 1;
                return;
            }
        }
        self.since_whole = 1;
        self.seen.clear();
        self.seen.extend_from_slice(self.detector.detect(frame));
        self.contrast_min = Some(self.detector.contrast_min());
    }

    /// Gives each track its detection, and begins new ones.
    fn follow(&mut self, at_s: f64) {
        self.shown.clear();
        for track in &mut self.tracks {
            let Some(detection) = track.nearest(&self.seen, at_s) else {
                track.missed += 1;
                continue;
            };
            self.seen.retain(|other| *other != detection);
            track.take(detection, at_s);
        }
        self.tracks.retain(|track| track.missed <= MISSED_MAX);
        self.tracks.extend(self.seen.drain(..).map(|detection| Track::new(detection, at_s)));
        self.shown.extend(self.tracks.iter().filter(|track| track.missed == 0).map(|track| track.tag));
        self.shown.sort_by(|one, other| {
            let key = |tag: &TrackedTag| (tag.detection.family, tag.detection.id);
            let place = |tag: &TrackedTag| tag.detection.corners_px[0];
            key(one)
                .cmp(&key(other))
                .then(place(one)[0].total_cmp(&place(other)[0]))
                .then(place(one)[1].total_cmp(&place(other)[1]))
        });
    }
}

impl Track {
    fn new(detection: Detection, at_s: f64) -> Self {
        let tag = TrackedTag {
            detection,
            smoothed_px: detection.corners_px,
            speed_px_per_s: [0.0; 2],
            jumped: false,
        };
        Self { tag, speeds: [[0.0; 2]; 4], seen_at_s: at_s, missed: 0 }
    }

    /// Where the corners should be by now.
    fn expected(&self, at_s: f64) -> [[f64; 2]; 4] {
        let later_s = (at_s - self.seen_at_s).clamp(0.0, GAP_MAX_S);
        [0, 1, 2, 3].map(|corner: usize| {
            [0, 1].map(|axis: usize| self.tag.smoothed_px[corner][axis] + self.speeds[corner][axis] * later_s)
        })
    }

    /// What is searched for it.
    fn region(&self, at_s: f64, (width, height): (usize, usize)) -> Region {
        let corners = self.expected(at_s);
        let bounds = |axis: usize, most: usize| {
            let values = corners.map(|corner| corner[axis]);
            let low = values.iter().fold(f64::INFINITY, |low, value| low.min(*value));
            let high = values.iter().fold(f64::NEG_INFINITY, |high, value| high.max(*value));
            let around = (high - low) * AROUND_SHARE + AROUND_PX;
            let cut = |place: f64| place.clamp(0.0, most as f64) as usize;
            (cut(low - around), cut(high + around + 1.0))
        };
        let ((left_px, right_px), (top_px, bottom_px)) = (bounds(0, width), bounds(1, height));
        Region { left_px, top_px, width_px: right_px - left_px, height_px: bottom_px - top_px }
    }

    /// Of its namesakes, the one nearest to where it should be; none that is farther away than it is large.
    fn nearest(&self, found: &[Detection], at_s: f64) -> Option<Detection> {
        let expected = self.expected(at_s);
        let side_px = self.tag.detection.sides_px().iter().fold(0.0_f64, |most, side| most.max(*side));
        let off = |detection: &Detection| off_px(&expected, &detection.corners_px);
        found
            .iter()
            .filter(|other| (other.family, other.id) == (self.tag.detection.family, self.tag.detection.id))
            .min_by(|one, other| off(one).total_cmp(&off(other)))
            .filter(|nearest| off(nearest) <= 3.0 * side_px + AROUND_PX)
            .copied()
    }

    /// Takes in what a frame says.
    fn take(&mut self, detection: Detection, at_s: f64) {
        let expected = self.expected(at_s);
        let later_s = at_s - self.seen_at_s;
        let sigma_px = detection.corner_sigma_px().hypot(MOTION_SIGMA_PX);
        let off_px = off_px(&expected, &detection.corners_px);
        let jumped = off_px > JUMP_SIGMAS * sigma_px;
        let gain = place_gain(off_px, detection.corner_sigma_px());
        let is_motion = later_s > 0.0 && later_s <= GAP_MAX_S;
        let seen = detection.corners_px.iter().flatten();
        let due = expected.iter().flatten();
        let smoothed = self.tag.smoothed_px.iter_mut().flatten();
        for (((seen, due), place), speed) in seen.zip(due).zip(smoothed).zip(self.speeds.iter_mut().flatten())
        {
            if jumped || !is_motion {
                *speed = if is_motion { (seen - *place) / later_s } else { 0.0 };
                *place = *seen;
            } else {
                *place = due + gain * (seen - due);
                *speed += SPEED_GAIN * (seen - due) / later_s;
            }
        }
        let speed = |axis: usize| self.speeds.iter().map(|speed| speed[axis]).sum::<f64>() / 4.0;
        self.tag.speed_px_per_s = [speed(0), speed(1)];
        self.tag.detection = detection;
        self.tag.jumped = jumped;
        self.seen_at_s = at_s;
        self.missed = 0;
    }
}

/// How much of what a frame says anew is believed for the place, when corners are `off_px` from where they were due.
///
/// What is due is off by more than what is seen as soon as a hand does not move evenly. The mean of both that is off least
/// weighs them by their squares; so smoothing never takes corners farther from the truth than they are said to be off.
fn place_gain(off_px: f64, sigma_px: f64) -> f64 {
    // Over both axes of a corner.
    let off_axis_px = off_px / f64::sqrt(2.0);
    PLACE_GAIN.max(1.0 - (sigma_px / off_axis_px.max(sigma_px)).powi(2))
}

/// How far corners are off, as the root mean square in pixels.
fn off_px(one: &[[f64; 2]; 4], other: &[[f64; 2]; 4]) -> f64 {
    let squares = one.iter().flatten().zip(other.iter().flatten()).map(|(one, other)| (one - other).powi(2));
    (squares.sum::<f64>() / 4.0).sqrt()
}
