//! Without a screen: a stage on whatever adapter there is, and its frames as pixels.

use std::sync::mpsc;

use super::gpu::at_once;
use super::surface::Surface;
use super::{Drawn, Gpu, Stage, StageFault};
use crate::frame::Frame;

/// A frame that was read back.
#[derive(Clone, PartialEq, Eq)]
pub struct Pixmap {
    /// Pixels in a row.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// Red, green, blue, multiplied by the opacity, and the opacity, row by row from the top.
    pub rgba: Vec<u8>,
}

impl std::fmt::Debug for Pixmap {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "Pixmap({} × {} px)", self.width_px, self.height_px)
    }
}

impl Pixmap {
    /// The pixel at a place; nothing outside.
    pub fn at(&self, x_px: u32, y_px: u32) -> Option<[u8; 4]> {
        let is_inside = x_px < self.width_px && y_px < self.height_px;
        let start = (y_px as usize * self.width_px as usize + x_px as usize) * 4;
        self.rgba.get(start..)?.first_chunk::<4>().filter(|_| is_inside).copied()
    }

    /// As a PNG file.
    ///
    /// # Errors
    /// When the pixels do not fill it.
    pub fn to_png(&self) -> Result<Vec<u8>, image::ImageError> {
        use image::ImageEncoder as _;
        let mut straight = self.rgba.clone();
        for pixel in straight.chunks_exact_mut(4) {
            if let [red, green, blue, opacity] = pixel
                && *opacity > 0
            {
                for color in [red, green, blue] {
                    *color = (u32::from(*color) * 255 / u32::from(*opacity)).min(255) as u8;
                }
            }
        }
        let mut png = Vec::new();
        image::codecs::png::PngEncoder::new(&mut png).write_image(
            &straight,
            self.width_px,
            self.height_px,
            image::ExtendedColorType::Rgba8,
        )?;
        Ok(png)
    }
}

impl Stage {
    /// A stage without a screen.
    ///
    /// # Errors
    /// When there is no adapter: on a machine without a graphics card a software one does (Mesa's lavapipe).
    pub fn headless() -> Result<Self, StageFault> {
        let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
        descriptor.backends = wgpu::Backends::PRIMARY;
        let instance = wgpu::Instance::new(descriptor);
        let (gpu, _adapter) = at_once(Gpu::of(&instance, None))?;
        Self::of(gpu, Surface::Texture(None))
    }

    /// Draws a frame and reads it back.
    ///
    /// # Errors
    /// As [`Stage::draw`], and when it cannot be read back.
    pub fn picture(&mut self, frame: &Frame) -> Result<Pixmap, StageFault> {
        match self.draw(frame)? {
            Drawn::Unchanged | Drawn::Anew(_) => self.read_back(),
        }
    }

    /// Waits until all that was asked of the device is done.
    ///
    /// # Errors
    /// When the device is lost.
    pub fn finish(&self) -> Result<(), StageFault> {
        let waited = self.gpu.device.poll(wgpu::PollType::wait_indefinitely());
        waited.map(|_status| ()).map_err(|error| StageFault::Lost { reason: error.to_string() })
    }

    fn read_back(&self) -> Result<Pixmap, StageFault> {
        let lost = |reason: &str| StageFault::Lost { reason: reason.to_owned() };
        let texture = self.surface.texture().ok_or_else(|| lost("nothing was drawn"))?;
        let (width_px, height_px) = (texture.width(), texture.height());
        let row_bytes = width_px * 4;
        let padded_bytes = row_bytes.next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let buffer = self.gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("read back"),
            size: u64::from(padded_bytes) * u64::from(height_px),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.copy_texture_to_buffer(
            texture.as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: &buffer,
                layout: wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(padded_bytes),
                    rows_per_image: None,
                },
            },
            texture.size(),
        );
        self.gpu.queue.submit([encoder.finish()]);
        let (done, is_done) = mpsc::channel();
        buffer.slice(..).map_async(wgpu::MapMode::Read, move |outcome| {
            // Nobody waits any more only where waiting itself failed.
            let _gone = done.send(outcome).is_err();
        });
        self.finish()?;
        let outcome = is_done.recv().map_err(|error| lost(&error.to_string()))?;
        outcome.map_err(|error| lost(&error.to_string()))?;
        let mapped = buffer.slice(..).get_mapped_range();
        let mut rgba = Vec::with_capacity(row_bytes as usize * height_px as usize);
        for row in mapped.chunks_exact(padded_bytes as usize) {
            rgba.extend_from_slice(row.get(..row_bytes as usize).unwrap_or_default());
        }
        Ok(Pixmap { width_px, height_px, rgba })
    }
}
