//! Measuring a camera by a printed board: pictures of a grid of fiducials settle focal lengths, centre and distortion.

mod board;
mod check;
mod first;
mod settle;

use crate::camera::{CameraError, CameraModel, CameraNumbers};
use crate::fiducial::Detection;
use board::BoardView;
pub use board::CalibrationBoard;
pub use check::{
    CHECK_VIEWS_MAX, CHECK_VIEWS_MIN, CheckMissing, EDGE_OFF_MAX, ProfileCheck, ProfileEvidence,
    ProfileMisfit, SCALE_OFF_MAX, check_profile,
};

/// Fewer pictures of the board settle nothing.
pub const PICTURES_MIN: usize = 5;
/// Fewer fiducials in a picture tell too little.
const TAGS_MIN: usize = 3;
/// The share of the picture that the board must have been seen in.
pub const COVERAGE_MIN: f64 = 0.5;
/// What the picture is divided into for that.
const COVERAGE_CELLS: [usize; 2] = [8, 5];
/// What focal lengths may be off by at most, as one standard deviation and a share of them.
const FOCAL_SIGMA_MAX: f64 = 0.01;
/// What may be left of corners, as the root mean square in pixels.
const RESIDUAL_MAX_PX: f64 = 1.0;

/// A camera as it was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The camera, with what its numbers may be off by.
    pub camera: CameraModel,
    /// What is left of the board's corners on each axis, as the root mean square in pixels.
    pub residual_px: f64,
    /// The share of the picture that the board was seen in, 0 to 1.
    pub coverage: f64,
    /// How many pictures it was made of.
    pub picture_count: usize,
}

/// Why pictures do not settle a camera.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CalibrationError {
    /// There are too few.
    #[error("{found} pictures show enough of the board; {PICTURES_MIN} are needed")]
    TooFewPictures {
        /// How many show enough of the board.
        found: usize,
    },
    /// The board was seen in too small a part.
    #[error("the board was seen in {:.0} % of the picture; {:.0} % are needed", coverage * 100.0, COVERAGE_MIN * 100.0)]
    Coverage {
        /// The share that it was seen in, 0 to 1.
        coverage: f64,
    },
    /// The board was not tilted enough.
    #[error("the focal length is only known to {:.1} %: tilt the board more, to all sides", share * 100.0)]
    Unsettled {
        /// One standard deviation, as a share of the focal length.
        share: f64,
    },
    /// The corners are not where a flat board's would be.
    #[error("corners are off by {residual_px:.2} pixels: is the board flat, and its size right?")]
    Residual {
        /// The root mean square, in pixels.
        residual_px: f64,
    },
    /// No camera explains them.
    #[error("no camera explains the pictures")]
    NoCamera,
    /// The pictures' size is none.
    #[error(transparent)]
    Camera(#[from] CameraError),
}

/// Measures the camera that took `pictures` of `board`, each `size_px` (width, height) large, by what was found in them.
///
/// # Errors
/// When the pictures do not settle it; says why.
pub fn calibrate(
    board: &CalibrationBoard,
    size_px: [u32; 2],
    pictures: &[Vec<Detection>],
) -> Result<Calibration, CalibrationError> {
    let start = CameraModel::unmeasured(size_px[0], size_px[1])?;
    let views: Vec<BoardView> =
        pictures.iter().map(|found| board.view(found)).filter(|view| view.tag_count() >= TAGS_MIN).collect();
    if views.len() < PICTURES_MIN {
        return Err(CalibrationError::TooFewPictures { found: views.len() });
    }
    let coverage = coverage(size_px, &views);
    if coverage < COVERAGE_MIN {
        return Err(CalibrationError::Coverage { coverage });
    }
    let camera = first::focal_from_planes(&start, &views);
    let poses = first::poses(&camera, &views).ok_or(CalibrationError::NoCamera)?;
    let settled = settle::settle(camera, poses, &views).ok_or(CalibrationError::NoCamera)?;
    let residual_px = settled.residual_px;
    if residual_px > RESIDUAL_MAX_PX {
        return Err(CalibrationError::Residual { residual_px });
    }
    let numbers = settled.camera.numbers();
    let share = (0..2).map(|axis| settled.sigmas_px[axis] / numbers.focal_px[axis]).fold(0.0, f64::max);
    if share > FOCAL_SIGMA_MAX {
        return Err(CalibrationError::Unsettled { share });
    }
    let camera = CameraModel::new(CameraNumbers { sigma_px: settled.sigmas_px, ..numbers.clone() })?;
    Ok(Calibration { camera, residual_px, coverage, picture_count: views.len() })
}

impl CalibrationBoard {
    /// The share of the picture, 0 to 1, in which `pictures` showed the board: [`COVERAGE_MIN`] of it is needed.
    pub fn coverage(&self, size_px: [u32; 2], pictures: &[Vec<Detection>]) -> f64 {
        let views: Vec<BoardView> = pictures.iter().map(|found| self.view(found)).collect();
        coverage(size_px, &views)
    }
}

/// The share of the picture's cells that a corner was seen in.
fn coverage(size_px: [u32; 2], views: &[BoardView]) -> f64 {
    let [columns, rows] = COVERAGE_CELLS;
    let mut seen = vec![false; columns * rows];
    for sight in views.iter().flat_map(|view| &view.sights) {
        let cell = |axis: usize, count: usize| {
            ((sight.pixel[axis] / f64::from(size_px[axis]) * count as f64).max(0.0) as usize).min(count - 1)
        };
        if let Some(cell) = seen.get_mut(cell(1, rows) * columns + cell(0, columns)) {
            *cell = true;
        }
    }
    seen.iter().filter(|cell| **cell).count() as f64 / seen.len() as f64
}
