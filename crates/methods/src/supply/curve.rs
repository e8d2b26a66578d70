//! Curves of straight pieces over time: what has been needed, or could have been made, up to each moment.

/// Corners, by time; straight between them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Curve {
    corners: Vec<(f64, f64)>,
}

impl Curve {
    /// 0 from the begin to `end`.
    pub fn nothing(end: f64) -> Self {
        Self { corners: vec![(0.0, 0.0), (end, 0.0)] }
    }

    /// `total` by `end`, at no more than `rate`, and as late as can be.
    pub fn as_late_as_can_be(total: f64, rate: f64, end: f64) -> Self {
        let begin = if rate > 0.0 { (end - total / rate).clamp(0.0, end) } else { end };
        Self { corners: vec![(0.0, 0.0), (begin, 0.0), (end, total)] }
    }

    /// What rates give together, each from its own moment on.
    pub fn of_rates(rates: &[(f64, f64)], end: f64) -> Self {
        let mut begins: Vec<f64> =
            rates.iter().map(|(from, _)| *from).filter(|from| *from > 0.0 && *from < end).collect();
        begins.extend([0.0, end]);
        begins.sort_by(f64::total_cmp);
        begins.dedup();
        let value = |at: f64| rates.iter().map(|(from, rate)| rate * (at - from).max(0.0)).sum();
        Self { corners: begins.iter().map(|at| (*at, value(*at))).collect() }
    }

    /// At a moment within.
    pub fn at(&self, time: f64) -> f64 {
        let after = self.corners.partition_point(|(at, _)| *at < time);
        match (after.checked_sub(1).and_then(|before| self.corners.get(before)), self.corners.get(after)) {
            (Some(before), Some(after)) => between(*before, *after, time),
            (None, Some((_, value))) | (Some((_, value)), None) => *value,
            (None, None) => 0.0,
        }
    }

    /// This and `factor` times the other.
    pub fn plus(&self, other: &Self, factor: f64) -> Self {
        let mut corners = Vec::with_capacity(self.corners.len() + other.corners.len());
        let (mut mine, mut theirs) = (0, 0);
        while let (Some(one), Some(two)) = (self.corners.get(mine), other.corners.get(theirs)) {
            let at = one.0.min(two.0);
            let value = |curve: &Self, next: usize| {
                let after = curve.corners[next];
                match next.checked_sub(1) {
                    Some(before) if after.0 > at => between(curve.corners[before], after, at),
                    _ => after.1,
                }
            };
            corners.push((at, value(self, mine) + factor * value(other, theirs)));
            mine += usize::from(one.0 == at);
            theirs += usize::from(two.0 == at);
        }
        Self { corners: simplified(corners) }
    }

    /// The same, so much higher.
    pub fn raised(mut self, by: f64) -> Self {
        self.corners.iter_mut().for_each(|(_, value)| *value += by);
        self
    }

    /// The highest value.
    pub fn highest(&self) -> f64 {
        self.corners.iter().map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max)
    }

    /// At each moment, the highest value from then on.
    pub fn highest_from_then_on(&self) -> Self {
        let mut corners: Vec<(f64, f64)> = Vec::with_capacity(self.corners.len());
        let mut highest = f64::NEG_INFINITY;
        let mut later: Option<(f64, f64)> = None;
        for &(at, value) in self.corners.iter().rev() {
            if let Some(later) = later
                && value > highest
                && later.1 < highest
            {
                // The straight piece rises above what comes later, somewhere on its way.
                corners.push((crossing((at, value), later, highest), highest));
            }
            highest = highest.max(value);
            corners.push((at, highest));
            later = Some((at, value));
        }
        corners.reverse();
        Self { corners: simplified(corners) }
    }

    /// Where it lies below 0, 0.
    pub fn not_below_0(&self) -> Self {
        let mut corners: Vec<(f64, f64)> = Vec::with_capacity(self.corners.len() + 2);
        let mut before: Option<(f64, f64)> = None;
        for &(at, value) in &self.corners {
            if let Some(before) = before
                && (before.1 < 0.0 && value > 0.0 || before.1 > 0.0 && value < 0.0)
            {
                corners.push((crossing(before, (at, value), 0.0), 0.0));
            }
            corners.push((at, value.max(0.0)));
            before = Some((at, value));
        }
        Self { corners: simplified(corners) }
    }
}

fn between(before: (f64, f64), after: (f64, f64), at: f64) -> f64 {
    if after.0 > before.0 {
        before.1 + (after.1 - before.1) * ((at - before.0) / (after.0 - before.0))
    } else {
        after.1
    }
}

fn crossing(before: (f64, f64), after: (f64, f64), value: f64) -> f64 {
    before.0 + (after.0 - before.0) * ((value - before.1) / (after.1 - before.1))
}

/// Without corners on a level piece, which add up over many parts.
fn simplified(corners: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::with_capacity(corners.len());
    for corner in corners {
        if let [.., first, second] = kept[..]
            && (first.1 == second.1 && second.1 == corner.1 || first.0 == second.0 && second.0 == corner.0)
        {
            kept.pop();
        }
        if kept.last() != Some(&corner) {
            kept.push(corner);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(corners: &[(f64, f64)]) -> Curve {
        Curve { corners: corners.to_vec() }
    }

    #[test]
    fn rates_add_up_from_their_moments_on() {
        let curve = Curve::of_rates(&[(0.0, 10.0), (2.0, 5.0), (20.0, 7.0)], 8.0);
        assert_eq!(curve.corners, [(0.0, 0.0), (2.0, 20.0), (8.0, 110.0)]);
        assert_eq!(curve.at(4.0), 50.0);
    }

    #[test]
    fn the_late_path_stands_still_first() {
        assert_eq!(Curve::as_late_as_can_be(30.0, 10.0, 8.0).corners, [(0.0, 0.0), (5.0, 0.0), (8.0, 30.0)]);
        assert_eq!(Curve::as_late_as_can_be(80.0, 10.0, 8.0).at(4.0), 40.0);
        assert_eq!(Curve::as_late_as_can_be(0.0, 0.0, 8.0).highest(), 0.0);
    }

    #[test]
    fn sums_have_the_corners_of_both() {
        let sum = curve(&[(0.0, 0.0), (4.0, 4.0)]).plus(&curve(&[(0.0, 1.0), (1.0, 0.0), (4.0, 0.0)]), 2.0);
        assert_eq!(sum.corners, [(0.0, 2.0), (1.0, 1.0), (4.0, 4.0)]);
    }

    #[test]
    fn the_highest_from_then_on_never_rises() {
        let highest = curve(&[(0.0, 5.0), (1.0, 0.0), (2.0, 3.0), (3.0, -1.0)]).highest_from_then_on();
        assert_eq!(highest.corners, [(0.0, 5.0), (0.4, 3.0), (2.0, 3.0), (3.0, -1.0)]);
    }

    #[test]
    fn below_nothing_there_is_nothing() {
        let curve = curve(&[(0.0, -2.0), (2.0, 2.0), (3.0, -2.0)]).not_below_0();
        assert_eq!(curve.corners, [(0.0, 0.0), (1.0, 0.0), (2.0, 2.0), (2.5, 0.0), (3.0, 0.0)]);
    }
}
