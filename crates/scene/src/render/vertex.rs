//! The bytes of corners and edges as the shaders read them.

use bytemuck::{Pod, Zeroable};
use glam::{Vec2, Vec3};

use crate::frame::Rgba;
use crate::geometry::{Edge, EdgeKind};
use crate::ink::{self, Mode};
use crate::mark::VolumeCorner;
use crate::model::{Alpha, Material};

/// A corner of a surface, beside the number of its part.
#[derive(Copy, Clone, Debug, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Corner {
    pub(super) position: [f32; 3],
    pub(super) normal: [i16; 2],
    pub(super) uv: [f32; 2],
    pub(super) color: [u8; 4],
    pub(super) finish: [u8; 4],
}

/// An edge, drawn as a line.
#[derive(Copy, Clone, Debug, Pod, Zeroable)]
#[repr(C)]
pub(super) struct EdgeLine {
    from: [f32; 3],
    to: [f32; 3],
    normals: [[i16; 2]; 2],
    part: u32,
    is_crease: u32,
}

impl Corner {
    pub(super) const LAYOUT: wgpu::VertexBufferLayout<'static> = wgpu::VertexBufferLayout {
        array_stride: size_of::<Self>() as u64,
        step_mode: wgpu::VertexStepMode::Vertex,
        attributes: &wgpu::vertex_attr_array![
            0 => Float32x3, 1 => Snorm16x2, 2 => Float32x2, 3 => Unorm8x4, 4 => Unorm8x4
        ],
    };
    const PART: [wgpu::VertexAttribute; 1] = wgpu::vertex_attr_array![5 => Uint32];

    /// The number of the part: one for each corner where meshes are merged, one for each copy where they are not.
    pub(super) const fn part_layout(step_mode: wgpu::VertexStepMode) -> wgpu::VertexBufferLayout<'static> {
        wgpu::VertexBufferLayout { array_stride: 4, step_mode, attributes: &Self::PART }
    }

    pub(super) fn of(position: Vec3, normal: Vec3, uv: Vec2, paint: &Paint) -> Self {
        Self {
            position: position.to_array(),
            normal: folded(normal),
            uv: uv.to_array(),
            color: paint.color,
            finish: paint.finish,
        }
    }
}

/// What a material is to the shader.
#[derive(Copy, Clone, Debug)]
pub(super) struct Paint {
    color: [u8; 4],
    finish: [u8; 4],
}

impl Paint {
    /// `layer` is the place of the texture, counted from 1.
    pub(super) fn of(material: &Material, layer: u8) -> Self {
        let [red, green, blue, opacity] = material.base_color;
        // The shader squares colours: by that, eight bits are finest where eyes are.
        let coded = |linear: f32| byte(linear.max(0.0).sqrt());
        let (opacity, cutoff) = match material.alpha {
            Alpha::Opaque => (1.0, 0.0),
            Alpha::Mask(cutoff) => (opacity, cutoff),
            Alpha::Blend => (opacity, 0.0),
        };
        Self {
            color: [coded(red), coded(green), coded(blue), byte(opacity)],
            finish: [byte(material.metallic), byte(material.roughness), layer, byte(cutoff)],
        }
    }
}

impl EdgeLine {
    pub(super) const LAYOUT: wgpu::VertexBufferLayout<'static> = wgpu::VertexBufferLayout {
        array_stride: size_of::<Self>() as u64,
        step_mode: wgpu::VertexStepMode::Instance,
        attributes: &wgpu::vertex_attr_array![
            0 => Float32x3, 1 => Float32x3, 2 => Snorm16x2, 3 => Snorm16x2, 4 => Uint32, 5 => Uint32
        ],
    };

    pub(super) fn of(edge: &Edge, part: u32) -> Self {
        Self {
            from: edge.from.to_array(),
            to: edge.to.to_array(),
            normals: edge.normals.map(folded),
            part,
            is_crease: u32::from(edge.kind == EdgeKind::Crease),
        }
    }
}

/// A corner of a mark.
#[derive(Copy, Clone, Debug, Pod, Zeroable)]
#[repr(C)]
pub(super) struct InkVertex {
    at_px: [f32; 2],
    depth: f32,
    atlas_px: [f32; 2],
    color: [u8; 4],
    mode: u32,
}

impl InkVertex {
    pub(super) const LAYOUT: wgpu::VertexBufferLayout<'static> = wgpu::VertexBufferLayout {
        array_stride: size_of::<Self>() as u64,
        step_mode: wgpu::VertexStepMode::Vertex,
        attributes: &wgpu::vertex_attr_array![
            0 => Float32x2, 1 => Float32, 2 => Float32x2, 3 => Unorm8x4, 4 => Uint32
        ],
    };

    pub(super) fn of(corner: &ink::Corner) -> Self {
        Self {
            at_px: corner.spot.at_px.to_array(),
            depth: corner.spot.depth,
            atlas_px: corner.atlas_px.to_array(),
            color: corner.color.0,
            mode: match corner.mode {
                Mode::Plain => 0,
                Mode::Letter => 1,
                Mode::Hatched => 2,
            },
        }
    }
}

/// A corner of a zone.
#[derive(Copy, Clone, Debug, Pod, Zeroable)]
#[repr(C)]
pub(super) struct VolumeVertex {
    position: [f32; 3],
    normal: [i16; 2],
    color: [u8; 4],
}

impl VolumeVertex {
    pub(super) const LAYOUT: wgpu::VertexBufferLayout<'static> = wgpu::VertexBufferLayout {
        array_stride: size_of::<Self>() as u64,
        step_mode: wgpu::VertexStepMode::Vertex,
        attributes: &wgpu::vertex_attr_array![0 => Float32x3, 1 => Snorm16x2, 2 => Unorm8x4],
    };

    pub(super) fn of(corner: &VolumeCorner, color: Rgba) -> Self {
        Self { position: corner.position_m.to_array(), normal: folded(corner.normal), color: color.0 }
    }
}

fn byte(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// A unit vector on the two numbers of an octahedron (Cigolle and others, 2014).
fn folded(vector: Vec3) -> [i16; 2] {
    let size = vector.x.abs() + vector.y.abs() + vector.z.abs();
    let flat = if size > 0.0 { Vec2::new(vector.x, vector.y) / size } else { Vec2::ZERO };
    let sign = |number: f32| if number >= 0.0 { 1.0 } else { -1.0 };
    let folded = match vector.z < 0.0 {
        true => Vec2::new((1.0 - flat.y.abs()) * sign(flat.x), (1.0 - flat.x.abs()) * sign(flat.y)),
        false => flat,
    };
    [folded.x, folded.y].map(|number| (number.clamp(-1.0, 1.0) * 32_767.0).round() as i16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the shader does it.
    fn unfolded([x, y]: [i16; 2]) -> Vec3 {
        let (x, y) = (f32::from(x) / 32_767.0, f32::from(y) / 32_767.0);
        let z = 1.0 - x.abs() - y.abs();
        let below = (-z).max(0.0);
        let back = |number: f32| if number >= 0.0 { number - below } else { number + below };
        Vec3::new(back(x), back(y), z).normalize()
    }

    #[test]
    fn a_normal_survives_being_folded() {
        for index in 0..500_u32 {
            let turn = index as f32 * 2.399_963;
            let z = 1.0 - 2.0 * (index as f32 + 0.5) / 500.0;
            let normal = Vec3::new(turn.cos() * (1.0 - z * z).sqrt(), turn.sin() * (1.0 - z * z).sqrt(), z);
            let off = unfolded(folded(normal)).angle_between(normal);
            assert!(off < 1e-3, "{normal} is off by {off} rad");
        }
    }
}
