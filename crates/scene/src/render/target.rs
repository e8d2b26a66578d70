//! What is drawn on: four samples for each pixel or one, with depth, brought together in a texture or on a canvas.

use super::pipelines::Layouts;

/// Samples of a pixel.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Samples {
    One,
    /// Edges are smooth.
    Four,
}

impl Samples {
    pub(super) const fn count(self) -> u32 {
        match self {
            Self::One => 1,
            Self::Four => 4,
        }
    }
}

/// Depth, and a mark where what is seen through others is seen anyway.
pub(super) const DEPTH: wgpu::TextureFormat = wgpu::TextureFormat::Depth24PlusStencil8;
/// Where outlined parts are.
pub(super) const MASK: wgpu::TextureFormat = wgpu::TextureFormat::R8Unorm;

/// How large what is drawn on is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) width_px: u32,
    pub(super) height_px: u32,
    pub(super) samples: Samples,
}

/// The textures of one size.
pub(super) struct Target {
    pub(super) size: Size,
    /// The samples of each pixel; nothing where there is one: then it is drawn on what shows it.
    pub(super) color: Option<wgpu::TextureView>,
    pub(super) depth: wgpu::TextureView,
}

/// What an outline needs: the mask in its samples, brought together, and how far off it is across.
pub(super) struct OutlineTarget {
    pub(super) size: Size,
    /// Nothing where there is one sample.
    pub(super) samples: Option<wgpu::TextureView>,
    pub(super) mask: wgpu::TextureView,
    pub(super) across: wgpu::TextureView,
    /// For the pass along rows, which reads the mask alone.
    pub(super) mask_group: wgpu::BindGroup,
    /// For the pass over rows.
    pub(super) both_group: wgpu::BindGroup,
}

impl Target {
    pub(super) fn of(device: &wgpu::Device, format: wgpu::TextureFormat, size: Size) -> Self {
        Self {
            size,
            color: several(device, "color", format, size),
            depth: texture(device, "depth", DEPTH, size, size.samples),
        }
    }
}

impl OutlineTarget {
    pub(super) fn of(device: &wgpu::Device, layouts: &Layouts, size: Size) -> Self {
        let mask = texture(device, "mask", MASK, size, Samples::One);
        let across = texture(device, "distance across", MASK, size, Samples::One);
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
            size,
            samples: several(device, "mask samples", MASK, size),
            mask_group: group(&mask),
            both_group: group(&across),
            mask,
            across,
        }
    }
}

/// A texture of several samples a pixel, where there are several.
fn several(
    device: &wgpu::Device,
    label: &str,
    format: wgpu::TextureFormat,
    size: Size,
) -> Option<wgpu::TextureView> {
    (size.samples != Samples::One).then(|| texture(device, label, format, size, size.samples))
}

fn texture(
    device: &wgpu::Device,
    label: &str,
    format: wgpu::TextureFormat,
    Size { width_px: width, height_px: height, .. }: Size,
    samples: Samples,
) -> wgpu::TextureView {
    let sampled = match samples {
        Samples::One => wgpu::TextureUsages::TEXTURE_BINDING,
        Samples::Four => wgpu::TextureUsages::empty(),
    };
    let texture = device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: samples.count(),
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | sampled,
        view_formats: &[],
    });
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}
