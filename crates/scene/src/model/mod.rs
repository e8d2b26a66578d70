//! What a machine is here: a tree of named parts with meshes, materials, joints and animations, whole and bounded.
//!
//! Frame: right-handed, metres, +Y up, as in glTF. The model's frame is the machine's frame: what a camera's pose, a
//! label's place and a point that was picked refer to.

mod animation;
mod fault;
mod joint;
mod mesh;
mod part;

pub use animation::{Animation, Channel, Keys, SplineKey, Track};
pub use fault::ModelFault;
pub use joint::{Joint, JointKind, JointLimits};
pub use mesh::{Alpha, Material, MaterialId, Mesh, MeshId, Surface, Texture, TextureId};
pub use part::{Extras, Part, PartId, Pose};

/// Parts of one model.
pub const PARTS_MAX: usize = 50_000;
/// Triangles of all parts together, a mesh counted for each part that shows it.
pub const TRIANGLES_MAX: usize = 6_000_000;
/// How deep parts lie in each other.
pub const DEPTH_MAX: usize = 64;
/// Characters of a name.
pub const NAME_CHARS_MAX: usize = 1_024;

/// The pieces of a model before anyone has looked whether they fit together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contents {
    /// What the machine is called.
    pub name: String,
    /// The parts, every parent before its children.
    pub parts: Vec<Part>,
    /// Meshes; several parts may show the same one.
    pub meshes: Vec<Mesh>,
    /// Materials.
    pub materials: Vec<Material>,
    /// Pictures that materials lay on surfaces.
    pub textures: Vec<Texture>,
    /// Joints that move parts.
    pub joints: Vec<Joint>,
    /// Movements over time, as the taking apart of a machine step by step.
    pub animations: Vec<Animation>,
    /// What else is known of the whole machine.
    pub extras: Extras,
}

/// A model whose pieces fit together: every index is in range, parents stand before their children, all numbers are
/// finite, and nothing is beyond the limits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    contents: Contents,
}

impl Model {
    /// Looks whether the pieces fit together.
    ///
    /// # Errors
    /// When they do not; the fault names the piece.
    pub fn of(contents: Contents) -> Result<Self, ModelFault> {
        fault::check(&contents)?;
        Ok(Self { contents })
    }

    /// What the machine is called.
    pub fn name(&self) -> &str {
        &self.contents.name
    }

    /// The parts, every parent before its children.
    pub fn parts(&self) -> &[Part] {
        &self.contents.parts
    }

    /// The meshes.
    pub fn meshes(&self) -> &[Mesh] {
        &self.contents.meshes
    }

    /// The materials.
    pub fn materials(&self) -> &[Material] {
        &self.contents.materials
    }

    /// The textures.
    pub fn textures(&self) -> &[Texture] {
        &self.contents.textures
    }

    /// The joints.
    pub fn joints(&self) -> &[Joint] {
        &self.contents.joints
    }

    /// The animations.
    pub fn animations(&self) -> &[Animation] {
        &self.contents.animations
    }

    /// What else is known of the whole machine.
    pub fn extras(&self) -> &Extras {
        &self.contents.extras
    }

    /// The part with this id, if the model has it.
    pub fn part(&self, id: PartId) -> Option<&Part> {
        self.contents.parts.get(id.index())
    }

    /// The first part of this name.
    pub fn part_named(&self, name: &str) -> Option<PartId> {
        self.contents.parts.iter().position(|part| part.name == name).map(PartId::at)
    }

    /// The mesh that a part shows.
    pub fn mesh_of(&self, part: &Part) -> Option<&Mesh> {
        part.mesh.and_then(|mesh| self.contents.meshes.get(mesh.index()))
    }

    /// Triangles of all parts together, a mesh counted for each part that shows it.
    pub fn drawn_triangles(&self) -> usize {
        self.parts().iter().filter_map(|part| self.mesh_of(part)).map(Mesh::triangle_count).sum()
    }

    /// The pieces, to make another model of them.
    pub fn into_contents(self) -> Contents {
        self.contents
    }
}
