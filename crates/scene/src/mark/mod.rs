//! Marks become ink: arrows, dimensions, texts with their places, zones and signs, as the camera sees them.

mod arrow;
mod canvas;
mod glyph;
mod plate;
mod sign;
mod text;
mod turn;
mod zone;

pub use zone::{Volume, VolumeCorner};

use glam::{Vec2, Vec3A};

use crate::camera::View;
use crate::frame::{Anchor, Frame, MARKS_MAX, Mark};
use crate::ink::Ink;
use crate::layout::Layout;
use crate::pose::{Rig, Stance};
use crate::text::{Atlas, Faces};
use canvas::Canvas;

/// What marks need to know of the machine and of the picture.
pub struct Setting<'a> {
    /// The picture that is asked for.
    pub frame: &'a Frame,
    /// Its camera.
    pub view: &'a View,
    /// The machine.
    pub rig: &'a Rig,
    /// How it stands.
    pub stance: &'a Stance,
    /// The font.
    pub faces: &'a Faces,
    /// Where texts were in the frame before.
    pub before: &'a Layout,
}

/// The marks of a frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// What is drawn flat on the picture.
    pub ink: Ink,
    /// Rooms, drawn as bodies.
    pub volume: Volume,
    /// Where texts are.
    pub layout: Layout,
}

/// Draws all marks of a frame: first what lies in the machine, then texts over it.
pub fn draw(setting: &Setting<'_>, atlas: &mut Atlas) -> Drawing {
    let mut drawing = Drawing::default();
    let marks = setting.frame.marks.get(..MARKS_MAX).unwrap_or(&setting.frame.marks);
    if marks.is_empty() {
        return drawing;
    }
    let mut canvas = Canvas::of(setting, atlas, &mut drawing.ink);
    let mut order: Vec<(&Mark, f32)> = marks.iter().map(|mark| (mark, distance_m(setting, mark))).collect();
    // What is further off is drawn first; marks at one distance keep the order of the frame.
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (mark, _) in &order {
        match mark {
            Mark::Arrow { way_m, sense, tone } => arrow::draw(&mut canvas, way_m, *sense, *tone),
            Mark::Torque { round, text, tone } => turn::torque(&mut canvas, round, text, *tone),
            Mark::Rotation { round, tone } => turn::rotation(&mut canvas, round, *tone),
            Mark::Dimension { from_m, to_m, offset_m, text } => {
                arrow::dimension(&mut canvas, [*from_m, *to_m], *offset_m, text);
            }
            Mark::Zone { shape, sign, text } => {
                zone::draw(&mut canvas, &mut drawing.volume, shape, *sign, text);
            }
            Mark::Safety { anchor, sign, size_px } => {
                if let Some(spot) = point_of(setting, anchor).and_then(|point| canvas.spot(point)) {
                    sign::draw(&mut canvas, spot.at_px, *sign, *size_px);
                }
            }
            Mark::ErrorCircle { anchor, radius_mm, text } => {
                if let Some(point) = point_of(setting, anchor) {
                    turn::error_circle(&mut canvas, point, *radius_mm, text);
                }
            }
            Mark::Point { at_m } => arrow::cross(&mut canvas, *at_m),
            Mark::Callout { .. } | Mark::Label { .. } => {}
        }
    }
    drawing.layout = text::draw(&mut canvas, setting, marks);
    drawing
}

/// Where an anchor is, in the machine's frame; nothing for a part that is not there.
fn point_of(setting: &Setting<'_>, anchor: &Anchor) -> Option<Vec3A> {
    match anchor {
        Anchor::Point(point) => Some(Vec3A::from(*point)).filter(|point| point.is_finite()),
        Anchor::Part(part) => {
            let part = setting.rig.part(part)?;
            setting.rig.branch_middle(part, setting.stance)
        }
    }
}

fn distance_m(setting: &Setting<'_>, mark: &Mark) -> f32 {
    let eye = setting.view.eye();
    let to = |point: Option<Vec3A>| point.map_or(0.0, |point| (point - eye).length());
    match mark {
        Mark::Arrow { way_m, .. } => to(way_m.first().copied().map(Vec3A::from)),
        Mark::Torque { round, .. } | Mark::Rotation { round, .. } => to(Some(Vec3A::from(round.middle_m))),
        Mark::Dimension { from_m, .. } => to(Some(Vec3A::from(*from_m))),
        Mark::Point { at_m } => to(Some(Vec3A::from(*at_m))),
        Mark::ErrorCircle { anchor, .. } | Mark::Safety { anchor, .. } => to(point_of(setting, anchor)),
        Mark::Zone { .. } => f32::MAX,
        Mark::Callout { .. } | Mark::Label { .. } => 0.0,
    }
}

/// The whole pixels between two numbers of the layout.
fn on_pixels(at: Vec2) -> Vec2 {
    at.round()
}
