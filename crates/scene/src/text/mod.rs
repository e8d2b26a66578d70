//! Texts: how wide they are, and their letters as small pictures, made for the size at which they are shown.

mod atlas;
mod face;

pub use atlas::{ATLAS_SIDE_PX, Atlas, Slot};
pub use face::{Faces, Weight};
