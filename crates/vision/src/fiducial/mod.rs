//! Fiducials: printed squares that say which they are and, by their corners, where the camera stands.

mod codebook;
mod family;

pub use family::FiducialFamily;
