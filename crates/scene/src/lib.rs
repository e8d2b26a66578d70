//! Machines in three dimensions: read from CAD exchange files or made by code, and drawn with what a person must see on
//! them, on a canvas and without a screen.
//!
//! Nothing here knows what a machine is for. Frame: right-handed, metres, +Y up; see [`model`].
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod camera;
mod export;
pub mod frame;
pub mod geometry;
pub mod import;
pub mod ink;
pub mod layout;
pub mod machine;
pub mod mark;
pub mod model;
pub mod pick;
pub mod pose;
#[cfg(feature = "render")]
pub mod render;
pub mod text;

pub use export::{ExportFault, to_glb};
