//! Parts: a name, a place in the part above, a mesh, and what else is known.

use glam::{Affine3A, Mat4, Quat, Vec3};

use super::MeshId;

/// What is known of a part beside its shape: JSON that the renderer hands on and does not read.
pub type Extras = serde_json::Map<String, serde_json::Value>;

/// Which part of a model.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct PartId(pub u32);

impl PartId {
    /// The part at this place of the list.
    pub fn at(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Its place in the list.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One part of a machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Its name; in our own machines the part number.
    pub name: String,
    /// The part it is fixed to; nothing for one that stands in the machine's frame.
    pub parent: Option<PartId>,
    /// Where it stands in that part, at rest.
    pub parent_from_part: Pose,
    /// What is seen of it.
    pub mesh: Option<MeshId>,
    /// What else is known: part number, torque, hazard, places of labels.
    pub extras: Extras,
}

/// Where something stands: scaled, then turned, then moved.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Pose {
    /// Metres.
    pub translation: Vec3,
    /// A unit quaternion.
    pub rotation: Quat,
    /// Per axis.
    pub scale: Vec3,
}

impl Default for Pose {
    fn default() -> Self {
        Self::IDENTITY
    }
}

impl Pose {
    /// At the origin, unturned, at its own size.
    pub const IDENTITY: Self = Self { translation: Vec3::ZERO, rotation: Quat::IDENTITY, scale: Vec3::ONE };

    /// Moved only.
    pub fn moved(translation: Vec3) -> Self {
        Self { translation, ..Self::IDENTITY }
    }

    /// Turned, then moved.
    pub fn turned(translation: Vec3, rotation: Quat) -> Self {
        Self { translation, rotation, ..Self::IDENTITY }
    }

    /// The pose that a matrix says, where it is one: a sheared matrix is none.
    pub fn of_matrix(matrix: &Mat4) -> Option<Self> {
        if !matrix.is_finite() || matrix.determinant().abs() < f32::MIN_POSITIVE {
            return None;
        }
        let (scale, rotation, translation) = matrix.to_scale_rotation_translation();
        let pose = Self { translation, rotation, scale };
        let size = matrix.to_cols_array().iter().fold(1.0_f32, |size, number| size.max(number.abs()));
        let back = Mat4::from(pose.affine());
        let shear = back
            .to_cols_array()
            .iter()
            .zip(matrix.to_cols_array())
            .map(|(made, given)| (made - given).abs())
            .fold(0.0_f32, f32::max);
        (pose.is_finite() && shear <= 1e-4 * size).then_some(pose)
    }

    /// As a transform of points.
    pub fn affine(&self) -> Affine3A {
        Affine3A::from_scale_rotation_translation(self.scale, self.rotation, self.translation)
    }

    /// Whether all its numbers are.
    pub fn is_finite(&self) -> bool {
        self.translation.is_finite() && self.rotation.is_finite() && self.scale.is_finite()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_that_turns_scales_and_moves_is_a_pose() {
        let pose = Pose {
            translation: Vec3::new(1.0, 2.0, 3.0),
            rotation: Quat::from_rotation_y(0.7),
            scale: Vec3::new(1.0, 2.0, 0.5),
        };
        let read = Pose::of_matrix(&Mat4::from(pose.affine())).unwrap();
        assert!(read.affine().abs_diff_eq(pose.affine(), 1e-5), "{read:?}");
    }

    #[test]
    fn a_sheared_matrix_is_no_pose() {
        let mut sheared = Mat4::IDENTITY;
        sheared.y_axis.x = 0.5;
        assert_eq!(Pose::of_matrix(&sheared), None);
    }

    #[test]
    fn a_matrix_that_flattens_everything_is_no_pose() {
        assert_eq!(Pose::of_matrix(&Mat4::from_scale(Vec3::new(1.0, 0.0, 1.0))), None);
    }
}
