//! Arrows along ways, dimensions between points, and crosses at points.

use glam::{Vec2, Vec3, Vec3A};

use super::canvas::Canvas;
use super::plate;
use crate::frame::{ArrowSense, Rgba, Tone};
use crate::ink::{Mode, Spot, Stroke, circle, polygon, stroke};

/// Points of a way that are taken.
const POINTS_MAX: usize = 64;
/// Steps between two points of a bent way.
const STEPS: usize = 10;
/// How wide an arrow is in the machine, metres, and on the picture at least and at most, pixels of the layout.
const WIDTH_M: f32 = 0.012;
const WIDTH_PX: [f32; 2] = [5.0, 13.0];

pub(super) fn draw(canvas: &mut Canvas<'_>, way_m: &[Vec3], sense: ArrowSense, tone: Tone) {
    let points: Vec<Vec3A> = way_m
        .iter()
        .take(POINTS_MAX)
        .filter(|point| point.is_finite())
        .map(|point| Vec3A::from(*point))
        .collect();
    let way = smooth(&points);
    let (Some(first), Some(last)) = (way.first().copied(), way.last().copied()) else { return };
    let color = canvas.tone(tone);
    let width = width_px(canvas, (first + last) / 2.0);
    let Some(piece) = canvas.way(&way).into_iter().last() else { return };
    let length: f32 = piece.windows(2).map(span).sum();
    if length < width * 3.4 {
        // Seen from its end: a dot for a tip that comes, a cross for feathers that go.
        let comes = (last - first).dot(canvas.view.axes()[2]) < 0.0;
        if let Some(spot) = canvas.spot(last) {
            end_on(canvas, spot, width, comes, color);
        }
        return;
    }
    headed(canvas, &piece, width, color);
    let bar = |at: &Spot, next: &Spot| {
        let across = (next.at_px - at.at_px).normalize_or(Vec2::X).perp() * width * 1.7;
        [at.moved(across), at.moved(-across)]
    };
    match (sense, piece.as_slice()) {
        (ArrowSense::Insert, [.., before, tip]) => {
            let stop = tip.moved((tip.at_px - before.at_px).normalize_or(Vec2::X) * width * 0.9);
            let across = bar(&stop, before);
            canvas.line(&across, width * 0.6, color);
        }
        (ArrowSense::Remove, [tail, next, ..]) => {
            let start = tail.moved((tail.at_px - next.at_px).normalize_or(Vec2::X) * width * 0.9);
            let across = bar(&start, next);
            canvas.line(&across, width * 0.6, color);
        }
        _ => {}
    }
}

pub(super) fn width_px(canvas: &Canvas<'_>, at: Vec3A) -> f32 {
    let [least, most] = WIDTH_PX.map(|width| width * canvas.scale);
    canvas.length_px(at, WIDTH_M).clamp(least, most)
}

/// A line with a head at its end.
pub(super) fn headed(canvas: &mut Canvas<'_>, way: &[Spot], width: f32, color: Rgba) {
    let head = width * 2.6;
    let shaft = shortened(way, head * 0.86);
    let (Some(tip), Some(neck)) = (way.last(), shaft.last()) else { return };
    let along = (tip.at_px - neck.at_px).normalize_or(Vec2::X);
    for (rim, color) in canvas.layers(color) {
        stroke(canvas.ink, &shaft, &Stroke::whole(width + rim * 2.0, color));
        let outline = triangle(tip.at_px, along, head, width * 1.35, rim);
        polygon(canvas.ink, &outline, &[], tip.depth, color, Mode::Plain);
    }
}

/// A head, grown by a rim on all sides.
fn triangle(tip: Vec2, along: Vec2, length: f32, half: f32, rim: f32) -> [Vec2; 3] {
    let side = along.perp();
    // Grown sides stay parallel: corners move along their bisectors.
    let slope = length.hypot(half);
    let forward = rim * slope / half;
    let outward = rim * (slope + half) / length;
    let base = tip - along * (length + rim);
    [tip + along * forward, base + side * (half + outward), base - side * (half + outward)]
}

fn end_on(canvas: &mut Canvas<'_>, spot: Spot, width: f32, comes: bool, color: Rgba) {
    let radius = width * 1.5;
    for (rim, layer) in canvas.layers(color) {
        circle(canvas.ink, spot, radius + rim, layer);
    }
    let light = canvas.theme.ink_light;
    circle(canvas.ink, spot, radius * 0.78, light);
    if comes {
        circle(canvas.ink, spot, radius * 0.36, color);
        return;
    }
    for across in [Vec2::new(1.0, 1.0), Vec2::new(1.0, -1.0)] {
        let reach = across * radius * 0.5;
        stroke(canvas.ink, &[spot.moved(reach), spot.moved(-reach)], &Stroke::whole(width * 0.55, color));
    }
}

/// The way without its last bit.
fn shortened(way: &[Spot], by_px: f32) -> Vec<Spot> {
    let mut left = by_px;
    let mut kept = way.to_vec();
    while let [.., before, last] = kept.as_slice() {
        let (before, last) = (*before, *last);
        let length = before.at_px.distance(last.at_px);
        kept.pop();
        if length > left {
            let share = 1.0 - left / length;
            kept.push(Spot {
                at_px: before.at_px.lerp(last.at_px, share),
                depth: before.depth + (last.depth - before.depth) * share,
            });
            break;
        }
        left -= length;
    }
    kept
}

fn span(pair: &[Spot]) -> f32 {
    pair.first().zip(pair.get(1)).map_or(0.0, |(a, b)| a.at_px.distance(b.at_px))
}

/// A curve through all points (Catmull and Rom, 1974); two points are a straight line.
fn smooth(points: &[Vec3A]) -> Vec<Vec3A> {
    if points.len() < 3 {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
        // Steps keep the depth right, which is not even along a line that goes away.
        return (0..=STEPS).map(|step| first.lerp(*last, step as f32 / STEPS as f32)).collect();
    }
    let at = |index: isize| {
        points.get(index.clamp(0, points.len() as isize - 1) as usize).copied().unwrap_or_default()
    };
    let mut way = Vec::new();
    for segment in 0..points.len() as isize - 1 {
        let (a, b, c, d) = (at(segment - 1), at(segment), at(segment + 1), at(segment + 2));
        for step in 0..STEPS {
            let t = step as f32 / STEPS as f32;
            let cubic = (b * 3.0 - c * 3.0 + d - a) * t * t * t;
            way.push((b * 2.0 + (c - a) * t + (a * 2.0 - b * 5.0 + c * 4.0 - d) * t * t + cubic) / 2.0);
        }
    }
    way.extend(points.last());
    way
}

/// As on a drawing: lines from the points, a line between them with two heads, and the length on it.
pub(super) fn dimension(canvas: &mut Canvas<'_>, [from, to]: [Vec3; 2], offset: Vec3, text: &str) {
    if !(from.is_finite() && to.is_finite() && offset.is_finite()) {
        return;
    }
    let (from, to, offset) = (Vec3A::from(from), Vec3A::from(to), Vec3A::from(offset));
    let beyond = offset * 1.06;
    for point in [from, to] {
        for piece in canvas.way(&[point, point + beyond]) {
            canvas.hairline(&piece);
        }
    }
    let line: Vec<Vec3A> =
        (0..=STEPS).map(|step| (from + offset).lerp(to + offset, step as f32 / STEPS as f32)).collect();
    for piece in canvas.way(&line) {
        let head = 11.0 * canvas.scale;
        canvas.hairline(&piece);
        let backwards: Vec<Spot> = piece.iter().rev().copied().collect();
        for way in [&piece, &backwards] {
            let (Some(tip), Some(before)) = (way.last(), shortened(way, head).last().copied()) else {
                continue;
            };
            let along = (tip.at_px - before.at_px).normalize_or(Vec2::X);
            for (rim, color) in [(1.2 * canvas.scale, canvas.theme.ink_dark), (0.0, canvas.theme.ink_light)] {
                let outline = triangle(tip.at_px, along, head, head * 0.3, rim);
                polygon(canvas.ink, &outline, &[], tip.depth, color, Mode::Plain);
            }
        }
        let ends = piece.first().zip(piece.last());
        if let (Some((a, b)), false) = (ends, text.is_empty()) {
            plate::small(canvas, (a.at_px + b.at_px) / 2.0, text);
        }
    }
}

/// A cross at a point, open in the middle so that the point itself is seen.
pub(super) fn cross(canvas: &mut Canvas<'_>, at: Vec3) {
    let Some(spot) = Some(Vec3A::from(at)).filter(|at| at.is_finite()).and_then(|at| canvas.spot(at)) else {
        return;
    };
    let spot = Spot::front(spot.at_px);
    let (inner, outer) = (4.0 * canvas.scale, 15.0 * canvas.scale);
    for way in [Vec2::X, Vec2::Y, Vec2::NEG_X, Vec2::NEG_Y] {
        canvas.hairline(&[spot.moved(way * inner), spot.moved(way * outer)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_way_goes_through_its_points() {
        let points = [Vec3A::ZERO, Vec3A::new(1.0, 1.0, 0.0), Vec3A::new(2.0, 0.0, 0.0)];
        let way = smooth(&points);
        for point in points {
            assert!(way.iter().any(|step| step.abs_diff_eq(point, 1e-5)), "{point} is left out");
        }
    }

    #[test]
    fn a_head_with_a_rim_is_that_much_larger_on_every_side() {
        let plain = triangle(Vec2::ZERO, Vec2::X, 20.0, 10.0, 0.0);
        let rimmed = triangle(Vec2::ZERO, Vec2::X, 20.0, 10.0, 2.0);
        // The distance between the two slanting sides.
        let side = (plain[1] - plain[0]).normalize();
        let off = (rimmed[0] - plain[0]).perp_dot(side).abs();
        assert!((off - 2.0).abs() < 1e-3, "{off}");
        assert!((plain[1].x - rimmed[1].x - 2.0).abs() < 1e-3);
    }

    #[test]
    fn a_way_is_shortened_by_what_was_asked() {
        let way =
            [Spot::front(Vec2::ZERO), Spot::front(Vec2::new(10.0, 0.0)), Spot::front(Vec2::new(12.0, 0.0))];
        let kept = shortened(&way, 5.0);
        assert_eq!(kept.last().unwrap().at_px, Vec2::new(7.0, 0.0));
    }
}
