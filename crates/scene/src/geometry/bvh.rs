//! A tree of boxes over triangles, so that a ray meets few of them.

use glam::{Vec3, Vec3A};

use crate::camera::Ray;
use crate::model::Mesh;
use crate::pose::Bounds;

/// Triangles of a leaf.
const LEAF: usize = 4;
/// Places at which a box may be split (Wald, 2007).
const BINS: usize = 12;
/// Deeper trees than this have equal triangles without end.
const DEPTH_MAX: usize = 48;

/// Where a ray meets a triangle.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Met {
    /// Along the ray, in its own length.
    pub distance: f32,
    /// Of the triangle, as its corners run.
    pub normal: Vec3A,
    /// Whether the outside was met.
    pub is_front: bool,
}

#[derive(Copy, Clone, Debug)]
struct Node {
    bounds: Bounds,
    /// Of a leaf its first triangle, else the second of its two nodes; the first stands right behind it.
    next: u32,
    /// Triangles of a leaf; 0 for what is none.
    count: u32,
}

/// The tree of one mesh.
#[derive(Clone, Debug, Default)]
pub struct Bvh {
    nodes: Vec<Node>,
    triangles: Vec<[Vec3A; 3]>,
}

impl Bvh {
    /// Builds the tree.
    pub fn of(mesh: &Mesh) -> Self {
        let triangles: Vec<[Vec3A; 3]> = mesh
            .surfaces
            .iter()
            .flat_map(|surface| {
                let at = |corner: u32| surface.positions.get(corner as usize).copied().unwrap_or(Vec3::ZERO);
                surface.triangles.iter().map(move |corners| corners.map(|corner| Vec3A::from(at(corner))))
            })
            .collect();
        let mut tree = Self { nodes: Vec::with_capacity(triangles.len()), triangles };
        if !tree.triangles.is_empty() {
            tree.split(0, tree.triangles.len(), 0);
        }
        tree
    }

    fn split(&mut self, start: usize, end: usize, depth: usize) {
        let of_range = self.triangles.get(start..end).unwrap_or_default();
        let around = |triangle: &[Vec3A; 3]| {
            triangle.iter().fold(Bounds::EMPTY, |bounds, corner| bounds.with(*corner))
        };
        let bounds = of_range.iter().map(around).fold(Bounds::EMPTY, Bounds::join);
        let index = self.nodes.len();
        let leaf = Node { bounds, next: start as u32, count: (end - start) as u32 };
        self.nodes.push(leaf);
        if end - start <= LEAF || depth >= DEPTH_MAX {
            return;
        }
        let Some((axis, plane)) = cheapest_split(of_range) else { return };
        let middle_of = |triangle: &[Vec3A; 3]| (triangle[0] + triangle[1] + triangle[2])[axis] / 3.0;
        let list = self.triangles.get_mut(start..end).unwrap_or_default();
        list.sort_by_key(|triangle| middle_of(triangle) >= plane);
        let left = list.iter().take_while(|triangle| middle_of(triangle) < plane).count();
        if left == 0 || left == list.len() {
            return;
        }
        self.split(start, start + left, depth + 1);
        let second = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(index) {
            (node.next, node.count) = (second, 0);
        }
        self.split(start + left, end, depth + 1);
    }

    /// The nearest triangle that a ray meets, of those that are accepted.
    pub fn meet(&self, ray: &Ray, accepts: impl Fn(&Met) -> bool) -> Option<Met> {
        let inverse = ray.direction.recip();
        let mut best: Option<Met> = None;
        let mut open: Vec<u32> = vec![0];
        while let Some(index) = open.pop() {
            let Some(node) = self.nodes.get(index as usize) else { continue };
            let reach = best.map_or(f32::INFINITY, |met| met.distance);
            if enters(&node.bounds, ray, inverse).is_none_or(|enter| enter > reach) {
                continue;
            }
            if node.count == 0 {
                // The nearer one last, so that it is looked at first.
                let (first, second) = (index + 1, node.next);
                let enter = |index: u32| {
                    self.nodes
                        .get(index as usize)
                        .and_then(|node| enters(&node.bounds, ray, inverse))
                        .unwrap_or(f32::INFINITY)
                };
                if enter(first) < enter(second) {
                    open.extend([second, first])
                } else {
                    open.extend([first, second])
                }
                continue;
            }
            let first = node.next as usize;
            for triangle in self.triangles.get(first..first + node.count as usize).unwrap_or_default() {
                if let Some(met) = meet(triangle, ray)
                    && best.is_none_or(|known| met.distance < known.distance)
                    && accepts(&met)
                {
                    best = Some(met);
                }
            }
        }
        best
    }
}

/// Where a ray enters a box; nothing where it passes.
pub(crate) fn enters(bounds: &Bounds, ray: &Ray, inverse: Vec3A) -> Option<f32> {
    let (a, b) = ((bounds.low - ray.origin) * inverse, (bounds.high - ray.origin) * inverse);
    let enter = a.min(b).max_element().max(0.0);
    let leave = a.max(b).min_element();
    (enter <= leave * 1.000_001).then_some(enter)
}

/// Möller and Trumbore, 1997, from both sides.
fn meet([a, b, c]: &[Vec3A; 3], ray: &Ray) -> Option<Met> {
    let (ab, ac) = (*b - *a, *c - *a);
    let across = ray.direction.cross(ac);
    let volume = ab.dot(across);
    if volume.abs() < 1e-20 {
        return None;
    }
    let from_a = ray.origin - *a;
    let u = from_a.dot(across) / volume;
    let along = from_a.cross(ab);
    let v = ray.direction.dot(along) / volume;
    let distance = ac.dot(along) / volume;
    let is_met = u >= 0.0 && v >= 0.0 && u + v <= 1.0 && distance > 0.0;
    is_met.then(|| Met { distance, normal: ab.cross(ac).normalize_or_zero(), is_front: volume > 0.0 })
}

/// The axis and the place at which boxes and their triangles cost least; nothing where no split helps.
fn cheapest_split(triangles: &[[Vec3A; 3]]) -> Option<(usize, f32)> {
    let middle_of = |triangle: &[Vec3A; 3]| (triangle[0] + triangle[1] + triangle[2]) / 3.0;
    let middles = triangles.iter().fold(Bounds::EMPTY, |bounds, triangle| bounds.with(middle_of(triangle)));
    let size = middles.high - middles.low;
    let area = |bounds: &Bounds| {
        let size = bounds.high - bounds.low;
        if bounds.is_empty() { 0.0 } else { size.x * size.y + size.y * size.z + size.z * size.x }
    };
    let mut best: Option<(f32, usize, f32)> = None;
    for axis in 0..3 {
        if size[axis] <= 0.0 {
            continue;
        }
        let mut bins = [(Bounds::EMPTY, 0_usize); BINS];
        for triangle in triangles {
            let share = (middle_of(triangle)[axis] - middles.low[axis]) / size[axis];
            let bin = ((share * BINS as f32) as usize).min(BINS - 1);
            let (bounds, count) = &mut bins[bin];
            *bounds = triangle.iter().fold(*bounds, |bounds, corner| bounds.with(*corner));
            *count += 1;
        }
        for cut in 1..BINS {
            let side = |part: &[(Bounds, usize)]| {
                let joined = part
                    .iter()
                    .fold((Bounds::EMPTY, 0), |(all, sum), (one, count)| (all.join(*one), sum + count));
                area(&joined.0) * joined.1 as f32
            };
            let (left, right) = bins.split_at(cut);
            let cost = side(left) + side(right);
            if best.is_none_or(|(known, ..)| cost < known) {
                let plane = middles.low[axis] + size[axis] * cut as f32 / BINS as f32;
                best = Some((cost, axis, plane));
            }
        }
    }
    best.map(|(_, axis, plane)| (axis, plane))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Surface;

    fn mesh(corners: &[[f32; 3]]) -> Mesh {
        let positions: Vec<Vec3> = corners.iter().map(|corner| Vec3::from(*corner)).collect();
        let count = positions.len() as u32 / 3;
        let surface = Surface {
            normals: vec![Vec3::Y; positions.len()],
            positions,
            triangles: (0..count).map(|index| [index * 3, index * 3 + 1, index * 3 + 2]).collect(),
            ..Surface::default()
        };
        Mesh { name: String::new(), surfaces: vec![surface] }
    }

    proptest! {
        #[test]
        fn the_tree_finds_what_looking_at_every_triangle_finds(
            corners in prop::collection::vec(prop::array::uniform3(-1.0_f32..1.0), 3..240),
            from in prop::array::uniform3(-2.0_f32..2.0),
            to in prop::array::uniform3(-0.5_f32..0.5),
        ) {
            let tree = Bvh::of(&mesh(&corners));
            let (from, to) = (Vec3A::from(from), Vec3A::from(to));
            let direction = (to - from).normalize_or(Vec3A::X);
            let ray = Ray { origin: from, direction };
            let by_hand = tree.triangles.iter().filter_map(|triangle| meet(triangle, &ray)).map(|met| met.distance).fold(f32::INFINITY, f32::min);
            let by_tree = tree.meet(&ray, |_| true).map_or(f32::INFINITY, |met| met.distance);
            prop_assert_eq!(by_tree, by_hand);
        }
    }

    #[test]
    fn triangles_at_one_place_do_not_go_deeper_without_end() {
        let tree = Bvh::of(&mesh(&[[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]].repeat(500)));
        let ray = Ray { origin: Vec3A::new(0.2, 0.2, -1.0), direction: Vec3A::Z };
        assert_eq!(tree.meet(&ray, |_| true).unwrap().distance, 1.0);
    }

    #[test]
    fn a_mesh_of_nothing_is_never_met() {
        let ray = Ray { origin: Vec3A::ZERO, direction: Vec3A::Z };
        assert_eq!(Bvh::of(&Mesh::default()).meet(&ray, |_| true), None);
    }
}
