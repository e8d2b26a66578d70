//! Whether what is sold can be made, up to a moment, with one site down: exactly, for flows in straight pieces.
//!
//! Let R(t) be how much of a part is needed up to t, S its stock within reach, and C(t) what its lanes can give up to t. It
//! has to be made, x(t), so that x(t) ≥ R(t) − S at all times, and no faster than the lanes allow. The latest such x is
//! max(0, C(t) + max over u ≥ t of (R(u) − S − C(u))): whatever else would do lies above it at every moment. It needs the
//! least of every component at every moment, and so on down the bill of materials. What is sold can be made if and only if
//! no x has to begin above 0, which is: R(u) − S − C(u) ≤ 0 for every part and moment.

use super::curve::Curve;
use super::input::{Linked, Network};

/// What is missing less than this share of what is needed is a rounding's, not a shortage.
const ROUNDING: f64 = 1e-11;

/// A network with one site down, or none.
pub(super) struct Situation<'a> {
    linked: &'a Linked,
    /// Parts that matter here: products first.
    order: Vec<usize>,
    /// Of each part, within reach.
    stock: Vec<f64>,
    /// Of each part: from when on, how many per day.
    rates: Vec<Vec<(f64, f64)>>,
    /// Sold per day.
    demand_per_d: Vec<f64>,
}

impl<'a> Situation<'a> {
    pub fn new(network: &Network, linked: &'a Linked, down: Option<usize>) -> Self {
        let parts = network.parts.len();
        let works = |site: usize| Some(site) != down;
        let stock = linked.stocks.iter().map(|stocks| {
            stocks.iter().filter(|(site, _)| works(*site)).map(|(_, units)| *units).sum::<f64>()
        });
        let demand_per_d: Vec<f64> = network.parts.iter().map(|part| part.demand_per_d).collect();
        // As fast as a part can ever be wanted: what a lane without a bound gives.
        let mut wanted_per_d = demand_per_d.clone();
        let mut rates = vec![Vec::new(); parts];
        for part in linked.order.iter().copied() {
            let wanted = wanted_per_d[part];
            let lanes = linked.lanes[part].iter().filter(|(site, ..)| works(*site));
            rates[part] = lanes
                .map(|(_, capacity, lead_d)| (*lead_d, if capacity.is_finite() { *capacity } else { wanted }))
                .collect();
            let made = rates[part].iter().map(|(_, rate)| *rate).sum::<f64>().max(wanted);
            for (component, quantity) in &linked.components[part] {
                wanted_per_d[*component] += quantity * made;
            }
        }
        let order = Self::that_matter(linked, down, parts);
        Self { linked, order, stock: stock.collect(), rates, demand_per_d }
    }

    /// Parts that come from the site or lie there, what those are made of, and everything that any of these goes into: of all
    /// others, as much is needed and there as without the disruption.
    fn that_matter(linked: &Linked, down: Option<usize>, parts: usize) -> Vec<usize> {
        let Some(down) = down else { return linked.order.clone() };
        let mut matters: Vec<bool> = (0..parts)
            .map(|part| {
                linked.lanes[part].iter().any(|(site, ..)| *site == down)
                    || linked.stocks[part].iter().any(|(site, _)| *site == down)
            })
            .collect();
        for part in &linked.order {
            if matters[*part] {
                linked.components[*part].iter().for_each(|(component, _)| matters[*component] = true);
            }
        }
        for part in linked.order.iter().rev() {
            matters[*part] |= linked.components[*part].iter().any(|(component, _)| matters[*component]);
        }
        linked.order.iter().copied().filter(|part| matters[*part]).collect()
    }

    /// Products that may be short.
    pub fn products(&self) -> impl Iterator<Item = usize> {
        self.order.iter().copied().filter(|part| self.demand_per_d[*part] > 0.0)
    }

    /// Sold per day.
    pub fn demand_per_d(&self, part: usize) -> f64 {
        self.demand_per_d[part]
    }

    /// By how much the scarcest part is short if so much of each is sold up to `end_d`, and which that is; 0 or less if
    /// all can be made.
    pub fn shortage(&self, end_d: f64, sold: &dyn Fn(usize) -> f64) -> (f64, Option<usize>) {
        let mut needed: Vec<Option<Curve>> = vec![None; self.stock.len()];
        let (mut most, mut scarcest) = (f64::NEG_INFINITY, None);
        for part in self.order.iter().copied() {
            let from_users = needed[part].take().unwrap_or_else(|| Curve::nothing(end_d));
            let own_per_d = self.demand_per_d[part];
            let needed_here = if own_per_d > 0.0 {
                from_users.plus(&Curve::as_late_as_can_be(sold(part), own_per_d, end_d), 1.0)
            } else {
                from_users
            };
            let can_give = Curve::of_rates(&self.rates[part], end_d);
            let to_make = needed_here.plus(&can_give, -1.0).raised(-self.stock[part]);
            let short = to_make.highest() - ROUNDING * needed_here.at(end_d);
            if short > most {
                (most, scarcest) = (short, Some(part));
            }
            if self.linked.components[part].is_empty() {
                continue;
            }
            let made = to_make.highest_from_then_on().plus(&can_give, 1.0).not_below_0();
            for (component, quantity) in &self.linked.components[part] {
                let before = needed[*component].take().unwrap_or_else(|| Curve::nothing(end_d));
                needed[*component] = Some(before.plus(&made, *quantity));
            }
        }
        (most, scarcest)
    }
}

/// The last place between `low`, where a rising function is not above 0, and `high`, where it is: exact for straight pieces.
pub(super) fn last_not_above_0(low: f64, high: f64, function: &mut dyn FnMut(f64) -> f64) -> f64 {
    let (mut low, mut high) = (low, high);
    let (mut at_low, mut at_high) = (function(low), function(high));
    for step in 0..200 {
        if high - low <= 1e-13 * high {
            break;
        }
        // Where the straight line between both comes to 0; in turn with the middle, which bends cannot hold up.
        let straight = low + (high - low) * (-at_low / (at_high - at_low));
        let try_at = if step % 2 == 0 && straight > low && straight < high {
            straight
        } else {
            low + (high - low) / 2.0
        };
        if !(try_at > low && try_at < high) {
            break;
        }
        let found = function(try_at);
        if found > 0.0 {
            (high, at_high) = (try_at, found);
        } else {
            (low, at_low) = (try_at, found);
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_place_is_found_over_bends() {
        let mut bent = |x: f64| if x < 3.0 { -1.0 } else { (x - 5.0) * 0.5 - 0.0_f64.max(4.0 - x) };
        assert!((last_not_above_0(0.0, 1_000.0, &mut bent) - 5.0).abs() < 1e-11);
        // Level at 0 for a while: the last place of it.
        let mut level = |x: f64| if x < 2.0 { x - 2.0 } else { (x - 7.0).max(0.0) };
        assert!((last_not_above_0(0.0, 100.0, &mut level) - 7.0).abs() < 1e-11);
    }
}
