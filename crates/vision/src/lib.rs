//! What a camera's picture holds: codes on labels, and fiducials that tell where the camera stands. It knows pictures and
//! numbers, neither the camera nor the plant.
//!
//! From a frame to a pose: a [`Detector`] (or a [`TagTracker`], from frame to frame) finds fiducials in a [`GreyFrame`],
//! a [`CameraModel`] says what the lens does, [`estimate_tag`] and [`estimate_machine`] give the pose, and
//! [`PosePair::error_at`] how far off it may be. [`calibrate`] measures a camera by a printed board.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod calibrate;
mod camera;
mod code;
mod fiducial;
mod frame;
mod homography;
mod linear;
mod picture;
mod pose;
mod qr;
mod recording;

pub use calibrate::{
    CHECK_VIEWS_MAX, CHECK_VIEWS_MIN, COVERAGE_MIN, Calibration, CalibrationBoard, CalibrationError,
    CheckMissing, EDGE_OFF_MAX, PICTURES_MIN, ProfileCheck, ProfileEvidence, ProfileMisfit, SCALE_OFF_MAX,
    calibrate, check_profile,
};
pub use camera::{CameraError, CameraModel, CameraNumbers};
pub use code::{Code, CodeKind, read_code};
pub use fiducial::{Detection, Detector, FiducialFamily, Hint, TagTracker, TrackedTag, hints};
pub use frame::{FRAME_SIDE_MAX_PX, FrameError, GreyFrame, Region};
pub use picture::{Picture, PictureError, SIDE_MAX_PX, SIDE_MIN_PX};
pub use pose::{
    POINTS_MIN, PointError, PointView, PoseError, PoseEstimate, PosePair, RigidPose, SurveyedTag, TagFault,
    TagFinding, TagView, check_tags, estimate_machine, estimate_points, estimate_tag,
};
pub use qr::write_qr;
pub use recording::{
    RECORDING_BYTES_MAX, RECORDING_FRAMES_MAX, RecordedFrame, RecordingError, RecordingReader,
    RecordingWriter,
};
