//! Joints: what moves on its own, how, and how far.

use glam::{Affine3A, Quat, Vec3};

use super::PartId;

/// What moves one part, and all that hangs on it, in the part above.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    /// Its name.
    pub name: String,
    /// The part that it moves.
    pub part: PartId,
    /// How.
    pub kind: JointKind,
}

/// How a joint moves. Axes are unit vectors in the frame of the part that moves, at rest.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum JointKind {
    /// Turns about an axis within limits, in radians.
    Revolute {
        /// About which it turns.
        axis: Vec3,
        /// How far.
        limits: JointLimits,
    },
    /// Turns about an axis without end.
    Continuous {
        /// About which it turns.
        axis: Vec3,
    },
    /// Slides along an axis within limits, in metres.
    Prismatic {
        /// Along which it slides.
        axis: Vec3,
        /// How far.
        limits: JointLimits,
    },
}

/// From where to where a joint moves, radians or metres, and how fast and hard it may.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct JointLimits {
    /// The least.
    pub lower: f32,
    /// The most.
    pub upper: f32,
    /// Radians or metres in a second; nothing where it is not said.
    pub velocity: Option<f32>,
    /// Newton metres or newtons; nothing where it is not said.
    pub effort: Option<f32>,
}

impl JointKind {
    /// Where the part stands at a value (radians or metres), seen from where it stands at rest. A value beyond the
    /// limits stands at the limit.
    pub fn rest_from_moved(&self, value: f32) -> Affine3A {
        match self {
            Self::Revolute { axis, limits } => {
                Affine3A::from_quat(Quat::from_axis_angle(*axis, limits.hold(value)))
            }
            Self::Continuous { axis } => Affine3A::from_quat(Quat::from_axis_angle(*axis, value)),
            Self::Prismatic { axis, limits } => Affine3A::from_translation(*axis * limits.hold(value)),
        }
    }

    /// The axis.
    pub fn axis(&self) -> Vec3 {
        match self {
            Self::Revolute { axis, .. } | Self::Continuous { axis } | Self::Prismatic { axis, .. } => *axis,
        }
    }

    /// The limits, where it has any.
    pub fn limits(&self) -> Option<&JointLimits> {
        match self {
            Self::Revolute { limits, .. } | Self::Prismatic { limits, .. } => Some(limits),
            Self::Continuous { .. } => None,
        }
    }
}

impl JointLimits {
    /// The nearest value within.
    fn hold(&self, value: f32) -> f32 {
        value.max(self.lower).min(self.upper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_joint_stands_at_its_limit_rather_than_beyond() {
        let limits = JointLimits { lower: -0.1, upper: 0.2, velocity: None, effort: None };
        let slide = JointKind::Prismatic { axis: Vec3::X, limits };
        assert_eq!(slide.rest_from_moved(5.0).translation.x, 0.2);
        assert_eq!(slide.rest_from_moved(-5.0).translation.x, -0.1);
    }

    #[test]
    fn a_wheel_turns_without_end() {
        let wheel = JointKind::Continuous { axis: Vec3::Z };
        let once_more = wheel.rest_from_moved(std::f32::consts::TAU + 0.5);
        assert!(once_more.abs_diff_eq(wheel.rest_from_moved(0.5), 1e-5));
    }
}
