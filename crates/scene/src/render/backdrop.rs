//! The camera's picture behind the machine: uploaded when it changes, straightened when it is drawn.

use bytemuck::{Pod, Zeroable};

use super::pipelines::Layouts;
use super::{Gpu, StageFault};
use crate::camera::View;
use crate::frame::Frame;

/// A picture of a camera.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// Pixels in a row.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// Its pixels.
    pub pixels: Pixels<'a>,
}

/// The pixels of a picture, row by row from the top.
#[derive(Clone, Copy, Debug)]
pub enum Pixels<'a> {
    /// Red, green, blue (sRGB) and opacity, which does not matter.
    Rgba(&'a [u8]),
    /// Brightness.
    Grey(&'a [u8]),
}

impl Pixels<'_> {
    fn parts(&self) -> (&[u8], usize) {
        match self {
            Self::Rgba(bytes) => (bytes, 4),
            Self::Grey(bytes) => (bytes, 1),
        }
    }
}

/// As `Lens` in `shader/background.wgsl`.
#[derive(Copy, Clone, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
struct LensNumbers {
    flat_from_px: [f32; 4],
    share_from_flat: [f32; 4],
    bend: [f32; 4],
    more: [f32; 4],
    backdrop: [f32; 4],
}

/// The picture on the device.
pub(super) struct Backdrop {
    texture: wgpu::Texture,
    numbers: wgpu::Buffer,
    sampler: wgpu::Sampler,
    pub(super) group: wgpu::BindGroup,
    is_grey: bool,
}

impl Backdrop {
    /// With a picture of one grey pixel, until another one comes.
    pub(super) fn of(gpu: &Gpu, layouts: &Layouts) -> Self {
        let numbers = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("lens"),
            size: size_of::<LensNumbers>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let sampler = gpu.device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("camera"),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..Default::default()
        });
        let texture = texture(&gpu.device, 1, 1, wgpu::TextureFormat::R8Unorm);
        write(&gpu.queue, &texture, &[128], 1);
        let group = group(&gpu.device, layouts, &texture, &sampler, &numbers);
        Self { texture, numbers, sampler, group, is_grey: true }
    }

    /// Takes another picture; says how many bytes went to the device.
    pub(super) fn show(
        &mut self,
        gpu: &Gpu,
        layouts: &Layouts,
        picture: &Picture<'_>,
    ) -> Result<u64, StageFault> {
        let Picture { width_px, height_px, pixels } = *picture;
        gpu.size_fits(width_px, height_px)?;
        let (bytes, each) = pixels.parts();
        let wanted = width_px as usize * height_px as usize * each;
        if bytes.len() != wanted {
            return Err(StageFault::Picture { width_px, height_px, found: bytes.len(), wanted });
        }
        self.make_room(gpu, layouts, width_px, height_px, each == 1);
        write(&gpu.queue, &self.texture, bytes, each as u32);
        Ok(bytes.len() as u64)
    }

    /// Takes the picture that a canvas, a video or another source of the browser shows.
    #[cfg(target_arch = "wasm32")]
    pub(super) fn show_source(
        &mut self,
        gpu: &Gpu,
        layouts: &Layouts,
        source: wgpu::ExternalImageSource,
        [width_px, height_px]: [u32; 2],
    ) -> Result<u64, StageFault> {
        gpu.size_fits(width_px, height_px)?;
        self.make_room(gpu, layouts, width_px, height_px, false);
        gpu.queue.copy_external_image_to_texture(
            &wgpu::CopyExternalImageSourceInfo { source, origin: wgpu::Origin2d::ZERO, flip_y: false },
            wgpu::CopyExternalImageDestInfo {
                texture: &self.texture,
                mip_level: 0,
                origin: wgpu::Origin3d::ZERO,
                aspect: wgpu::TextureAspect::All,
                color_space: wgpu::PredefinedColorSpace::Srgb,
                premultiplied_alpha: false,
            },
            self.texture.size(),
        );
        Ok(u64::from(width_px) * u64::from(height_px) * 4)
    }

    fn make_room(&mut self, gpu: &Gpu, layouts: &Layouts, width_px: u32, height_px: u32, is_grey: bool) {
        let format = if is_grey { wgpu::TextureFormat::R8Unorm } else { wgpu::TextureFormat::Rgba8Unorm };
        let fits = self.texture.width() == width_px
            && self.texture.height() == height_px
            && self.texture.format() == format;
        if !fits {
            self.texture = texture(&gpu.device, width_px, height_px, format);
            self.group = group(&gpu.device, layouts, &self.texture, &self.sampler, &self.numbers);
        }
        self.is_grey = is_grey;
    }

    /// Tells the shader of the lens.
    pub(super) fn aim(&self, queue: &wgpu::Queue, frame: &Frame, view: &View) {
        let (lens, bend) = (&frame.camera.intrinsics, &frame.camera.lens);
        let focal = glam::Vec2::new(lens.fx_px, lens.fy_px);
        let principal = glam::Vec2::new(lens.cx_px, lens.cy_px);
        let size = glam::Vec2::new(lens.width_px.max(1) as f32, lens.height_px.max(1) as f32);
        let per_px = glam::Vec2::splat(1.0 / view.scale) / focal;
        let start = -(view.offset_px / view.scale + principal) / focal;
        let (share, shift) = (focal / size, principal / size);
        let numbers = LensNumbers {
            flat_from_px: [per_px.x, per_px.y, start.x, start.y],
            share_from_flat: [share.x, share.y, shift.x, shift.y],
            bend: [bend.k1, bend.k2, bend.p1, bend.p2],
            more: [bend.k3, if self.is_grey { 1.0 } else { 0.0 }, 0.0, 0.0],
            backdrop: frame.theme.backdrop.shares(),
        };
        queue.write_buffer(&self.numbers, 0, bytemuck::bytes_of(&numbers));
    }
}

fn texture(device: &wgpu::Device, width: u32, height: u32, format: wgpu::TextureFormat) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some("camera"),
        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        // The browser copies its own pictures by drawing them.
        usage: wgpu::TextureUsages::TEXTURE_BINDING
            | wgpu::TextureUsages::COPY_DST
            | wgpu::TextureUsages::RENDER_ATTACHMENT,
        view_formats: &[],
    })
}

fn write(queue: &wgpu::Queue, texture: &wgpu::Texture, bytes: &[u8], each: u32) {
    let layout = wgpu::TexelCopyBufferLayout {
        offset: 0,
        bytes_per_row: Some(texture.width() * each),
        rows_per_image: None,
    };
    queue.write_texture(texture.as_image_copy(), bytes, layout, texture.size());
}

fn group(
    device: &wgpu::Device,
    layouts: &Layouts,
    texture: &wgpu::Texture,
    sampler: &wgpu::Sampler,
    numbers: &wgpu::Buffer,
) -> wgpu::BindGroup {
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("background"),
        layout: &layouts.background,
        entries: &[
            wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&view) },
            wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(sampler) },
            wgpu::BindGroupEntry { binding: 2, resource: numbers.as_entire_binding() },
        ],
    })
}
