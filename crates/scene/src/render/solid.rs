//! The shapes of a model in buffers that live as long as the model: merged, so that a few draws show thousands of parts,
//! and meshes that many parts share kept once.

use std::collections::HashMap;
use std::ops::Range;

use wgpu::util::{BufferInitDescriptor, DeviceExt as _};

use super::picture_array::PictureArray;
use super::vertex::{Corner, Paint};
use crate::model::{Alpha, Material, Mesh, MeshId, Model};

/// A mesh that at least so many parts show, and that has at least so many triangles in all of them, is kept once.
const COPIES_MIN: usize = 24;
const COPIED_TRIANGLES_MIN: usize = 20_000;
/// More meshes than these are not drawn apart: each is a draw.
const COPIED_MESHES_MAX: usize = 8;

/// How triangles are drawn.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    /// Seen from outside only.
    Front,
    /// Seen from both sides.
    Both,
    /// Seen through, or with holes: drawn after what is solid.
    Glass,
}

impl Side {
    pub(super) const ALL: [Self; 3] = [Self::Front, Self::Both, Self::Glass];

    fn of(material: &Material) -> Self {
        match (material.alpha, material.double_sided) {
            (Alpha::Blend | Alpha::Mask(_), _) => Self::Glass,
            (Alpha::Opaque, true) => Self::Both,
            (Alpha::Opaque, false) => Self::Front,
        }
    }
}

/// A mesh that is kept once and drawn for many parts.
pub(super) struct Copied {
    pub(super) side: Side,
    pub(super) indices: Range<u32>,
    /// Places in the buffer of the parts of copies.
    pub(super) copies: Range<u32>,
    /// The parts that show it.
    pub(super) parts: Vec<u32>,
}

/// The buffers of a model.
pub(super) struct Solid {
    pub(super) corners: wgpu::Buffer,
    pub(super) part_of_corner: wgpu::Buffer,
    pub(super) part_of_copy: wgpu::Buffer,
    pub(super) indices: wgpu::Buffer,
    /// For each side and each part the indices that draw it; empty for most.
    ranges: [Vec<Range<u32>>; 3],
    pub(super) copied: Vec<Copied>,
    pub(super) pictures: PictureArray,
    /// Bytes of all buffers.
    pub(super) bytes: u64,
}

impl Solid {
    pub(super) fn of(device: &wgpu::Device, queue: &wgpu::Queue, model: &Model) -> Self {
        let pictures = PictureArray::of(device, queue, model.textures());
        let mut builder = Builder {
            model,
            pictures: &pictures,
            corners: Vec::new(),
            parts: Vec::new(),
            indices: Vec::new(),
        };
        let copies = copied_meshes(model);
        let ranges = Side::ALL.map(|side| {
            let ranges = model.parts().iter().enumerate().map(|(index, part)| {
                let mesh = part.mesh.filter(|mesh| !copies.contains_key(mesh));
                let mesh = mesh.and_then(|mesh| model.meshes().get(mesh.index()));
                builder.range(side, mesh, index as u32)
            });
            ranges.collect::<Vec<_>>()
        });
        let mut part_of_copy: Vec<u32> = Vec::new();
        let mut copied = Vec::new();
        let mut shared: Vec<(&MeshId, &Vec<u32>)> = copies.iter().collect();
        shared.sort_by_key(|(mesh, _)| **mesh);
        for (mesh, parts) in shared {
            let first = part_of_copy.len() as u32;
            part_of_copy.extend(parts);
            for side in Side::ALL {
                let indices = builder.range(side, model.meshes().get(mesh.index()), 0);
                if !indices.is_empty() {
                    let copies = first..part_of_copy.len() as u32;
                    copied.push(Copied { side, indices, copies, parts: parts.clone() });
                }
            }
        }
        let Builder { mut corners, mut parts, mut indices, .. } = builder;
        // No buffer may be empty.
        if corners.is_empty() {
            corners.push(bytemuck::Zeroable::zeroed());
            parts.push(0);
            indices.extend([0; 3]);
        }
        part_of_copy.push(0);
        let buffer = |label, contents: &[u8], usage| {
            device.create_buffer_init(&BufferInitDescriptor { label: Some(label), contents, usage })
        };
        let bytes = [
            size_of_val(corners.as_slice()),
            size_of_val(parts.as_slice()),
            size_of_val(part_of_copy.as_slice()),
            size_of_val(indices.as_slice()),
        ];
        Self {
            corners: buffer("corners", bytemuck::cast_slice(&corners), wgpu::BufferUsages::VERTEX),
            part_of_corner: buffer(
                "parts of corners",
                bytemuck::cast_slice(&parts),
                wgpu::BufferUsages::VERTEX,
            ),
            part_of_copy: buffer(
                "parts of copies",
                bytemuck::cast_slice(&part_of_copy),
                wgpu::BufferUsages::VERTEX,
            ),
            indices: buffer("indices", bytemuck::cast_slice(&indices), wgpu::BufferUsages::INDEX),
            ranges,
            copied,
            pictures,
            bytes: bytes.iter().map(|bytes| *bytes as u64).sum(),
        }
    }

    /// The indices of each part on one side.
    pub(super) fn ranges(&self, side: Side) -> &[Range<u32>] {
        let [front, both, glass] = &self.ranges;
        match side {
            Side::Front => front,
            Side::Both => both,
            Side::Glass => glass,
        }
    }
}

/// The meshes that are worth being kept once, and the parts that show them.
fn copied_meshes(model: &Model) -> HashMap<MeshId, Vec<u32>> {
    let mut users: HashMap<MeshId, Vec<u32>> = HashMap::new();
    for (index, part) in model.parts().iter().enumerate() {
        if let Some(mesh) = part.mesh {
            users.entry(mesh).or_default().push(index as u32);
        }
    }
    let triangles = |mesh: &MeshId, users: &Vec<u32>| {
        model.meshes().get(mesh.index()).map_or(0, Mesh::triangle_count) * users.len()
    };
    users.retain(|mesh, users| users.len() >= COPIES_MIN && triangles(mesh, users) >= COPIED_TRIANGLES_MIN);
    let mut heaviest: Vec<(usize, MeshId)> =
        users.iter().map(|(mesh, users)| (triangles(mesh, users), *mesh)).collect();
    heaviest.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, mesh) in heaviest.into_iter().skip(COPIED_MESHES_MAX) {
        users.remove(&mesh);
    }
    users
}

struct Builder<'a> {
    model: &'a Model,
    pictures: &'a PictureArray,
    corners: Vec<Corner>,
    parts: Vec<u32>,
    indices: Vec<u32>,
}

impl Builder<'_> {
    /// Lays down what of a mesh belongs to a side, and says where its indices are.
    fn range(&mut self, side: Side, mesh: Option<&Mesh>, part: u32) -> Range<u32> {
        let start = self.indices.len() as u32;
        let standard = Material::default();
        for surface in mesh.iter().flat_map(|mesh| &mesh.surfaces) {
            let material = surface.material.and_then(|id| self.model.materials().get(id.index()));
            let material = material.unwrap_or(&standard);
            if Side::of(material) != side {
                continue;
            }
            let has_places = !surface.uvs.is_empty();
            let layer =
                material.texture.filter(|_| has_places).map_or(0, |id| self.pictures.layer(id.index()));
            let paint = Paint::of(material, layer);
            let first = self.corners.len() as u32;
            for (index, (position, normal)) in surface.positions.iter().zip(&surface.normals).enumerate() {
                let uv = surface.uvs.get(index).copied().unwrap_or_default();
                self.corners.push(Corner::of(*position, *normal, uv, &paint));
                self.parts.push(part);
            }
            self.indices.extend(surface.triangles.iter().flatten().map(|corner| corner + first));
        }
        start..self.indices.len() as u32
    }
}
