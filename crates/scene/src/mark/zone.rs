//! Rooms in which one must not be: bodies with stripes, their edges, and a sign on them.

use glam::{DVec2, DVec3, Vec2, Vec3, Vec3A};

use super::canvas::Canvas;
use super::{plate, sign};
use crate::frame::{OUTLINE_CORNERS_MAX, Sign, ZoneShape};
use crate::geometry::Shape;

/// Round zones have so many sides.
const SEGMENTS: usize = 48;
const SIGN_PX: f32 = 52.0;
/// Metres; a zone beyond is no zone of a machine.
const SIZE_MAX_M: f32 = 1.0e4;

/// A corner of a body.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct VolumeCorner {
    /// In the machine's frame.
    pub position_m: Vec3,
    /// A unit vector.
    pub normal: Vec3,
}

/// Bodies, drawn as a veil with stripes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Volume {
    /// Corners.
    pub corners: Vec<VolumeCorner>,
    /// Three places of corners each.
    pub triangles: Vec<[u32; 3]>,
}

pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    volume: &mut Volume,
    shape: &ZoneShape,
    sign: Option<Sign>,
    text: &str,
) {
    let Some(body) = Body::of(shape) else { return };
    let first = u32::try_from(volume.corners.len()).unwrap_or(u32::MAX);
    let surface = body.shape.surface(0.6);
    let corners = surface.positions.iter().zip(&surface.normals);
    volume
        .corners
        .extend(corners.map(|(position, normal)| VolumeCorner { position_m: *position, normal: *normal }));
    volume.triangles.extend(surface.triangles.iter().map(|corners| corners.map(|corner| corner + first)));
    for ring in &body.rims {
        for piece in canvas.way(ring) {
            canvas.line(&piece, 1.6 * canvas.scale, canvas.theme.sign_warning);
        }
    }
    let Some(top) = canvas.spot(body.top) else { return };
    let half = SIGN_PX / 2.0 * canvas.scale;
    let at = top.at_px - Vec2::new(0.0, half + 6.0 * canvas.scale);
    if let Some(known) = sign {
        sign::draw(canvas, at, known, SIGN_PX);
    }
    if !text.is_empty() {
        let size = plate::small_size(canvas, text);
        let beside = match sign {
            Some(_) => at + Vec2::new(half + size.x / 2.0 + 8.0 * canvas.scale, 0.0),
            None => at,
        };
        plate::small(canvas, beside, text);
    }
}

struct Body {
    shape: Shape,
    /// Ways along its edges.
    rims: Vec<Vec<Vec3A>>,
    /// Where its sign stands.
    top: Vec3A,
}

impl Body {
    /// Nothing where the numbers make no body.
    fn of(shape: &ZoneShape) -> Option<Self> {
        match shape {
            ZoneShape::Prism { outline_m, from_y_m, to_y_m } => Self::prism(outline_m, *from_y_m, *to_y_m),
            ZoneShape::Cylinder { from_m, to_m, radius_m } => Self::cylinder(*from_m, *to_m, *radius_m),
            ZoneShape::Sphere { middle_m, radius_m } => Self::sphere(*middle_m, *radius_m),
        }
    }

    fn prism(outline: &[[f32; 2]], from_y: f32, to_y: f32) -> Option<Self> {
        let outline: Vec<Vec2> =
            outline.iter().take(OUTLINE_CORNERS_MAX).map(|corner| Vec2::from(*corner)).collect();
        let is_sound =
            outline.iter().flat_map(|corner| corner.to_array()).chain([from_y, to_y]).all(is_sound);
        if outline.len() < 3 || !is_sound || to_y - from_y < 1e-4 {
            return None;
        }
        // Drawn along Z and laid down: the ground's z runs against the outline's y.
        let flat: Vec<DVec2> =
            outline.iter().map(|corner| DVec2::new(f64::from(corner.x), -f64::from(corner.y))).collect();
        let lay_down = glam::DAffine3::from_rotation_x(-std::f64::consts::FRAC_PI_2);
        let shape = Shape::extruded(&flat, &[], f64::from(to_y - from_y))
            .placed(&lay_down)
            .moved(DVec3::Y * f64::from(from_y));
        let at = |corner: &Vec2, y: f32| Vec3A::new(corner.x, y, corner.y);
        let ring = |y: f32| {
            let corners: Vec<Vec3A> =
                outline.iter().chain(outline.first()).map(|corner| at(corner, y)).collect();
            stepped(&corners)
        };
        let mut rims = vec![ring(from_y), ring(to_y)];
        rims.extend(outline.iter().map(|corner| stepped(&[at(corner, from_y), at(corner, to_y)])));
        let middle = outline.iter().copied().sum::<Vec2>() / outline.len() as f32;
        Some(Self { shape, rims, top: at(&middle, to_y) })
    }

    fn cylinder(from: Vec3, to: Vec3, radius: f32) -> Option<Self> {
        let is_sound = from.to_array().into_iter().chain(to.to_array()).chain([radius]).all(is_sound);
        let axis = (to - from).try_normalize().filter(|_| is_sound && radius > 1e-4)?;
        let length = f64::from(from.distance(to));
        let reach = f64::from(radius);
        let profile = [(0.0, 0.0), (0.0, reach), (length, reach), (length, 0.0)].map(DVec2::from);
        let turn = glam::DQuat::from_rotation_arc(DVec3::X, axis.as_dvec3().normalize());
        let place = glam::DAffine3::from_rotation_translation(turn, from.as_dvec3());
        let side = Vec3A::from(axis.any_orthonormal_vector());
        let other = Vec3A::from(axis).cross(side);
        let ring = |middle: Vec3| {
            let turns = (0..=SEGMENTS).map(|step| std::f32::consts::TAU * step as f32 / SEGMENTS as f32);
            turns
                .map(|turn| Vec3A::from(middle) + (side * turn.cos() + other * turn.sin()) * radius)
                .collect()
        };
        let top = if to.y >= from.y { to } else { from };
        let up = if axis.y.abs() > 0.7 { Vec3A::ZERO } else { Vec3A::Y * radius };
        Some(Self {
            shape: Shape::turned(&profile, SEGMENTS).placed(&place),
            rims: vec![ring(from), ring(to)],
            top: if axis.y.abs() > 0.7 { Vec3A::from(top) } else { Vec3A::from((from + to) / 2.0) + up },
        })
    }

    fn sphere(middle: Vec3, radius: f32) -> Option<Self> {
        let sound = middle.to_array().into_iter().chain([radius]).all(is_sound) && radius > 1e-4;
        let half = SEGMENTS / 2;
        let profile: Vec<DVec2> = (0..=half)
            .map(|step| std::f64::consts::PI * step as f64 / half as f64)
            .map(|turn| DVec2::new(-turn.cos(), turn.sin()) * f64::from(radius))
            .collect();
        sound.then(|| Self {
            shape: Shape::turned(&profile, SEGMENTS).moved(middle.as_dvec3()),
            rims: Vec::new(),
            top: Vec3A::from(middle + Vec3::Y * radius),
        })
    }
}

fn is_sound(number: f32) -> bool {
    number.is_finite() && number.abs() < SIZE_MAX_M
}

/// Straight pieces in steps, so that one end behind the eye does not take the whole.
fn stepped(corners: &[Vec3A]) -> Vec<Vec3A> {
    let mut way = Vec::new();
    for pair in corners.windows(2) {
        if let [from, to] = pair {
            way.extend((0..8).map(|step| from.lerp(*to, step as f32 / 8.0)));
        }
    }
    way.extend(corners.last());
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_closed_and_right_side_out() {
        let square = vec![[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0]];
        let prism = Body::of(&ZoneShape::Prism { outline_m: square, from_y_m: 0.0, to_y_m: 3.0 }).unwrap();
        assert!((prism.shape.volume_m3() - 6.0).abs() < 1e-6, "{}", prism.shape.volume_m3());
        assert_eq!(prism.top, Vec3A::new(1.0, 3.0, 0.5));
        let cylinder =
            Body::of(&ZoneShape::Cylinder { from_m: Vec3::ZERO, to_m: Vec3::Y * 2.0, radius_m: 1.0 })
                .unwrap();
        assert!((cylinder.shape.volume_m3() / std::f64::consts::TAU - 1.0).abs() < 0.01);
        let sphere = Body::of(&ZoneShape::Sphere { middle_m: Vec3::X, radius_m: 1.0 }).unwrap();
        assert!(sphere.shape.volume_m3() > 4.0);
    }

    #[test]
    fn numbers_that_make_no_room_make_no_zone() {
        let flat = ZoneShape::Prism { outline_m: vec![[0.0, 0.0], [1.0, 0.0]], from_y_m: 0.0, to_y_m: 1.0 };
        assert!(Body::of(&flat).is_none());
        assert!(Body::of(&ZoneShape::Sphere { middle_m: Vec3::NAN, radius_m: 1.0 }).is_none());
        assert!(
            Body::of(&ZoneShape::Cylinder { from_m: Vec3::ZERO, to_m: Vec3::ZERO, radius_m: 1.0 }).is_none()
        );
    }
}
