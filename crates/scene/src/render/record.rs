//! Passes as commands: which pipeline, which buffers, which ranges.

use super::lines::CORNERS_OF_A_LINE;
use super::loaded::Loaded;
use super::pipelines::{Copies, Cut, Key, Kind, Pipelines};
use super::plan::Step;
use super::select::joined;
use super::stage::PASS_STRIDE;

/// Draws the steps of a plan, and counts the draws.
pub(super) struct Recorder<'a> {
    pub(super) pipelines: &'a Pipelines,
    pub(super) loaded: &'a Loaded,
    pub(super) background: &'a wgpu::BindGroup,
    pub(super) cut: Cut,
    pub(super) draws: u32,
}

/// The pipelines that a step takes.
pub(super) fn keys(step: &Step, cut: Cut, loaded: &Loaded) -> Vec<Key> {
    let key = Key { cut, ..Key::of(step.kind) };
    if !step.kind.is_surface() {
        return vec![Key::of(step.kind)];
    }
    let merged = step.sides.iter().map(|side| Key { side: *side, ..key });
    let copied = loaded.solid.copied.iter().filter(|copied| step.sides.contains(&copied.side));
    let copied = copied.map(|copied| Key { side: copied.side, copies: Copies::Each, ..key });
    merged.chain(copied).collect()
}

impl Recorder<'_> {
    pub(super) fn step(
        &mut self,
        pass: &mut wgpu::RenderPass<'_>,
        step: &Step,
        place: usize,
        size_px: [f32; 2],
    ) {
        let [near, far] = step.depths;
        pass.set_viewport(0.0, 0.0, size_px[0], size_px[1], near, far);
        pass.set_stencil_reference(step.mark);
        pass.set_bind_group(0, &self.loaded.frame_group, &[place as u32 * PASS_STRIDE]);
        match step.kind {
            Kind::Background => self.whole(pass, Key::of(Kind::Background), self.background),
            Kind::Edge => self.edges(pass, step),
            _ => self.surfaces(pass, step),
        }
    }

    /// Draws over all of what is drawn on.
    pub(super) fn whole(&mut self, pass: &mut wgpu::RenderPass<'_>, key: Key, group: &wgpu::BindGroup) {
        let Some(pipeline) = self.pipelines.get(key) else { return };
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, &self.loaded.frame_group, &[0]);
        pass.set_bind_group(1, group, &[]);
        pass.draw(0..3, 0..1);
        self.draws += 1;
    }

    fn edges(&mut self, pass: &mut wgpu::RenderPass<'_>, step: &Step) {
        let (Some(pipeline), Some(lines)) = (self.pipelines.get(Key::of(Kind::Edge)), &self.loaded.lines)
        else {
            return;
        };
        pass.set_pipeline(pipeline);
        pass.set_vertex_buffer(0, lines.buffer.slice(..));
        for range in joined(&lines.ranges, |part| self.is_member(step, part)) {
            pass.draw(0..CORNERS_OF_A_LINE, range);
            self.draws += 1;
        }
    }

    fn surfaces(&mut self, pass: &mut wgpu::RenderPass<'_>, step: &Step) {
        let solid = &self.loaded.solid;
        pass.set_bind_group(1, &self.loaded.pictures_group, &[]);
        pass.set_vertex_buffer(0, solid.corners.slice(..));
        pass.set_index_buffer(solid.indices.slice(..), wgpu::IndexFormat::Uint32);
        let key = Key { cut: self.cut, ..Key::of(step.kind) };
        for side in step.sides {
            let ranges = joined(solid.ranges(*side), |part| self.is_member(step, part));
            let Some(pipeline) =
                self.pipelines.get(Key { side: *side, ..key }).filter(|_| !ranges.is_empty())
            else {
                continue;
            };
            pass.set_pipeline(pipeline);
            pass.set_vertex_buffer(1, solid.part_of_corner.slice(..));
            for range in ranges {
                pass.draw_indexed(range, 0, 0..1);
                self.draws += 1;
            }
        }
        for copied in solid.copied.iter().filter(|copied| step.sides.contains(&copied.side)) {
            let key = Key { side: copied.side, copies: Copies::Each, ..key };
            let is_drawn = copied.parts.iter().any(|part| self.is_member(step, *part as usize));
            let Some(pipeline) = self.pipelines.get(key).filter(|_| is_drawn) else { continue };
            pass.set_pipeline(pipeline);
            pass.set_vertex_buffer(1, solid.part_of_copy.slice(..));
            pass.draw_indexed(copied.indices.clone(), 0, copied.copies.clone());
            self.draws += 1;
        }
    }

    fn is_member(&self, step: &Step, part: usize) -> bool {
        let is_seen = self.loaded.seen.get(part) == Some(&true);
        is_seen && self.loaded.looks.get(part).is_some_and(|look| step.members.has(look))
    }
}

/// Whether any side of a plan is drawn from both sides because something is cut open.
pub(super) fn cut_of(sections: usize) -> Cut {
    if sections == 0 { Cut::Whole } else { Cut::Open }
}
