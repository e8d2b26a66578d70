//! What is drawn in which order for a frame: a short list of passes over the parts.

use super::pipelines::Kind;
use super::select::Members;
use super::solid::Side;
use crate::frame::{Accent, Background, Fill, Frame, Look};

/// That share of the depth is kept for what is seen through others; as `DEPTH_BEFORE` in `shader/common.wgsl`.
pub(super) const DEPTH_BEFORE: f32 = 0.05;
/// Passes of one frame.
pub(super) const PASSES_MAX: usize = 16;

/// One pass.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) kind: Kind,
    pub(super) members: Members,
    pub(super) sides: &'static [Side],
    /// What the shader is told beside the members.
    pub(super) word: u32,
    /// The mark it leaves, or avoids.
    pub(super) mark: u32,
    pub(super) depths: [f32; 2],
}

/// The mark where a part that is seen through others is seen anyway.
const SEEN_ANYWAY: u32 = 1;
/// Lines with a light rim; as in `shader/edge.wgsl`.
const RIMMED: u32 = 1;
const BEHIND: [f32; 2] = [DEPTH_BEFORE, 1.0];
const BEFORE: [f32; 2] = [0.0, DEPTH_BEFORE];
const SOLID: &[Side] = &[Side::Front, Side::Both];
const GLASS: &[Side] = &[Side::Glass];
const ALL: &[Side] = &Side::ALL;

/// The mask of outlined parts: those that are seen through others have their line through others too.
const MASK_STEPS: &[Step] = &[
    step(Kind::Mask, OUTLINED.without(Accent::XRay), ALL, 0, 0, BEHIND),
    step(Kind::MaskThrough, OUTLINED.with(Accent::XRay), ALL, 0, 0, BEHIND),
];
const OUTLINED: Members =
    Members::of(&[Fill::Shaded, Fill::Ghost, Fill::Hidden, Fill::Occluder]).with(Accent::Outline);

/// All passes that a frame may need, in order.
const STEPS: &[Step] = &[
    step(Kind::Background, Members::of(&[]), &[], 0, 0, BEHIND),
    step(Kind::Depth, Members::of(&[Fill::Occluder]), ALL, 0, 0, BEHIND),
    step(Kind::Shaded, Members::of(&[Fill::Shaded]).without(Accent::XRay), SOLID, 0, 0, BEHIND),
    step(Kind::Shaded, Members::of(&[Fill::Shaded]).with(Accent::XRay), SOLID, 0, SEEN_ANYWAY, BEHIND),
    step(Kind::Edge, Members::of(&[Fill::Shaded]).with(Accent::Edges), &[], 0, 0, BEHIND),
    step(Kind::Glass, Members::of(&[Fill::Shaded]), GLASS, 0, 0, BEHIND),
    step(
        Kind::XRay,
        Members::of(&[Fill::Shaded, Fill::Ghost]).with(Accent::XRay),
        ALL,
        0,
        SEEN_ANYWAY,
        BEFORE,
    ),
    step(Kind::Depth, Members::of(&[Fill::Ghost]), ALL, 0, 0, BEHIND),
    step(Kind::Ghost, Members::of(&[Fill::Ghost]), ALL, 0, 0, BEHIND),
    step(
        Kind::Edge,
        Members::of(&[Fill::Ghost, Fill::Occluder, Fill::Hidden]).with(Accent::Edges),
        &[],
        RIMMED,
        0,
        BEHIND,
    ),
];

const fn step(
    kind: Kind,
    members: Members,
    sides: &'static [Side],
    word: u32,
    mark: u32,
    depths: [f32; 2],
) -> Step {
    Step { kind, members, sides, word, mark, depths }
}

/// The passes of a frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Plan {
    /// The machine itself.
    pub(super) machine: Vec<Step>,
    /// The mask of what is outlined; empty where nothing is.
    pub(super) mask: Vec<Step>,
}

impl Plan {
    /// Those passes that draw something.
    pub(super) fn of(frame: &Frame, looks: &[Look]) -> Self {
        // Thousands of parts have a handful of looks.
        let mut kinds: Vec<Look> = Vec::new();
        for look in looks {
            if !kinds.contains(look) {
                kinds.push(*look);
            }
        }
        let is_drawn = |step: &&Step| match step.kind {
            Kind::Background => frame.background == Background::Picture,
            _ => kinds.iter().any(|look| step.members.has(look)),
        };
        Self {
            machine: STEPS.iter().filter(is_drawn).copied().collect(),
            mask: MASK_STEPS.iter().filter(is_drawn).copied().collect(),
        }
    }

    /// All passes, in the order of their numbers.
    pub(super) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.machine.iter().chain(&self.mask)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::Orbit;
    use glam::Vec3;

    fn kinds(looks: &[Look]) -> Vec<Kind> {
        let orbit = Orbit::around(Vec3::ZERO, Vec3::ONE, 0.0, 0.0);
        let frame = Frame::of(10, 10, orbit.camera(10, 10));
        Plan::of(&frame, looks).machine.iter().map(|step| step.kind).collect()
    }

    #[test]
    fn a_plain_machine_is_one_pass_for_what_is_solid_and_one_for_glass() {
        assert_eq!(kinds(&[Look::default()]), [Kind::Shaded, Kind::Glass]);
    }

    #[test]
    fn what_is_hidden_is_in_no_pass() {
        assert!(kinds(&[Look::of(Fill::Hidden)]).is_empty());
    }

    #[test]
    fn a_ghost_lays_down_its_depth_before_its_veil() {
        assert_eq!(kinds(&[Look::of(Fill::Ghost)]), [Kind::Depth, Kind::Ghost]);
    }
}
