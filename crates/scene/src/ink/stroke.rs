//! Lines of a width along a way, whole or dashed, with round ends.

use glam::Vec2;

use super::{Ink, Mode, Spot};
use crate::frame::Rgba;

/// Sharper bends are cut off instead of drawn to a point.
const MITER_MAX: f32 = 2.0;
const CAP_STEPS: usize = 5;

/// What a line looks like.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Pixels.
    pub width_px: f32,
    /// Its colour.
    pub color: Rgba,
    /// Whether it is dashed.
    pub dash: Option<Dash>,
}

/// Pixels of a dash and of the gap behind it.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Dash {
    /// On.
    pub on_px: f32,
    /// Off.
    pub off_px: f32,
}

impl Stroke {
    /// A whole line.
    pub const fn whole(width_px: f32, color: Rgba) -> Self {
        Self { width_px, color, dash: None }
    }

    /// The same, dashed.
    #[must_use]
    pub const fn dashed(self, on_px: f32, off_px: f32) -> Self {
        Self { dash: Some(Dash { on_px, off_px }), ..self }
    }
}

/// Draws a line along a way.
pub fn stroke(ink: &mut Ink, way: &[Spot], stroke: &Stroke) {
    match stroke.dash {
        None => whole(ink, way, stroke),
        Some(dash) => {
            for piece in dashes(way, dash) {
                whole(ink, &piece, stroke);
            }
        }
    }
}

fn whole(ink: &mut Ink, way: &[Spot], stroke: &Stroke) {
    let mut way = way.to_vec();
    way.dedup_by(|a, b| a.at_px.distance_squared(b.at_px) < 0.01);
    let half = stroke.width_px / 2.0;
    let (Some(first), Some(last)) = (way.first().copied(), way.last().copied()) else { return };
    let direction = |from: usize| {
        let (Some(a), Some(b)) = (way.get(from), way.get(from + 1)) else { return Vec2::X };
        (b.at_px - a.at_px).normalize_or(Vec2::X)
    };
    if way.len() < 2 {
        return;
    }
    let segments = way.len() - 1;
    let (mut left, mut right) = (Vec::with_capacity(way.len()), Vec::with_capacity(way.len()));
    for (index, spot) in way.iter().enumerate() {
        let before = direction(index.saturating_sub(1).min(segments - 1));
        let after = direction(index.min(segments - 1));
        let along = (before + after).normalize_or(after);
        let normal = along.perp();
        let stretch = (1.0 / normal.dot(after.perp()).abs().max(1e-3)).min(MITER_MAX);
        let shift = normal * half * stretch;
        left.push(ink.corner(spot.moved(shift), stroke.color, Mode::Plain));
        right.push(ink.corner(spot.moved(-shift), stroke.color, Mode::Plain));
    }
    ink.strip(&left, &right);
    if half > 0.8 {
        cap(ink, first, -direction(0), half, stroke.color);
        cap(ink, last, direction(segments - 1), half, stroke.color);
    }
}

/// Half a disc at an end.
fn cap(ink: &mut Ink, at: Spot, outwards: Vec2, radius_px: f32, color: Rgba) {
    let middle = ink.corner(at, color, Mode::Plain);
    let rim: Vec<u32> = (0..=CAP_STEPS)
        .map(|step| {
            let turn = std::f32::consts::PI * (step as f32 / CAP_STEPS as f32 - 0.5);
            ink.corner(at.moved(Vec2::from_angle(turn).rotate(outwards) * radius_px), color, Mode::Plain)
        })
        .collect();
    ink.triangles.extend(rim.windows(2).filter_map(|pair| Some([middle, *pair.first()?, *pair.get(1)?])));
}

/// The pieces of a way that are drawn.
fn dashes(way: &[Spot], dash: Dash) -> Vec<Vec<Spot>> {
    let (on, off) = (dash.on_px.max(0.5), dash.off_px.max(0.5));
    let length: f32 = way
        .windows(2)
        .map(|pair| pair.first().zip(pair.get(1)).map_or(0.0, |(a, b)| a.at_px.distance(b.at_px)))
        .sum();
    // A way much longer than the picture has no more dashes than anyone can count.
    if !length.is_finite() || length / (on + off) > 2_000.0 {
        return vec![way.to_vec()];
    }
    let mut pieces: Vec<Vec<Spot>> = Vec::new();
    let mut piece: Vec<Spot> = way.first().copied().into_iter().collect();
    let (mut is_on, mut left) = (true, on);
    for pair in way.windows(2) {
        let (Some(from), Some(to)) = (pair.first(), pair.get(1)) else { continue };
        let span = from.at_px.distance(to.at_px);
        let mut gone = 0.0;
        while span - gone > left {
            gone += left;
            let share = gone / span;
            let spot = Spot {
                at_px: from.at_px.lerp(to.at_px, share),
                depth: from.depth + (to.depth - from.depth) * share,
            };
            if is_on {
                piece.push(spot);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![spot];
            }
            is_on = !is_on;
            left = if is_on { on } else { off };
        }
        left -= span - gone;
        if is_on {
            piece.push(*to);
        }
    }
    if is_on && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(length: f32) -> Vec<Spot> {
        vec![Spot::front(Vec2::ZERO), Spot::front(Vec2::new(length, 0.0))]
    }

    #[test]
    fn a_dashed_line_has_dashes_of_the_length_that_was_asked_for() {
        let pieces = dashes(&way(100.0), Dash { on_px: 10.0, off_px: 5.0 });
        assert_eq!(pieces.len(), 7);
        let length = |piece: &Vec<Spot>| piece[0].at_px.distance(piece[1].at_px);
        assert!(pieces[..6].iter().all(|piece| (length(piece) - 10.0).abs() < 1e-3));
    }

    #[test]
    fn a_line_is_as_wide_as_it_should_be() {
        let mut ink = Ink::default();
        stroke(&mut ink, &way(50.0), &Stroke::whole(8.0, Rgba([0, 0, 0, 255])));
        let heights: Vec<f32> = ink.corners.iter().map(|corner| corner.spot.at_px.y).collect();
        let (low, high) =
            heights.iter().fold((0.0_f32, 0.0_f32), |(low, high), y| (low.min(*y), high.max(*y)));
        assert!((high - low - 8.0).abs() < 1e-3);
    }

    #[test]
    fn a_way_that_goes_nowhere_is_no_line() {
        let mut ink = Ink::default();
        stroke(&mut ink, &way(0.0), &Stroke::whole(8.0, Rgba([0, 0, 0, 255])));
        assert!(ink.triangles.is_empty());
    }
}
