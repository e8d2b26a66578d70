//! Outlines without their bays: where blur lets a thin frame break, its outline runs inside, and its hull does not.

/// How far inside of the hull a point may lie, in pixels.
const DEPTH_MAX_PX: f32 = 0.8;
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
    sorted: Vec<(i32, i32)>,
    hull: Vec<(i32, i32)>,
    edges: Vec<HullEdge>,
    near: Vec<(u16, u16)>,
}

impl HullFinder {
    /// The points of an outline that lie on its hull or nearly so, in the same order; nothing when it is too long.
    pub(super) fn near_hull(&mut self, points: &[(u16, u16)]) -> Option<&[(u16, u16)]> {
        if points.len() > POINTS_MAX {
            return None;
        }
        self.wrap(points);
        self.near.clear();
        self.edges.clear();
        let ends = self.hull.iter().zip(self.hull.iter().cycle().skip(1));
        self.edges.extend(ends.map(|(from, to)| {
            let (dx, dy) = ((to.0 - from.0) as f32, (to.1 - from.1) as f32);
            let long = (dx * dx + dy * dy).sqrt();
            let (a, b) = (-dy / long, dx / long);
            HullEdge { a, b, c: -(a * from.0 as f32 + b * from.1 as f32) }
        }));
        let edges = &self.edges;
        self.near.extend(points.iter().filter(|point| {
            let (x, y) = (f32::from(point.0), f32::from(point.1));
            edges.iter().any(|edge| (edge.a * x + edge.b * y + edge.c).abs() <= DEPTH_MAX_PX)
        }));
        Some(&self.near)
    }

    /// Andrew's monotone chain.
    fn wrap(&mut self, points: &[(u16, u16)]) {
        self.sorted.clear();
        self.sorted.extend(points.iter().map(|point| (i32::from(point.0), i32::from(point.1))));
        self.sorted.sort_unstable();
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
