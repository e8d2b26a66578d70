//! The printed board: fiducials in rows and columns, ids from the upper left on, row by row.

use crate::fiducial::{Detection, FiducialFamily};
use crate::pose::{Sight, corners_m};

/// A board of fiducials. Its frame has x right and y up, and begins in the middle of its upper left fiducial.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct CalibrationBoard {
    /// The family of all.
    pub family: FiducialFamily,
    /// The id of the upper left one.
    pub first_id: u32,
    /// How many stand side by side.
    pub columns: u32,
    /// How many rows there are.
    pub rows: u32,
    /// The distance of each one's detection corners, in metres.
    pub size_m: f64,
    /// From the middle of one to the middle of the next, in metres.
    pub spacing_m: f64,
}

/// What a picture shows of a board.
#[derive(Clone, Debug)]
pub(super) struct BoardView {
    pub(super) sights: Vec<Sight>,
}

impl BoardView {
    pub(super) fn tag_count(&self) -> usize {
        self.sights.len() / 4
    }
}

impl CalibrationBoard {
    /// The board that is printed: on A4, with a rim that every printer can print.
    pub const PRINTED: Self = Self {
        family: FiducialFamily::Tag36h11,
        first_id: 560,
        columns: 4,
        rows: 5,
        size_m: 0.030,
        // Eleven cells: the board is one pattern of cells.
        spacing_m: 0.041_25,
    };

    /// Where the middle of fiducial `id` is on the board, in metres; nothing when the board has none such.
    pub fn middle_m(&self, id: u32) -> Option<[f64; 2]> {
        let index = id.checked_sub(self.first_id)?;
        if self.columns == 0 || index / self.columns >= self.rows {
            return None;
        }
        let (column, row) = (index % self.columns, index / self.columns);
        Some([f64::from(column) * self.spacing_m, -f64::from(row) * self.spacing_m])
    }

    /// What detections show of the board. An id that is seen twice counts once.
    pub(super) fn view(&self, found: &[Detection]) -> BoardView {
        let mut sights = vec![];
        let mut taken: Vec<u32> = vec![];
        for detection in found.iter().filter(|detection| detection.family == self.family) {
            let Some([x, y]) = self.middle_m(detection.id) else { continue };
            if taken.contains(&detection.id) {
                continue;
            }
            taken.push(detection.id);
            let sigma_px = detection.corner_sigma_px();
            for (corner, pixel) in corners_m(self.size_m).into_iter().zip(detection.corners_px) {
                sights.push(Sight { point_m: [corner[0] + x, corner[1] + y, 0.0], pixel, sigma_px });
            }
        }
        BoardView { sights }
    }
}
