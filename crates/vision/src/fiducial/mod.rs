//! Fiducials: printed squares that say which they are and, by their corners, where the camera stands.

mod codebook;
mod detect;
mod family;
mod hint;
mod track;

pub use detect::{Detection, Detector};
pub use family::FiducialFamily;
pub use hint::{Hint, hints};
pub use track::{TagTracker, TrackedTag};
