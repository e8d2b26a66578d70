//! Boxes around things, along the axes of a frame.

use glam::{Affine3A, Vec3, Vec3A};

use crate::model::Mesh;

/// A box; an empty one has its lowest corner above its highest.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Bounds {
    /// Its lowest corner, metres.
    pub low: Vec3A,
    /// Its highest corner, metres.
    pub high: Vec3A,
}

impl Bounds {
    /// Around nothing.
    pub const EMPTY: Self = Self { low: Vec3A::INFINITY, high: Vec3A::NEG_INFINITY };

    /// Around points.
    pub fn of(points: impl IntoIterator<Item = Vec3>) -> Self {
        points.into_iter().fold(Self::EMPTY, |bounds, point| bounds.with(Vec3A::from(point)))
    }

    /// Around a mesh.
    pub fn of_mesh(mesh: &Mesh) -> Self {
        Self::of(mesh.surfaces.iter().flat_map(|surface| surface.positions.iter().copied()))
    }

    /// With one more point.
    #[must_use]
    pub fn with(self, point: Vec3A) -> Self {
        Self { low: self.low.min(point), high: self.high.max(point) }
    }

    /// Around both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.low.cmpgt(self.high).any()
    }

    /// Its middle; the origin where it is empty.
    pub fn middle(&self) -> Vec3A {
        if self.is_empty() { Vec3A::ZERO } else { (self.low + self.high) / 2.0 }
    }

    /// Half its diagonal, metres.
    pub fn radius_m(&self) -> f32 {
        if self.is_empty() { 0.0 } else { (self.high - self.low).length() / 2.0 }
    }

    /// Around the box where it is put (Arvo, 1990).
    #[must_use]
    pub fn placed(&self, to_from_box: &Affine3A) -> Self {
        if self.is_empty() {
            return *self;
        }
        let middle = to_from_box.transform_point3a(self.middle());
        let half = (self.high - self.low) / 2.0;
        let matrix = to_from_box.matrix3;
        let reach =
            matrix.x_axis.abs() * half.x + matrix.y_axis.abs() * half.y + matrix.z_axis.abs() * half.z;
        Self { low: middle - reach, high: middle + reach }
    }

    /// Its eight corners.
    pub fn corners(&self) -> [Vec3A; 8] {
        let (low, high) = (self.low, self.high);
        std::array::from_fn(|index| {
            Vec3A::new(
                if index & 1 == 0 { low.x } else { high.x },
                if index & 2 == 0 { low.y } else { high.y },
                if index & 4 == 0 { low.z } else { high.z },
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use glam::Quat;

    use super::*;

    #[test]
    fn a_turned_box_is_inside_the_box_around_it() {
        let bounds = Bounds { low: Vec3A::new(-1.0, 0.0, 2.0), high: Vec3A::new(1.0, 3.0, 2.5) };
        let turn = Affine3A::from_rotation_translation(Quat::from_rotation_y(0.7), Vec3::new(5.0, 0.0, 0.0));
        let around = bounds.placed(&turn);
        for corner in bounds.corners() {
            let corner = turn.transform_point3a(corner);
            assert!(corner.cmpge(around.low - 1e-5).all() && corner.cmple(around.high + 1e-5).all());
        }
    }

    #[test]
    fn nothing_stays_nothing_wherever_it_is_put() {
        assert!(Bounds::EMPTY.placed(&Affine3A::from_translation(Vec3::X)).is_empty());
    }
}
