//! Edges of a mesh: creases and rims, and those that separate front from back when one looks along them.

use std::collections::HashMap;

use glam::Vec3;

use crate::model::Mesh;

/// A line where two faces meet, or where one ends.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Edge {
    /// One end, in the mesh's frame.
    pub from: Vec3,
    /// The other.
    pub to: Vec3,
    /// The normals of the two faces; twice the same at a rim.
    pub normals: [Vec3; 2],
    /// Whether it is drawn from everywhere.
    pub kind: EdgeKind,
}

/// When an edge is drawn.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum EdgeKind {
    /// Always: a crease or a rim.
    Crease,
    /// Where one of its faces looks at the eye and the other away.
    Round,
}

/// The faces that meet at one edge.
struct Meeting {
    ends: [Vec3; 2],
    normals: [Vec3; 2],
    count: u32,
}

/// The edges of a mesh; faces that bend by more than the crease meet in one.
///
/// Corners are taken together that stand at one place, whatever surface they belong to. Flat edges are left out.
pub fn edges(mesh: &Mesh, crease_rad: f32) -> Vec<Edge> {
    let mut places: HashMap<[u32; 3], u32> = HashMap::new();
    let mut order: Vec<(u32, u32)> = Vec::new();
    let mut meetings: HashMap<(u32, u32), Meeting> = HashMap::new();
    for surface in &mesh.surfaces {
        for corners in &surface.triangles {
            let points =
                corners.map(|corner| surface.positions.get(corner as usize).copied().unwrap_or_default());
            let [a, b, c] = points;
            let Some(normal) = (b - a).cross(c - a).try_normalize() else { continue };
            let ids = points.map(|point| {
                let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
                *places.entry((point + Vec3::ZERO).to_array().map(f32::to_bits)).or_insert(next)
            });
            for (from, to) in [(0, 1), (1, 2), (2, 0)] {
                let key = if ids[from] < ids[to] { (ids[from], ids[to]) } else { (ids[to], ids[from]) };
                let meeting = meetings.entry(key).or_insert_with(|| {
                    order.push(key);
                    Meeting { ends: [points[from], points[to]], normals: [normal; 2], count: 0 }
                });
                meeting.normals[1] = normal;
                meeting.count += 1;
            }
        }
    }
    let (crease, flat) = (crease_rad.cos(), 0.000_01);
    let edge = |key: &(u32, u32)| {
        let meeting = meetings.get(key)?;
        let [from, to] = meeting.ends;
        let bend = meeting.normals[0].dot(meeting.normals[1]);
        let kind = if meeting.count != 2 || bend < crease { EdgeKind::Crease } else { EdgeKind::Round };
        let is_flat = kind == EdgeKind::Round && bend > 1.0 - flat;
        (!is_flat).then_some(Edge { from, to, normals: meeting.normals, kind })
    };
    order.iter().filter_map(edge).collect()
}

#[cfg(test)]
mod tests {
    use glam::DVec2;

    use super::*;
    use crate::geometry::Shape;

    fn mesh(shape: &Shape) -> Mesh {
        Mesh { name: String::new(), surfaces: vec![shape.surface(0.6)] }
    }

    #[test]
    fn a_box_has_twelve_edges_and_its_diagonals_are_none() {
        let square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map(DVec2::from);
        let edges = edges(&mesh(&Shape::extruded(&square, &[], 1.0)), 0.6);
        assert_eq!(edges.len(), 12);
        assert!(edges.iter().all(|edge| edge.kind == EdgeKind::Crease));
    }

    #[test]
    fn a_cylinder_has_two_circles_and_its_facets_are_round() {
        let profile = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)].map(DVec2::from);
        let edges = edges(&mesh(&Shape::turned(&profile, 32)), 0.6);
        let creases = edges.iter().filter(|edge| edge.kind == EdgeKind::Crease).count();
        assert_eq!((creases, edges.len() - creases), (64, 32));
    }
}
