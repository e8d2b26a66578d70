//! Double lines around parts: where the parts are, how far each pixel is off, and the line over the picture.

use glam::Vec2;

use super::loaded::Loaded;
use super::pipelines::{Key, Kind, Layouts};
use super::plan::Plan;
use super::record::Recorder;
use super::target::{OutlineTarget, Size, Target};
use crate::camera::View;
use crate::frame::{Accent, Frame};
use crate::model::PartId;

/// Pixels of the layout that a line takes, with what is soft at its rim.
const WIDTH_PX: f32 = 7.0;

/// Draws outlines, on textures of the size of the last frame that had any.
#[derive(Default)]
pub(super) struct Outliner {
    target: Option<OutlineTarget>,
}

/// The pixels that an outline can touch: left, top, width, height.
pub(super) type ReachPx = [u32; 4];

impl Outliner {
    pub(super) fn fit(&mut self, device: &wgpu::Device, layouts: &Layouts, size: Size) {
        if self.target.as_ref().is_none_or(|known| known.size != size) {
            self.target = Some(OutlineTarget::of(device, layouts, size));
        }
    }

    /// Around all outlined parts that are in view; nothing where none is.
    pub(super) fn reach(&self, frame: &Frame, view: &View, loaded: &Loaded) -> Option<ReachPx> {
        let (mut low, mut high) = (Vec2::INFINITY, Vec2::NEG_INFINITY);
        let whole = [0, 0, frame.width_px, frame.height_px];
        let mut is_any = false;
        for (index, look) in loaded.looks.iter().enumerate() {
            if !look.accents.has(Accent::Outline) || loaded.seen.get(index) != Some(&true) {
                continue;
            }
            is_any = true;
            let part = PartId::at(index);
            let bounds = loaded.rig.bounds_of(part).placed(&loaded.stance.machine_from(part));
            for corner in bounds.corners() {
                // A part that reaches behind the eye may be anywhere.
                let Some(seen) = view.see(corner) else { return Some(whole) };
                low = low.min(seen.at_px);
                high = high.max(seen.at_px);
            }
        }
        let width = Vec2::splat(WIDTH_PX * frame.px_scale + 2.0);
        let low = (low - width).max(Vec2::ZERO).floor();
        let high = (high + width).min(view.size_px).ceil();
        let size = high - low;
        let is_seen = is_any && size.x >= 1.0 && size.y >= 1.0;
        is_seen.then_some([low.x as u32, low.y as u32, size.x as u32, size.y as u32])
    }

    /// Finds where the parts are, and how far off each pixel is along its row.
    pub(super) fn find(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        recorder: &mut Recorder<'_>,
        target: &Target,
        plan: &Plan,
        reach: ReachPx,
    ) {
        let Some(outline) = &self.target else { return };
        let [left, top, width, height] = reach;
        {
            let (view, resolve_target, store) = match &outline.samples {
                Some(samples) => (samples, Some(&outline.mask), wgpu::StoreOp::Discard),
                None => (&outline.mask, None, wgpu::StoreOp::Store),
            };
            let clear = wgpu::Operations { load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT), store };
            let keep = Some(wgpu::Operations { load: wgpu::LoadOp::Load, store: wgpu::StoreOp::Store });
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("mask"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view,
                    depth_slice: None,
                    resolve_target,
                    ops: clear,
                })],
                depth_stencil_attachment: Some(wgpu::RenderPassDepthStencilAttachment {
                    view: &target.depth,
                    depth_ops: keep,
                    stencil_ops: Some(wgpu::Operations {
                        load: wgpu::LoadOp::Load,
                        store: wgpu::StoreOp::Store,
                    }),
                }),
                ..Default::default()
            });
            pass.set_scissor_rect(left, top, width, height);
            let size_px = [target.size.width_px as f32, target.size.height_px as f32];
            for (place, step) in plan.mask.iter().enumerate() {
                recorder.step(&mut pass, step, plan.machine.len() + place, size_px);
            }
        }
        let load = wgpu::LoadOp::Clear(wgpu::Color::WHITE);
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("distance across"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &outline.across,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations { load, store: wgpu::StoreOp::Store },
            })],
            ..Default::default()
        });
        pass.set_scissor_rect(left, top, width, height);
        recorder.whole(&mut pass, Key::of(Kind::Across), &outline.mask_group);
    }

    /// Draws the lines over the picture.
    pub(super) fn compose(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        recorder: &mut Recorder<'_>,
        reach: ReachPx,
    ) {
        let Some(outline) = &self.target else { return };
        let [left, top, width, height] = reach;
        pass.set_scissor_rect(left, top, width, height);
        recorder.whole(pass, Key::of(Kind::Compose), &outline.both_group);
        pass.set_scissor_rect(0, 0, outline.size.width_px, outline.size.height_px);
    }
}
