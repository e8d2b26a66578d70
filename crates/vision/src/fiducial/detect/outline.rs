//! Outlines of dark surfaces: closed walks between dark pixels and their neighbours that are not.

use super::threshold::{DARK, Darkness};

/// Set where the left side of a dark pixel belongs to an outline that was walked.
const WALKED: u8 = 2;
/// One in each of eight bytes.
const EACH: u64 = 0x0101_0101_0101_0101;
/// Around a smaller box, thin frames may break, and outlines run inside.
const SMALL_STEPS: usize = 160;
/// How many more steps an outline may have than a larger box, as eighths of those: where an edge falls on the middles of
/// sharp pixels, noise makes it ragged.
const RAGGED_EIGHTHS: usize = 5;
/// A longer outline is walked, and not kept.
const STEPS_MAX: usize = 1 << 15;

/// A closed walk.
#[derive(Copy, Clone, Debug)]
pub(super) struct Outline<'a> {
    /// Corners of pixels, one step apart: clockwise as seen around what is dark, the other way around a hole in it.
    pub(super) points: &'a [(u16, u16)],
    /// Whether what is dark lies within.
    pub(super) dark_inside: bool,
    /// Whether it goes back and forth more than around a surface without bays.
    pub(super) has_bays: bool,
}

/// What an outline may be to be worth a look.
#[derive(Copy, Clone, Debug)]
pub(super) struct Worth {
    /// The shorter side of the box around it, in pixels.
    pub(super) side_min_px: u32,
    /// Whether dark surfaces are sought.
    pub(super) dark_inside: bool,
    /// Whether holes in dark surfaces are sought.
    pub(super) light_inside: bool,
}

/// Walks every outline of `darkness` and shows those worth a look to `see`.
pub(super) fn walk_all(
    darkness: &mut Darkness,
    points: &mut Vec<(u16, u16)>,
    worth: Worth,
    mut see: impl FnMut(Outline<'_>),
) {
    // Room for the longest; what lies behind the last walk is of earlier ones.
    points.resize(STEPS_MAX, (0, 0));
    let stride = darkness.stride;
    let map = &mut darkness.map[..];
    for row_start in (stride..map.len().saturating_sub(stride)).step_by(stride) {
        let mut carry = 0;
        for at in (row_start..row_start + stride).step_by(8) {
            let Some(Ok(eight)) = map.get(at..at + 8).map(<[u8; 8]>::try_from) else { break };
            let word = u64::from_le_bytes(eight);
            if word == 0 {
                carry = 0;
                continue;
            }
            let dark = word & EACH;
            let mut starts = dark & !(dark << 8 | carry) & !(word >> 1 & EACH);
            carry = dark >> 56;
            while starts != 0 {
                let start = at + starts.trailing_zeros() as usize / 8;
                starts &= starts - 1;
                if map[start] & WALKED == 0
                    && let Some((steps, dark_inside, has_bays)) = walk(map, stride, start, points, worth)
                {
                    see(Outline { points: &points[..steps], dark_inside, has_bays });
                }
            }
        }
    }
}

/// Walks from the left side of the dark pixel at `start`, with what is dark on the right hand. Says how many steps that
/// took, whether what is dark lies within, and whether there are bays, when the outline is worth a look.
fn walk(
    map: &mut [u8],
    stride: usize,
    start: usize,
    points: &mut [(u16, u16)],
    worth: Worth,
) -> Option<(usize, bool, bool)> {
    // By direction: up, right, down, left.
    let ahead = [stride.wrapping_neg(), 1, stride, 1_usize.wrapping_neg()];
    let steps_x = [0, 1, 0, u16::MAX];
    let steps_y = [u16::MAX, 0, 1, 0];
    let walked = [WALKED, 0, 0, 0];
    let mut x = (start % stride - 1) as u16;
    let mut y = (start / stride) as u16;
    // The dark pixel on the right hand.
    let mut hand = start;
    let mut direction = 0_usize;
    let mut steps = 0_usize;
    loop {
        if let Some(point) = points.get_mut(steps) {
            *point = (x, y);
        }
        steps += 1;
        map[hand] |= walked[direction];
        x = x.wrapping_add(steps_x[direction]);
        y = y.wrapping_add(steps_y[direction]);
        let forward = hand.wrapping_add(ahead[direction]);
        if map[forward] & DARK == 0 {
            // Around the corner of this pixel; what touches it at the corner only is another surface.
            direction = (direction + 1) & 3;
        } else {
            let leftwards = (direction + 3) & 3;
            let across = forward.wrapping_add(ahead[leftwards]);
            let is_straight = map[across] & DARK == 0;
            hand = if is_straight { forward } else { across };
            direction = if is_straight { direction } else { leftwards };
        }
        if hand == start && direction == 0 {
            break;
        }
    }
    if steps < 4 * worth.side_min_px as usize {
        return None;
    }
    let (dark_inside, has_bays) = judge(points.get(..steps)?, worth)?;
    Some((steps, dark_inside, has_bays))
}

/// Whether what is dark lies within an outline and whether that has bays, when it is worth a look.
fn judge(points: &[(u16, u16)], worth: Worth) -> Option<(bool, bool)> {
    let (mut left, mut right, mut top, mut bottom) = (u16::MAX, 0, u16::MAX, 0);
    for &(x, y) in points {
        (left, right) = (left.min(x), right.max(x));
        (top, bottom) = (top.min(y), bottom.max(y));
    }
    let (wide, tall) = (u32::from(right - left), u32::from(bottom - top));
    // Around a convex surface there are as many steps as around its box.
    let around = 2 * (wide + tall) as usize;
    let more = if around <= SMALL_STEPS { around } else { around * RAGGED_EIGHTHS / 8 };
    if wide.min(tall) < worth.side_min_px || points.len() > around + more {
        return None;
    }
    // Steps up or down count the surface to their left.
    let mut area = 0_i64;
    let mut last = points.last().map_or(0, |point| point.1);
    for &(x, y) in points {
        area += i64::from(x) * (i64::from(y) - i64::from(last));
        last = y;
    }
    let dark_inside = area > 0;
    let sought = if dark_inside { worth.dark_inside } else { worth.light_inside };
    let is_filled = area.unsigned_abs() * 6 >= u64::from(wide) * u64::from(tall);
    (sought && is_filled).then_some((dark_inside, points.len() > around + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GreyFrame;

    const ANY: Worth = Worth { side_min_px: 1, dark_inside: true, light_inside: true };

    fn outlines(width: usize, rows: &[u8]) -> Vec<(usize, bool)> {
        let mut darkness = Darkness::default();
        darkness.find(GreyFrame::new(width, rows.len() / width, width, rows).unwrap(), None);
        let mut found = vec![];
        walk_all(&mut darkness, &mut vec![], ANY, |outline| {
            found.push((outline.points.len(), outline.dark_inside));
        });
        found
    }

    #[test]
    fn a_ring_has_an_outline_on_each_side() {
        let ring = [
            9, 9, 9, 9, 9, 9, //
            9, 0, 0, 0, 0, 9, //
            9, 0, 9, 9, 0, 9, //
            9, 0, 0, 0, 0, 9, //
            9, 9, 9, 9, 9, 9, //
        ]
        .map(|level| level * 20);
        assert_eq!(outlines(6, &ring), [(14, true), (6, false)]);
    }

    #[test]
    fn surfaces_that_touch_at_a_corner_are_two() {
        let pair = [
            0, 0, 9, 9, //
            0, 0, 9, 9, //
            9, 9, 0, 0, //
            9, 9, 0, 0, //
        ]
        .map(|level| level * 20);
        assert_eq!(outlines(4, &pair), [(8, true), (8, true)]);
    }

    #[test]
    fn a_flat_picture_has_none() {
        assert_eq!(outlines(5, &[120; 35]), []);
    }
}
