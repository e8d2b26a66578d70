//! The numbers of a frame as the shaders read them.

use bytemuck::{Pod, Zeroable};
use glam::{Vec3, Vec4};

use crate::camera::View;
use crate::frame::{Frame, Rgba, SECTIONS_MAX};

/// As `Globals` in `shader/common.wgsl`.
#[derive(Copy, Clone, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Globals {
    clip_from_machine: [[f32; 4]; 4],
    eye: [f32; 4],
    right: [f32; 4],
    down: [f32; 4],
    forward: [f32; 4],
    size: [f32; 4],
    sections: [[f32; 4]; SECTIONS_MAX],
    accent: [f32; 4],
    edge: [f32; 4],
    ghost: [f32; 4],
    cut: [f32; 4],
    ink_dark: [f32; 4],
    ink_light: [f32; 4],
}

impl Globals {
    pub(super) fn of(frame: &Frame, view: &View) -> Self {
        let with = |vector: glam::Vec3A, last: f32| Vec4::from((vector, last)).to_array();
        let [right, down, forward] = view.axes();
        let mut sections = [[0.0; 4]; SECTIONS_MAX];
        for (row, section) in sections.iter_mut().zip(&frame.sections) {
            let normal = section.normal.try_normalize().unwrap_or(Vec3::ZERO);
            *row = Vec4::from((normal, -normal.dot(section.point_m))).to_array();
        }
        let color = |color: Rgba| color.shares();
        let theme = &frame.theme;
        Self {
            clip_from_machine: view.clip_from_machine.to_cols_array_2d(),
            eye: with(view.eye(), frame.px_scale.max(0.25)),
            right: with(right, view.px_per_m(1.0)),
            down: with(down, 0.0),
            forward: with(forward, 0.0),
            size: [view.size_px.x, view.size_px.y, 1.0 / view.size_px.x, 1.0 / view.size_px.y],
            sections,
            accent: color(theme.accent),
            edge: color(theme.edge),
            ghost: color(theme.ghost),
            cut: color(theme.cut),
            ink_dark: color(theme.ink_dark),
            ink_light: color(theme.ink_light),
        }
    }
}
