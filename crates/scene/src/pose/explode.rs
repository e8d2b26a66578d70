//! Pulling apart: in which direction each part leaves its place.

use glam::{Affine3A, Vec3A};

use super::Bounds;
use crate::model::{Model, Track};

/// How far a part goes that no movement takes out, as a share of half the size of what it hangs in, along its way.
const REACH: f32 = 1.1;
/// Closer to the middle than this share of half the size, a part has no direction and stays.
const MIDDLE: f32 = 0.05;

/// For each part how far it goes when all is pulled apart, in the frame of the part above.
///
/// A part that some movement takes out goes where that takes it; another one goes away from the middle of what it
/// hangs in, along the axis along which it is furthest out: drawings keep parts on their axes.
pub(super) fn offsets(model: &Model, rest: &[Affine3A], boxes: &[Bounds]) -> Vec<Vec3A> {
    let parts = model.parts();
    let mut offsets = vec![Vec3A::ZERO; parts.len()];
    let mut is_moved = vec![false; parts.len()];
    for channel in model.animations().iter().flat_map(|animation| &animation.channels) {
        let index = channel.part.index();
        let (Some(part), Track::Translation { times_s, .. }) = (parts.get(index), &channel.track) else {
            continue;
        };
        let mut pose = part.parent_from_part;
        channel.track.apply(times_s.last().copied().unwrap_or(0.0), &mut pose);
        let away = Vec3A::from(pose.translation - part.parent_from_part.translation);
        if let (Some(offset), Some(is_moved)) = (offsets.get_mut(index), is_moved.get_mut(index))
            && away.length_squared() > offset.length_squared()
        {
            (*offset, *is_moved) = (away, true);
        }
    }
    // Boxes of branches, in the machine's frame at rest: children stand behind their parents.
    let mut branches = boxes.to_vec();
    for (index, part) in parts.iter().enumerate().rev() {
        let (Some(parent), Some(own)) = (part.parent, branches.get(index).copied()) else { continue };
        if let Some(branch) = branches.get_mut(parent.index()) {
            *branch = branch.join(own);
        }
    }
    for (index, part) in parts.iter().enumerate() {
        let (Some(parent), Some(false)) = (part.parent, is_moved.get(index)) else { continue };
        let (Some(own), Some(around)) = (branches.get(index), branches.get(parent.index())) else { continue };
        if own.is_empty() {
            continue;
        }
        let half = (around.high - around.low) / 2.0;
        let shares = (own.middle() - around.middle()) / half.max(Vec3A::splat(f32::MIN_POSITIVE));
        let furthest = shares.abs().max_element();
        if furthest <= MIDDLE {
            continue;
        }
        let axis =
            [Vec3A::X, Vec3A::Y, Vec3A::Z].into_iter().find(|axis| (shares * *axis).length() >= furthest);
        let axis = axis.unwrap_or(Vec3A::Y);
        let out = axis * shares.dot(axis).signum() * half.dot(axis) * REACH;
        let machine_from_parent = rest.get(parent.index()).copied().unwrap_or(Affine3A::IDENTITY);
        if let Some(offset) = offsets.get_mut(index) {
            *offset = machine_from_parent.inverse().transform_vector3a(out);
        }
    }
    offsets.iter().map(|offset| if offset.is_finite() { *offset } else { Vec3A::ZERO }).collect()
}
