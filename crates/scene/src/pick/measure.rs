//! Measuring: points drawn to the corners and edges near them, and the length between two.

use glam::{Vec3, Vec3A};
use serde::Serialize;

use super::{Hit, Scene};
use crate::geometry::{EdgeKind, edges};

/// Faces that bend by more meet in an edge that one measures from.
const CREASE_RAD: f32 = 0.52;

/// To what a point was drawn.
#[derive(Copy, Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "to", content = "point_m", rename_all = "snake_case")]
pub enum Snap {
    /// A corner.
    Corner(Vec3),
    /// The nearest point of an edge.
    Edge(Vec3),
    /// Nothing was near enough: the point itself.
    Surface(Vec3),
}

impl Snap {
    /// The point, in the machine's frame.
    pub fn point_m(&self) -> Vec3 {
        match self {
            Self::Corner(point) | Self::Edge(point) | Self::Surface(point) => *point,
        }
    }
}

/// Draws a point that was hit to a corner within the reach, else to an edge within it.
pub fn snap(scene: &Scene<'_>, hit: &Hit, reach_m: f32) -> Snap {
    let mesh = scene.model.part(hit.part).and_then(|part| scene.model.mesh_of(part));
    let Some(mesh) = mesh else { return Snap::Surface(hit.point_m) };
    let place = scene.stance.machine_from(hit.part);
    let point = Vec3A::from(hit.point_m);
    let (mut corner, mut edge) = ((reach_m, None), (reach_m, None));
    for line in edges(mesh, CREASE_RAD).iter().filter(|line| line.kind == EdgeKind::Crease) {
        let ends = [line.from, line.to].map(|end| place.transform_point3a(Vec3A::from(end)));
        for end in ends {
            let off = end.distance(point);
            if off < corner.0 {
                corner = (off, Some(end));
            }
        }
        let [from, to] = ends;
        let along = to - from;
        let share =
            ((point - from).dot(along) / along.length_squared().max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
        let nearest = from + along * share;
        let off = nearest.distance(point);
        if off < edge.0 {
            edge = (off, Some(nearest));
        }
    }
    // A corner is what one means even where its edge is a little nearer.
    match (corner.1, edge.1) {
        (Some(point), _) => Snap::Corner(Vec3::from(point)),
        (None, Some(point)) => Snap::Edge(Vec3::from(point)),
        (None, None) => Snap::Surface(hit.point_m),
    }
}

/// How far two points are apart, millimetres.
pub fn measured_mm(from_m: Vec3, to_m: Vec3) -> f32 {
    from_m.distance(to_m) * 1000.0
}
