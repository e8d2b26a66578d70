//! On a canvas of a page: a stage that draws through WebGL2.

use super::gpu::at_once;
use super::surface::{READ_BACK, Surface};
use super::{Gpu, Stage, StageFault};

/// The page, as the graphics library asks for it.
#[derive(Debug)]
struct Page;

impl wgpu::rwh::HasDisplayHandle for Page {
    fn display_handle(&self) -> Result<wgpu::rwh::DisplayHandle<'_>, wgpu::rwh::HandleError> {
        Ok(wgpu::rwh::DisplayHandle::web())
    }
}

impl Stage {
    /// A stage on a canvas. It sets the canvas to as many pixels as a frame has; where a frame leaves it free, one sees
    /// what the page has below. Colours are those of a stage without a screen: the canvas takes them as they are.
    ///
    /// # Errors
    /// When the webview has no WebGL2, the canvas is in use already, or its context is lost.
    pub fn on_canvas(canvas: web_sys::HtmlCanvasElement) -> Result<Self, StageFault> {
        let mut descriptor = wgpu::InstanceDescriptor::new_with_display_handle(Box::new(Page));
        descriptor.backends = wgpu::Backends::GL;
        let instance = wgpu::Instance::new(descriptor);
        let surface = instance
            .create_surface(wgpu::SurfaceTarget::Canvas(canvas))
            .map_err(|error| StageFault::NoCanvas { reason: error.to_string() })?;
        let (gpu, adapter) = at_once(Gpu::of(&instance, Some(&surface)))?;
        let can = surface.get_capabilities(&adapter);
        if !can.formats.contains(&READ_BACK) {
            return Err(StageFault::Driver { reason: format!("a canvas takes {:?} alone", can.formats) });
        }
        let config = wgpu::SurfaceConfiguration {
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            format: READ_BACK,
            // Set up with the first frame, which has a size.
            width: 0,
            height: 0,
            present_mode: wgpu::PresentMode::Fifo,
            desired_maximum_frame_latency: 2,
            // Of a canvas the webview takes colours that are multiplied by their opacity, whatever is said here.
            alpha_mode: wgpu::CompositeAlphaMode::Auto,
            view_formats: Vec::new(),
        };
        Self::of(gpu, Surface::Canvas { surface, config })
    }
}
