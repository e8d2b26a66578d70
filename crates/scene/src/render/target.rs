//! What is drawn on: four samples for each pixel, with depth, brought together in a texture or on a canvas.

use super::pipelines::Layouts;

/// Samples of a pixel.
pub(super) const SAMPLES: u32 = 4;
/// Depth, and a mark where what is seen through others is seen anyway.
pub(super) const DEPTH: wgpu::TextureFormat = wgpu::TextureFormat::Depth24PlusStencil8;
/// Where outlined parts are.
pub(super) const MASK: wgpu::TextureFormat = wgpu::TextureFormat::R8Unorm;

/// The textures of one size.
pub(super) struct Target {
    pub(super) width_px: u32,
    pub(super) height_px: u32,
    pub(super) color: wgpu::TextureView,
    pub(super) depth: wgpu::TextureView,
}

/// What an outline needs: the mask in four samples, brought together, and how far off it is across.
pub(super) struct OutlineTarget {
    pub(super) samples: wgpu::TextureView,
    pub(super) mask: wgpu::TextureView,
    pub(super) across: wgpu::TextureView,
    /// For the pass along rows, which reads the mask alone.
    pub(super) mask_group: wgpu::BindGroup,
    /// For the pass over rows.
    pub(super) both_group: wgpu::BindGroup,
}

impl Target {
    pub(super) fn of(
        device: &wgpu::Device,
        format: wgpu::TextureFormat,
        width_px: u32,
        height_px: u32,
    ) -> Self {
        let size = [width_px, height_px];
        Self {
            width_px,
            height_px,
            color: texture(device, "color", format, size, SAMPLES),
            depth: texture(device, "depth", DEPTH, size, SAMPLES),
        }
    }
}

impl OutlineTarget {
    pub(super) fn of(device: &wgpu::Device, layouts: &Layouts, width_px: u32, height_px: u32) -> Self {
        let size = [width_px, height_px];
        let mask = texture(device, "mask", MASK, size, 1);
        let across = texture(device, "distance across", MASK, size, 1);
        let group = |distances: &wgpu::TextureView| {
            let entry = |binding, view| wgpu::BindGroupEntry {
                binding,
                resource: wgpu::BindingResource::TextureView(view),
            };
            device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("outline"),
                layout: &layouts.outline,
                entries: &[entry(0, &mask), entry(1, distances)],
            })
        };
        Self {
            samples: texture(device, "mask samples", MASK, size, SAMPLES),
            mask_group: group(&mask),
            both_group: group(&across),
            mask,
            across,
        }
    }
}

fn texture(
    device: &wgpu::Device,
    label: &str,
    format: wgpu::TextureFormat,
    [width, height]: [u32; 2],
    sample_count: u32,
) -> wgpu::TextureView {
    let sampled =
        if sample_count == 1 { wgpu::TextureUsages::TEXTURE_BINDING } else { wgpu::TextureUsages::empty() };
    let texture = device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | sampled,
        view_formats: &[],
    });
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}
