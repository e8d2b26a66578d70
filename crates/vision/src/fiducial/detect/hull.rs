//! Outlines without their bays: where blur lets a thin frame break, its outline runs inside, and its hull does not.

/// How far inside of the hull a point may lie, in pixels.
const DEPTH_MAX_PX: f32 = 0.8;
/// The share of a hull's surface that four of its corners hold, at least.
const CORNERS_SHARE: f64 = 0.72;
/// A longer outline is not looked at: of large fiducials, no frame breaks.
const POINTS_MAX: usize = 360;

/// A line along the hull: a point is off it by a · x + b · y + c pixels.
#[derive(Copy, Clone, Debug)]
struct HullEdge {
    a: f32,
    b: f32,
    c: f32,
}

/// Finds hulls, and keeps what it needs for that.
#[derive(Clone, Debug, Default)]
pub(super) struct HullFinder {
    rows: Vec<(u16, u16)>,
    sorted: Vec<(i32, i32)>,
    hull: Vec<(i32, i32)>,
    edges: Vec<HullEdge>,
    is_near: Vec<bool>,
    near: Vec<(u16, u16)>,
}

impl HullFinder {
    /// The points of an outline that lie on its hull or nearly so, in the same order; nothing when it is too long or its
    /// hull has not about four corners.
    pub(super) fn near_hull(&mut self, points: &[(u16, u16)]) -> Option<&[(u16, u16)]> {
        if points.len() > POINTS_MAX {
            return None;
        }
        self.wrap(points);
        if !self.is_like_a_quadrilateral() {
            return None;
        }
        self.near.clear();
        self.edges.clear();
        let ends = self.hull.iter().zip(self.hull.iter().cycle().skip(1));
        self.edges.extend(ends.map(|(from, to)| {
            let (dx, dy) = ((to.0 - from.0) as f32, (to.1 - from.1) as f32);
            let long = (dx * dx + dy * dy).sqrt();
            let (a, b) = (-dy / long, dx / long);
            HullEdge { a, b, c: -(a * from.0 as f32 + b * from.1 as f32) }
        }));
        self.is_near.clear();
        self.is_near.resize(points.len(), false);
        mark_near(points, &self.edges, &mut self.is_near);
        let near = points.iter().zip(&self.is_near).filter(|(_, is_near)| **is_near);
        self.near.extend(near.map(|(point, _)| point));
        Some(&self.near)
    }

    /// Whether four corners hold most of what the hull holds. Of a circle they hold two thirds.
    fn is_like_a_quadrilateral(&self) -> bool {
        let Some(&start) = self.hull.first() else { return false };
        let away = |from: (i32, i32)| move |to: &&(i32, i32)| (to.0 - from.0).pow(2) + (to.1 - from.1).pow(2);
        let farthest = |from| self.hull.iter().max_by_key(away(from)).copied().unwrap_or(from);
        let one = farthest(start);
        let other = farthest(one);
        let (mut left, mut right, mut all) = (0, 0, 0);
        for (here, next) in self.hull.iter().zip(self.hull.iter().cycle().skip(1)) {
            let side = (other.0 - one.0) * (here.1 - one.1) - (other.1 - one.1) * (here.0 - one.0);
            (left, right) = (left.max(side), right.min(side));
            all += here.0 * next.1 - here.1 * next.0;
        }
        f64::from(left - right) >= CORNERS_SHARE * f64::from(all.abs())
    }

    /// Andrew's monotone chain, over the first and the last point of each row: what lies between is not on the hull.
    fn wrap(&mut self, points: &[(u16, u16)]) {
        let top = points.iter().fold(u16::MAX, |top, point| top.min(point.1));
        self.rows.clear();
        for &(x, y) in points {
            let row = usize::from(y - top);
            if row >= self.rows.len() {
                self.rows.resize(row + 1, (u16::MAX, 0));
            }
            let (first, last) = &mut self.rows[row];
            *first = x.min(*first);
            *last = x.max(*last);
        }
        self.sorted.clear();
        for (y, &(first, last)) in (i32::from(top)..).zip(&self.rows) {
            if first <= last {
                self.sorted.push((i32::from(first), y));
            }
            if first < last {
                self.sorted.push((i32::from(last), y));
            }
        }
        self.hull.clear();
        for &point in &self.sorted {
            push(&mut self.hull, 1, point);
        }
        let lower = self.hull.len();
        for &point in self.sorted.iter().rev().skip(1) {
            push(&mut self.hull, lower, point);
        }
        self.hull.pop();
    }
}

/// Marks the points that lie near an edge. Edge by edge: that takes many points at a time.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn mark_near(points: &[(u16, u16)], edges: &[HullEdge], is_near: &mut [bool]) {
    for edge in edges {
        for (&(x, y), is_near) in points.iter().zip(&mut *is_near) {
            let off = edge.a * f32::from(x) + edge.b * f32::from(y) + edge.c;
            *is_near |= off.abs() <= DEPTH_MAX_PX;
        }
    }
}

/// Adds a point to a chain that turns one way from its `first` point on.
fn push(chain: &mut Vec<(i32, i32)>, first: usize, point: (i32, i32)) {
    while chain.len() > first
        && let [.., before, last] = chain[..]
        && (last.0 - before.0) * (point.1 - before.1) - (last.1 - before.1) * (point.0 - before.0) <= 0
    {
        chain.pop();
    }
    chain.push(point);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bay_is_left_out() {
        let outline = [(0, 0), (0, 6), (6, 6), (6, 4), (2, 4), (2, 3), (6, 3), (6, 0)];
        let near = HullFinder::default().near_hull(&outline).unwrap().to_vec();
        assert_eq!(near, [(0, 0), (0, 6), (6, 6), (6, 4), (6, 3), (6, 0)]);
    }
}
