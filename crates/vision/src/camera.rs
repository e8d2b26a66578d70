//! What a camera sees where: focal lengths, principal point and the distortion of its lens (Brown–Conrady).
//!
//! Frame: x right, y down, z ahead, in metres. Pixels count from the upper left corner of the picture; the centre of its
//! first pixel is (0.5, 0.5).

use serde::{Deserialize, Serialize};

/// How often the distortion is undone, and how well that must have come out, in shares of the focal length.
const UNDISTORT_ROUNDS: usize = 40;
const UNDISTORT_LEFT: f64 = 1e-9;
/// The horizontal field of view of a camera that nobody measured, in degrees: between those of tablets and webcams.
const DEFAULT_FIELD_OF_VIEW_DEG: f64 = 66.0;
/// What such a focal length may be off by, as one standard deviation and a share of it.
const DEFAULT_FOCAL_SIGMA: f64 = 0.08;
/// What such a principal point may be off by, as one standard deviation and a share of the picture's width.
const DEFAULT_CENTRE_SIGMA: f64 = 0.015;

/// A camera at one resolution and focus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "CameraNumbers", into = "CameraNumbers")]
pub struct CameraModel {
    numbers: CameraNumbers,
}

/// The numbers of a camera, as they are kept and exchanged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CameraNumbers {
    /// The picture's width and height, in pixels.
    pub size_px: [u32; 2],
    /// Focal lengths along x and y, in pixels.
    pub focal_px: [f64; 2],
    /// Where the axis of the lens meets the picture, in pixels.
    pub centre_px: [f64; 2],
    /// Brown–Conrady: k1, k2, p1, p2, k3.
    pub distortion: [f64; 5],
    /// One standard deviation of the focal lengths and the centre: x, y of each, in pixels.
    pub sigma_px: [f64; 4],
}

/// Why numbers are no camera.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CameraError {
    /// A side is empty or too long.
    #[error("a camera's picture cannot have {0} × {1} pixels")]
    Size(u32, u32),
    /// A focal length is no lens's.
    #[error("a focal length of {0} pixels is none for a picture {1} pixels wide")]
    Focal(f64, u32),
    /// The axis is far outside of the picture.
    #[error("the axis of the lens cannot meet the picture at {0}, {1}")]
    Centre(f64, f64),
    /// The distortion is more than any lens's, or no number.
    #[error("distortion {0:?} is no lens's")]
    Distortion([f64; 5]),
    /// A standard deviation is negative or no number.
    #[error("standard deviations {0:?} are none")]
    Sigma([f64; 4]),
}

/// Where a point is seen, and how that changes with the point.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Projection {
    pub(crate) pixel: [f64; 2],
    /// Rows: x and y of the pixel; columns: the point, pixels per metre.
    pub(crate) by_point: [[f64; 3]; 2],
    /// The distorted direction, by which the focal lengths are multiplied.
    pub(crate) direction: [f64; 2],
    /// The undistorted direction.
    pub(crate) ideal: [f64; 2],
}

impl CameraModel {
    /// The camera of `numbers`.
    ///
    /// # Errors
    /// When they are no camera's.
    pub fn new(numbers: CameraNumbers) -> Result<Self, CameraError> {
        let [width, height] = numbers.size_px;
        if !(1..=8_192).contains(&width) || !(1..=8_192).contains(&height) {
            return Err(CameraError::Size(width, height));
        }
        let side = f64::from(width.max(height));
        for focal in numbers.focal_px {
            if !(side * 0.1..=side * 50.0).contains(&focal) {
                return Err(CameraError::Focal(focal, width));
            }
        }
        let [x, y] = numbers.centre_px;
        let is_near = |place: f64, size: u32| (-f64::from(size)..=2.0 * f64::from(size)).contains(&place);
        if !is_near(x, width) || !is_near(y, height) {
            return Err(CameraError::Centre(x, y));
        }
        if !numbers.distortion.iter().all(|part| part.abs() <= 50.0) {
            return Err(CameraError::Distortion(numbers.distortion));
        }
        if !numbers.sigma_px.iter().all(|sigma| (0.0..=side).contains(sigma)) {
            return Err(CameraError::Sigma(numbers.sigma_px));
        }
        Ok(Self { numbers })
    }

    /// A camera that nobody measured, with a usual field of view and widened bounds.
    ///
    /// # Errors
    /// When the picture cannot be of that size.
    pub fn unmeasured(width_px: u32, height_px: u32) -> Result<Self, CameraError> {
        let focal_px =
            f64::from(width_px.max(height_px)) / 2.0 / (DEFAULT_FIELD_OF_VIEW_DEG / 2.0).to_radians().tan();
        let centre = DEFAULT_CENTRE_SIGMA * f64::from(width_px.max(height_px));
        Self::new(CameraNumbers {
            size_px: [width_px, height_px],
            focal_px: [focal_px; 2],
            centre_px: [f64::from(width_px) / 2.0, f64::from(height_px) / 2.0],
            distortion: [0.0; 5],
            sigma_px: [focal_px * DEFAULT_FOCAL_SIGMA, focal_px * DEFAULT_FOCAL_SIGMA, centre, centre],
        })
    }

    /// Its numbers.
    pub fn numbers(&self) -> &CameraNumbers {
        &self.numbers
    }

    /// The same lens at another resolution of the same picture; nothing when that has another shape.
    pub fn at_size(&self, width_px: u32, height_px: u32) -> Option<Self> {
        let [old_width, old_height] = self.numbers.size_px;
        let scale = f64::from(width_px) / f64::from(old_width);
        let same_shape = (f64::from(height_px) - f64::from(old_height) * scale).abs() <= 1.0;
        let numbers = CameraNumbers {
            size_px: [width_px, height_px],
            focal_px: self.numbers.focal_px.map(|focal| focal * scale),
            centre_px: self.numbers.centre_px.map(|centre| centre * scale),
            distortion: self.numbers.distortion,
            sigma_px: self.numbers.sigma_px.map(|sigma| sigma * scale),
        };
        same_shape.then(|| Self::new(numbers).ok()).flatten()
    }

    /// Where a point in the camera's frame is seen, in pixels, also outside of the picture; nothing behind the camera and
    /// where the distortion folds over.
    pub fn project(&self, point_m: [f64; 3]) -> Option<[f64; 2]> {
        self.project_fully(point_m).map(|projection| projection.pixel)
    }

    /// The direction that a pixel looks into: x and y at one metre ahead. Nothing where the distortion cannot be undone.
    pub fn unproject(&self, pixel: [f64; 2]) -> Option<[f64; 2]> {
        let wanted =
            [0, 1].map(|axis| (pixel[axis] - self.numbers.centre_px[axis]) / self.numbers.focal_px[axis]);
        let mut direction = wanted;
        for _ in 0..UNDISTORT_ROUNDS {
            let (found, by_direction) = distort(&self.numbers.distortion, direction)?;
            let (dx, dy) = (wanted[0] - found[0], wanted[1] - found[1]);
            if dx.hypot(dy) <= UNDISTORT_LEFT {
                return Some(direction);
            }
            let [[a, b], [c, d]] = by_direction;
            let area = a * d - b * c;
            let step = [(d * dx - b * dy) / area, (a * dy - c * dx) / area];
            // A step too far would leave where the lens is sound.
            let damp = (0.3 / step[0].hypot(step[1])).min(1.0);
            direction = [direction[0] + step[0] * damp, direction[1] + step[1] * damp];
        }
        None
    }

    /// How a pixel changes with fx, fy, cx, cy, k1, k2, p1, p2 and k3.
    pub(crate) fn slopes_by_numbers(&self, projection: &Projection) -> [[f64; 9]; 2] {
        let [fx, fy] = self.numbers.focal_px;
        let [x, y] = projection.ideal;
        let square = x * x + y * y;
        let radial = [square, square * square, square * square * square];
        [
            [
                projection.direction[0],
                0.0,
                1.0,
                0.0,
                fx * x * radial[0],
                fx * x * radial[1],
                fx * 2.0 * x * y,
                fx * (square + 2.0 * x * x),
                fx * x * radial[2],
            ],
            [
                0.0,
                projection.direction[1],
                0.0,
                1.0,
                fy * y * radial[0],
                fy * y * radial[1],
                fy * (square + 2.0 * y * y),
                fy * 2.0 * x * y,
                fy * y * radial[2],
            ],
        ]
    }

    pub(crate) fn project_fully(&self, [x, y, z]: [f64; 3]) -> Option<Projection> {
        if !(z > 1e-6 && x.is_finite() && y.is_finite()) {
            return None;
        }
        let ideal = [x / z, y / z];
        let (direction, by_ideal) = distort(&self.numbers.distortion, ideal)?;
        let CameraNumbers { focal_px, centre_px, .. } = self.numbers;
        let pixel = [0, 1].map(|axis| focal_px[axis] * direction[axis] + centre_px[axis]);
        let by_point = [0, 1].map(|axis| {
            let [by_x, by_y] = by_ideal[axis].map(|part| part * focal_px[axis] / z);
            [by_x, by_y, -(by_x * ideal[0] + by_y * ideal[1])]
        });
        Some(Projection { pixel, by_point, direction, ideal })
    }
}

impl TryFrom<CameraNumbers> for CameraModel {
    type Error = CameraError;

    fn try_from(numbers: CameraNumbers) -> Result<Self, CameraError> {
        Self::new(numbers)
    }
}

impl From<CameraModel> for CameraNumbers {
    fn from(camera: CameraModel) -> Self {
        camera.numbers
    }
}

/// Where a lens takes a direction, and how that changes with it. Nothing where the lens would fold the picture over.
fn distort([k1, k2, p1, p2, k3]: &[f64; 5], [x, y]: [f64; 2]) -> Option<([f64; 2], [[f64; 2]; 2])> {
    let square = x * x + y * y;
    let radial = 1.0 + square * (k1 + square * (k2 + square * k3));
    let radial_slope = k1 + square * (2.0 * k2 + 3.0 * square * k3);
    let outwards = radial + 2.0 * square * radial_slope;
    let direction = [
        x * radial + 2.0 * p1 * x * y + p2 * (square + 2.0 * x * x),
        y * radial + p1 * (square + 2.0 * y * y) + 2.0 * p2 * x * y,
    ];
    let mixed = 2.0 * x * y * radial_slope + 2.0 * p1 * x + 2.0 * p2 * y;
    let by_direction = [
        [radial + 2.0 * x * x * radial_slope + 2.0 * p1 * y + 6.0 * p2 * x, mixed],
        [mixed, radial + 2.0 * y * y * radial_slope + 6.0 * p1 * y + 2.0 * p2 * x],
    ];
    (outwards > 0.05 && radial > 0.05 && direction.iter().all(|part| part.is_finite()))
        .then_some((direction, by_direction))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webcam() -> CameraModel {
        CameraModel::new(CameraNumbers {
            size_px: [1280, 720],
            focal_px: [910.0, 905.0],
            centre_px: [651.0, 348.0],
            distortion: [-0.32, 0.14, 0.0012, -0.0008, -0.03],
            sigma_px: [1.0; 4],
        })
        .unwrap()
    }

    #[test]
    fn every_pixel_comes_back_from_its_direction() {
        let camera = webcam();
        for x in (0..=1280).step_by(80) {
            for y in (0..=720).step_by(60) {
                let pixel = [f64::from(x), f64::from(y)];
                let [across, down] = camera.unproject(pixel).unwrap();
                let [back_x, back_y] = camera.project([across * 2.0, down * 2.0, 2.0]).unwrap();
                assert!((back_x - pixel[0]).hypot(back_y - pixel[1]) < 1e-5, "{pixel:?}");
            }
        }
    }

    #[test]
    fn slopes_are_those_of_the_projection() {
        let camera = webcam();
        let point = [0.3, -0.2, 1.4];
        let slopes = camera.project_fully(point).unwrap().by_point;
        for axis in 0..3 {
            let mut moved = point;
            moved[axis] += 1e-6;
            let (before, after) = (camera.project(point).unwrap(), camera.project(moved).unwrap());
            for row in 0..2 {
                assert!((slopes[row][axis] - (after[row] - before[row]) / 1e-6).abs() < 1e-2);
            }
        }
    }

    #[test]
    fn what_is_behind_or_folded_over_is_not_seen() {
        assert_eq!(webcam().project([0.0, 0.0, -1.0]), None);
        assert_eq!(webcam().project([40.0, 0.0, 1.0]), None);
        assert_eq!(webcam().unproject([1e7, 0.0]), None);
    }

    #[test]
    fn a_camera_survives_being_written_and_nonsense_is_not_read() {
        let text = serde_json::to_string(&webcam()).unwrap();
        assert_eq!(serde_json::from_str::<CameraModel>(&text).unwrap(), webcam());
        let broken = text.replace("910", "-910");
        assert!(
            serde_json::from_str::<CameraModel>(&broken).unwrap_err().to_string().contains("focal length")
        );
    }

    #[test]
    fn half_the_resolution_has_half_the_focal_length() {
        let half = webcam().at_size(640, 360).unwrap();
        assert_eq!(half.numbers().focal_px, [455.0, 452.5]);
        assert!(webcam().at_size(640, 480).is_none());
    }
}
