//! Where names stand at curves: near their own, over no other name, crossing as few lines as can be.

/// A rectangle in pixels: left, top, right, bottom.
pub(crate) type Area = (i32, i32, i32, i32);

/// A name that was placed.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Placed {
    /// What it covers.
    pub(crate) area: Area,
    /// The place on the curve that it is about.
    pub(crate) anchor: (i32, i32),
}

/// Heights on a curve, as parts of its peak, where a name may stand: the peak first.
const HEIGHTS: [f64; 5] = [1.0, 0.75, 0.5, 0.3, 0.12];

/// Places a name at each curve, all in pixels. `sizes` are widths and heights of the names, `plot` is where they may stand and
/// `away` how far from the curve.
pub(crate) fn place(curves: &[Vec<(i32, i32)>], sizes: &[(i32, i32)], plot: Area, away: i32) -> Vec<Placed> {
    let mut placed: Vec<Placed> = vec![];
    for (curve, size) in curves.iter().zip(sizes) {
        let candidates = anchors(curve).into_iter().flat_map(|anchor| boxes(anchor, *size, away));
        let best = candidates
            .enumerate()
            .map(|(order, candidate)| {
                let cost = cost(candidate.area, curves, &placed, plot) + order as i64;
                (cost, candidate)
            })
            .min_by_key(|(cost, _)| *cost);
        if let Some((_, candidate)) = best {
            placed.push(Placed { area: inside(candidate.area, plot), ..candidate });
        }
    }
    placed
}

/// Places on a curve that a name can be about.
fn anchors(curve: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let Some(peak) = (0..curve.len()).min_by_key(|at| curve.get(*at).map_or(0, |point| point.1)) else {
        return vec![];
    };
    let foot = curve.iter().map(|point| point.1).max().unwrap_or(0);
    let top = curve.get(peak).map_or(0, |point| point.1);
    let mut found = vec![];
    for height in HEIGHTS {
        let level = foot - ((foot - top) as f64 * height) as i32;
        let right = curve.iter().skip(peak).find(|point| point.1 >= level);
        let left = curve.iter().take(peak + 1).rev().find(|point| point.1 >= level);
        found.extend(right.or_else(|| curve.get(peak)));
        found.extend(left);
    }
    found.dedup();
    found
}

/// Where a name about an anchor may stand: right of it, left of it, above.
fn boxes((x, y): (i32, i32), (width, height): (i32, i32), away: i32) -> Vec<Placed> {
    let mut found = vec![];
    for reach in [away, 3 * away, 6 * away] {
        let corners = [
            (x + reach, y - height / 2),
            (x + reach, y - height - reach / 2),
            (x - reach - width, y - height / 2),
            (x - reach - width, y - height - reach / 2),
            (x - width / 2, y - height - reach),
        ];
        found.extend(
            corners
                .map(|(left, top)| Placed { area: (left, top, left + width, top + height), anchor: (x, y) }),
        );
    }
    found
}

fn cost(area: Area, curves: &[Vec<(i32, i32)>], placed: &[Placed], plot: Area) -> i64 {
    let (left, top, right, bottom) = area;
    let outside =
        (plot.0 - left).max(0) + (plot.1 - top).max(0) + (right - plot.2).max(0) + (bottom - plot.3).max(0);
    let covers = placed.iter().filter(|other| overlap(area, other.area)).count();
    let crossed = curves.iter().flat_map(|curve| curve.windows(2)).filter(|pair| meets(area, pair)).count();
    i64::from(outside) * 1_000 + covers as i64 * 100_000 + crossed as i64 * 40
}

pub(crate) fn overlap(one: Area, other: Area) -> bool {
    one.0 < other.2 && other.0 < one.2 && one.1 < other.3 && other.1 < one.3
}

/// Whether a piece of a curve may go through an area: whether the boxes of both meet.
fn meets(area: Area, pair: &[(i32, i32)]) -> bool {
    let [one, other] = pair else { return false };
    let piece = (one.0.min(other.0), one.1.min(other.1), one.0.max(other.0) + 1, one.1.max(other.1) + 1);
    overlap(area, piece)
}

/// An area moved so that it stands inside as far as it can.
fn inside(area: Area, plot: Area) -> Area {
    let right = (plot.2 - area.2).min(0);
    let right = if area.0 + right < plot.0 { plot.0 - area.0 } else { right };
    let down = (plot.3 - area.3).min(0);
    let down = if area.1 + down < plot.1 { plot.1 - area.1 } else { down };
    (area.0 + right, area.1 + down, area.2 + right, area.3 + down)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hill around `middle` of some height, on a ground at 300.
    fn hill(middle: i32, high: i32) -> Vec<(i32, i32)> {
        let height = |x: i32| f64::from(high) * (-f64::from(x - middle).powi(2) / 2_000.0).exp();
        (0..400).step_by(4).map(|x| (x, 300 - height(x) as i32)).collect()
    }

    #[test]
    fn names_of_hills_that_lie_over_each_other_cover_neither_each_other_nor_the_edge() {
        let curves = vec![hill(200, 250), hill(205, 240), hill(190, 200), hill(210, 120)];
        let sizes = [(90, 16), (120, 16), (60, 16), (100, 16)];
        let plot = (0, 0, 400, 300);
        let placed = place(&curves, &sizes, plot, 8);
        assert_eq!(placed.len(), 4);
        for (at, one) in placed.iter().enumerate() {
            assert!(one.area.0 >= 0 && one.area.1 >= 0 && one.area.2 <= 400 && one.area.3 <= 300, "{one:?}");
            assert!(placed.iter().skip(at + 1).all(|other| !overlap(one.area, other.area)), "{placed:?}");
            assert!(curves[at].contains(&one.anchor), "a name is about a place on its own curve");
        }
    }

    #[test]
    fn a_name_that_no_plot_holds_begins_at_its_edge() {
        let placed = place(&[hill(200, 250)], &[(900, 16)], (10, 0, 400, 300), 8);
        assert_eq!(placed[0].area.0, 10);
        assert!(place(&[vec![]], &[(1, 1)], (0, 0, 1, 1), 8).is_empty());
    }
}
