//! Meshes, materials and textures of a glTF file.

use glam::{Vec2, Vec3};
use gltf::json::material::AlphaMode;
use gltf::json::mesh::{Mode, Primitive, Semantic};
use gltf::json::validation::Checked;
use gltf::json::{Index, Root};

use super::accessor::Buffers;
use super::limits::{Limits, Tally};
use super::{ImportFault, Note, picture};
use crate::geometry::flat_shaded;
use crate::model::{Alpha, Material, MaterialId, Mesh, Surface, Texture, TextureId};

/// What was made.
pub(super) struct Made {
    pub(super) meshes: Vec<Mesh>,
    pub(super) materials: Vec<Material>,
    pub(super) textures: Vec<Texture>,
}

pub(super) fn read(
    buffers: &Buffers<'_>,
    outside: &dyn Fn(&str) -> Option<Vec<u8>>,
    limits: &Limits,
    notes: &mut Vec<Note>,
) -> Result<Made, ImportFault> {
    let pictures = Pictures::read(buffers, outside, limits)?;
    let mut materials = Vec::with_capacity(buffers.root.materials.len());
    for (index, described) in buffers.root.materials.iter().enumerate() {
        materials.push(material(index, described, &pictures, limits)?);
    }
    let mut meshes = Vec::with_capacity(buffers.root.meshes.len());
    let mut corners = Tally::of("corners of all meshes", limits.corners as u64);
    let mut triangles = Tally::of("triangles of all meshes", limits.triangles as u64);
    for (index, mesh) in buffers.root.meshes.iter().enumerate() {
        let name = mesh.name.clone().unwrap_or_default();
        limits.name(&format!("mesh {index}"), &name)?;
        let mut surfaces = Vec::new();
        for (primitive_index, primitive) in mesh.primitives.iter().enumerate() {
            let at = format!("mesh {index} «{name}», primitive {primitive_index}");
            let read = PrimitiveReader { buffers, at: &at, corners: &mut corners, triangles: &mut triangles };
            surfaces.extend(read.surface(primitive, notes)?);
        }
        meshes.push(Mesh { name, surfaces });
    }
    Ok(Made { meshes, materials, textures: pictures.textures })
}

/// The pictures that materials want, each once, in the order of the file.
struct Pictures<'a> {
    root: &'a Root,
    textures: Vec<Texture>,
    texture_of_picture: Vec<Option<TextureId>>,
}

impl<'a> Pictures<'a> {
    fn read(
        buffers: &Buffers<'a>,
        outside: &dyn Fn(&str) -> Option<Vec<u8>>,
        limits: &Limits,
    ) -> Result<Self, ImportFault> {
        let root = buffers.root;
        let mut wanted = vec![false; root.images.len()];
        let infos = root.materials.iter().map(|material| &material.pbr_metallic_roughness.base_color_texture);
        for texture in infos.flatten().filter_map(|info| root.get(info.index)) {
            if let Some(wanted) = wanted.get_mut(texture.source.value()) {
                *wanted = true;
            }
        }
        let mut pictures =
            Self { root, textures: Vec::new(), texture_of_picture: vec![None; root.images.len()] };
        let mut pixels = Tally::of("pixels of all textures", limits.texture_pixels);
        for (index, image) in root.images.iter().enumerate() {
            if wanted.get(index) != Some(&true) {
                continue;
            }
            let at = format!("image {index}");
            let name = image.name.clone().unwrap_or_default();
            limits.name(&at, &name)?;
            let bytes = picture::bytes_of(image, buffers, &at, outside, limits)?;
            if let Some(place) = pictures.texture_of_picture.get_mut(index) {
                *place = Some(TextureId::at(pictures.textures.len()));
            }
            pictures.textures.push(picture::read(&bytes, name, &at, limits, &mut pixels)?);
        }
        Ok(pictures)
    }

    fn texture(&self, index: Index<gltf::json::Texture>, at: &str) -> Result<TextureId, ImportFault> {
        let picture = self.root.get(index).map(|texture| texture.source.value());
        let known = picture.and_then(|picture| self.texture_of_picture.get(picture).copied().flatten());
        known.ok_or_else(|| ImportFault::damaged(at, "its texture is not there"))
    }
}

fn material(
    index: usize,
    material: &gltf::json::Material,
    pictures: &Pictures<'_>,
    limits: &Limits,
) -> Result<Material, ImportFault> {
    let at = format!("material {index}");
    let name = material.name.clone().unwrap_or_default();
    limits.name(&at, &name)?;
    let look = &material.pbr_metallic_roughness;
    let alpha = match material.alpha_mode {
        Checked::Valid(AlphaMode::Opaque) => Alpha::Opaque,
        Checked::Valid(AlphaMode::Mask) => Alpha::Mask(material.alpha_cutoff.map_or(0.5, |cutoff| cutoff.0)),
        Checked::Valid(AlphaMode::Blend) => Alpha::Blend,
        Checked::Invalid => return Err(ImportFault::damaged(at, "its alpha mode is not known")),
    };
    let texture = match &look.base_color_texture {
        Some(info) => Some(pictures.texture(info.index, &at)?),
        None => None,
    };
    Ok(Material {
        name,
        base_color: look.base_color_factor.0,
        metallic: look.metallic_factor.0,
        roughness: look.roughness_factor.0,
        texture,
        double_sided: material.double_sided,
        alpha,
    })
}

struct PrimitiveReader<'a> {
    buffers: &'a Buffers<'a>,
    at: &'a str,
    corners: &'a mut Tally,
    triangles: &'a mut Tally,
}

impl PrimitiveReader<'_> {
    fn surface(
        mut self,
        primitive: &Primitive,
        notes: &mut Vec<Note>,
    ) -> Result<Option<Surface>, ImportFault> {
        if primitive.targets.as_ref().is_some_and(|targets| !targets.is_empty()) {
            return Err(ImportFault::Unsupported {
                at: self.at.to_owned(),
                what: "a morph target".to_owned(),
                advice: "Export it without shape keys.",
            });
        }
        let Checked::Valid(mode) = primitive.mode else {
            return Err(ImportFault::damaged(self.at, "its mode is not known"));
        };
        if matches!(mode, Mode::Points | Mode::Lines | Mode::LineLoop | Mode::LineStrip) {
            notes.push(Note::NoSurface { at: self.at.to_owned() });
            return Ok(None);
        }
        let positions = self.vectors(primitive, &Semantic::Positions)?.map(vec3s);
        let positions = positions.ok_or_else(|| ImportFault::damaged(self.at, "it has no positions"))?;
        let triangles = self.triangles(primitive, mode, positions.len())?;
        if triangles.is_empty() {
            notes.push(Note::NoTriangles { at: self.at.to_owned() });
            return Ok(None);
        }
        let material = primitive.material.map(|material| MaterialId::at(material.value()));
        let uvs = self.uvs(primitive)?;
        let surface = match self.vectors(primitive, &Semantic::Normals)?.map(vec3s) {
            Some(normals) => Surface { positions, normals, uvs, triangles, material },
            None => {
                self.corners.take(self.at, triangles.len() as u64 * 3)?;
                flat_shaded(&Surface { positions, normals: Vec::new(), uvs, triangles, material })
            }
        };
        Ok(Some(surface))
    }

    fn vectors(
        &mut self,
        primitive: &Primitive,
        semantic: &Semantic,
    ) -> Result<Option<Vec<[f32; 3]>>, ImportFault> {
        let Some(index) = primitive.attributes.get(&Checked::Valid(semantic.clone())) else {
            return Ok(None);
        };
        let numbers = self.buffers.numbers(*index, self.at)?;
        self.corners.take(self.at, numbers.count as u64)?;
        Ok(Some(numbers.vectors(self.at)?))
    }

    fn uvs(&mut self, primitive: &Primitive) -> Result<Vec<Vec2>, ImportFault> {
        let material = primitive.material.and_then(|material| self.buffers.root.get(material));
        let info = material.and_then(|material| material.pbr_metallic_roughness.base_color_texture.as_ref());
        let set = info.map_or(0, |info| info.tex_coord);
        let semantic = Checked::Valid(Semantic::TexCoords(set));
        let Some(index) = primitive.attributes.get(&semantic) else { return Ok(Vec::new()) };
        let numbers = self.buffers.numbers(*index, self.at)?;
        self.corners.take(self.at, numbers.count as u64)?;
        Ok(numbers.vectors::<2>(self.at)?.into_iter().map(Vec2::from).collect())
    }

    fn triangles(
        &mut self,
        primitive: &Primitive,
        mode: Mode,
        corner_count: usize,
    ) -> Result<Vec<[u32; 3]>, ImportFault> {
        let indices: Vec<u32> = match primitive.indices {
            Some(index) => {
                let numbers = self.buffers.numbers(index, self.at)?;
                // A strip of as many indices has the most triangles.
                self.triangles.take(
                    self.at,
                    (numbers.count as u64).div_ceil(if mode == Mode::Triangles { 3 } else { 1 }),
                )?;
                numbers.indices(self.at)?
            }
            None => {
                self.triangles.take(self.at, corner_count as u64)?;
                (0..u32::try_from(corner_count).unwrap_or(0)).collect()
            }
        };
        if let Some(beyond) = indices.iter().find(|index| **index as usize >= corner_count) {
            return Err(ImportFault::damaged(
                self.at,
                format!("corner {beyond} is not there: it has {corner_count}"),
            ));
        }
        let triangles: Vec<[u32; 3]> = match mode {
            Mode::TriangleStrip => indices
                .windows(3)
                .enumerate()
                .filter_map(|(place, corners)| match (place % 2, corners) {
                    (0, [a, b, c]) => Some([*a, *b, *c]),
                    (_, [a, b, c]) => Some([*b, *a, *c]),
                    _ => None,
                })
                .collect(),
            Mode::TriangleFan => {
                let Some((middle, rim)) = indices.split_first() else { return Ok(Vec::new()) };
                rim.windows(2).filter_map(|pair| Some([*middle, *pair.first()?, *pair.get(1)?])).collect()
            }
            Mode::Triangles | Mode::Points | Mode::Lines | Mode::LineLoop | Mode::LineStrip => {
                if !indices.len().is_multiple_of(3) {
                    let reason = format!("{} corners make no whole triangles", indices.len());
                    return Err(ImportFault::damaged(self.at, reason));
                }
                indices.chunks_exact(3).filter_map(|corners| corners.first_chunk::<3>().copied()).collect()
            }
        };
        Ok(triangles.into_iter().filter(|[a, b, c]| a != b && b != c && c != a).collect())
    }
}

fn vec3s(vectors: Vec<[f32; 3]>) -> Vec<Vec3> {
    vectors.into_iter().map(Vec3::from).collect()
}
