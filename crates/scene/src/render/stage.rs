//! The stage: a model, a picture of a camera, and frames of them, each drawn once.

use std::sync::Arc;

use glam::{Vec2, Vec3, Vec3A};

use super::backdrop::{Backdrop, Picture};
use super::globals::Globals;
use super::loaded::Loaded;
use super::marker::Marker;
use super::outline::Outliner;
use super::pipelines::{Key, Kind, Pipelines};
use super::plan::{PASSES_MAX, Plan};
use super::record::{Recorder, cut_of, keys};
use super::surface::Surface;
use super::target::{Samples, Size, Target};
use super::{Gpu, StageFault};
use crate::camera::View;
use crate::frame::{Background, Frame};
use crate::layout::Layout;
use crate::model::Model;
use crate::pick::{Hit, Scene, Snap, snap};

/// Bytes that a shader reads of a pass, and how far apart passes lie.
pub(super) const PASS_BYTES: u64 = 16;
pub(super) const PASS_STRIDE: u32 = 256;

/// What became of a frame.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// It is the one that was drawn last: nothing was done.
    Unchanged,
    /// It was drawn.
    Anew(Work),
}

/// What a frame took.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Draws.
    pub draws: u32,
    /// Bytes that went to the device.
    pub uploaded_bytes: u64,
}

/// What was done since the stage was made.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Frames that were drawn.
    pub frames: u64,
    /// Frames that were the one before.
    pub unchanged: u64,
    /// Draws of all frames.
    pub draws: u64,
    /// Bytes that went to the device for frames.
    pub uploaded_bytes: u64,
    /// Bytes of the buffers of the model that is loaded.
    pub model_bytes: u64,
}

/// Where machines are drawn.
pub struct Stage {
    pub(super) gpu: Gpu,
    pub(super) surface: Surface,
    pipelines: Pipelines,
    target: Option<Target>,
    globals: wgpu::Buffer,
    passes: wgpu::Buffer,
    backdrop: Backdrop,
    outliner: Outliner,
    marker: Marker,
    loaded: Loaded,
    /// The frame that was drawn last.
    shown: Option<Frame>,
    /// Whether something else changed since: the model, the camera's picture.
    is_stale: bool,
    totals: Totals,
}

impl Stage {
    pub(super) fn of(gpu: Gpu, surface: Surface) -> Result<Self, StageFault> {
        let pipelines = Pipelines::of(&gpu.device, surface.format());
        let buffer = |label, size| {
            gpu.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some(label),
                size,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        };
        let globals = buffer("globals", size_of::<Globals>() as u64);
        let passes = buffer("passes", u64::from(PASS_STRIDE) * PASSES_MAX as u64);
        let backdrop = Backdrop::of(&gpu, &pipelines.layouts);
        let loaded = Loaded::of(&gpu, &pipelines.layouts, &globals, &passes, Arc::default())?;
        let marker = Marker::of(&gpu, &pipelines.layouts)?;
        let totals = Totals::default();
        Ok(Self {
            gpu,
            surface,
            pipelines,
            target: None,
            globals,
            passes,
            backdrop,
            outliner: Outliner::default(),
            marker,
            loaded,
            shown: None,
            is_stale: false,
            totals,
        })
    }

    /// Takes a model in place of the one before.
    ///
    /// # Errors
    /// When it has more parts than the adapter can draw, or the driver refuses its buffers.
    pub fn load(&mut self, model: Arc<Model>) -> Result<(), StageFault> {
        self.shown = None;
        self.loaded = Loaded::of(&self.gpu, &self.pipelines.layouts, &self.globals, &self.passes, model)?;
        self.totals.model_bytes = self.loaded.solid.bytes;
        self.gpu.complaint()
    }

    /// The model that is loaded.
    pub fn model(&self) -> &Arc<Model> {
        &self.loaded.model
    }

    /// The name of the graphics adapter.
    pub fn adapter_name(&self) -> &str {
        &self.gpu.adapter_name
    }

    /// Takes another picture of the camera.
    ///
    /// # Errors
    /// When its bytes do not fill it, or it is too large.
    pub fn show_picture(&mut self, picture: &Picture<'_>) -> Result<(), StageFault> {
        self.totals.uploaded_bytes += self.backdrop.show(&self.gpu, &self.pipelines.layouts, picture)?;
        self.picture_is_other();
        Ok(())
    }

    /// Takes what a video, a canvas or another source of the browser shows now.
    ///
    /// # Errors
    /// When it is too large.
    #[cfg(target_arch = "wasm32")]
    pub fn show_source(
        &mut self,
        source: wgpu::ExternalImageSource,
        size_px: [u32; 2],
    ) -> Result<(), StageFault> {
        self.totals.uploaded_bytes +=
            self.backdrop.show_source(&self.gpu, &self.pipelines.layouts, source, size_px)?;
        self.picture_is_other();
        Ok(())
    }

    /// Takes what another canvas shows now as the camera's picture.
    ///
    /// # Errors
    /// When it is too large.
    #[cfg(target_arch = "wasm32")]
    pub fn show_canvas(&mut self, canvas: web_sys::HtmlCanvasElement) -> Result<(), StageFault> {
        let size_px = [canvas.width(), canvas.height()];
        self.show_source(wgpu::ExternalImageSource::HTMLCanvasElement(canvas), size_px)
    }

    /// A picture that no frame shows changes nothing.
    fn picture_is_other(&mut self) {
        if self.shown.as_ref().is_some_and(|shown| shown.background == Background::Picture) {
            self.is_stale = true;
        }
    }

    /// Draws a frame, unless it is the one that is shown.
    ///
    /// # Errors
    /// When its size cannot be drawn on, what is drawn on was lost, or the driver refuses.
    pub fn draw(&mut self, frame: &Frame) -> Result<Drawn, StageFault> {
        if !self.is_stale && self.shown.as_ref() == Some(frame) {
            self.totals.unchanged += 1;
            return Ok(Drawn::Unchanged);
        }
        let (width_px, height_px) = (frame.width_px, frame.height_px);
        self.gpu.size_fits(width_px, height_px)?;
        self.surface.resize(&self.gpu, width_px, height_px);
        let samples = if frame.is_smooth { Samples::Four } else { Samples::One };
        let size = Size { width_px, height_px, samples };
        if self.target.as_ref().is_none_or(|target| target.size != size) {
            self.target = Some(Target::of(&self.gpu.device, self.pipelines.format(), size));
        }
        self.pipelines.begin(samples);
        let view = frame.camera.view(width_px, height_px);
        let before = self.shown.take();
        let mut work = Work { draws: 0, uploaded_bytes: self.upload(frame, &view, before.as_ref()) };
        let plan = Plan::of(frame, &self.loaded.looks);
        work.uploaded_bytes += self.prepare(frame, &plan);
        work.draws = self.record(frame, &view, &plan)?;
        self.gpu.complaint()?;
        self.shown = Some(frame.clone());
        self.is_stale = false;
        self.totals.frames += 1;
        self.totals.draws += u64::from(work.draws);
        self.totals.uploaded_bytes += work.uploaded_bytes;
        Ok(Drawn::Anew(work))
    }

    /// Where the texts of the frame that is shown are, by the names of their marks.
    pub fn layout(&self) -> &Layout {
        self.marker.layout()
    }

    /// The part under a pixel of the frame that is shown.
    pub fn pick(&self, at_px: Vec2) -> Option<Hit> {
        let frame = self.shown.as_ref()?;
        let view = frame.camera.view(frame.width_px, frame.height_px);
        self.loaded.picker.pick(&self.scene(frame), &view, at_px)
    }

    /// The point under a pixel, drawn to a corner or an edge that is seen within so many pixels of it.
    pub fn measure(&self, at_px: Vec2, reach_px: f32) -> Option<(Hit, Snap)> {
        let frame = self.shown.as_ref()?;
        let view = frame.camera.view(frame.width_px, frame.height_px);
        let scene = self.scene(frame);
        let hit = self.loaded.picker.pick(&scene, &view, at_px)?;
        let reach_m = reach_px / view.px_per_m(hit.distance_m);
        let snapped = snap(&scene, &hit, reach_m);
        Some((hit, snapped))
    }

    fn scene<'a>(&'a self, frame: &'a Frame) -> Scene<'a> {
        Scene {
            model: &self.loaded.model,
            rig: &self.loaded.rig,
            stance: &self.loaded.stance,
            looks: &self.loaded.looks,
            sections: &frame.sections,
        }
    }

    /// Where a point of the machine is on what is drawn on; nothing behind the eye.
    pub fn see(&self, point_m: Vec3) -> Option<Vec2> {
        let frame = self.shown.as_ref()?;
        let view = frame.camera.view(frame.width_px, frame.height_px);
        view.see(Vec3A::from(point_m)).map(|seen| seen.at_px)
    }

    /// What was done since the stage was made.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    fn upload(&mut self, frame: &Frame, view: &View, before: Option<&Frame>) -> u64 {
        let globals = Globals::of(frame, view);
        self.gpu.queue.write_buffer(&self.globals, 0, bytemuck::bytes_of(&globals));
        if frame.background == Background::Picture {
            self.backdrop.aim(&self.gpu.queue, frame, view);
        }
        let parts = self.loaded.follow(&self.gpu, frame, view, before);
        let marks = self.marker.follow(&self.gpu, frame, view, &self.loaded);
        size_of::<Globals>() as u64 + parts + marks
    }

    /// Pipelines, edges and the numbers of each pass.
    fn prepare(&mut self, frame: &Frame, plan: &Plan) -> u64 {
        let mut bytes = 0;
        if plan.steps().any(|step| step.kind == Kind::Edge) {
            bytes += self.loaded.want_lines(&self.gpu.device);
        }
        let cut = cut_of(frame.sections.len());
        for key in plan.steps().flat_map(|step| keys(step, cut, &self.loaded)) {
            self.pipelines.want(&self.gpu.device, key);
        }
        for kind in self.marker.kinds() {
            self.pipelines.want(&self.gpu.device, Key::of(kind));
        }
        if !plan.mask.is_empty() {
            for kind in [Kind::Across, Kind::Compose] {
                self.pipelines.want(&self.gpu.device, Key::of(kind));
            }
            if let Some(target) = &self.target {
                self.outliner.fit(&self.gpu.device, &self.pipelines.layouts, target.size);
            }
        }
        let mut words = vec![[0_u32; PASS_STRIDE as usize / 4]; plan.steps().count()];
        for (step, row) in plan.steps().zip(&mut words) {
            let [fills, with, without] = step.members.words();
            for (to, from) in row.iter_mut().zip([fills, with, without, step.word]) {
                *to = from;
            }
        }
        let words: &[u8] = bytemuck::cast_slice(&words);
        self.gpu.queue.write_buffer(&self.passes, 0, words);
        bytes + words.len() as u64
    }

    fn record(&mut self, frame: &Frame, view: &View, plan: &Plan) -> Result<u32, StageFault> {
        let Some(target) = &self.target else { return Ok(0) };
        let shown_on = self.surface.begin()?;
        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let size_px = [frame.width_px as f32, frame.height_px as f32];
        let mut recorder = Recorder {
            pipelines: &self.pipelines,
            loaded: &self.loaded,
            background: &self.backdrop.group,
            cut: cut_of(frame.sections.len()),
            draws: 0,
        };
        let outlined =
            (!plan.mask.is_empty()).then(|| self.outliner.reach(frame, view, &self.loaded)).flatten();
        let kept = if outlined.is_some() { wgpu::StoreOp::Store } else { wgpu::StoreOp::Discard };
        // With one sample a pixel there is nothing to bring together.
        let on = |is_last: bool, load, several: wgpu::StoreOp| match &target.color {
            Some(color) => color_attachment(color, is_last.then(|| shown_on.view()), load, several),
            None => color_attachment(shown_on.view(), None, load, wgpu::StoreOp::Store),
        };
        {
            let clear = wgpu::LoadOp::Clear(clear_color(frame));
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("machine"),
                color_attachments: &[Some(on(outlined.is_none(), clear, kept))],
                depth_stencil_attachment: Some(wgpu::RenderPassDepthStencilAttachment {
                    view: &target.depth,
                    depth_ops: Some(wgpu::Operations { load: wgpu::LoadOp::Clear(1.0), store: kept }),
                    stencil_ops: Some(wgpu::Operations { load: wgpu::LoadOp::Clear(0), store: kept }),
                }),
                ..Default::default()
            });
            for (place, step) in plan.machine.iter().enumerate() {
                recorder.step(&mut pass, step, place, size_px);
            }
            if outlined.is_none() {
                self.marker.record(&mut pass, &mut recorder, size_px);
            }
        }
        if let Some(reach) = outlined {
            self.outliner.find(&mut encoder, &mut recorder, target, plan, reach);
            let load = wgpu::LoadOp::Load;
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("marks"),
                color_attachments: &[Some(on(true, load, wgpu::StoreOp::Discard))],
                depth_stencil_attachment: Some(wgpu::RenderPassDepthStencilAttachment {
                    view: &target.depth,
                    depth_ops: Some(wgpu::Operations {
                        load: wgpu::LoadOp::Load,
                        store: wgpu::StoreOp::Discard,
                    }),
                    stencil_ops: Some(wgpu::Operations {
                        load: wgpu::LoadOp::Load,
                        store: wgpu::StoreOp::Discard,
                    }),
                }),
                ..Default::default()
            });
            self.outliner.compose(&mut pass, &mut recorder, reach);
            self.marker.record(&mut pass, &mut recorder, size_px);
        }
        let draws = recorder.draws;
        self.gpu.queue.submit([encoder.finish()]);
        shown_on.end();
        Ok(draws)
    }
}

fn color_attachment<'a>(
    view: &'a wgpu::TextureView,
    resolve_target: Option<&'a wgpu::TextureView>,
    load: wgpu::LoadOp<wgpu::Color>,
    store: wgpu::StoreOp,
) -> wgpu::RenderPassColorAttachment<'a> {
    wgpu::RenderPassColorAttachment {
        view,
        depth_slice: None,
        resolve_target,
        ops: wgpu::Operations { load, store },
    }
}

fn clear_color(frame: &Frame) -> wgpu::Color {
    let [r, g, b, a] = match frame.background {
        Background::Clear => [0.0; 4],
        Background::Backdrop | Background::Picture => frame.theme.backdrop.shares().map(f64::from),
    };
    wgpu::Color { r, g, b, a }
}
