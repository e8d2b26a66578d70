//! Which parts belong to a pass, and the few ranges of indices that draw them.

use std::ops::Range;

use glam::{Affine3A, Vec4};

use crate::camera::View;
use crate::frame::{Accent, Accents, Fill, Frame, Look, Reach};
use crate::pose::{Bounds, Rig};

/// Ranges of one draw list. More are joined across the narrowest gaps: what lies there is dropped by the shader.
const RANGES_MAX: usize = 6;
/// A part that takes fewer pixels of the layout than this is not seen.
const SEEN_PX: f32 = 0.5;

/// What a part must be to belong to a pass.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Members {
    pub(super) fills: &'static [Fill],
    pub(super) with: Accents,
    pub(super) without: Accents,
}

impl Members {
    pub(super) const fn of(fills: &'static [Fill]) -> Self {
        Self { fills, with: Accents::NONE, without: Accents::NONE }
    }

    pub(super) const fn with(self, accent: Accent) -> Self {
        Self { with: self.with.with(accent), ..self }
    }

    pub(super) const fn without(self, accent: Accent) -> Self {
        Self { without: self.without.with(accent), ..self }
    }

    pub(super) fn has(&self, look: &Look) -> bool {
        let accents = look.accents.bits();
        self.fills.contains(&look.fill)
            && accents & self.with.bits() == self.with.bits()
            && accents & self.without.bits() == 0
    }

    /// As the shader takes it: bits of fills, accents that must be and that must not be.
    pub(super) fn words(&self) -> [u32; 3] {
        let fills = self.fills.iter().fold(0, |bits, fill| bits | 1 << *fill as u32);
        [fills, u32::from(self.with.bits()), u32::from(self.without.bits())]
    }
}

/// How each part looks, by the rules of a frame.
pub(super) fn looks(frame: &Frame, rig: &Rig, looks: &mut Vec<Look>) {
    looks.clear();
    looks.resize(rig.part_count(), frame.look);
    for rule in &frame.rules {
        let Some(part) = rig.part(&rule.part) else { continue };
        let members = match rule.reach {
            Reach::Alone => vec![part],
            Reach::Branch => rig.branch(part),
        };
        for member in members {
            if let Some(look) = looks.get_mut(member.index()) {
                *look = rule.look;
            }
        }
    }
}

/// Whether anything of each part can be seen: it is in view, and not too small.
pub(super) fn in_view(view: &View, px_scale: f32, rig: &Rig, places: &[Affine3A], seen: &mut Vec<bool>) {
    let rows = view.clip_from_machine.transpose();
    let planes = [
        rows.w_axis + rows.x_axis,
        rows.w_axis - rows.x_axis,
        rows.w_axis + rows.y_axis,
        rows.w_axis - rows.y_axis,
        rows.z_axis,
        rows.w_axis - rows.z_axis,
    ];
    let eye = view.eye();
    seen.clear();
    seen.extend(places.iter().enumerate().map(|(index, place)| {
        let bounds = rig.bounds_of(crate::model::PartId::at(index));
        if bounds.is_empty() {
            return false;
        }
        let around = bounds.placed(place);
        let middle = around.middle();
        let is_in = planes.iter().all(|plane| reaches(plane, &around));
        let distance_m = (middle - eye).length() - around.radius_m();
        is_in
            && (distance_m <= 0.0
                || around.radius_m() * 2.0 * view.px_per_m(distance_m) >= SEEN_PX * px_scale)
    }));
}

/// Whether some of a box is on the inner side of a plane.
fn reaches(plane: &Vec4, around: &Bounds) -> bool {
    let normal = glam::Vec3A::from_vec4(*plane);
    let furthest = glam::Vec3A::select(normal.cmpge(glam::Vec3A::ZERO), around.high, around.low);
    normal.dot(furthest) + plane.w >= 0.0
}

/// The ranges that draw the chosen parts, at most [`RANGES_MAX`].
pub(super) fn joined(ranges: &[Range<u32>], is_chosen: impl Fn(usize) -> bool) -> Vec<Range<u32>> {
    let mut exact: Vec<Range<u32>> = Vec::new();
    let mut skipped_since = false;
    for (index, range) in ranges.iter().enumerate() {
        if range.is_empty() {
            continue;
        }
        if !is_chosen(index) {
            skipped_since = true;
            continue;
        }
        match exact.last_mut().filter(|last| !skipped_since && last.end == range.start) {
            Some(last) => last.end = range.end,
            None => exact.push(range.clone()),
        }
        skipped_since = false;
    }
    while exact.len() > RANGES_MAX {
        // All but the widest gaps are closed at once.
        let mut gaps: Vec<u32> =
            exact.windows(2).filter_map(|pair| Some(pair.get(1)?.start - pair.first()?.end)).collect();
        gaps.sort_unstable_by(|a, b| b.cmp(a));
        let kept = gaps.get(RANGES_MAX - 1).copied().unwrap_or(0);
        let mut open = 0;
        let mut closed: Vec<Range<u32>> = Vec::with_capacity(RANGES_MAX);
        for range in exact {
            let stays_apart = closed.last().is_none_or(|last| range.start - last.end > kept);
            match closed.last_mut().filter(|_| !stays_apart) {
                Some(last) => last.end = range.end,
                None => {
                    open += 1;
                    closed.push(range);
                }
            }
        }
        exact = closed;
        if open <= RANGES_MAX {
            break;
        }
    }
    exact
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(count: u32) -> Vec<Range<u32>> {
        (0..count).map(|index| index * 3..index * 3 + 3).collect()
    }

    #[test]
    fn all_parts_are_one_range() {
        assert_eq!(joined(&ranges(2_000), |_| true), std::slice::from_ref(&(0..6_000)));
    }

    #[test]
    fn a_part_that_is_left_out_splits_the_range() {
        assert_eq!(joined(&ranges(4), |index| index != 1), [0..3, 6..12]);
    }

    #[test]
    fn however_scattered_the_parts_there_are_few_ranges_and_none_is_lost() {
        let all = ranges(2_000);
        let joined = joined(&all, |index| index % 7 == 3);
        assert!(joined.len() <= RANGES_MAX, "{} ranges", joined.len());
        let covers =
            |part: &Range<u32>| joined.iter().any(|range| range.start <= part.start && part.end <= range.end);
        assert!(all.iter().skip(3).step_by(7).all(covers), "every chosen part is drawn");
    }

    #[test]
    fn nothing_chosen_is_nothing_drawn() {
        assert!(joined(&ranges(10), |_| false).is_empty());
    }
}
