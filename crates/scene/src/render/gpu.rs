//! The graphics adapter: asked for, and what it complained of.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::StageFault;

/// A device, its queue, and what went wrong on it.
pub(super) struct Gpu {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) adapter_name: String,
    pub(super) side_max_px: u32,
    complaints: Arc<Mutex<Vec<String>>>,
}

impl Gpu {
    /// Takes an adapter that can draw on the surface, if there is one, and within what WebGL2 can do anywhere.
    pub(super) async fn of(
        instance: &wgpu::Instance,
        surface: Option<&wgpu::Surface<'_>>,
    ) -> Result<(Self, wgpu::Adapter), StageFault> {
        let wish = wgpu::RequestAdapterOptions { compatible_surface: surface, ..Default::default() };
        let adapter = instance
            .request_adapter(&wish)
            .await
            .map_err(|error| StageFault::NoAdapter { reason: error.to_string() })?;
        let limits = wgpu::Limits::downlevel_webgl2_defaults().using_resolution(adapter.limits());
        let side_max_px = limits.max_texture_dimension_2d;
        let wish = wgpu::DeviceDescriptor {
            label: Some("stage"),
            required_limits: limits,
            memory_hints: wgpu::MemoryHints::MemoryUsage,
            ..Default::default()
        };
        let adapter_name = adapter.get_info().name;
        let (device, queue) = adapter.request_device(&wish).await.map_err(|error| StageFault::NoDevice {
            adapter: adapter_name.clone(),
            reason: error.to_string(),
        })?;
        let complaints: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = Arc::clone(&complaints);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| note(&noted, error.to_string())));
        let noted = Arc::clone(&complaints);
        device.set_device_lost_callback(move |_reason, message| note(&noted, message));
        Ok((Self { device, queue, adapter_name, side_max_px, complaints }, adapter))
    }

    /// What went wrong since it was asked last.
    pub(super) fn complaint(&self) -> Result<(), StageFault> {
        let mut list = self.complaints.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match std::mem::take(&mut *list).into_iter().next() {
            Some(reason) => Err(StageFault::Driver { reason }),
            None => Ok(()),
        }
    }

    /// Whether a surface of this size can be drawn on.
    pub(super) fn size_fits(&self, width_px: u32, height_px: u32) -> Result<(), StageFault> {
        let fits = |side: u32| (1..=self.side_max_px).contains(&side);
        match fits(width_px) && fits(height_px) {
            true => Ok(()),
            false => Err(StageFault::Size { width_px, height_px, limit_px: self.side_max_px }),
        }
    }
}

fn note(list: &Mutex<Vec<String>>, reason: String) {
    let mut list = list.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    // The first complaint says what was wrong; a thousand more say nothing new.
    if list.len() < 8 {
        list.push(reason);
    }
}

/// Runs what never waits: natively and on a canvas with WebGL2, adapters and devices are there at once.
pub(super) fn at_once<T>(future: impl Future<Output = Result<T, StageFault>>) -> Result<T, StageFault> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..1_000 {
        if let Poll::Ready(outcome) = future.as_mut().poll(&mut context) {
            return outcome;
        }
        std::thread::yield_now();
    }
    Err(StageFault::NoAdapter { reason: "the system does not answer".to_owned() })
}
