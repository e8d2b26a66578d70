//! What a camera's picture holds: codes on labels. It knows pictures and numbers, neither the camera nor the plant.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod code;
mod fiducial;
mod picture;
mod qr;

pub use code::{Code, CodeKind, read_code};
pub use fiducial::FiducialFamily;
pub use picture::{Picture, PictureError, SIDE_MAX_PX, SIDE_MIN_PX};
pub use qr::write_qr;
