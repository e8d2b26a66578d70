//! Outlines with four straight sides.

use super::hull::HullFinder;
use super::outline::Outline;
use crate::linear::length_of;

/// The shortest side, in pixels.
const SIDE_MIN_PX: f64 = 4.0;
/// How far points may lie from their side: the root mean square in pixels, and more for each pixel of its length.
const STRAY_PX: f64 = 0.45;
const STRAY_SHARE: f64 = 0.004;
/// What is left out at each end of a side, as a share of it: blur rounds corners.
const END_SHARE: f64 = 0.12;

/// Four corners, counter-clockwise as seen, in pixels.
#[derive(Copy, Clone, Debug)]
pub(super) struct Quad {
    pub(super) corners_px: [[f64; 2]; 4],
    /// Whether what is dark lies within.
    pub(super) dark_inside: bool,
}

impl Quad {
    /// See [`narrowest_px`].
    pub(super) fn narrowest_px(&self) -> f64 {
        narrowest_px(&self.corners_px)
    }
}

/// How narrow a quadrilateral is, in pixels: its surface over its longest side.
pub(super) fn narrowest_px(corners_px: &[[f64; 2]; 4]) -> f64 {
    let [a, b, c, d] = *corners_px;
    let twice_surface = ((c[0] - a[0]) * (d[1] - b[1]) - (c[1] - a[1]) * (d[0] - b[0])).abs();
    let side = |from: [f64; 2], to: [f64; 2]| length_of(to[0] - from[0], to[1] - from[1]);
    let longest = side(a, b).max(side(b, c)).max(side(c, d)).max(side(d, a));
    twice_surface / (2.0 * longest.max(1e-9))
}

/// Sums over the steps of an outline, so that a line through any run of them is known at once.
#[derive(Clone, Debug, Default)]
pub(super) struct QuadFinder {
    sums: Vec<Sums>,
    hulls: HullFinder,
}

/// Sums of places and their products, in half pixels.
#[derive(Copy, Clone, Debug, Default)]
struct Sums {
    x: i64,
    y: i64,
    xx: i64,
    xy: i64,
    yy: i64,
}

/// A line by a point on it and its direction.
#[derive(Copy, Clone, Debug)]
struct Side {
    through: [f64; 2],
    along: [f64; 2],
}

impl QuadFinder {
    /// The quadrilateral that `outline` is, if it is one.
    pub(super) fn find(&mut self, outline: Outline<'_>) -> Option<Quad> {
        let found = self.fit(outline.points, outline.dark_inside);
        if found.is_some() || !outline.has_bays {
            return found;
        }
        let mut hulls = std::mem::take(&mut self.hulls);
        let found = hulls.near_hull(outline.points).and_then(|near| self.fit(near, outline.dark_inside));
        self.hulls = hulls;
        found
    }

    /// The quadrilateral through `points`.
    fn fit(&mut self, points: &[(u16, u16)], dark_inside: bool) -> Option<Quad> {
        if points.len() < 12 {
            return None;
        }
        self.sum_up(points);
        let mut corners = first_corners(points)?;
        if !self.is_straight(&corners, 3.0) {
            return None;
        }
        if !self.is_straight(&corners, 0.8) {
            self.settle(&mut corners);
            if !self.is_straight(&corners, 1.0) {
                return None;
            }
        }
        let sides = [0, 1, 2, 3].map(|side| {
            let (from, to) = self.run(&corners, side);
            let trimmed = ((to - from) as f64 * END_SHARE).max(1.0) as usize;
            self.side(from + trimmed, to.saturating_sub(trimmed))
        });
        let [Some(first), Some(second), Some(third), Some(fourth)] = sides else { return None };
        let mut corners_px = [
            crossing(fourth.through, fourth.along, first.through, first.along)?,
            crossing(first.through, first.along, second.through, second.along)?,
            crossing(second.through, second.along, third.through, third.along)?,
            crossing(third.through, third.along, fourth.through, fourth.along)?,
        ];
        if dark_inside {
            corners_px.reverse();
        }
        is_convex(&corners_px).then_some(Quad { corners_px, dark_inside })
    }

    /// Sums up the middles of the steps of an outline.
    fn sum_up(&mut self, points: &[(u16, u16)]) {
        self.sums.clear();
        let mut sum = Sums::default();
        self.sums.push(sum);
        let next = points.iter().skip(1).chain(points.first());
        self.sums.extend(points.iter().zip(next).map(|(&(x0, y0), &(x1, y1))| {
            let (x, y) = (i64::from(x0) + i64::from(x1), i64::from(y0) + i64::from(y1));
            sum.x += x;
            sum.y += y;
            sum.xx += x * x;
            sum.xy += x * y;
            sum.yy += y * y;
            sum
        }));
    }

    /// Steps once around.
    fn around(&self) -> usize {
        self.sums.len().saturating_sub(1)
    }

    /// The sums of all steps before `step`, which may be in the second time around.
    fn until(&self, step: usize) -> Option<Sums> {
        let around = self.around();
        if step <= around {
            return self.sums.get(step).copied();
        }
        let (once, more) = (self.sums.last()?, self.sums.get(step - around)?);
        Some(Sums {
            x: once.x + more.x,
            y: once.y + more.y,
            xx: once.xx + more.xx,
            xy: once.xy + more.xy,
            yy: once.yy + more.yy,
        })
    }

    /// Where steps `from` up to and without `to` are on average, and how they spread: x², xy and y².
    fn spread(&self, from: usize, to: usize) -> Option<([f64; 2], [f64; 3])> {
        let (begin, end) = (self.until(from)?, self.until(to)?);
        let share = 1.0 / to.checked_sub(from).filter(|count| *count >= 2)? as f64;
        let mean = |begin: i64, end: i64| (end - begin) as f64 * share;
        let (x, y) = (mean(begin.x, end.x), mean(begin.y, end.y));
        let xx = mean(begin.xx, end.xx) - x * x;
        let xy = mean(begin.xy, end.xy) - x * y;
        let yy = mean(begin.yy, end.yy) - y * y;
        Some(([x, y], [xx, xy, yy]))
    }

    /// The line through steps `from` up to and without `to`.
    fn side(&self, from: usize, to: usize) -> Option<Side> {
        let ([x, y], [xx, xy, yy]) = self.spread(from, to)?;
        let half_difference = (xx - yy) / 2.0;
        let root = length_of(half_difference, xy);
        // Of two ways to write the direction, the one that does not vanish.
        let along =
            if half_difference >= 0.0 { [half_difference + root, xy] } else { [xy, root - half_difference] };
        let length = length_of(along[0], along[1]);
        if length == 0.0 {
            return None;
        }
        Some(Side { through: [x / 2.0, y / 2.0], along: along.map(|value| value / length) })
    }

    /// How far steps `from` up to and without `to` stray from their line: the mean square in pixels.
    fn stray_square(&self, from: usize, to: usize) -> f64 {
        self.spread(from, to).map_or(f64::INFINITY, |(_, [xx, xy, yy])| {
            ((xx + yy) / 2.0 - length_of((xx - yy) / 2.0, xy)).max(0.0) / 4.0
        })
    }

    /// The steps of side `side`.
    fn run(&self, corners: &[usize; 4], side: usize) -> (usize, usize) {
        let around = self.around();
        let (from, to) = (corners[side], corners[(side + 1) % 4]);
        (from, if to > from { to } else { to + around })
    }

    /// The squares of how far the steps of a side stray, summed up.
    fn stray(&self, corners: &[usize; 4], side: usize) -> f64 {
        let (from, to) = self.run(corners, side);
        self.stray_square(from, to) * (to - from) as f64
    }

    fn is_straight(&self, corners: &[usize; 4], patience: f64) -> bool {
        (0..4).all(|side| {
            let (from, to) = self.run(corners, side);
            let count = (to - from) as f64;
            let allowed = (STRAY_PX + STRAY_SHARE * count) * patience;
            self.stray_square(from, to) <= allowed * allowed
        })
    }

    /// Moves each corner along the outline to where its two sides are straightest.
    fn settle(&self, corners: &mut [usize; 4]) {
        let around = self.around();
        let mut step = (around / 24).max(1);
        loop {
            for corner in 0..4 {
                let before = (corner + 3) % 4;
                let (previous, next) = (corners[before], corners[(corner + 1) % 4]);
                let room = |from: usize, to: usize| (to + around - from) % around;
                let here = corners[corner];
                let mut best = (self.stray(corners, before) + self.stray(corners, corner), here);
                for moved in [(here + around - step) % around, (here + step) % around] {
                    if room(previous, moved) < 3
                        || room(moved, next) < 3
                        || room(previous, moved) >= room(previous, next)
                    {
                        continue;
                    }
                    corners[corner] = moved;
                    let stray = self.stray(corners, before) + self.stray(corners, corner);
                    if stray < best.0 {
                        best = (stray, moved);
                    }
                }
                corners[corner] = best.1;
            }
            if step == 1 {
                break;
            }
            step /= 2;
        }
    }
}

/// Four points far from each other, by their place in the outline.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn first_corners(points: &[(u16, u16)]) -> Option<[usize; 4]> {
    let count = points.len() as u64;
    let at = |index: usize| (i32::from(points[index].0), i32::from(points[index].1));
    let sum = points.iter().fold((0_u64, 0_u64), |sum, &(x, y)| (sum.0 + u64::from(x), sum.1 + u64::from(y)));
    let centre = ((sum.0 / count) as i32, (sum.1 / count) as i32);
    // An outline is shorter than 2¹⁵ steps: squares of what lies between its points stay below 2³¹.
    let farthest = |(x, y): (i32, i32)| {
        first_most(points, |point| {
            let (dx, dy) = (i32::from(point.0) - x, i32::from(point.1) - y);
            dx * dx + dy * dy
        })
    };
    let first = farthest(centre);
    let second = farthest(at(first));
    // The third makes the largest triangle with both, the fourth lies farthest outside of that.
    let ((from_x, from_y), (to_x, to_y)) = (at(first), at(second));
    let off_line = |point: (u16, u16)| {
        (to_x - from_x) * (i32::from(point.1) - from_y) - (to_y - from_y) * (i32::from(point.0) - from_x)
    };
    let third = first_most(points, |point| off_line(point).abs());
    let side = off_line(points[third]).signum();
    let triangle = [at(first), at(second), at(third)];
    // How far outside of each edge a point is: a · x + b · y + c.
    let edges = [0, 1, 2].map(|edge| {
        let (from, to) = (triangle[edge], triangle[(edge + 1) % 3]);
        let (dx, dy) = ((to.0 - from.0) as f32, (to.1 - from.1) as f32);
        let scale = side as f32 / (dx * dx + dy * dy).sqrt().max(1.0);
        let (a, b) = (dy * scale, -dx * scale);
        [a, b, -(a * from.0 as f32 + b * from.1 as f32)]
    });
    let fourth = first_most(points, |point| {
        let (x, y) = (f32::from(point.0), f32::from(point.1));
        let [one, two, three] = edges.map(|[a, b, c]| a * x + b * y + c);
        let outside = one.max(two).max(three).max(0.0);
        // What is not below zero is ordered as its bits are.
        outside.to_bits() as i32
    });
    let mut corners = [first, second, third, fourth];
    corners.sort_unstable();
    let apart =
        corners.windows(2).all(|pair| pair[1] - pair[0] >= 3) && corners[0] + points.len() >= corners[3] + 3;
    apart.then_some(corners)
}

/// The first of the points of which `measure` is greatest. In two goes: looking for the greatest alone takes many at a time.
#[inline(always)]
fn first_most(points: &[(u16, u16)], measure: impl Fn((u16, u16)) -> i32) -> usize {
    let most = points.iter().fold(i32::MIN, |most, &point| most.max(measure(point)));
    points.iter().position(|&point| measure(point) == most).unwrap_or(0)
}

/// Where two lines cross; nothing when they hardly do.
pub(super) fn crossing(
    through: [f64; 2],
    along: [f64; 2],
    other_through: [f64; 2],
    other_along: [f64; 2],
) -> Option<[f64; 2]> {
    let sine = along[0] * other_along[1] - along[1] * other_along[0];
    if sine.abs() < 0.05 {
        return None;
    }
    let (dx, dy) = (other_through[0] - through[0], other_through[1] - through[1]);
    let far = (dx * other_along[1] - dy * other_along[0]) / sine;
    Some([through[0] + along[0] * far, through[1] + along[1] * far])
}

/// Whether corners go around counter-clockwise, with sides long enough.
pub(super) fn is_convex(corners: &[[f64; 2]; 4]) -> bool {
    (0..4).all(|index| {
        let [before, here, after] = [3, 0, 1].map(|offset| corners[(index + offset) % 4]);
        let (ax, ay) = (here[0] - before[0], here[1] - before[1]);
        let (bx, by) = (after[0] - here[0], after[1] - here[1]);
        let length = length_of(bx, by);
        // Downwards grows in pictures: counter-clockwise as seen turns by negative angles.
        length >= SIDE_MIN_PX && ay * bx - ax * by > 0.08 * length * length_of(ax, ay)
    })
}
