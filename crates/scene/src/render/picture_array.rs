//! The textures of a model as layers of one array, so that no draw has to change them.

use image::imageops::FilterType;
use image::{ImageBuffer, Rgba, RgbaImage};

use crate::model::Texture;

/// Layers of one array, by what WebGL2 promises; a texture beyond them is not shown.
const LAYERS_MAX: usize = 250;
/// Pixels along a side of a layer: the fewer layers, the finer.
const SIDES_PX: &[(usize, u32)] = &[(4, 1024), (24, 512), (LAYERS_MAX, 256)];

/// The array, and how it is sampled.
pub(super) struct PictureArray {
    pub(super) view: wgpu::TextureView,
    pub(super) sampler: wgpu::Sampler,
    layers: usize,
}

impl PictureArray {
    pub(super) fn of(device: &wgpu::Device, queue: &wgpu::Queue, textures: &[Texture]) -> Self {
        let layers = textures.len().min(LAYERS_MAX);
        let side = SIDES_PX.iter().find(|(most, _)| layers <= *most).map_or(256, |(_, side)| *side);
        let side = if layers == 0 { 1 } else { side };
        let levels = side.ilog2() + 1;
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("textures of parts"),
            size: wgpu::Extent3d {
                width: side,
                height: side,
                // One layer alone would be no array to WebGL2.
                depth_or_array_layers: layers.max(2) as u32,
            },
            mip_level_count: levels,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        for (layer, picture) in textures.iter().take(layers).enumerate() {
            let whole: Option<RgbaImage> =
                ImageBuffer::from_raw(picture.width_px, picture.height_px, picture.rgba.clone());
            let Some(mut level) = whole else { continue };
            for index in 0..levels {
                let side = side >> index;
                if level.dimensions() != (side, side) {
                    level = image::imageops::resize(&level, side, side, FilterType::Triangle);
                }
                upload(queue, &texture, &level, index, layer as u32);
            }
        }
        let view = texture.create_view(&wgpu::TextureViewDescriptor {
            dimension: Some(wgpu::TextureViewDimension::D2Array),
            ..Default::default()
        });
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("textures of parts"),
            address_mode_u: wgpu::AddressMode::Repeat,
            address_mode_v: wgpu::AddressMode::Repeat,
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            mipmap_filter: wgpu::MipmapFilterMode::Linear,
            ..Default::default()
        });
        Self { view, sampler, layers }
    }

    /// The layer of a texture, counted from 1; 0 for one that is not shown.
    pub(super) fn layer(&self, texture: usize) -> u8 {
        if texture < self.layers { (texture + 1) as u8 } else { 0 }
    }
}

fn upload(
    queue: &wgpu::Queue,
    texture: &wgpu::Texture,
    level: &ImageBuffer<Rgba<u8>, Vec<u8>>,
    mip_level: u32,
    layer: u32,
) {
    queue.write_texture(
        wgpu::TexelCopyTextureInfo {
            texture,
            mip_level,
            origin: wgpu::Origin3d { x: 0, y: 0, z: layer },
            aspect: wgpu::TextureAspect::All,
        },
        level.as_raw(),
        wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(level.width() * 4),
            rows_per_image: None,
        },
        wgpu::Extent3d { width: level.width(), height: level.height(), depth_or_array_layers: 1 },
    );
}
