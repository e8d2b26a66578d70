//! Filled shapes.

use glam::{DVec2, Vec2};

use super::{Ink, Mode, Spot};
use crate::frame::Rgba;
use crate::geometry::filled;

/// Fills an outline, whichever way it runs and however it bends, but for its holes.
pub fn polygon(ink: &mut Ink, outline: &[Vec2], holes: &[Vec<Vec2>], depth: f32, color: Rgba, mode: Mode) {
    let loops: Vec<Vec<DVec2>> = std::iter::once(outline)
        .chain(holes.iter().map(Vec::as_slice))
        .map(|around| around.iter().map(|point| point.as_dvec2()).collect())
        .collect();
    let corners: Vec<u32> = loops
        .iter()
        .flatten()
        .map(|point| ink.corner(Spot { at_px: point.as_vec2(), depth }, color, mode))
        .collect();
    let corner = |place: usize| corners.get(place).copied().unwrap_or(0);
    ink.triangles.extend(filled(&loops).into_iter().map(|[a, b, c]| [corner(a), corner(b), corner(c)]));
}

/// Fills a convex outline; cheaper than [`polygon`].
fn convex(ink: &mut Ink, outline: &[Vec2], depth: f32, color: Rgba, mode: Mode) {
    let corners: Vec<u32> =
        outline.iter().map(|point| ink.corner(Spot { at_px: *point, depth }, color, mode)).collect();
    let Some((first, rest)) = corners.split_first() else { return };
    ink.triangles.extend(rest.windows(2).filter_map(|pair| Some([*first, *pair.first()?, *pair.get(1)?])));
}

/// Fills a box with round corners.
pub fn rounded_box(ink: &mut Ink, low_px: Vec2, high_px: Vec2, rounding_px: f32, color: Rgba, mode: Mode) {
    let half = (high_px - low_px) / 2.0;
    let rounding = rounding_px.min(half.min_element()).max(0.0);
    let middle = (low_px + high_px) / 2.0;
    let steps = if rounding < 0.5 { 0 } else { 6 };
    let mut outline = Vec::with_capacity(4 * (steps + 1));
    for (quarter, sign) in [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)].into_iter().enumerate() {
        let corner = middle + Vec2::from(sign) * (half - rounding);
        for step in 0..=steps {
            let share = if steps == 0 { 0.5 } else { step as f32 / steps as f32 };
            let turn = std::f32::consts::FRAC_PI_2 * (quarter as f32 + share);
            let reach = if steps == 0 { std::f32::consts::SQRT_2 * rounding } else { rounding };
            outline.push(corner + Vec2::from_angle(turn) * reach);
        }
    }
    convex(ink, &outline, 0.0, color, mode);
}

/// Fills a disc.
pub fn circle(ink: &mut Ink, middle: Spot, radius_px: f32, color: Rgba) {
    let count = (radius_px * 2.5).clamp(12.0, 96.0) as usize;
    let outline: Vec<Vec2> = (0..count)
        .map(|step| {
            middle.at_px + Vec2::from_angle(std::f32::consts::TAU * step as f32 / count as f32) * radius_px
        })
        .collect();
    convex(ink, &outline, middle.depth, color, Mode::Plain);
}

/// The way along a part of a circle, from one turn to another.
pub fn ring_arc(middle: Spot, radius_px: f32, from_rad: f32, to_rad: f32) -> Vec<Spot> {
    let count = ((to_rad - from_rad).abs() * radius_px / 3.0).clamp(8.0, 128.0) as usize;
    (0..=count)
        .map(|step| {
            let turn = from_rad + (to_rad - from_rad) * step as f32 / count as f32;
            middle.moved(Vec2::from_angle(turn) * radius_px)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(ink: &Ink) -> f32 {
        let at = |corner: &u32| ink.corners[*corner as usize].spot.at_px;
        ink.triangles.iter().map(|[a, b, c]| ((at(b) - at(a)).perp_dot(at(c) - at(a)) / 2.0).abs()).sum()
    }

    #[test]
    fn a_box_with_round_corners_lacks_only_its_corners() {
        let mut ink = Ink::default();
        rounded_box(&mut ink, Vec2::ZERO, Vec2::new(40.0, 20.0), 5.0, Rgba([0; 4]), Mode::Plain);
        let wanted = 800.0 - (4.0 - std::f32::consts::PI) * 25.0;
        assert!((area(&ink) - wanted).abs() < 2.0, "{} px", area(&ink));
    }

    #[test]
    fn a_square_box_is_square() {
        let mut ink = Ink::default();
        rounded_box(&mut ink, Vec2::ZERO, Vec2::new(40.0, 20.0), 0.0, Rgba([0; 4]), Mode::Plain);
        assert!((area(&ink) - 800.0).abs() < 0.01);
    }

    #[test]
    fn an_outline_that_bends_inwards_is_filled_without_its_hole() {
        let mut ink = Ink::default();
        let outline = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (5.0, 5.0), (0.0, 10.0)].map(Vec2::from);
        let hole = [(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0)].map(Vec2::from).to_vec();
        polygon(&mut ink, &outline, &[hole], 0.0, Rgba([0; 4]), Mode::Plain);
        assert!((area(&ink) - 74.0).abs() < 0.01, "{}", area(&ink));
    }
}
