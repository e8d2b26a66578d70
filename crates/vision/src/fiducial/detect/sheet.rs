//! The brightness of a sheet's cells, each looked up once.

use super::light::{LightPlane, LightSamples};
use crate::fiducial::family::FiducialFamily;
use crate::frame::GreyFrame;
use crate::homography::Homography;

/// Cells side by side on the widest sheet.
const CELLS: usize = 10;

/// The cells of a sheet as they are seen. What lies outside of the picture is not a number.
pub(super) struct Sheet<'a> {
    frame: GreyFrame<'a>,
    sheet_px: Homography,
    distance: i32,
    rim: i32,
    light_inside: bool,
    levels: [[f64; CELLS]; CELLS],
}

impl<'a> Sheet<'a> {
    /// A sheet by its detection corners, with the cells on either side of the frame's edge; nothing when those span no
    /// surface.
    pub(super) fn new(
        frame: GreyFrame<'a>,
        corners_px: &[[f64; 2]; 4],
        family: FiducialFamily,
    ) -> Option<Self> {
        let distance = family.corner_distance_cells() as i32;
        let sheet_px = Homography::of_square(f64::from(distance), corners_px)?;
        let (rim, light_inside) = (family.rim_cells(), family.is_light_inside());
        let levels = [[f64::NAN; CELLS]; CELLS];
        let mut sheet = Self { frame, sheet_px, distance, rim, light_inside, levels };
        for out in [0, 1] {
            along_edge(distance, out, |x, y| sheet.look(x, y));
        }
        Some(sheet)
    }

    /// Looks at all other cells.
    pub(super) fn look_at_all(&mut self) {
        for y in -self.rim..self.distance + self.rim {
            for x in -self.rim..self.distance + self.rim {
                if self.at(x, y).is_nan() {
                    self.look(x, y);
                }
            }
        }
    }

    fn look(&mut self, x: i32, y: i32) {
        let [column, row] = self.sheet_px.apply(middle_of(x, y));
        let (across, down) = ((x + self.rim) as usize, (y + self.rim) as usize);
        if let Some(level) = self.levels.get_mut(down).and_then(|row| row.get_mut(across)) {
            *level = self.frame.brightness_at(column, row).unwrap_or(f64::NAN);
        }
    }

    fn at(&self, x: i32, y: i32) -> f64 {
        let (across, down) = ((x + self.rim) as usize, (y + self.rim) as usize);
        self.levels.get(down).and_then(|row| row.get(across)).copied().unwrap_or(f64::NAN)
    }

    /// The light on white and on black, by the cells on either side of the frame's edge.
    pub(super) fn light(&self) -> Option<(LightPlane, LightPlane)> {
        let plane = |out: i32| {
            let mut samples = LightSamples::default();
            along_edge(self.distance, out, |x, y| {
                let level = self.at(x, y);
                if !level.is_nan() {
                    samples.add(middle_of(x, y), level);
                }
            });
            samples.plane()
        };
        let (inner, outer) = (plane(0)?, plane(1)?);
        Some(if self.light_inside { (inner, outer) } else { (outer, inner) })
    }

    /// The share of the cells on either side of the frame's edge that are as they are printed.
    pub(super) fn frame_right_share(&self, white: &LightPlane, black: &LightPlane) -> f64 {
        let (mut right, mut all) = (0.0, 0.0);
        for out in [0, 1] {
            let is_white = self.light_inside == (out == 0);
            along_edge(self.distance, out, |x, y| {
                let level = self.at(x, y);
                if !level.is_nan() {
                    let over = level - between(white, black, x, y);
                    all += 1.0;
                    right += f64::from(u8::from((over > 0.0) == is_white));
                }
            });
        }
        right / f64::max(all, 1.0)
    }

    /// How far a cell lies over the middle between black and white, with a part of what its neighbours add to it taken away.
    pub(super) fn over(
        &self,
        white: &LightPlane,
        black: &LightPlane,
        x: i32,
        y: i32,
        sharpening: f64,
    ) -> f64 {
        let over = |x: i32, y: i32| {
            let level = self.at(x, y);
            if level.is_nan() { 0.0 } else { level - between(white, black, x, y) }
        };
        let here = over(x, y);
        let around = over(x - 1, y) + over(x + 1, y) + over(x, y - 1) + over(x, y + 1);
        here + sharpening * (4.0 * here - around)
    }
}

fn middle_of(x: i32, y: i32) -> [f64; 2] {
    [f64::from(x) + 0.5, f64::from(y) + 0.5]
}

fn between(white: &LightPlane, black: &LightPlane, x: i32, y: i32) -> f64 {
    f64::midpoint(white.at(middle_of(x, y)), black.at(middle_of(x, y)))
}

/// Visits the cells along the inside of the frame's edge, or with `out` 1 those outside of it.
fn along_edge(distance: i32, out: i32, mut visit: impl FnMut(i32, i32)) {
    let (first, last) = (-out, distance - 1 + out);
    for step in first..last {
        visit(step, first);
        visit(last, step);
        visit(first + last - step, last);
        visit(first, first + last - step);
    }
}
