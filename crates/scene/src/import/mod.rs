//! Models out of files: glTF and GLB, STL and URDF, each within bounds, each refused with the place in the file.

mod accessor;
mod container;
mod fault;
mod gltf;
mod gltf_motion;
mod gltf_surface;
mod limits;
mod picture;
mod stl;
mod stl_text;
mod stranger;
mod urdf;
mod urdf_joint;

pub use fault::{ImportFault, Note};
pub use gltf::{JOINTS_KEY, read_gltf};
pub(crate) use gltf_motion::WrittenJoint;
pub use limits::Limits;
pub use stl::{LengthUnit, StlReading, UpAxis, read_stl};
pub use urdf::read_urdf;

use crate::model::Model;

/// A model that was read, and what of the file is not in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The model.
    pub model: Model,
    /// What was left out.
    pub notes: Vec<Note>,
}

/// Reads a file that stands alone, whichever of the known kinds it is: GLB, glTF with everything inside, or STL as
/// `stl` says. `name` is for what names nothing itself.
///
/// # Errors
/// When it is of no kind that is read here, damaged, or beyond the limits.
pub fn read(bytes: &[u8], name: &str, stl: &StlReading) -> Result<Imported, ImportFault> {
    let limits = Limits::default();
    limits.bytes_fit(bytes.len())?;
    if bytes.starts_with(container::MAGIC) || first_letter(bytes) == Some(b'{') {
        return read_gltf(bytes, name, &|_uri| None, &limits);
    }
    stranger::refuse(bytes)?;
    read_stl(bytes, name, stl, &limits)
}

fn first_letter(bytes: &[u8]) -> Option<u8> {
    bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}
