//! Meshes and what they are made of.

use glam::{Vec2, Vec3};

macro_rules! place {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The one at this place of the list.
            pub fn at(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            /// Its place in the list.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

place!(
    /// Which mesh of a model.
    MeshId
);
place!(
    /// Which material of a model.
    MaterialId
);
place!(
    /// Which texture of a model.
    TextureId
);

/// A shape, in the frame of the part that shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mesh {
    /// Its name.
    pub name: String,
    /// One for each material.
    pub surfaces: Vec<Surface>,
}

impl Mesh {
    /// Triangles of all its surfaces.
    pub fn triangle_count(&self) -> usize {
        self.surfaces.iter().map(|surface| surface.triangles.len()).sum()
    }
}

/// Triangles of one material, counter-clockwise seen from outside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Surface {
    /// Corners, metres.
    pub positions: Vec<Vec3>,
    /// One unit vector per corner.
    pub normals: Vec<Vec3>,
    /// Where each corner lies on the texture; empty where there is none.
    pub uvs: Vec<Vec2>,
    /// Three corners each.
    pub triangles: Vec<[u32; 3]>,
    /// What it is made of.
    pub material: Option<MaterialId>,
}

/// How light comes back from a surface: the metallic and roughness model of glTF.
#[derive(Clone, Debug, PartialEq)]
pub struct Material {
    /// Its name.
    pub name: String,
    /// Linear red, green, blue, and how opaque it is.
    pub base_color: [f32; 4],
    /// 0 for paint and plastic, 1 for bare metal.
    pub metallic: f32,
    /// 0 for a mirror, 1 for chalk.
    pub roughness: f32,
    /// Multiplies the base colour.
    pub texture: Option<TextureId>,
    /// Seen from behind too.
    pub double_sided: bool,
    /// How the opacity is understood.
    pub alpha: Alpha,
}

impl Default for Material {
    /// What glTF says of a surface that names no material.
    fn default() -> Self {
        Self {
            name: String::new(),
            base_color: [1.0; 4],
            metallic: 1.0,
            roughness: 1.0,
            texture: None,
            double_sided: false,
            alpha: Alpha::Opaque,
        }
    }
}

/// How the opacity of a material is understood.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Alpha {
    /// Not at all.
    Opaque,
    /// What is less opaque than this is not there.
    Mask(f32),
    /// What lies behind shines through.
    Blend,
}

/// A picture that lies on surfaces.
#[derive(Clone, PartialEq)]
pub struct Texture {
    /// Its name.
    pub name: String,
    /// Pixels in a row.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// Red, green, blue (sRGB) and opacity of each pixel, row by row from the top.
    pub rgba: Vec<u8>,
}

impl std::fmt::Debug for Texture {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "Texture({:?}, {} × {} px)", self.name, self.width_px, self.height_px)
    }
}
