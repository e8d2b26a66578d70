//! The edges of a model in a buffer, made when a frame wants edges first.

use std::ops::Range;

use wgpu::util::{BufferInitDescriptor, DeviceExt as _};

use super::vertex::EdgeLine;
use crate::geometry::{Edge, edges};
use crate::model::Model;

/// What bends by more is a crease.
const CREASE_RAD: f32 = 0.52;
/// Vertices of one line: two triangles.
pub(super) const CORNERS_OF_A_LINE: u32 = 6;

/// The buffer, and which lines are whose.
pub(super) struct Lines {
    pub(super) buffer: wgpu::Buffer,
    pub(super) ranges: Vec<Range<u32>>,
    /// Bytes of the buffer.
    pub(super) bytes: u64,
}

impl Lines {
    pub(super) fn of(device: &wgpu::Device, model: &Model) -> Self {
        let of_meshes: Vec<Vec<Edge>> = model.meshes().iter().map(|mesh| edges(mesh, CREASE_RAD)).collect();
        let mut lines: Vec<EdgeLine> = Vec::new();
        let mut ranges = Vec::with_capacity(model.parts().len());
        for (index, part) in model.parts().iter().enumerate() {
            let start = lines.len() as u32;
            let edges = part.mesh.and_then(|mesh| of_meshes.get(mesh.index()));
            lines.extend(edges.into_iter().flatten().map(|edge| EdgeLine::of(edge, index as u32)));
            ranges.push(start..lines.len() as u32);
        }
        if lines.is_empty() {
            lines.push(bytemuck::Zeroable::zeroed());
        }
        let contents: &[u8] = bytemuck::cast_slice(&lines);
        let bytes = contents.len() as u64;
        let buffer = device.create_buffer_init(&BufferInitDescriptor {
            label: Some("edges"),
            contents,
            usage: wgpu::BufferUsages::VERTEX,
        });
        Self { buffer, ranges, bytes }
    }
}
