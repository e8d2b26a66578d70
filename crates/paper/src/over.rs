//! What is drawn over a photo: dark within light, so that it reads on any, in black and white too.

use crate::document::Drawn;
use crate::font::Weight;
use crate::layout::{Desk, Ink, Mark, SMALL};
use crate::wrap::cut;

/// Widths of the light line and of the dark one within it, in points.
const OUTER: f32 = 4.0;
const INNER: f32 = 2.0;
/// A circle is drawn as so many straight pieces.
const PIECES: u16 = 48;
/// Plates are cut to so much of the photo's width.
const PLATE_SHARE: f32 = 0.6;
const PLATE_HEIGHT: f32 = 13.0;

/// Where a photo stands, in points.
#[derive(Copy, Clone)]
pub(crate) struct PhotoFrame {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

impl PhotoFrame {
    /// A place of the photo in points; what lies outside stands at its edge.
    fn at(self, (x, y): (f32, f32)) -> (f32, f32) {
        let share = |part: f32| if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.5 };
        (self.x + share(x) * self.width, self.y + share(y) * self.height)
    }
}

/// Draws all of it.
pub(crate) fn draw(desk: &mut Desk<'_>, drawn: &[Drawn], frame: PhotoFrame) {
    for one in drawn {
        match one {
            Drawn::Arrow { from, to } => arrow(desk, frame.at(*from), frame.at(*to)),
            Drawn::Ring { center, radius } => {
                let radius = if radius.is_finite() { radius.clamp(0.005, 1.0) * frame.width } else { 1.0 };
                lines(desk, &[ring(frame.at(*center), radius)]);
            }
            Drawn::Plate { at, text } => plate(desk, frame, *at, text),
        }
    }
}

fn lines(desk: &mut Desk<'_>, all: &[Vec<(f32, f32)>]) {
    for (width, ink) in [(OUTER, Ink::White), (INNER, Ink::Black)] {
        for points in all {
            desk.mark(Mark::Line { points: points.clone(), width, ink });
        }
    }
}

fn arrow(desk: &mut Desk<'_>, from: (f32, f32), to: (f32, f32)) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(0.01);
    let (ux, uy) = (dx / length, dy / length);
    let side = |sign: f32| (to.0 - 9.0 * ux + sign * 5.0 * uy, to.1 - 9.0 * uy - sign * 5.0 * ux);
    lines(desk, &[vec![from, to], vec![side(1.0), to, side(-1.0)]]);
}

fn ring(center: (f32, f32), radius: f32) -> Vec<(f32, f32)> {
    let around = |piece: u16| {
        let angle = std::f32::consts::TAU * f32::from(piece) / f32::from(PIECES);
        (center.0 + radius * angle.cos(), center.1 + radius * angle.sin())
    };
    (0..=PIECES).map(around).collect()
}

fn plate(desk: &mut Desk<'_>, frame: PhotoFrame, at: (f32, f32), text: &str) {
    let text = desk.cleaned_line(text);
    let face = desk.faces.face(Weight::Strong);
    let text = cut(&text, face, SMALL, frame.width * PLATE_SHARE);
    let wide = face.width(&text, SMALL);
    let (x, y) = frame.at(at);
    let (width, height) = ((wide + 10.0).max(PLATE_HEIGHT), PLATE_HEIGHT);
    let left = (x - width / 2.0).clamp(frame.x, (frame.x + frame.width - width).max(frame.x));
    let top = (y - height / 2.0).clamp(frame.y, (frame.y + frame.height - height).max(frame.y));
    let edge = 1.0;
    desk.mark(Mark::Area {
        x: left - edge,
        y: top - edge,
        width: width + 2.0 * edge,
        height: height + 2.0 * edge,
        ink: Ink::White,
    });
    desk.mark(Mark::Area { x: left, y: top, width, height, ink: Ink::Black });
    desk.text(left + (width - wide) / 2.0, top + 9.5, SMALL, Weight::Strong, Ink::White, text);
}
