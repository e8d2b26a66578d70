//! Why a fiducial is told badly, so that a person can do something about it.

use super::detect::Detection;
use crate::frame::GreyFrame;

/// Beyond this angle from straight ahead, corners are squeezed too much.
const OBLIQUE_RAD: f64 = 65.0 / 180.0 * std::f64::consts::PI;
/// Fewer pixels between two corners are few.
const FAR_SIDE_PX: f64 = 20.0;
/// Edges blurred more than this, in pixels and as a share of a cell, are blurred.
const BLUR_PX: f64 = 1.4;
const BLUR_CELLS: f64 = 0.45;
/// White below this is dark.
const DARK_WHITE: f64 = 60.0;
/// Black over this, or white at the end of the scale on so many of its pixels, is glare.
const GLARE_BLACK: f64 = 170.0;
const GLARE_SHARE: f64 = 0.3;
/// What counts as the end of the scale.
const CLIPPED: u8 = 250;
/// White over black less than this is pale.
const PALE_CONTRAST: f64 = 25.0;

/// What keeps a fiducial from being told well.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Hint {
    /// It is seen from too far aside: its shape says so many degrees.
    Oblique {
        /// The angle between its face and the way to the camera, in degrees.
        angle_deg: f64,
    },
    /// It is too small in the picture.
    Far {
        /// The shortest distance between neighbouring corners, in pixels.
        side_px: f64,
    },
    /// It is out of focus, or moves.
    Blurred {
        /// One standard deviation of the blur across its edges, in pixels.
        blur_px: f64,
    },
    /// Too little light falls on it.
    Dark {
        /// How bright its white is, 0 to 255.
        white: f64,
    },
    /// A lamp is mirrored in it.
    Glare {
        /// The share of its pixels at the end of the scale, 0 to 1.
        share: f64,
    },
    /// Its black and white are hardly apart.
    Pale {
        /// How far they are apart, in steps of brightness.
        contrast: f64,
    },
}

/// What keeps `detection` in `frame` from being told well, the worst first. `angle_rad` is the angle between the face and
/// the way to the camera, where the pose is known.
pub fn hints(frame: GreyFrame<'_>, detection: &Detection, angle_rad: Option<f64>) -> Vec<Hint> {
    let mut found = vec![];
    let share = clipped_share(frame, detection);
    // White paper in good light may touch the end of the scale; then its black is still black.
    if detection.black > GLARE_BLACK || share > GLARE_SHARE && detection.black > DARK_WHITE {
        found.push(Hint::Glare { share });
    }
    if detection.white < DARK_WHITE {
        found.push(Hint::Dark { white: detection.white });
    } else if detection.white - detection.black < PALE_CONTRAST {
        found.push(Hint::Pale { contrast: detection.white - detection.black });
    }
    let sides_px = detection.sides_px();
    let side_px = sides_px.iter().fold(f64::INFINITY, |least, side| least.min(*side));
    let cell_px = side_px / f64::from(detection.family.corner_distance_cells());
    if detection.blur_px > BLUR_PX.max(0.1 * cell_px) || detection.blur_px > BLUR_CELLS * cell_px.max(2.0) {
        found.push(Hint::Blurred { blur_px: detection.blur_px });
    }
    let angle_rad = angle_rad.unwrap_or_else(|| angle_of_shape(detection));
    if angle_rad > OBLIQUE_RAD {
        found.push(Hint::Oblique { angle_deg: angle_rad.to_degrees() });
    }
    let longest_px = sides_px.iter().fold(0.0_f64, |most, side| most.max(*side));
    if longest_px < FAR_SIDE_PX {
        found.push(Hint::Far { side_px });
    }
    found
}

/// The angle at which a square shows the shape of a detection, from far away: its area against its longest extent.
fn angle_of_shape(detection: &Detection) -> f64 {
    let [a, b, c, d] = detection.corners_px;
    let middle = |one: [f64; 2], other: [f64; 2]| [0, 1].map(|axis| f64::midpoint(one[axis], other[axis]));
    // The affine shape: half of each way across.
    let (left, right, lower, upper) = (middle(a, d), middle(b, c), middle(a, b), middle(d, c));
    let x = [right[0] - left[0], right[1] - left[1]];
    let y = [upper[0] - lower[0], upper[1] - lower[1]];
    let (xx, yy, xy) = (x[0] * x[0] + x[1] * x[1], y[0] * y[0] + y[1] * y[1], x[0] * y[0] + x[1] * y[1]);
    let root = ((xx - yy) / 2.0).hypot(xy);
    let (long, short) = (f64::midpoint(xx, yy) + root, (f64::midpoint(xx, yy) - root).max(0.0));
    (short / long.max(1e-12)).sqrt().clamp(0.0, 1.0).acos()
}

/// The share of a detection's pixels at the end of the scale, on a grid across it.
fn clipped_share(frame: GreyFrame<'_>, detection: &Detection) -> f64 {
    const STEPS: usize = 24;
    let [a, b, c, d] = detection.corners_px;
    let (mut clipped, mut all) = (0.0, 0.0);
    for step in 0..STEPS * STEPS {
        let part = |index: usize| (index as f64 + 0.5) / STEPS as f64;
        let (x, y) = (part(step % STEPS), part(step / STEPS));
        let place = [0, 1].map(|axis| {
            (a[axis] * (1.0 - x) + b[axis] * x) * (1.0 - y) + (d[axis] * (1.0 - x) + c[axis] * x) * y
        });
        if place.iter().any(|value| *value < 0.0) {
            continue;
        }
        if let Some(pixel) = frame.row(place[1] as usize).get(place[0] as usize) {
            all += 1.0;
            clipped += f64::from(u8::from(*pixel >= CLIPPED));
        }
    }
    clipped / f64::max(all, 1.0)
}
