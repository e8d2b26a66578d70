//! What goes round: torque, rotation, and circles of error.

use std::f32::consts::{PI, TAU};

use glam::{Vec2, Vec3A};

use super::arrow::{headed, width_px};
use super::canvas::Canvas;
use super::plate;
use crate::frame::{Round, Tone, Turn};
use crate::ink::{Spot, Stroke, ring_arc, stroke};

/// Steps of a whole turn.
const STEPS: usize = 72;

/// Three quarters of a turn with a head, and how hard.
pub(super) fn torque(canvas: &mut Canvas<'_>, round: &Round, text: &str, tone: Tone) {
    let color = canvas.tone(tone);
    let Some(ring) = Ring::of(canvas, round) else { return };
    let width = (width_px(canvas, ring.middle)).min(canvas.length_px(ring.middle, ring.radius_m) * 0.5);
    for piece in canvas.way(&ring.arc(0.25 * PI, 1.75 * PI)) {
        headed(canvas, &piece, width, color);
    }
    let Some(middle) = canvas.spot(ring.middle) else { return };
    // Beside the circle where the text would cover it, in it where there is room.
    let reach = canvas.length_px(ring.middle, ring.radius_m);
    let half = plate::small_size(canvas, text) / 2.0;
    let is_roomy = half.length() < reach - width * 1.5;
    let at = if is_roomy {
        middle.at_px
    } else {
        middle.at_px + Vec2::new(0.0, reach + width * 1.6 + half.y + 4.0 * canvas.scale)
    };
    plate::small(canvas, at, text);
}

/// Two arrows that follow each other.
pub(super) fn rotation(canvas: &mut Canvas<'_>, round: &Round, tone: Tone) {
    let color = canvas.tone(tone);
    let Some(ring) = Ring::of(canvas, round) else { return };
    let width = width_px(canvas, ring.middle) * 0.8;
    for start in [0.12 * PI, 1.12 * PI] {
        for piece in canvas.way(&ring.arc(start, start + 0.76 * PI)) {
            headed(canvas, &piece, width, color);
        }
    }
}

/// A dashed double ring of a radius in the machine, seen from the front.
pub(super) fn error_circle(canvas: &mut Canvas<'_>, middle: Vec3A, radius_mm: f32, text: &str) {
    let Some(spot) = canvas.spot(middle) else { return };
    let spot = Spot::front(spot.at_px);
    let radius = canvas.length_px(middle, radius_mm.abs() / 1000.0);
    if !radius.is_finite() {
        return;
    }
    let radius = radius.clamp(3.0 * canvas.scale, 4_000.0);
    let ring = ring_arc(spot, radius, 0.0, TAU);
    let (on, off) = (9.0 * canvas.scale, 6.0 * canvas.scale);
    stroke(canvas.ink, &ring, &Stroke::whole(5.2 * canvas.scale, canvas.theme.ink_dark).dashed(on, off));
    stroke(canvas.ink, &ring, &Stroke::whole(2.4 * canvas.scale, canvas.theme.ink_light).dashed(on, off));
    for way in [Vec2::X, Vec2::Y, Vec2::NEG_X, Vec2::NEG_Y] {
        let tick = 5.0 * canvas.scale;
        canvas.hairline(&[spot.moved(way * (radius - tick)), spot.moved(way * (radius + tick))]);
    }
    if !text.is_empty() {
        let half = plate::small_size(canvas, text) / 2.0;
        let beside = Vec2::new(0.71, 0.71) * (radius + 6.0 * canvas.scale) + half;
        plate::small(canvas, spot.at_px + beside, text);
    }
}

/// A circle in the machine.
struct Ring {
    middle: Vec3A,
    radius_m: f32,
    /// Two directions across the axis: from the first to the second the arrow goes.
    across: [Vec3A; 2],
}

impl Ring {
    fn of(canvas: &Canvas<'_>, round: &Round) -> Option<Self> {
        let middle = Vec3A::from(round.middle_m);
        let axis = Vec3A::from(round.axis).try_normalize()?;
        if !(middle.is_finite() && round.radius_m > 0.0 && round.radius_m.is_finite()) {
            return None;
        }
        // The gap of the arrow looks down where it can, else to the right of the camera.
        let down = Vec3A::NEG_Y - axis * Vec3A::NEG_Y.dot(axis);
        let [right, ..] = canvas.view.axes();
        let first = down.try_normalize().filter(|_| down.length() > 0.2);
        let first = first.or_else(|| (right - axis * right.dot(axis)).try_normalize())?;
        // Clockwise for one who looks along the axis.
        let second = match round.turn {
            Turn::Clockwise => axis.cross(first),
            Turn::CounterClockwise => first.cross(axis),
        };
        Some(Self { middle, radius_m: round.radius_m, across: [first, second] })
    }

    fn arc(&self, from_rad: f32, to_rad: f32) -> Vec<Vec3A> {
        let count = ((to_rad - from_rad).abs() / TAU * STEPS as f32).ceil().max(2.0) as usize;
        let [first, second] = self.across;
        (0..=count)
            .map(|step| {
                let (sin, cos) = (from_rad + (to_rad - from_rad) * step as f32 / count as f32).sin_cos();
                self.middle + (first * cos + second * sin) * self.radius_m
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use glam::Vec3;

    use super::super::Setting;
    use super::*;
    use crate::camera::Orbit;
    use crate::frame::Frame;
    use crate::ink::Ink;
    use crate::layout::Layout;
    use crate::model::Model;
    use crate::pose::{Rig, Stance};
    use crate::text::{Atlas, Faces};

    #[test]
    fn clockwise_is_as_the_hands_of_a_clock_for_one_who_looks_along_the_axis() {
        // The camera looks along -Z.
        let orbit = Orbit {
            target_m: Vec3::ZERO,
            distance_m: 2.0,
            azimuth_rad: 0.0,
            elevation_rad: 0.0,
            vertical_view_rad: 0.6,
        };
        let frame = Frame::of(200, 200, orbit.camera(200, 200));
        let (view, rig) = (frame.camera.view(200, 200), Rig::of(&Model::default()));
        let (faces, mut atlas, mut ink) = (Faces::shipped().unwrap(), Atlas::default(), Ink::default());
        let (stance, before) = (Stance::default(), Layout::new());
        let setting = Setting {
            frame: &frame,
            view: &view,
            rig: &rig,
            stance: &stance,
            faces: &faces,
            before: &before,
        };
        let canvas = Canvas::of(&setting, &mut atlas, &mut ink);
        let round = Round { middle_m: Vec3::ZERO, axis: Vec3::NEG_Z, radius_m: 0.1, turn: Turn::Clockwise };
        let arc = Ring::of(&canvas, &round).unwrap().arc(0.0, 0.5 * PI);
        let [first, last] =
            [arc.first(), arc.last()].map(|point| canvas.spot(*point.unwrap()).unwrap().at_px - 100.0);
        assert!(first.y > 10.0 && first.x.abs() < 1.0, "it begins below: {first}");
        assert!(last.x < -10.0 && last.y.abs() < 1.0, "from six o'clock it goes to nine: {last}");
    }
}
