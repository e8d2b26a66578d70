//! Where each part stands and how it looks, in a texture that the shaders read; only rows that changed are written.

use glam::Affine3A;

use super::StageFault;
use crate::frame::Look;

/// Parts side by side: as many as four texels each leave room for at the least width that WebGL2 promises.
const PARTS_IN_A_ROW: usize = 256;
const TEXELS: usize = 4;
type Row = [[f32; 4]; TEXELS];

/// The table.
pub(super) struct PartTable {
    texture: wgpu::Texture,
    pub(super) view: wgpu::TextureView,
    rows: Vec<Row>,
}

impl PartTable {
    pub(super) fn of(device: &wgpu::Device, parts: usize, side_max_px: u32) -> Result<Self, StageFault> {
        let height = parts.div_ceil(PARTS_IN_A_ROW).max(1);
        if height > side_max_px as usize {
            return Err(StageFault::TooManyParts { parts, limit: side_max_px as usize * PARTS_IN_A_ROW });
        }
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("parts"),
            size: wgpu::Extent3d {
                width: (PARTS_IN_A_ROW * TEXELS) as u32,
                height: height as u32,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba32Float,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        // No transform is not a number, so that every row is written once.
        let rows = vec![[[f32::NAN; 4]; TEXELS]; height * PARTS_IN_A_ROW];
        Ok(Self { texture, view, rows })
    }

    /// Writes what differs from what was written last, and says how many bytes that took.
    pub(super) fn write(&mut self, queue: &wgpu::Queue, places: &[Affine3A], looks: &[Look]) -> u64 {
        let mut is_stale = vec![false; self.rows.len() / PARTS_IN_A_ROW];
        for (index, (row, (place, look))) in self.rows.iter_mut().zip(places.iter().zip(looks)).enumerate() {
            let fresh = row_of(place, look);
            if *row != fresh {
                *row = fresh;
                if let Some(stale) = is_stale.get_mut(index / PARTS_IN_A_ROW) {
                    *stale = true;
                }
            }
        }
        let mut bytes = 0;
        let mut line = 0;
        while line < is_stale.len() {
            let run = is_stale.iter().skip(line).take_while(|stale| **stale).count();
            if run > 0 {
                bytes += self.write_lines(queue, line, run);
            }
            line += run.max(1);
        }
        bytes
    }

    fn write_lines(&self, queue: &wgpu::Queue, first: usize, count: usize) -> u64 {
        let rows =
            self.rows.get(first * PARTS_IN_A_ROW..(first + count) * PARTS_IN_A_ROW).unwrap_or_default();
        let bytes: &[u8] = bytemuck::cast_slice(rows);
        queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &self.texture,
                mip_level: 0,
                origin: wgpu::Origin3d { x: 0, y: first as u32, z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            bytes,
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some((PARTS_IN_A_ROW * size_of::<Row>()) as u32),
                rows_per_image: None,
            },
            wgpu::Extent3d {
                width: (PARTS_IN_A_ROW * TEXELS) as u32,
                height: count as u32,
                depth_or_array_layers: 1,
            },
        );
        bytes.len() as u64
    }
}

fn row_of(place: &Affine3A, look: &Look) -> Row {
    let (x, y, z, at) = (place.matrix3.x_axis, place.matrix3.y_axis, place.matrix3.z_axis, place.translation);
    [
        [x.x, y.x, z.x, at.x],
        [x.y, y.y, z.y, at.y],
        [x.z, y.z, z.z, at.z],
        [f32::from(look.fill as u8), f32::from(look.accents.bits()), 0.0, 0.0],
    ]
}
