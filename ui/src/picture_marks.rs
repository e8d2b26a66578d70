//! What is drawn on a picture of a step: the mark that a stroke makes, and its lines.

use millwright_model::{PictureMark, PicturePoint};

use crate::icon::Glyph;
use crate::text;

/// What a stroke draws.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    Arrow,
    Circle,
    Number,
    Torque,
}

impl Tool {
    pub(crate) const ALL: [Self; 4] = [Self::Arrow, Self::Circle, Self::Number, Self::Torque];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Arrow => "arrow",
            Self::Circle => "circle",
            Self::Number => "number",
            Self::Torque => "torque",
        }
    }

    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Arrow => text::mark_arrow(),
            Self::Circle => text::mark_circle(),
            Self::Number => text::mark_number(),
            Self::Torque => text::step_torque(),
        }
    }

    pub(crate) fn glyph(self) -> Glyph {
        match self {
            Self::Arrow => Glyph::ArrowUpRight,
            Self::Circle => Glyph::Circle,
            Self::Number => Glyph::Hash,
            Self::Torque => Glyph::RotateCw,
        }
    }
}

/// The mark that a stroke makes; a tap is a stroke of no length.
pub(crate) fn mark(
    tool: Tool,
    from: PicturePoint,
    to: PicturePoint,
    shape: (f64, f64),
    number: u32,
    torque_nm: f64,
) -> PictureMark {
    // Lengths in shares of the width, whatever the picture's shape.
    let length = (to.x - from.x).hypot((to.y - from.y) * shape.1 / shape.0);
    match tool {
        // A tap points: the arrow comes from the lower left.
        Tool::Arrow if length < 0.03 => {
            let tail = PicturePoint { x: (from.x - 0.12).max(0.0), y: (from.y + 0.12).min(1.0) };
            PictureMark::Arrow { from: tail, to: from }
        }
        Tool::Arrow => PictureMark::Arrow { from, to },
        Tool::Circle => PictureMark::Circle { center: from, radius: length.clamp(0.04, 0.9) },
        Tool::Number => PictureMark::Number { at: to, number },
        Tool::Torque => PictureMark::Torque { at: to, torque_nm },
    }
}

/// A line with a head of fixed size.
pub(crate) fn arrow((x0, y0): (f64, f64), (x1, y1): (f64, f64)) -> String {
    let (dx, dy) = (x1 - x0, y1 - y0);
    let length = dx.hypot(dy).max(1e-6);
    let (ux, uy) = (dx / length, dy / length);
    let (back_x, back_y) = (x1 - 3.5 * ux, y1 - 3.5 * uy);
    let (side_x, side_y) = (-2.0 * uy, 2.0 * ux);
    format!(
        "M{x0:.2} {y0:.2}L{x1:.2} {y1:.2}M{:.2} {:.2}L{x1:.2} {y1:.2}L{:.2} {:.2}",
        back_x + side_x,
        back_y + side_y,
        back_x - side_x,
        back_y - side_y
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: (f64, f64) = (400.0, 300.0);

    fn at(x: f64, y: f64) -> PicturePoint {
        PicturePoint { x, y }
    }

    #[test]
    fn a_tap_points_and_a_stroke_is_drawn_as_it_goes() {
        let tapped = mark(Tool::Arrow, at(0.5, 0.5), at(0.5, 0.5), SHAPE, 1, 0.0);
        assert_eq!(tapped, PictureMark::Arrow { from: at(0.38, 0.62), to: at(0.5, 0.5) });
        let stroke = mark(Tool::Arrow, at(0.1, 0.1), at(0.5, 0.5), SHAPE, 1, 0.0);
        assert_eq!(stroke, PictureMark::Arrow { from: at(0.1, 0.1), to: at(0.5, 0.5) });
    }

    #[test]
    fn a_circle_is_as_wide_as_its_stroke_in_any_direction() {
        let radius = |to| match mark(Tool::Circle, at(0.5, 0.5), to, SHAPE, 1, 0.0) {
            PictureMark::Circle { radius, .. } => radius,
            other => panic!("{other:?}"),
        };
        assert!((radius(at(0.8, 0.5)) - 0.3).abs() < 1e-9);
        assert!((radius(at(0.5, 0.9)) - 0.3).abs() < 1e-9);
        assert!(radius(at(0.5, 0.5)) > 0.0, "a tap draws one that can be seen");
    }

    #[test]
    fn an_arrow_ends_where_it_points_however_short_it_is() {
        assert_eq!(arrow((0.0, 0.0), (10.0, 0.0)), "M0.00 0.00L10.00 0.00M6.50 2.00L10.00 0.00L6.50 -2.00");
        assert!(arrow((5.0, 5.0), (5.0, 5.0)).starts_with("M5.00 5.00L5.00 5.00"));
    }
}
