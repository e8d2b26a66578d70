//! Where a frame ends up: in a texture that can be read back, or on a canvas.

use super::{Gpu, StageFault};

/// What shows the frame.
pub(super) enum Surface {
    /// A texture of the size of the last frame.
    #[cfg(not(target_arch = "wasm32"))]
    Texture(Option<wgpu::Texture>),
    /// A canvas.
    #[cfg(target_arch = "wasm32")]
    Canvas {
        /// The canvas as the graphics library has it.
        surface: wgpu::Surface<'static>,
        /// How it is set up now.
        config: wgpu::SurfaceConfiguration,
    },
}

/// The format of what is shown and of what is read back: bytes as screens take them.
pub(super) const READ_BACK: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

impl Surface {
    pub(super) fn format(&self) -> wgpu::TextureFormat {
        match self {
            #[cfg(not(target_arch = "wasm32"))]
            Self::Texture(_) => READ_BACK,
            #[cfg(target_arch = "wasm32")]
            Self::Canvas { config, .. } => config.format,
        }
    }

    pub(super) fn resize(&mut self, gpu: &Gpu, width: u32, height: u32) {
        match self {
            #[cfg(not(target_arch = "wasm32"))]
            Self::Texture(texture) => {
                if texture
                    .as_ref()
                    .is_none_or(|texture| (texture.width(), texture.height()) != (width, height))
                {
                    *texture = Some(gpu.device.create_texture(&wgpu::TextureDescriptor {
                        label: Some("frame"),
                        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
                        mip_level_count: 1,
                        sample_count: 1,
                        dimension: wgpu::TextureDimension::D2,
                        format: READ_BACK,
                        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
                        view_formats: &[],
                    }));
                }
            }
            #[cfg(target_arch = "wasm32")]
            Self::Canvas { surface, config } => {
                if (config.width, config.height) != (width, height) {
                    (config.width, config.height) = (width, height);
                    surface.configure(&gpu.device, config);
                }
            }
        }
    }

    pub(super) fn begin(&self) -> Result<ShownOn, StageFault> {
        match self {
            #[cfg(not(target_arch = "wasm32"))]
            Self::Texture(texture) => {
                let texture = texture.as_ref().ok_or_else(|| lost("no frame has a size yet"))?;
                Ok(ShownOn::Texture(texture.create_view(&wgpu::TextureViewDescriptor::default())))
            }
            #[cfg(target_arch = "wasm32")]
            Self::Canvas { surface, .. } => match surface.get_current_texture() {
                wgpu::CurrentSurfaceTexture::Success(texture)
                | wgpu::CurrentSurfaceTexture::Suboptimal(texture) => {
                    let view = texture.texture.create_view(&wgpu::TextureViewDescriptor::default());
                    Ok(ShownOn::Canvas { view, texture })
                }
                other => Err(lost(&format!("{other:?}"))),
            },
        }
    }

    /// The texture of the last frame, to read it back.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn texture(&self) -> Option<&wgpu::Texture> {
        let Self::Texture(texture) = self;
        texture.as_ref()
    }
}

fn lost(reason: &str) -> StageFault {
    StageFault::Lost { reason: reason.to_owned() }
}

/// What one frame is drawn into.
pub(super) enum ShownOn {
    #[cfg(not(target_arch = "wasm32"))]
    Texture(wgpu::TextureView),
    #[cfg(target_arch = "wasm32")]
    Canvas { view: wgpu::TextureView, texture: wgpu::SurfaceTexture },
}

impl ShownOn {
    pub(super) fn view(&self) -> &wgpu::TextureView {
        match self {
            #[cfg(not(target_arch = "wasm32"))]
            Self::Texture(view) => view,
            #[cfg(target_arch = "wasm32")]
            Self::Canvas { view, .. } => view,
        }
    }

    pub(super) fn end(self) {
        match self {
            #[cfg(not(target_arch = "wasm32"))]
            Self::Texture(_) => {}
            #[cfg(target_arch = "wasm32")]
            Self::Canvas { texture, .. } => texture.present(),
        }
    }
}
