//! Small pictures on plates: a clock for what is old, a question for what is unsure, a cross for what is bad.

use std::f32::consts::TAU;

use glam::Vec2;

use super::canvas::Canvas;
use crate::frame::{Rgba, Trust};
use crate::ink::{Mode, Spot, Stroke, circle, polygon, ring_arc, stroke};
use crate::text::Weight;

/// What says how far a value can be trusted, in a square of a size about its middle.
pub(super) fn trust(canvas: &mut Canvas<'_>, middle: Vec2, size: f32, trust: Trust, color: Rgba) {
    let (spot, radius) = (Spot::front(middle), size / 2.0);
    let line = size * 0.11;
    match trust {
        Trust::Good => {}
        Trust::Uncertain => {
            let corner =
                |turn: f32| middle + Vec2::new(0.0, size * 0.10) + Vec2::from_angle(turn) * radius * 1.22;
            let top = -TAU / 4.0;
            let outline = [corner(top), corner(top + TAU / 3.0), corner(top - TAU / 3.0)];
            polygon(canvas.ink, &outline, &[], 0.0, color, Mode::Plain);
            let letter = size * 0.72 / canvas.scale;
            let width = canvas.text_px("?", Weight::Strong, letter);
            let start = middle + Vec2::new(-width / 2.0, size * 0.40);
            canvas.words("?", Weight::Strong, letter, canvas.theme.plate, start);
        }
        Trust::Stale => {
            let ring = ring_arc(spot, radius - line / 2.0, 0.0, TAU);
            stroke(canvas.ink, &ring, &Stroke::whole(line, color));
            let hands = [
                spot.moved(Vec2::new(0.0, -radius * 0.58)),
                spot,
                spot.moved(Vec2::new(radius * 0.42, radius * 0.18)),
            ];
            stroke(canvas.ink, &hands, &Stroke::whole(line, color));
        }
        Trust::Bad => {
            circle(canvas.ink, spot, radius, color);
            for way in [Vec2::new(1.0, 1.0), Vec2::new(1.0, -1.0)] {
                let reach = way * radius * 0.42;
                let cross = [spot.moved(reach), spot.moved(-reach)];
                stroke(canvas.ink, &cross, &Stroke::whole(line * 1.3, canvas.theme.plate));
            }
        }
    }
}
