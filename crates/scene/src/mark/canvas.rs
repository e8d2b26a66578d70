//! What marks are drawn with: places of the machine on the picture, double lines, and plates with words.

use glam::{Vec2, Vec3A};

use super::Setting;
use crate::camera::View;
use crate::frame::{Rgba, Theme, Tone};
use crate::ink::{Ink, Pen, Spot, Stroke, Words, stroke, words};
use crate::text::{Atlas, Faces, Weight};

/// That share of the depth is kept for what is seen through others; the renderer has the same.
pub(super) const DEPTH_BEFORE: f32 = 0.05;
/// Marks stand a little before what they mark.
const NEARER: f32 = 0.003;
/// Rims of lines, pixels of the layout.
const LIGHT_RIM_PX: f32 = 1.4;
const DARK_RIM_PX: f32 = 2.8;

/// Where marks are drawn.
pub(super) struct Canvas<'a> {
    pub(super) view: &'a View,
    pub(super) theme: &'a Theme,
    /// Pixels for one of the layout.
    pub(super) scale: f32,
    pub(super) faces: &'a Faces,
    atlas: &'a mut Atlas,
    pub(super) ink: &'a mut Ink,
    eye: Vec3A,
}

impl<'a> Canvas<'a> {
    pub(super) fn of(setting: &Setting<'a>, atlas: &'a mut Atlas, ink: &'a mut Ink) -> Self {
        Self {
            view: setting.view,
            theme: &setting.frame.theme,
            scale: setting.frame.px_scale.clamp(0.25, 8.0),
            faces: setting.faces,
            atlas,
            ink,
            eye: setting.view.eye(),
        }
    }

    /// Where a point of the machine is on the picture, and how deep.
    pub(super) fn spot(&self, point: Vec3A) -> Option<Spot> {
        let seen = self.view.see(point.lerp(self.eye, NEARER))?;
        let depth = DEPTH_BEFORE + (1.0 - DEPTH_BEFORE) * seen.depth;
        let is_near = seen.at_px.abs().max_element() < 1.0e5;
        (is_near && depth.is_finite()).then_some(Spot { at_px: seen.at_px, depth: depth.clamp(0.0, 1.0) })
    }

    /// A way through the machine as pieces on the picture: what is behind the eye is left out.
    pub(super) fn way(&self, points: &[Vec3A]) -> Vec<Vec<Spot>> {
        let mut pieces: Vec<Vec<Spot>> = vec![Vec::new()];
        for point in points {
            match (self.spot(*point), pieces.last_mut()) {
                (Some(spot), Some(piece)) => piece.push(spot),
                (None, Some(piece)) if !piece.is_empty() => pieces.push(Vec::new()),
                _ => {}
            }
        }
        pieces.retain(|piece| piece.len() > 1);
        pieces
    }

    /// How many pixels a length at a point has across the line of sight.
    pub(super) fn length_px(&self, at: Vec3A, length_m: f32) -> f32 {
        let distance_m = self.view.camera_from_machine.transform_point3a(at).z;
        self.view.px_per_m(distance_m) * length_m
    }

    pub(super) fn tone(&self, tone: Tone) -> Rgba {
        match tone {
            Tone::Accent => self.theme.accent,
            Tone::Quiet => self.theme.muted,
            Tone::Notice => self.theme.notice,
            Tone::Critical => self.theme.critical,
        }
    }

    /// The rims of a line: how much wider it is drawn, in which colour, from the outermost to the line itself.
    pub(super) fn layers(&self, color: Rgba) -> [(f32, Rgba); 3] {
        [
            (DARK_RIM_PX * self.scale, self.theme.ink_dark),
            (LIGHT_RIM_PX * self.scale, self.theme.ink_light),
            (0.0, color),
        ]
    }

    /// A line that is seen on every ground: its colour, rimmed light, rimmed dark.
    pub(super) fn line(&mut self, way: &[Spot], width_px: f32, color: Rgba) {
        for (rim, color) in self.layers(color) {
            stroke(self.ink, way, &Stroke::whole(width_px + rim * 2.0, color));
        }
    }

    /// A thin double line of light in dark, as leaders and dimensions have it.
    pub(super) fn hairline(&mut self, way: &[Spot]) {
        stroke(self.ink, way, &Stroke::whole(3.6 * self.scale, self.theme.ink_dark));
        stroke(self.ink, way, &Stroke::whole(1.6 * self.scale, self.theme.ink_light));
    }

    pub(super) fn text_px(&self, text: &str, weight: Weight, size: f32) -> f32 {
        self.faces.width_px(text, weight, size * self.scale)
    }

    /// Words of a size of the layout, from their start on the baseline.
    pub(super) fn words(
        &mut self,
        text: &str,
        weight: Weight,
        size: f32,
        color: Rgba,
        start_px: Vec2,
    ) -> f32 {
        let mut pen = Pen { faces: self.faces, atlas: self.atlas };
        let line = Words { text, weight, size_px: size * self.scale, color };
        words(self.ink, &mut pen, &line, start_px)
    }
}
