//! Normals for triangles that have none: flat, or smooth up to a crease.

use std::collections::HashMap;

use glam::{Vec2, Vec3};

use crate::model::Surface;

/// Every triangle with corners and a normal of its own, as glTF 2.0 (3.7.2.1) wants it where normals are missing.
pub fn flat_shaded(surface: &Surface) -> Surface {
    let mut flat = Surface { material: surface.material, ..Surface::default() };
    for corners in &surface.triangles {
        let positions = corners.map(|corner| position(surface, corner));
        let [a, b, c] = positions;
        let normal = (b - a).cross(c - a).try_normalize();
        let Some(normal) = normal else { continue };
        let first = u32::try_from(flat.positions.len()).unwrap_or(u32::MAX);
        flat.positions.extend(positions);
        flat.normals.extend([normal; 3]);
        if !surface.uvs.is_empty() {
            flat.uvs.extend(
                corners.map(|corner| surface.uvs.get(corner as usize).copied().unwrap_or(Vec2::ZERO)),
            );
        }
        flat.triangles.push([first, first + 1, first + 2]);
    }
    flat
}

/// Corners that stand at one place become one, and normals are averaged over the triangles that meet there with less
/// than the crease between them, each weighted by the angle it takes there (Thürmer and Wüthrich, 1998).
///
/// Texture places are dropped: what is read without normals (STL) has none.
pub fn crease_shaded(surface: &Surface, crease_rad: f32) -> Surface {
    let (places, points) = welded(surface);
    let faces: Vec<Face> =
        surface.triangles.iter().filter_map(|corners| Face::of(corners, &places, &points)).collect();
    let mut meeting: Vec<Vec<(usize, f32)>> = vec![Vec::new(); points.len()];
    for (index, face) in faces.iter().enumerate() {
        for (place, angle) in face.places.iter().zip(face.angles_rad) {
            if let Some(faces_there) = meeting.get_mut(*place as usize) {
                faces_there.push((index, angle));
            }
        }
    }
    let smooth_above = crease_rad.cos();
    let mut made = Surface { material: surface.material, ..Surface::default() };
    let mut known: HashMap<(u32, [i32; 3]), u32> = HashMap::new();
    for face in &faces {
        let corners = face.places.map(|place| {
            let around = meeting.get(place as usize).map(Vec::as_slice).unwrap_or_default();
            let sum = around
                .iter()
                .filter_map(|(other, angle)| Some((faces.get(*other)?.normal, *angle)))
                .filter(|(normal, _)| normal.dot(face.normal) > smooth_above)
                .fold(Vec3::ZERO, |sum, (normal, angle)| sum + normal * angle);
            let normal = sum.try_normalize().unwrap_or(face.normal);
            let rounded = normal.to_array().map(|number| (number * 4_096.0).round() as i32);
            *known.entry((place, rounded)).or_insert_with(|| {
                made.positions.push(points.get(place as usize).copied().unwrap_or_default());
                made.normals.push(normal);
                u32::try_from(made.positions.len() - 1).unwrap_or(u32::MAX)
            })
        });
        made.triangles.push(corners);
    }
    made
}

struct Face {
    places: [u32; 3],
    normal: Vec3,
    angles_rad: [f32; 3],
}

impl Face {
    /// Nothing for a triangle without area.
    fn of(corners: &[u32; 3], places: &[u32], points: &[Vec3]) -> Option<Self> {
        let places = corners.map(|corner| places.get(corner as usize).copied().unwrap_or(0));
        let [a, b, c] = places.map(|place| points.get(place as usize).copied().unwrap_or_default());
        let normal = (b - a).cross(c - a).try_normalize()?;
        let angle = |at: Vec3, to: Vec3, other: Vec3| (to - at).angle_between(other - at);
        let angles_rad = [angle(a, b, c), angle(b, c, a), angle(c, a, b)];
        angles_rad.iter().all(|angle| angle.is_finite()).then_some(Self { places, normal, angles_rad })
    }
}

/// For each corner its place, and the point of each place.
fn welded(surface: &Surface) -> (Vec<u32>, Vec<Vec3>) {
    let mut points = Vec::new();
    let mut known: HashMap<[u32; 3], u32> = HashMap::with_capacity(surface.positions.len() / 3);
    let places = surface.positions.iter().map(|position| {
        // Minus zero stands where zero does.
        let bits = (*position + Vec3::ZERO).to_array().map(f32::to_bits);
        *known.entry(bits).or_insert_with(|| {
            points.push(*position);
            u32::try_from(points.len() - 1).unwrap_or(u32::MAX)
        })
    });
    let places = places.collect();
    (places, points)
}

fn position(surface: &Surface, corner: u32) -> Vec3 {
    surface.positions.get(corner as usize).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two triangles that share an edge and stand at an angle, with corners of their own as STL has them.
    fn fold(angle_rad: f32) -> Surface {
        let up = Vec3::new(-angle_rad.cos(), angle_rad.sin(), 0.0);
        let positions = vec![Vec3::ZERO, Vec3::Z, Vec3::X, Vec3::Z, Vec3::ZERO, up];
        Surface { positions, triangles: vec![[0, 1, 2], [3, 4, 5]], ..Surface::default() }
    }

    #[test]
    fn a_gentle_fold_is_smooth_and_its_corners_become_one() {
        let smooth = crease_shaded(&fold(0.3), 0.6);
        assert_eq!(smooth.positions.len(), 4);
    }

    #[test]
    fn a_sharp_fold_stays_a_crease() {
        let creased = crease_shaded(&fold(1.2), 0.6);
        assert_eq!(creased.positions.len(), 6);
    }

    #[test]
    fn a_triangle_without_area_is_left_out() {
        let mut surface = fold(0.3);
        surface.positions.extend([Vec3::ZERO, Vec3::X, Vec3::X * 2.0]);
        surface.triangles.push([6, 7, 8]);
        assert_eq!(flat_shaded(&surface).triangles.len(), 2);
        assert_eq!(crease_shaded(&surface, 0.6).triangles.len(), 2);
    }
}
