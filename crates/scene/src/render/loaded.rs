//! A model on the device, and how it stands and looks in the frame that is drawn.

use std::sync::Arc;

use super::lines::Lines;
use super::part_table::PartTable;
use super::pipelines::Layouts;
use super::select;
use super::solid::Solid;
use super::{Gpu, StageFault};
use crate::camera::View;
use crate::frame::{Frame, Look};
use crate::model::Model;
use crate::pick::Picker;
use crate::pose::{Rig, Stance};

/// A model made ready to be drawn.
pub(super) struct Loaded {
    pub(super) model: Arc<Model>,
    pub(super) rig: Rig,
    pub(super) stance: Stance,
    pub(super) looks: Vec<Look>,
    pub(super) seen: Vec<bool>,
    pub(super) solid: Solid,
    pub(super) lines: Option<Lines>,
    pub(super) picker: Picker,
    table: PartTable,
    pub(super) frame_group: wgpu::BindGroup,
    pub(super) pictures_group: wgpu::BindGroup,
}

impl Loaded {
    pub(super) fn of(
        gpu: &Gpu,
        layouts: &Layouts,
        globals: &wgpu::Buffer,
        passes: &wgpu::Buffer,
        model: Arc<Model>,
    ) -> Result<Self, StageFault> {
        let rig = Rig::of(&model);
        let picker = Picker::of(&model);
        let solid = Solid::of(&gpu.device, &gpu.queue, &model);
        let table = PartTable::of(&gpu.device, model.parts().len(), gpu.side_max_px)?;
        let frame_group = frame_group(&gpu.device, layouts, globals, &table.view, passes);
        let pictures_group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("pictures"),
            layout: &layouts.pictures,
            entries: &[
                wgpu::BindGroupEntry {
                    binding: 0,
                    resource: wgpu::BindingResource::TextureView(&solid.pictures.view),
                },
                wgpu::BindGroupEntry {
                    binding: 1,
                    resource: wgpu::BindingResource::Sampler(&solid.pictures.sampler),
                },
            ],
        });
        Ok(Self {
            model,
            rig,
            stance: Stance::default(),
            looks: Vec::new(),
            seen: Vec::new(),
            solid,
            lines: None,
            picker,
            table,
            frame_group,
            pictures_group,
        })
    }

    /// Brings everything to where a frame has it; says how many bytes went to the device. What stands as in the frame
    /// before is not worked out again.
    pub(super) fn follow(&mut self, gpu: &Gpu, frame: &Frame, view: &View, before: Option<&Frame>) -> u64 {
        let moved = before.is_none_or(|before| before.motion != frame.motion);
        let looks_other =
            before.is_none_or(|before| before.rules != frame.rules || before.look != frame.look);
        if moved {
            self.rig.stand(&self.model, &frame.motion, &mut self.stance);
        }
        if looks_other {
            select::looks(frame, &self.rig, &mut self.looks);
        }
        select::in_view(view, frame.px_scale, &self.rig, &self.stance.machine_from_part, &mut self.seen);
        match moved || looks_other {
            true => self.table.write(&gpu.queue, &self.stance.machine_from_part, &self.looks),
            false => 0,
        }
    }

    /// The edges, made if they are not there yet.
    pub(super) fn want_lines(&mut self, device: &wgpu::Device) -> u64 {
        if self.lines.is_some() {
            return 0;
        }
        let lines = Lines::of(device, &self.model);
        let bytes = lines.bytes;
        self.lines = Some(lines);
        bytes
    }
}

pub(super) fn frame_group(
    device: &wgpu::Device,
    layouts: &Layouts,
    globals: &wgpu::Buffer,
    parts: &wgpu::TextureView,
    passes: &wgpu::Buffer,
) -> wgpu::BindGroup {
    let pass = wgpu::BufferBinding {
        buffer: passes,
        offset: 0,
        size: wgpu::BufferSize::new(super::stage::PASS_BYTES),
    };
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("frame"),
        layout: &layouts.frame,
        entries: &[
            wgpu::BindGroupEntry { binding: 0, resource: globals.as_entire_binding() },
            wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::TextureView(parts) },
            wgpu::BindGroupEntry { binding: 2, resource: wgpu::BindingResource::Buffer(pass) },
        ],
    })
}
