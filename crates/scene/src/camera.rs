//! Cameras: what a lens with known numbers sees, and where a point of the machine stands in the picture.
//!
//! Frame of a camera: +X right, +Y down, +Z into the picture. Pixels: the picture spans 0 to its width and 0 to its
//! height, so that the middle of the first pixel is (0.5, 0.5); where a calibration puts it at (0, 0) (as OpenCV does),
//! add 0.5 to its principal point.

use glam::{Affine3A, Mat4, Quat, Vec2, Vec3, Vec3A, Vec4};
use serde::{Deserialize, Serialize};

/// The numbers of a lens without its distortion, for a picture of a size.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intrinsics {
    /// Focal length across, pixels.
    pub fx_px: f32,
    /// Focal length downwards, pixels.
    pub fy_px: f32,
    /// Principal point, from the left edge.
    pub cx_px: f32,
    /// Principal point, from the upper edge.
    pub cy_px: f32,
    /// Pixels in a row.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
}

/// How a lens bends: Brown and Conrady, with the names and the order of OpenCV (k1, k2, p1, p2, k3).
#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lens {
    /// Radial, by the square of the distance.
    pub k1: f32,
    /// Radial, by its fourth power.
    pub k2: f32,
    /// Tangential, downwards.
    pub p1: f32,
    /// Tangential, across.
    pub p2: f32,
    /// Radial, by its sixth power.
    pub k3: f32,
}

impl Lens {
    /// Where a point at (x, y), one unit in front of an ideal lens, appears to this one.
    pub fn bent(&self, point: Vec2) -> Vec2 {
        let Vec2 { x, y } = point;
        let r2 = point.length_squared();
        let radial = 1.0 + r2 * (self.k1 + r2 * (self.k2 + r2 * self.k3));
        Vec2::new(
            x * radial + 2.0 * self.p1 * x * y + self.p2 * (r2 + 2.0 * x * x),
            y * radial + self.p1 * (r2 + 2.0 * y * y) + 2.0 * self.p2 * x * y,
        )
    }
}

/// A turn and a move.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rigid {
    /// Metres.
    pub translation_m: Vec3,
    /// A unit quaternion, x, y, z, w.
    pub rotation: Quat,
}

impl Rigid {
    /// Nothing turned and nothing moved.
    pub const IDENTITY: Self = Self { translation_m: Vec3::ZERO, rotation: Quat::IDENTITY };

    /// As a transform of points.
    pub fn affine(&self) -> Affine3A {
        Affine3A::from_rotation_translation(self.rotation, self.translation_m)
    }
}

/// How a picture lies on a surface of another shape.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// All of it is seen, with bars beside or above.
    #[default]
    Contain,
    /// All of the surface is covered, and some of the picture is cut off.
    Cover,
}

/// What is seen of the machine, from where.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Camera {
    /// The ideal lens.
    pub intrinsics: Intrinsics,
    /// How the real one bends. The picture is straightened by it, so that straight edges of the machine are straight.
    #[serde(default)]
    pub lens: Lens,
    /// Where the machine stands before the camera.
    pub camera_from_machine: Rigid,
    /// What is nearer is not drawn, metres.
    pub near_m: f32,
    /// What is further is not drawn, metres.
    pub far_m: f32,
    /// How the picture lies on what is drawn on.
    #[serde(default)]
    pub fit: Fit,
}

/// A line from the eye, in the machine's frame.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Ray {
    /// Where it starts, metres.
    pub origin: Vec3A,
    /// Where it goes: a unit vector.
    pub direction: Vec3A,
}

impl Ray {
    /// The point at a distance along it, metres.
    pub fn at(&self, distance_m: f32) -> Vec3A {
        self.origin + self.direction * distance_m
    }
}

/// Where a point of the machine is seen.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Seen {
    /// Pixels of what is drawn on, from its upper left corner.
    pub at_px: Vec2,
    /// What the depth buffer holds there: 0 at the near plane, 1 at the far one.
    pub depth: f32,
    /// Metres in front of the camera, along its axis.
    pub distance_m: f32,
}

/// A camera on a surface of a size: all that projecting needs, worked out once.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct View {
    /// Pixels of the surface.
    pub size_px: Vec2,
    /// Pixels of the surface for one of the picture.
    pub scale: f32,
    /// Where the upper left corner of the picture lies on the surface.
    pub offset_px: Vec2,
    /// From the machine's frame to the camera's.
    pub camera_from_machine: Affine3A,
    /// To clip space.
    pub clip_from_machine: Mat4,
    focal_px: Vec2,
    principal_px: Vec2,
    near_m: f32,
    far_m: f32,
}

impl Camera {
    /// The camera on a surface of this many pixels.
    pub fn view(&self, width_px: u32, height_px: u32) -> View {
        let size_px = Vec2::new(width_px.max(1) as f32, height_px.max(1) as f32);
        let lens = &self.intrinsics;
        let picture_px = Vec2::new(lens.width_px.max(1) as f32, lens.height_px.max(1) as f32);
        let shares = size_px / picture_px;
        let scale = match self.fit {
            Fit::Contain => shares.min_element(),
            Fit::Cover => shares.max_element(),
        };
        let offset_px = (size_px - picture_px * scale) / 2.0;
        let focal_px = Vec2::new(lens.fx_px, lens.fy_px) * scale;
        let principal_px = Vec2::new(lens.cx_px, lens.cy_px) * scale + offset_px;
        let (near, far) = (self.near_m, self.far_m);
        let depth = far / (far - near);
        let clip_from_camera = Mat4::from_cols(
            Vec4::new(2.0 * focal_px.x / size_px.x, 0.0, 0.0, 0.0),
            Vec4::new(0.0, -2.0 * focal_px.y / size_px.y, 0.0, 0.0),
            Vec4::new(
                2.0 * principal_px.x / size_px.x - 1.0,
                1.0 - 2.0 * principal_px.y / size_px.y,
                depth,
                1.0,
            ),
            Vec4::new(0.0, 0.0, -near * depth, 0.0),
        );
        let camera_from_machine = self.camera_from_machine.affine();
        View {
            size_px,
            scale,
            offset_px,
            camera_from_machine,
            clip_from_machine: clip_from_camera * Mat4::from(camera_from_machine),
            focal_px,
            principal_px,
            near_m: near,
            far_m: far,
        }
    }
}

impl View {
    /// Where a point of the machine is seen; nothing behind the near plane.
    pub fn see(&self, point: Vec3A) -> Option<Seen> {
        self.see_from_camera(self.camera_from_machine.transform_point3a(point))
    }

    /// The same for a point in the camera's frame.
    pub fn see_from_camera(&self, point: Vec3A) -> Option<Seen> {
        if point.z < self.near_m {
            return None;
        }
        let at_px = self.principal_px + self.focal_px * Vec2::new(point.x, point.y) / point.z;
        let depth = self.far_m / (self.far_m - self.near_m) * (1.0 - self.near_m / point.z);
        Some(Seen { at_px, depth, distance_m: point.z })
    }

    /// The nearest distance that is drawn, metres.
    pub fn near_m(&self) -> f32 {
        self.near_m
    }

    /// The line from the eye through a pixel of the surface.
    pub fn ray(&self, at_px: Vec2) -> Ray {
        let flat = (at_px - self.principal_px) / self.focal_px;
        let machine_from_camera = self.camera_from_machine.inverse();
        let direction =
            machine_from_camera.transform_vector3a(Vec3A::new(flat.x, flat.y, 1.0)).normalize_or(Vec3A::Z);
        Ray { origin: machine_from_camera.translation, direction }
    }

    /// Where the eye is, in the machine's frame.
    pub fn eye(&self) -> Vec3A {
        self.camera_from_machine.inverse().translation
    }

    /// How many pixels a metre takes across the line of sight, at a distance.
    pub fn px_per_m(&self, distance_m: f32) -> f32 {
        (self.focal_px.x * self.focal_px.y).sqrt() / distance_m.max(self.near_m)
    }

    /// The directions right, down and forward of the camera, in the machine's frame.
    pub fn axes(&self) -> [Vec3A; 3] {
        let turn = self.camera_from_machine.matrix3.transpose();
        [turn.x_axis, turn.y_axis, turn.z_axis]
    }
}

/// A camera that goes round a point and looks at it, with +Y up.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orbit {
    /// What it looks at, in the machine's frame.
    pub target_m: Vec3,
    /// How far off it is.
    pub distance_m: f32,
    /// Round the machine: 0 looks along -Z from its front, a quarter turn along -X from its right.
    pub azimuth_rad: f32,
    /// Above the horizon.
    pub elevation_rad: f32,
    /// How much of the height is seen.
    pub vertical_view_rad: f32,
}

impl Orbit {
    /// The camera for a surface of this many pixels.
    pub fn camera(&self, width_px: u32, height_px: u32) -> Camera {
        let (width, height) = (width_px.max(1) as f32, height_px.max(1) as f32);
        let focal_px = height / 2.0 / (self.vertical_view_rad / 2.0).tan();
        let (sin_azimuth, cos_azimuth) = self.azimuth_rad.sin_cos();
        let (sin_elevation, cos_elevation) = self.elevation_rad.sin_cos();
        let towards_eye = Vec3::new(sin_azimuth * cos_elevation, sin_elevation, cos_azimuth * cos_elevation);
        let forward = -towards_eye;
        let right = Vec3::new(cos_azimuth, 0.0, -sin_azimuth);
        let down = forward.cross(right);
        let machine_from_camera = glam::Mat3::from_cols(right, down, forward);
        let camera_from_machine = machine_from_camera.transpose();
        let eye = self.target_m + towards_eye * self.distance_m;
        Camera {
            intrinsics: Intrinsics {
                fx_px: focal_px,
                fy_px: focal_px,
                cx_px: width / 2.0,
                cy_px: height / 2.0,
                width_px: width_px.max(1),
                height_px: height_px.max(1),
            },
            lens: Lens::default(),
            camera_from_machine: Rigid {
                translation_m: -(camera_from_machine * eye),
                rotation: Quat::from_mat3(&camera_from_machine),
            },
            near_m: (self.distance_m * 0.02).max(0.001),
            far_m: self.distance_m * 10.0 + 1.0,
            fit: Fit::Contain,
        }
    }

    /// The orbit from a direction that has all of a box in view.
    pub fn around(low_m: Vec3, high_m: Vec3, azimuth_rad: f32, elevation_rad: f32) -> Self {
        let vertical_view_rad = 0.6;
        let radius = (high_m - low_m).length() / 2.0;
        Self {
            target_m: (low_m + high_m) / 2.0,
            distance_m: (radius / (vertical_view_rad / 2.0_f32).sin()).max(0.01),
            azimuth_rad,
            elevation_rad,
            vertical_view_rad,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera() -> Camera {
        Camera {
            intrinsics: Intrinsics {
                fx_px: 900.0,
                fy_px: 880.0,
                cx_px: 500.0,
                cy_px: 410.0,
                width_px: 1280,
                height_px: 720,
            },
            lens: Lens::default(),
            camera_from_machine: Rigid {
                translation_m: Vec3::new(0.1, -0.2, 2.0),
                rotation: Quat::from_rotation_y(0.4) * Quat::from_rotation_x(0.2),
            },
            near_m: 0.05,
            far_m: 20.0,
            fit: Fit::Contain,
        }
    }

    #[test]
    fn clip_space_and_the_formula_of_the_pinhole_agree_off_the_middle_too() {
        let view = camera().view(1280, 720);
        for point in [Vec3A::ZERO, Vec3A::new(0.4, 0.3, 0.1), Vec3A::new(-0.5, 0.2, -0.4)] {
            let clip = view.clip_from_machine * Vec4::from((point, 1.0));
            let seen = view.see(point).unwrap();
            let by_clip = Vec2::new(clip.x / clip.w + 1.0, 1.0 - clip.y / clip.w) * view.size_px / 2.0;
            assert!(by_clip.abs_diff_eq(seen.at_px, 0.01), "{by_clip} and {}", seen.at_px);
            assert!((clip.z / clip.w - seen.depth).abs() < 1e-5);
        }
    }

    #[test]
    fn a_ray_through_a_pixel_meets_the_point_that_is_seen_there() {
        let view = camera().view(1000, 900);
        let point = Vec3A::new(0.3, -0.2, 0.25);
        let ray = view.ray(view.see(point).unwrap().at_px);
        let off = (point - ray.origin).cross(ray.direction).length();
        assert!(off < 1e-5, "it passes {off} m beside");
    }

    #[test]
    fn an_orbit_has_its_target_in_the_middle_and_up_is_up() {
        let orbit = Orbit {
            target_m: Vec3::new(1.0, 2.0, 3.0),
            distance_m: 4.0,
            azimuth_rad: 0.8,
            elevation_rad: 0.5,
            vertical_view_rad: 0.7,
        };
        let view = orbit.camera(640, 480).view(640, 480);
        let seen = view.see(Vec3A::from(orbit.target_m)).unwrap();
        assert!(seen.at_px.abs_diff_eq(Vec2::new(320.0, 240.0), 0.01), "{}", seen.at_px);
        assert!((seen.distance_m - 4.0).abs() < 1e-4);
        let above = view.see(Vec3A::from(orbit.target_m + Vec3::Y * 0.1)).unwrap();
        assert!(above.at_px.y < seen.at_px.y, "what is above is drawn above");
    }

    #[test]
    fn a_picture_that_covers_has_no_bars_and_one_that_is_contained_is_whole() {
        let contain = camera().view(720, 720);
        assert_eq!(contain.offset_px, Vec2::new(0.0, 157.5));
        let cover = Camera { fit: Fit::Cover, ..camera() }.view(720, 720);
        assert_eq!(cover.offset_px, Vec2::new(-280.0, 0.0));
    }
}
