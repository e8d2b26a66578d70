//! Which rays from the camera meet white on a label: exact, where a rasterised edge would be off by a part of a pixel.

use glam::{DMat3, DVec3};
use millwright_vision::{CameraModel, RigidPose, SurveyedTag};

use crate::RunFault;

/// A label's cells as they are seen from where the camera stands.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    /// From a direction (x, y, 1) to (column, row, 1) of the cells, times any number.
    cells_from_direction: DMat3,
    rows: Vec<Vec<bool>>,
    pub(crate) camera_from_tag: RigidPose,
    printed_side_m: f64,
}

impl Pattern {
    /// The cells of `label`.
    ///
    /// # Errors
    /// When its family has no such id.
    pub(crate) fn of(label: &SurveyedTag, camera_from_machine: &RigidPose) -> Result<Self, RunFault> {
        let rows = label.family.bitmap(label.id).ok_or(RunFault::Fiducial(label.id))?;
        let camera_from_tag = camera_from_machine.then(&label.machine_from_tag);
        let printed_side_m = label.family.printed_side_m(label.size_m);
        let cell_m = printed_side_m / rows.len() as f64;
        let column =
            |index: usize| DVec3::from_array([0, 1, 2].map(|row| camera_from_tag.rotation[row][index]));
        let (right, up) = (column(0) * cell_m, column(1) * cell_m);
        let middle = DVec3::from_array(camera_from_tag.position_m);
        let half = rows.len() as f64 / 2.0;
        let upper_left = middle - right * half + up * half;
        let direction_from_cells = DMat3::from_cols(right, -up, upper_left);
        Ok(Self {
            cells_from_direction: direction_from_cells.inverse(),
            rows,
            camera_from_tag,
            printed_side_m,
        })
    }

    /// Whether the ray meets white, on the sheet or on what would go on around it as a white rim.
    pub(crate) fn is_white(&self, direction: [f64; 2]) -> bool {
        let cells = self.cells_from_direction * DVec3::new(direction[0], direction[1], 1.0);
        let (column, row) = ((cells.x / cells.z).floor(), (cells.y / cells.z).floor());
        let inside = column >= 0.0 && row >= 0.0;
        let cell = self.rows.get(row.max(0.0) as usize).and_then(|cells| cells.get(column.max(0.0) as usize));
        cell.copied().filter(|_| inside).unwrap_or(true)
    }

    /// The pixels around the sheet, a few more on each side: the lowest and the highest of both axes. Nothing where the
    /// camera does not see its face.
    pub(crate) fn bounds_px(&self, camera: &CameraModel) -> Option<[[f64; 2]; 2]> {
        let pose = &self.camera_from_tag;
        let faces = (0..3).map(|axis| pose.rotation[axis][2] * pose.position_m[axis]).sum::<f64>() < 0.0;
        if !faces {
            return None;
        }
        let half = self.printed_side_m / 2.0;
        let mut bounds = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
        for corner in [[-half, -half, 0.0], [half, -half, 0.0], [half, half, 0.0], [-half, half, 0.0]] {
            let pixel = camera.project(pose.apply(corner))?;
            for axis in 0..2 {
                bounds[0][axis] = bounds[0][axis].min(pixel[axis] - 3.0);
                bounds[1][axis] = bounds[1][axis].max(pixel[axis] + 3.0);
            }
        }
        Some(bounds)
    }
}
