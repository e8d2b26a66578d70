//! Whether two lines cross.

use glam::Vec2;

/// Whether two lines share a point that is no end of either.
pub(super) fn segments_cross(a: Vec2, b: Vec2, c: Vec2, d: Vec2) -> bool {
    let side = |from: Vec2, to: Vec2, point: Vec2| (to - from).perp_dot(point - from);
    let apart = |first: f32, second: f32| first * second < -1e-3;
    apart(side(a, b, c), side(a, b, d)) && apart(side(c, d, a), side(c, d, b))
}
