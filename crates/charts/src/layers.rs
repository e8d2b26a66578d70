//! Where the boxes of a diagram stand by themselves: in layers from left to right, each right of what it is made of, with few
//! arrows that cross.
//!
//! After Sugiyama, Tagawa and Toda, «Methods for Visual Understanding of Hierarchical System Structures», IEEE SMC 11(2), 1981:
//! layers by the longest way, then the order within them by where neighbours stand.

/// How wide a box is, in pixels at full size.
pub const BOX_WIDE: i32 = 172;
/// How high.
pub const BOX_HIGH: i32 = 52;
/// Between two layers.
const BETWEEN_LAYERS: i32 = 56;
/// Between two boxes of a layer.
const BETWEEN_BOXES: i32 = 16;
/// How often the order of all layers is gone through.
const SWEEPS: usize = 12;
/// Beyond so many arrows, crossings are not counted: the order after the last time through stands.
const COUNTED_MAX: usize = 1_000;

/// An arrow: from what something is made of, to what is made of it. Both are places in the list of boxes.
pub type Arrow = (usize, usize);

/// Where each of `count` boxes stands by itself: its left upper corner. Arrows to or from a box that is not there are passed
/// over, and so is one of each circle.
pub fn layers(count: usize, arrows: &[Arrow]) -> Vec<(i32, i32)> {
    let arrows: Vec<Arrow> = without_circles(count, arrows);
    let layer = layer_of(count, &arrows);
    let mut rows: Vec<Vec<usize>> = vec![vec![]; layer.iter().max().map_or(0, |most| most + 1)];
    for at in 0..count {
        rows[layer[at]].push(at);
    }
    let beside = Beside::of(count, &arrows);
    let rows = ordered(rows, &arrows, &beside);
    let step = BOX_HIGH + BETWEEN_BOXES;
    let mut y = vec![0.0; count];
    for row in &rows {
        for (place, at) in row.iter().enumerate() {
            y[*at] = (place as i32 * step) as f64;
        }
    }
    for sweep in 0..SWEEPS {
        let all: Box<dyn Iterator<Item = &Vec<usize>>> =
            if sweep % 2 == 0 { Box::new(rows.iter()) } else { Box::new(rows.iter().rev()) };
        for row in all {
            settle(row, &mut y, &beside, f64::from(step));
        }
    }
    let top = y.iter().copied().fold(f64::INFINITY, f64::min);
    let place = |at: usize| {
        let x = layer[at] as i32 * (BOX_WIDE + BETWEEN_LAYERS);
        (x, (y[at] - top).round() as i32)
    };
    (0..count).map(place).collect()
}

/// The arrow between two boxes as a path of SVG: from border to border, where they are nearest.
pub fn arrow_path(from: (i32, i32), to: (i32, i32)) -> String {
    let (across, down) = (to.0 - from.0, to.1 - from.1);
    let (middle_x, middle_y) = (BOX_WIDE / 2, BOX_HIGH / 2);
    if across.abs() >= BOX_WIDE {
        let (out, into) = if across > 0 { (BOX_WIDE, 0) } else { (0, BOX_WIDE) };
        let (x1, y1, x2, y2) = (from.0 + out, from.1 + middle_y, to.0 + into, to.1 + middle_y);
        let bend = (x2 - x1) / 2;
        return format!("M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}", x1 + bend, x2 - bend);
    }
    let (out, into) = if down > 0 { (BOX_HIGH, 0) } else { (0, BOX_HIGH) };
    let (x1, y1, x2, y2) = (from.0 + middle_x, from.1 + out, to.0 + middle_x, to.1 + into);
    let bend = (y2 - y1) / 2;
    format!("M{x1} {y1}C{x1} {} {x2} {} {x2} {y2}", y1 + bend, y2 - bend)
}

/// The arrows without those that close a circle, and without those that lead nowhere.
fn without_circles(count: usize, arrows: &[Arrow]) -> Vec<Arrow> {
    let mut next: Vec<Vec<usize>> = vec![vec![]; count];
    for (from, to) in arrows {
        if *from < count && *to < count && from != to {
            next[*from].push(*to);
        }
    }
    // Nothing seen of it, on the way, done.
    let mut state = vec![0_u8; count];
    let mut kept = vec![];
    for begin in 0..count {
        if state[begin] != 0 {
            continue;
        }
        state[begin] = 1;
        let mut way = vec![(begin, 0)];
        while let Some((at, turn)) = way.last_mut() {
            let from = *at;
            let Some(to) = next[from].get(*turn).copied() else {
                state[from] = 2;
                way.pop();
                continue;
            };
            *turn += 1;
            if state[to] == 1 {
                continue;
            }
            kept.push((from, to));
            if state[to] == 0 {
                state[to] = 1;
                way.push((to, 0));
            }
        }
    }
    kept
}

/// The layer of each box: right of all that it is made of, and what is made of nothing next to where it is needed.
fn layer_of(count: usize, arrows: &[Arrow]) -> Vec<usize> {
    let mut layer = vec![0; count];
    // As often as the longest way has steps; each time at least one more box is where it stays.
    for _ in 0..count {
        let mut is_settled = true;
        for (from, to) in arrows {
            if layer[*to] <= layer[*from] {
                layer[*to] = layer[*from] + 1;
                is_settled = false;
            }
        }
        if is_settled {
            break;
        }
    }
    for at in 0..count {
        let is_source = !arrows.iter().any(|(_, to)| *to == at);
        let nearest = arrows.iter().filter(|(from, _)| *from == at).map(|(_, to)| layer[*to]).min();
        if let Some(nearest) = nearest.filter(|_| is_source) {
            layer[at] = nearest - 1;
        }
    }
    layer
}

/// What each box is made of, and what is made of it.
struct Beside {
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
}

impl Beside {
    fn of(count: usize, arrows: &[Arrow]) -> Self {
        let mut beside = Self { before: vec![vec![]; count], after: vec![vec![]; count] };
        for (from, to) in arrows {
            beside.before[*to].push(*from);
            beside.after[*from].push(*to);
        }
        beside
    }
}

/// The middle of some figures; nothing of none.
fn middle(all: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = all.fold((0.0, 0.0), |(sum, count), one| (sum + one, count + 1.0));
    (count > 0.0).then_some(sum / count)
}

/// The rows in the order, of those that were tried, in which the fewest arrows cross.
fn ordered(mut rows: Vec<Vec<usize>>, arrows: &[Arrow], beside: &Beside) -> Vec<Vec<usize>> {
    let mut best = (crossings(&rows, arrows), rows.clone());
    for sweep in 0..SWEEPS {
        let places = place_in_row(&rows);
        let place = |at: usize| places.get(&at).copied().unwrap_or_default();
        let neighbours = if sweep % 2 == 0 { &beside.before } else { &beside.after };
        for row in &mut rows {
            let keyed = row.iter().map(|at| {
                let there = neighbours[*at].iter().map(|other| place(*other));
                (middle(there).unwrap_or_else(|| place(*at)), *at)
            });
            let mut keyed: Vec<(f64, usize)> = keyed.collect();
            keyed.sort_by(|one, other| one.0.total_cmp(&other.0));
            *row = keyed.into_iter().map(|(_, at)| at).collect();
        }
        let crossed = crossings(&rows, arrows);
        if crossed < best.0 || arrows.len() > COUNTED_MAX {
            best = (crossed, rows.clone());
        }
    }
    best.1
}

/// Where each box stands in its row, as a share of it.
fn place_in_row(rows: &[Vec<usize>]) -> std::collections::HashMap<usize, f64> {
    let in_row = |row: &Vec<usize>| {
        let count = row.len() as f64;
        row.iter().enumerate().map(|(place, at)| (*at, (place as f64 + 0.5) / count)).collect::<Vec<_>>()
    };
    rows.iter().flat_map(in_row).collect()
}

/// How many arrows between neighbouring rows cross.
fn crossings(rows: &[Vec<usize>], arrows: &[Arrow]) -> usize {
    if arrows.len() > COUNTED_MAX {
        return 0;
    }
    let places = place_in_row(rows);
    let row_of: std::collections::HashMap<usize, usize> =
        rows.iter().enumerate().flat_map(|(row, all)| all.iter().map(move |at| (*at, row))).collect();
    let ends = |arrow: &Arrow| {
        let (from, to) = (places.get(&arrow.0)?, places.get(&arrow.1)?);
        Some((*row_of.get(&arrow.0)?, *row_of.get(&arrow.1)?, *from, *to))
    };
    let all: Vec<_> = arrows.iter().filter_map(ends).collect();
    let mut count = 0;
    for (at, one) in all.iter().enumerate() {
        for other in &all[at + 1..] {
            let meet = one.0 == other.0 && one.1 == other.1;
            if meet && (one.2 - other.2) * (one.3 - other.3) < 0.0 {
                count += 1;
            }
        }
    }
    count
}

/// Moves the boxes of a row to where their neighbours are, without changing their order and with room between them.
fn settle(row: &[usize], y: &mut [f64], beside: &Beside, step: f64) {
    let wanted: Vec<f64> = row
        .iter()
        .map(|at| {
            let all = beside.before[*at].iter().chain(&beside.after[*at]);
            middle(all.map(|other| y[*other])).unwrap_or(y[*at])
        })
        .collect();
    // From above each is at least a step below the one before; the whole row then goes back by what that moved it on average.
    let mut placed: Vec<f64> = Vec::with_capacity(row.len());
    for want in &wanted {
        let least = placed.last().map_or(f64::NEG_INFINITY, |last| last + step);
        placed.push(want.max(least));
    }
    let count = row.len().max(1) as f64;
    let moved = placed.iter().zip(&wanted).map(|(placed, want)| placed - want).sum::<f64>() / count;
    for (at, placed) in row.iter().zip(placed) {
        y[*at] = placed - moved;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlap(one: (i32, i32), other: (i32, i32)) -> bool {
        (one.0 - other.0).abs() < BOX_WIDE && (one.1 - other.1).abs() < BOX_HIGH
    }

    #[test]
    fn each_box_stands_right_of_what_it_is_made_of_and_none_on_another() {
        let arrows = [(0, 3), (1, 3), (2, 4), (3, 4), (4, 5), (0, 5)];
        let places = layers(6, &arrows);
        for (from, to) in arrows {
            assert!(places[from].0 + BOX_WIDE < places[to].0, "{from} {to}: {places:?}");
        }
        for one in 0..6 {
            for other in one + 1..6 {
                assert!(!overlap(places[one], places[other]), "{one} {other}: {places:?}");
            }
        }
    }

    #[test]
    fn what_is_made_of_nothing_stands_next_to_where_it_is_needed() {
        let places = layers(4, &[(0, 1), (1, 2), (3, 2)]);
        assert_eq!(places[3].0, places[1].0);
    }

    #[test]
    fn two_arrows_do_not_cross_where_they_need_not() {
        let arrows = [(0, 3), (1, 2)];
        let rows = ordered(vec![vec![0, 1], vec![2, 3]], &arrows, &Beside::of(4, &arrows));
        assert_eq!(crossings(&rows, &arrows), 0, "{rows:?}");
    }

    #[test]
    fn figures_that_need_each_other_and_arrows_that_lead_nowhere_are_drawn_all_the_same() {
        let places = layers(3, &[(0, 1), (1, 2), (2, 0), (1, 1), (7, 0)]);
        assert_eq!(places.len(), 3);
        assert!(places[0].0 < places[1].0 && places[1].0 < places[2].0, "{places:?}");
        assert!(layers(0, &[]).is_empty());
    }

    #[test]
    fn an_arrow_goes_from_border_to_border() {
        assert_eq!(arrow_path((0, 0), (300, 100)), "M172 26C236 26 236 126 300 126");
        assert_eq!(arrow_path((300, 100), (0, 0)), "M300 126C236 126 236 26 172 26");
        assert_eq!(arrow_path((0, 0), (20, 200)), "M86 52C86 126 106 126 106 200");
    }

    #[test]
    fn two_thousand_figures_are_placed() {
        let arrows: Vec<Arrow> = (1..2_000).map(|to| (to / 3, to)).collect();
        assert_eq!(layers(2_000, &arrows).len(), 2_000);
    }
}
