//! Where the camera stands: the pose of one fiducial, or of the machine that carries several, and how sure that is.
//!
//! Frames, in metres: the camera's has x right, y down, z ahead. A tag's begins in its middle and has x right and y up on
//! the printed sheet, z out of its face. `camera_from_tag` takes points of the tag's frame to the camera's.

mod certainty;
mod check;
mod estimate;
mod fit;
mod machine;
mod points;
mod rigid;
mod square;

pub use certainty::PointError;
pub use check::{TagFault, TagFinding, check_tags};
pub use estimate::{PoseError, PoseEstimate, PosePair, TagView, estimate_tag};
pub use machine::{SurveyedTag, estimate_machine};
pub use points::{POINTS_MIN, PointView, estimate_points};
pub use rigid::RigidPose;

pub(crate) use estimate::corners_m;
pub(crate) use fit::{Sight, cost_of, fit, residuals, sight_slopes, trust};
pub(crate) use square::two_poses;
