//! Marks on the device: triangles and letters, written when they change.

use super::pipelines::{Key, Kind, Layouts};
use super::record::Recorder;
use super::vertex::{InkVertex, VolumeVertex};
use super::{Gpu, StageFault};
use crate::camera::View;
use crate::frame::{Frame, Rgba};
use crate::layout::Layout;
use crate::mark::{Drawing, Setting, draw};
use crate::text::{ATLAS_SIDE_PX, Atlas, Faces};

/// A buffer that grows with what is written to it.
struct Growing {
    buffer: wgpu::Buffer,
    usage: wgpu::BufferUsages,
    count: u32,
}

/// What draws marks.
pub(super) struct Marker {
    faces: Faces,
    atlas: Atlas,
    letters: wgpu::Texture,
    letters_group: wgpu::BindGroup,
    drawing: Drawing,
    ink: Growing,
    ink_indices: Growing,
    volume: Growing,
    volume_indices: Growing,
}

impl Growing {
    fn of(device: &wgpu::Device, usage: wgpu::BufferUsages) -> Self {
        Self { buffer: buffer(device, usage, 4_096), usage, count: 0 }
    }

    /// Writes elements; says how many bytes that took.
    fn write<T: bytemuck::Pod>(&mut self, gpu: &Gpu, elements: &[T]) -> u64 {
        let bytes: &[u8] = bytemuck::cast_slice(elements);
        let wanted = bytes.len() as u64;
        if self.buffer.size() < wanted {
            self.buffer = buffer(&gpu.device, self.usage, wanted.next_power_of_two());
        }
        if !bytes.is_empty() {
            gpu.queue.write_buffer(&self.buffer, 0, bytes);
        }
        self.count = elements.len() as u32;
        wanted
    }
}

fn buffer(device: &wgpu::Device, usage: wgpu::BufferUsages, size: u64) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("marks"),
        size,
        usage: usage | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

impl Marker {
    pub(super) fn of(gpu: &Gpu, layouts: &Layouts) -> Result<Self, StageFault> {
        let letters = gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("letters"),
            size: wgpu::Extent3d { width: ATLAS_SIDE_PX, height: ATLAS_SIDE_PX, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::R8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let view = letters.create_view(&wgpu::TextureViewDescriptor::default());
        let letters_group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("letters"),
            layout: &layouts.letters,
            entries: &[wgpu::BindGroupEntry {
                binding: 0,
                resource: wgpu::BindingResource::TextureView(&view),
            }],
        });
        let (vertices, indices) = (wgpu::BufferUsages::VERTEX, wgpu::BufferUsages::INDEX);
        Ok(Self {
            faces: Faces::shipped().ok_or(StageFault::Font)?,
            atlas: Atlas::default(),
            letters,
            letters_group,
            drawing: Drawing::default(),
            ink: Growing::of(&gpu.device, vertices),
            ink_indices: Growing::of(&gpu.device, indices),
            volume: Growing::of(&gpu.device, vertices),
            volume_indices: Growing::of(&gpu.device, indices),
        })
    }

    /// Where texts are in the frame that was drawn last.
    pub(super) fn layout(&self) -> &Layout {
        &self.drawing.layout
    }

    /// Brings the marks of a frame to the device; says how many bytes that took.
    pub(super) fn follow(
        &mut self,
        gpu: &Gpu,
        frame: &Frame,
        view: &View,
        loaded: &super::loaded::Loaded,
    ) -> u64 {
        let drawing = {
            let setting = Setting {
                frame,
                view,
                rig: &loaded.rig,
                stance: &loaded.stance,
                faces: &self.faces,
                before: &self.drawing.layout,
            };
            let drawing = draw(&setting, &mut self.atlas);
            if self.atlas.is_full() {
                // Letters of sizes that are no longer shown make room.
                self.atlas.clear();
                draw(&setting, &mut self.atlas)
            } else {
                drawing
            }
        };
        let mut bytes = self.write_letters(&gpu.queue);
        if drawing.ink != self.drawing.ink {
            let corners: Vec<InkVertex> = drawing.ink.corners.iter().map(InkVertex::of).collect();
            let indices: Vec<u32> = drawing.ink.triangles.iter().flatten().copied().collect();
            bytes += self.ink.write(gpu, &corners) + self.ink_indices.write(gpu, &indices);
        }
        let color: Rgba = frame.theme.sign_warning;
        if drawing.volume != self.drawing.volume {
            let corners: Vec<VolumeVertex> =
                drawing.volume.corners.iter().map(|corner| VolumeVertex::of(corner, color)).collect();
            let indices: Vec<u32> = drawing.volume.triangles.iter().flatten().copied().collect();
            bytes += self.volume.write(gpu, &corners) + self.volume_indices.write(gpu, &indices);
        }
        self.drawing = drawing;
        bytes
    }

    fn write_letters(&mut self, queue: &wgpu::Queue) -> u64 {
        let Some((first, rows)) = self.atlas.take_stale() else { return 0 };
        queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &self.letters,
                mip_level: 0,
                origin: wgpu::Origin3d { x: 0, y: first, z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            rows,
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(ATLAS_SIDE_PX),
                rows_per_image: None,
            },
            wgpu::Extent3d {
                width: ATLAS_SIDE_PX,
                height: rows.len() as u32 / ATLAS_SIDE_PX,
                depth_or_array_layers: 1,
            },
        );
        rows.len() as u64
    }

    /// The pipelines that the marks of the frame take.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> {
        let volume =
            [Kind::VolumeBack, Kind::VolumeFront].into_iter().filter(|_| self.volume_indices.count > 0);
        let ink = [Kind::InkHidden, Kind::Ink].into_iter().filter(|_| self.ink_indices.count > 0);
        volume.chain(ink)
    }

    pub(super) fn record(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        recorder: &mut Recorder<'_>,
        size_px: [f32; 2],
    ) {
        for kind in self.kinds() {
            let is_volume = matches!(kind, Kind::VolumeBack | Kind::VolumeFront);
            let (corners, indices, near) = match is_volume {
                true => (&self.volume, &self.volume_indices, super::plan::DEPTH_BEFORE),
                // Depths of ink are those of the buffer already.
                false => (&self.ink, &self.ink_indices, 0.0),
            };
            let Some(pipeline) = recorder.pipelines.get(Key::of(kind)) else { continue };
            pass.set_viewport(0.0, 0.0, size_px[0], size_px[1], near, 1.0);
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, &recorder.loaded.frame_group, &[0]);
            if !is_volume {
                pass.set_bind_group(1, &self.letters_group, &[]);
            }
            pass.set_vertex_buffer(0, corners.buffer.slice(..));
            pass.set_index_buffer(indices.buffer.slice(..), wgpu::IndexFormat::Uint32);
            pass.draw_indexed(0..indices.count, 0, 0..1);
            recorder.draws += 1;
        }
    }
}
