//! How light falls on a fiducial: white and black as planes over its cells.

use crate::linear;

/// Brightness that changes evenly over the cells.
#[derive(Copy, Clone, Debug)]
pub(super) struct LightPlane {
    slope_x: f64,
    slope_y: f64,
    level: f64,
}

/// Collects brightness at cells until there is a plane through them.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct LightSamples {
    normal: [[f64; 3]; 3],
    right: [f64; 3],
}

impl LightSamples {
    /// Takes in the brightness at a place, in cells.
    pub(super) fn add(&mut self, [x, y]: [f64; 2], brightness: f64) {
        linear::add_equation(&mut self.normal, &mut self.right, &[x, y, 1.0], brightness, 1.0);
    }

    /// The plane through what was taken in; nothing while it is too little.
    pub(super) fn plane(&self) -> Option<LightPlane> {
        let [slope_x, slope_y, level] = linear::solve(self.normal, self.right)?;
        Some(LightPlane { slope_x, slope_y, level })
    }
}

impl LightPlane {
    /// The brightness at a place, in cells.
    pub(super) fn at(&self, [x, y]: [f64; 2]) -> f64 {
        self.slope_x * x + self.slope_y * y + self.level
    }
}
