//! Bodies: shapes with what they are made of, put together to a mesh.

use std::collections::BTreeMap;

use glam::{DAffine3, DQuat, DVec2, DVec3};

use super::paint::Paint;
use crate::geometry::{Shape, append};
use crate::model::{MaterialId, Mesh, Surface};

/// Edges that bend by more stay sharp.
const CREASE_RAD: f32 = 0.7;

/// Shapes of one part.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    pieces: Vec<(Paint, Piece)>,
}

#[derive(Clone, Debug)]
enum Piece {
    Shape(Shape),
    /// With places on a texture.
    Printed(Surface),
}

impl Body {
    pub(super) fn of(paint: Paint, shape: Shape) -> Self {
        Self::default().with(paint, shape)
    }

    #[must_use]
    pub(super) fn with(mut self, paint: Paint, shape: Shape) -> Self {
        self.pieces.push((paint, Piece::Shape(shape)));
        self
    }

    #[must_use]
    pub(super) fn with_all(self, paint: Paint, shapes: impl IntoIterator<Item = Shape>) -> Self {
        shapes.into_iter().fold(self, |body, shape| body.with(paint, shape))
    }

    #[must_use]
    pub(super) fn and(mut self, other: &Self) -> Self {
        self.pieces.extend(other.pieces.iter().cloned());
        self
    }

    /// A printed plate: a thin board in the XY plane with the picture on its +Z side, in the middle of both.
    #[must_use]
    pub(super) fn with_plate(mut self, picture: u32, size_m: DVec2, to_from_plate: &DAffine3) -> Self {
        let (half, thick) = (size_m / 2.0, 0.0012);
        let board = rounded_rectangle(size_m, half.min_element() * 0.12, 3);
        self = self.with(Paint::Aluminium, Shape::extruded(&board, &[], thick).placed(to_from_plate));
        let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(DVec2::from);
        let face = |corner: DVec2| {
            let at = corner * half * 0.96;
            let point = to_from_plate.transform_point3(at.extend(thick + 0.0002));
            glam::Vec3::from_array(point.to_array().map(|number| ((number * 1.0e6).round() / 1.0e6) as f32))
        };
        let normal = to_from_plate.transform_vector3(DVec3::Z).normalize();
        let normal =
            glam::Vec3::from_array(normal.to_array().map(|number| ((number * 1.0e4).round() / 1.0e4) as f32));
        let surface = Surface {
            positions: corners.iter().map(|corner| face(*corner)).collect(),
            normals: vec![normal; 4],
            uvs: corners
                .iter()
                .map(|corner| ((*corner * DVec2::new(1.0, -1.0) + 1.0) / 2.0).as_vec2())
                .collect(),
            triangles: vec![[0, 1, 2], [0, 2, 3]],
            material: None,
        };
        self.pieces.push((Paint::Printed(picture), Piece::Printed(surface)));
        self
    }

    #[must_use]
    pub(super) fn placed(&self, to_from_body: &DAffine3) -> Self {
        let placed = |piece: &Piece| match piece {
            Piece::Shape(shape) => Piece::Shape(shape.placed(to_from_body)),
            Piece::Printed(surface) => {
                Piece::Printed(crate::geometry::placed(surface, &to_from_body.as_affine3a()))
            }
        };
        Self { pieces: self.pieces.iter().map(|(paint, piece)| (*paint, placed(piece))).collect() }
    }

    #[must_use]
    pub(super) fn moved(&self, by: DVec3) -> Self {
        self.placed(&DAffine3::from_translation(by))
    }

    /// As a mesh: one surface for each paint.
    pub(super) fn mesh(&self, name: &str, material: &mut impl FnMut(Paint) -> MaterialId) -> Mesh {
        let mut surfaces: BTreeMap<Paint, Surface> = BTreeMap::new();
        for (paint, piece) in &self.pieces {
            let surface = surfaces.entry(*paint).or_default();
            match piece {
                Piece::Shape(shape) => append(surface, &shape.surface(CREASE_RAD)),
                Piece::Printed(printed) => append(surface, printed),
            }
        }
        let with_material = |(paint, mut surface): (Paint, Surface)| {
            surface.material = Some(material(paint));
            surface
        };
        Mesh { name: name.to_owned(), surfaces: surfaces.into_iter().map(with_material).collect() }
    }
}

/// A point on a circle about the X axis: 0 is up, a quarter turn towards +Z.
pub(super) fn around_x(radius_m: f64, turn_rad: f64) -> DVec3 {
    let (sin, cos) = turn_rad.sin_cos();
    DVec3::new(0.0, radius_m * cos, radius_m * sin)
}

/// Turns evenly round, from `start`.
pub(super) fn turns(count: usize, start_rad: f64) -> impl Iterator<Item = f64> {
    (0..count).map(move |index| start_rad + std::f64::consts::TAU * index as f64 / count as f64)
}

/// What lies along X turned to lie along Y.
pub(super) fn to_y() -> DAffine3 {
    DAffine3::from_rotation_z(std::f64::consts::FRAC_PI_2)
}

/// What lies along X turned to lie along Z.
pub(super) fn to_z() -> DAffine3 {
    DAffine3::from_rotation_y(-std::f64::consts::FRAC_PI_2)
}

/// What lies along X turned to the other end of X.
pub(super) fn to_minus_x() -> DAffine3 {
    DAffine3::from_rotation_y(std::f64::consts::PI)
}

/// What lies along X turned to point outwards from the X axis at a turn, 0 being up.
pub(super) fn outwards(turn_rad: f64) -> DAffine3 {
    DAffine3::from_quat(DQuat::from_rotation_x(turn_rad)) * to_y()
}

/// A cylinder along X with chamfers.
pub(super) fn rod(length_m: f64, radius_m: f64, chamfer_m: f64, segments: usize) -> Shape {
    let profile = [
        DVec2::new(0.0, 0.0),
        DVec2::new(0.0, radius_m - chamfer_m),
        DVec2::new(chamfer_m, radius_m),
        DVec2::new(length_m - chamfer_m, radius_m),
        DVec2::new(length_m, radius_m - chamfer_m),
        DVec2::new(length_m, 0.0),
    ];
    Shape::turned(&profile, segments)
}

/// A tube along X.
pub(super) fn tube(length_m: f64, inner_m: f64, outer_m: f64, segments: usize) -> Shape {
    let outline = [(0.0, inner_m), (0.0, outer_m), (length_m, outer_m), (length_m, inner_m)];
    Shape::turned_ring(&outline.map(DVec2::from), segments)
}

/// A turned shape from points along X and from it, in metres.
pub(super) fn turned(profile: &[(f64, f64)], segments: usize) -> Shape {
    Shape::turned(&profile.iter().copied().map(DVec2::from).collect::<Vec<_>>(), segments)
}

/// A turned ring from a closed outline.
pub(super) fn turned_ring(outline: &[(f64, f64)], segments: usize) -> Shape {
    Shape::turned_ring(&outline.iter().copied().map(DVec2::from).collect::<Vec<_>>(), segments)
}

/// A box with its middle at the origin, its edges along the axes, those along Z rounded.
pub(super) fn block(size_m: DVec3, rounding_m: f64) -> Shape {
    let outline = rounded_rectangle(size_m.truncate(), rounding_m, 3);
    Shape::extruded(&outline, &[], size_m.z).moved(DVec3::new(0.0, 0.0, -size_m.z / 2.0))
}

/// A box from corner to corner.
pub(super) fn bar(low: DVec3, high: DVec3) -> Shape {
    block(high - low, 0.0).moved((low + high) / 2.0)
}

/// An outline across the X axis, as (along Z, along Y), drawn from one place on the axis to another.
pub(super) fn prism_x(outline: &[DVec2], holes: &[Vec<DVec2>], from_m: f64, to_m: f64) -> Shape {
    let along_x = DAffine3::from_mat3(glam::DMat3::from_cols(DVec3::Z, DVec3::Y, DVec3::X));
    Shape::extruded(outline, holes, to_m - from_m).placed(&along_x).moved(DVec3::X * from_m)
}

/// A part of a ring across the X axis, about a turn (0 is up), as wide as `span`.
pub(super) fn ring_sector(inner_m: f64, outer_m: f64, turn_rad: f64, span_rad: f64) -> Vec<DVec2> {
    let steps = 12;
    let at = |radius: f64, share: f64| {
        let turn = turn_rad + span_rad * (share - 0.5);
        DVec2::new(turn.sin(), turn.cos()) * radius
    };
    let there = (0..=steps).map(|step| at(outer_m, f64::from(step) / f64::from(steps)));
    let back = (0..=steps).rev().map(|step| at(inner_m, f64::from(step) / f64::from(steps)));
    there.chain(back).collect()
}

/// A rectangle about the origin with rounded corners.
pub(super) fn rounded_rectangle(size_m: DVec2, rounding_m: f64, steps: usize) -> Vec<DVec2> {
    let half = size_m / 2.0;
    let corners = [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)].map(DVec2::from);
    if rounding_m <= 0.0 {
        return corners.iter().map(|corner| *corner * half).collect();
    }
    let rounding = rounding_m.min(half.min_element());
    let mut outline = Vec::new();
    for (index, corner) in corners.iter().enumerate() {
        let middle = *corner * (half - rounding);
        for step in 0..=steps {
            let turn = std::f64::consts::FRAC_PI_2 * (index as f64 + step as f64 / steps as f64);
            outline.push(middle + DVec2::from_angle(turn) * rounding);
        }
    }
    outline.dedup_by(|a, b| a.distance(*b) < 1e-9);
    outline
}

/// A circle about a point.
pub(super) fn circle(middle: DVec2, radius_m: f64, segments: usize) -> Vec<DVec2> {
    turns(segments, 0.0).map(|turn| middle + DVec2::from_angle(turn) * radius_m).collect()
}

/// A slot along X in the XY plane: a rectangle with round ends.
pub(super) fn slot(middle: DVec2, length_m: f64, width_m: f64) -> Vec<DVec2> {
    let outline = rounded_rectangle(DVec2::new(length_m, width_m), width_m / 2.0, 2);
    outline.into_iter().map(|point| point + middle).collect()
}
