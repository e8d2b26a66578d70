//! Shapes made by rules: turned, extruded and lofted, as triangles that close.
//!
//! Corners are worked out in 64 bits and rounded to a micrometre, so that every machine makes the same bytes.

use glam::{Affine3A, DVec2, DVec3, Vec3};

use super::crease_shaded;
use crate::model::Surface;

/// Corners are kept to this share of a metre.
const PER_METRE: f64 = 1.0e6;
/// Less than this from the axis a turned shape comes to a point.
const POINT_M: f64 = 1.0e-9;

/// Triangles, counter-clockwise seen from outside, metres.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    positions: Vec<DVec3>,
    triangles: Vec<[u32; 3]>,
}

impl Shape {
    /// Turned about the X axis: the profile goes from end to end as (along the axis, from the axis). Where it does not
    /// begin or end on the axis, the shape is open there.
    pub fn turned(profile: &[DVec2], segments: usize) -> Self {
        let mut closed_by_axis = profile.to_vec();
        closed_by_axis.extend(
            [profile.last(), profile.first()].into_iter().flatten().map(|point| DVec2::new(point.x, 0.0)),
        );
        let outward = area(&closed_by_axis) < 0.0;
        Self::turned_between(profile, segments, outward, false)
    }

    /// Turned about the X axis from a closed outline that does not touch the axis: a ring.
    pub fn turned_ring(outline: &[DVec2], segments: usize) -> Self {
        Self::turned_between(outline, segments, area(outline) < 0.0, true)
    }

    fn turned_between(profile: &[DVec2], segments: usize, outward: bool, closes: bool) -> Self {
        let mut shape = Self::default();
        let rings: Vec<Vec<u32>> = profile
            .iter()
            .map(|point| {
                let count = if point.y.abs() < POINT_M { 1 } else { segments };
                (0..count)
                    .map(|index| {
                        let turn_rad = std::f64::consts::TAU * index as f64 / segments as f64;
                        let (sin, cos) = turn_rad.sin_cos();
                        shape.corner(DVec3::new(point.x, point.y * cos, point.y * sin))
                    })
                    .collect()
            })
            .collect();
        let next_of = |index: usize| if closes { (index + 1) % rings.len() } else { index + 1 };
        let mut triangles = Vec::new();
        for (index, ring) in rings.iter().enumerate() {
            let Some(next) = rings.get(next_of(index)) else { continue };
            stitch(ring, next, outward, &mut triangles);
        }
        shape.triangles = triangles;
        shape
    }

    /// An outline in the XY plane, counter-clockwise or not, with holes, drawn along +Z.
    pub fn extruded(outline: &[DVec2], holes: &[Vec<DVec2>], depth_m: f64) -> Self {
        let mut loops: Vec<Vec<DVec2>> = Vec::with_capacity(holes.len() + 1);
        loops.push(wound(outline, true));
        loops.extend(holes.iter().map(|hole| wound(hole, false)));
        let mut shape = Self::default();
        let mut triangles = Vec::new();
        let (mut lower, mut upper): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        for around in &loops {
            let below: Vec<u32> = around.iter().map(|point| shape.corner(point.extend(0.0))).collect();
            let above: Vec<u32> = around.iter().map(|point| shape.corner(point.extend(depth_m))).collect();
            stitch(&below, &above, true, &mut triangles);
            lower.extend(below);
            upper.extend(above);
        }
        let corner = |list: &[u32], place: usize| list.get(place).copied().unwrap_or(u32::MAX);
        for [a, b, c] in filled(&loops) {
            triangles.push([a, b, c].map(|place| corner(&upper, place)));
            triangles.push([c, b, a].map(|place| corner(&lower, place)));
        }
        shape.triangles = triangles;
        shape
    }

    /// A skin over rings of equally many corners each; flat ends close it.
    pub fn lofted(rings: &[Vec<DVec3>]) -> Self {
        let mut shape = Self::skin(rings, false);
        for (ring, is_first) in
            rings.first().map(|ring| (ring, true)).into_iter().chain(rings.last().map(|ring| (ring, false)))
        {
            let middle = ring.iter().sum::<DVec3>() / ring.len().max(1) as f64;
            let top = shape.corner(middle);
            let rim: Vec<u32> = ring.iter().map(|point| shape.corner(*point)).collect();
            for (index, corner) in rim.iter().enumerate() {
                let next = rim.get((index + 1) % rim.len()).copied().unwrap_or(*corner);
                shape.triangles.push(if is_first { [top, next, *corner] } else { [top, *corner, next] });
            }
        }
        shape.outside_out()
    }

    /// A skin over rings that comes back to the first.
    pub fn lofted_around(rings: &[Vec<DVec3>]) -> Self {
        Self::skin(rings, true).outside_out()
    }

    fn skin(rings: &[Vec<DVec3>], closes: bool) -> Self {
        let mut shape = Self::default();
        let rings: Vec<Vec<u32>> =
            rings.iter().map(|ring| ring.iter().map(|point| shape.corner(*point)).collect()).collect();
        let mut triangles = Vec::new();
        for (index, ring) in rings.iter().enumerate() {
            let next = if closes { rings.get((index + 1) % rings.len()) } else { rings.get(index + 1) };
            let Some(next) = next else { continue };
            stitch(ring, next, true, &mut triangles);
        }
        shape.triangles = triangles;
        shape
    }

    /// With its faces looking inwards: a hollow.
    #[must_use]
    pub fn inside_out(mut self) -> Self {
        for triangle in &mut self.triangles {
            triangle.swap(1, 2);
        }
        self
    }

    /// Turned right side out: a shape that closes has a positive volume.
    fn outside_out(self) -> Self {
        if self.volume_m3() < 0.0 { self.inside_out() } else { self }
    }

    /// The volume, where the shape closes; negative where it is inside out.
    pub fn volume_m3(&self) -> f64 {
        let at = |corner: u32| self.positions.get(corner as usize).copied().unwrap_or_default();
        self.triangles.iter().map(|[a, b, c]| at(*a).dot(at(*b).cross(at(*c))) / 6.0).sum()
    }

    /// How many triangles it has.
    pub fn triangle_count(&self) -> usize {
        self.triangles.len()
    }

    /// The same somewhere else. A mirror keeps the outside outside.
    #[must_use]
    pub fn placed(&self, to_from_shape: &glam::DAffine3) -> Self {
        let mut placed = Self {
            positions: self.positions.iter().map(|point| to_from_shape.transform_point3(*point)).collect(),
            triangles: self.triangles.clone(),
        };
        if to_from_shape.matrix3.determinant() < 0.0 {
            for triangle in &mut placed.triangles {
                triangle.swap(1, 2);
            }
        }
        placed
    }

    /// The same, turned about the X axis by so much for each metre along it.
    #[must_use]
    pub fn twisted(&self, rad_per_m: f64) -> Self {
        let turn = |point: &DVec3| glam::DQuat::from_rotation_x(rad_per_m * point.x) * *point;
        Self { positions: self.positions.iter().map(turn).collect(), triangles: self.triangles.clone() }
    }

    /// The same, moved.
    #[must_use]
    pub fn moved(&self, by: DVec3) -> Self {
        self.placed(&glam::DAffine3::from_translation(by))
    }

    /// As a surface: smooth where it bends by less than the crease.
    pub fn surface(&self, crease_rad: f32) -> Surface {
        let rounded = |number: f64| ((number * PER_METRE).round() / PER_METRE) as f32;
        let positions = self
            .positions
            .iter()
            .map(|point| Vec3::new(rounded(point.x), rounded(point.y), rounded(point.z)))
            .collect();
        let bare = Surface { positions, triangles: self.triangles.clone(), ..Surface::default() };
        let mut surface = crease_shaded(&bare, crease_rad);
        for normal in &mut surface.normals {
            *normal = Vec3::from_array(normal.to_array().map(|number| (number * 1.0e4).round() / 1.0e4));
        }
        surface
    }

    fn corner(&mut self, point: DVec3) -> u32 {
        self.positions.push(point);
        u32::try_from(self.positions.len() - 1).unwrap_or(u32::MAX)
    }
}

/// Puts one surface behind another.
pub fn append(to: &mut Surface, from: &Surface) {
    let first = u32::try_from(to.positions.len()).unwrap_or(u32::MAX);
    to.positions.extend(&from.positions);
    to.normals.extend(&from.normals);
    to.uvs.extend(&from.uvs);
    to.triangles.extend(from.triangles.iter().map(|corners| corners.map(|corner| corner + first)));
}

/// A surface seen from somewhere else; turned and moved only.
pub fn placed(surface: &Surface, to_from_surface: &Affine3A) -> Surface {
    Surface {
        positions: surface.positions.iter().map(|point| to_from_surface.transform_point3(*point)).collect(),
        normals: surface.normals.iter().map(|normal| to_from_surface.transform_vector3(*normal)).collect(),
        ..surface.clone()
    }
}

/// Triangles between two rings; one that is a single corner is a point.
fn stitch(ring: &[u32], next: &[u32], outward: bool, triangles: &mut Vec<[u32; 3]>) {
    let count = ring.len().max(next.len());
    let at = |ring: &[u32], index: usize| ring.get(index % ring.len().max(1)).copied().unwrap_or(u32::MAX);
    for index in 0..count {
        let (a, b) = (at(ring, index), at(ring, index + 1));
        let (c, d) = (at(next, index + 1), at(next, index));
        let mut push = |corners: [u32; 3]| {
            let [p, q, r] = corners;
            if p != q && q != r && r != p {
                triangles.push(if outward { [p, q, r] } else { [p, r, q] });
            }
        };
        push([a, b, c]);
        push([a, c, d]);
    }
}

/// The signed area of an outline, positive when it runs counter-clockwise.
pub fn area(outline: &[DVec2]) -> f64 {
    let next = |index: usize| outline.get((index + 1) % outline.len().max(1)).copied().unwrap_or_default();
    outline.iter().enumerate().map(|(index, point)| point.perp_dot(next(index))).sum::<f64>() / 2.0
}

fn wound(outline: &[DVec2], counter_clockwise: bool) -> Vec<DVec2> {
    let mut outline = outline.to_vec();
    if (area(&outline) > 0.0) != counter_clockwise {
        outline.reverse();
    }
    outline
}

/// An outline with holes as triangles: places in the loops, one loop behind the other.
pub fn filled(loops: &[Vec<DVec2>]) -> Vec<[usize; 3]> {
    let mut starts = Vec::new();
    let mut count = 0;
    for around in loops {
        starts.push(count);
        count += around.len();
    }
    let holes: Vec<u32> = starts.iter().skip(1).filter_map(|start| u32::try_from(*start).ok()).collect();
    let points = loops.iter().flatten().map(|point| [point.x, point.y]);
    let mut corners: Vec<u32> = Vec::new();
    earcut::Earcut::new().earcut(points, &holes, &mut corners);
    let points: Vec<DVec2> = loops.iter().flatten().copied().collect();
    let at = |place: usize| points.get(place).copied().unwrap_or_default();
    let triangle = |corners: &[u32]| match *corners {
        [a, b, c] => {
            let (a, b, c) = (a as usize, b as usize, c as usize);
            let is_left = (at(b) - at(a)).perp_dot(at(c) - at(a)) > 0.0;
            Some(if is_left { [a, b, c] } else { [a, c, b] })
        }
        _ => None,
    };
    corners.chunks_exact(3).filter_map(triangle).collect()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn square(half: f64) -> Vec<DVec2> {
        [(-half, -half), (half, -half), (half, half), (-half, half)].map(DVec2::from).to_vec()
    }

    #[test]
    fn a_turned_shaft_has_the_volume_of_a_cylinder() {
        let profile = [(0.0, 0.0), (0.0, 0.1), (1.0, 0.1), (1.0, 0.0)].map(DVec2::from);
        for profile in [profile.to_vec(), profile.iter().rev().copied().collect()] {
            let volume = Shape::turned(&profile, 128).volume_m3();
            assert!((volume / (PI * 0.01) - 1.0).abs() < 1e-3, "{volume}");
        }
    }

    #[test]
    fn a_turned_ring_is_right_side_out_whichever_way_its_outline_runs() {
        let outline = [(0.0, 0.1), (0.0, 0.2), (0.5, 0.2), (0.5, 0.1)].map(DVec2::from);
        for outline in [outline.to_vec(), outline.iter().rev().copied().collect()] {
            let volume = Shape::turned_ring(&outline, 128).volume_m3();
            assert!((volume / (PI * 0.03 * 0.5) - 1.0).abs() < 1e-3, "{volume}");
        }
    }

    #[test]
    fn a_plate_with_a_hole_has_the_volume_of_what_is_left() {
        let hole: Vec<DVec2> = square(0.25);
        for hole in [hole.clone(), hole.iter().rev().copied().collect()] {
            let volume = Shape::extruded(&square(0.5), &[hole], 2.0).volume_m3();
            assert!((volume - 1.5).abs() < 1e-9, "{volume}");
        }
    }

    #[test]
    fn a_lofted_shape_is_right_side_out_from_both_ends() {
        let ring = |z: f64| square(0.5).iter().map(|point| point.extend(z)).collect::<Vec<_>>();
        for rings in [[ring(0.0), ring(2.0)], [ring(2.0), ring(0.0)]] {
            let volume = Shape::lofted(&rings).volume_m3();
            assert!((volume - 2.0).abs() < 1e-9, "{volume}");
        }
    }

    #[test]
    fn a_mirrored_shape_is_not_inside_out() {
        let plate = Shape::extruded(&square(0.5), &[], 1.0);
        let mirror = glam::DAffine3::from_scale(DVec3::new(-1.0, 1.0, 1.0));
        assert!(plate.placed(&mirror).volume_m3() > 0.9);
    }
}
