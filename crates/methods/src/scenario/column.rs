//! All trials of a figure, looked through by as many threads as there are: least and greatest, mean and deviation, percentiles.
//!
//! Twice each thread goes through a part of the blocks. First for what the second needs: a figure near the mean, and how many
//! trials lie in each of some bins, from which follows in which bins the percentiles lie. Then for the squares, and for the
//! trials of those bins, of which alone an order is made. What is summed is summed block by block, and blocks in their order:
//! the same bits, however many threads there are.

use super::outcome::PERCENTILES;
use super::run::BLOCK;

/// What all trials of a figure come to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub(super) mean: f64,
    /// Of the sample.
    pub(super) deviation: f64,
    pub(super) least: f64,
    pub(super) greatest: f64,
    /// See [`PERCENTILES`].
    pub(super) percentiles: Vec<f64>,
    pub(super) trials: Vec<f64>,
}

/// Fewer trials than this are not worth a thread.
const PARTED_MIN: usize = 32_768;
/// Bins into which trials are counted before any is compared with another. Two counts for each, side by side, stay close to
/// the processor.
const BINS: usize = 2_048;
/// Fewer trials than this are all put in order.
const ORDERED_MAX: usize = BLOCK;
/// No bin's trials are asked for.
const NOT_ASKED: u8 = u8::MAX;

/// Tells what trials come to, each over `scale`.
///
/// # Errors
/// The first trial that is no number.
pub(super) fn tell(mut trials: Vec<f64>, scale: f64, threads: usize) -> Result<Told, usize> {
    let count = trials.len() as f64;
    let Some(first) = trials.first().map(|first| first / scale) else {
        return Ok(Told {
            mean: f64::NAN,
            deviation: f64::NAN,
            least: f64::INFINITY,
            greatest: f64::NEG_INFINITY,
            percentiles: vec![f64::NAN; PERCENTILES.len()],
            trials,
        });
    };
    let bins = Bins::like(trials.get(..BLOCK.min(trials.len())).unwrap_or_default(), scale);
    let parts: Vec<&mut [f64]> = trials.chunks_mut(part_long(count as usize, threads)).collect();
    let seen = side_by_side(parts, |part| look(part, scale, first, &bins));
    if let Some((part, within)) =
        seen.iter().enumerate().find_map(|(part, seen)| Some((part, seen.no_number?)))
    {
        return Err(part * part_long(trials.len(), threads) + within);
    }
    let least = seen.iter().fold(f64::INFINITY, |least, seen| lesser(seen.least, least));
    let greatest = seen.iter().fold(f64::NEG_INFINITY, |greatest, seen| greater(seen.greatest, greatest));
    // Near the mean, squares lose nothing.
    let near =
        first + seen.iter().flat_map(|seen| &seen.sums).fold(0.0, |sum, of_block| sum + of_block) / count;
    let orders = Orders::of(&PERCENTILES, trials.len());
    let asked = Asked::of(&orders.places, &seen);
    let parts: Vec<&[f64]> = trials.chunks(part_long(trials.len(), threads)).collect();
    let gathered = side_by_side(parts, |part| gather(part, near, &bins, &asked));
    let sums = gathered.iter().flat_map(|gathered| &gathered.sums);
    let (sum, squares) =
        sums.fold((0.0, 0.0), |(sum, squares), (of_sum, of_squares)| (sum + of_sum, squares + of_squares));
    let mean = near + sum / count;
    let variance = (squares - sum * sum / count).max(0.0) / (count - 1.0).max(1.0);
    let percentiles = orders.percentiles(&asked.in_order(&orders.places, gathered));
    Ok(Told { mean, deviation: variance.sqrt(), least, greatest, percentiles, trials })
}

/// How many trials each thread looks through: whole blocks.
fn part_long(trials: usize, threads: usize) -> usize {
    let threads = if trials < PARTED_MIN { 1 } else { threads.max(1) };
    trials.div_ceil(BLOCK).div_ceil(threads).max(1) * BLOCK
}

/// What comes of all parts, in their order: the first by this thread, each other by one of its own.
fn side_by_side<P: Send, T: Send>(parts: Vec<P>, work: impl Fn(P) -> T + Sync) -> Vec<T> {
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else { return vec![] };
    if parts.len() == 0 {
        return vec![work(first)];
    }
    let work = &work;
    std::thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
        let mut all = vec![work(first)];
        for other in others {
            match other.join() {
                Ok(done) => all.push(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    })
}

/// Bins of even width, told by some of the trials; what lies outside is in the first or last.
#[derive(Copy, Clone, Debug)]
struct Bins {
    least: f64,
    per_figure: f64,
}

impl Bins {
    fn like(some: &[f64], scale: f64) -> Self {
        let (least, greatest, _) = span(some);
        let (least, greatest) = (least / scale, greatest / scale);
        let per_figure = (BINS - 1) as f64 / (greatest - least);
        let is_usable = per_figure.is_finite() && per_figure > 0.0 && least.is_finite();
        if is_usable { Self { least, per_figure } } else { Self { least: 0.0, per_figure: 0.0 } }
    }

    /// A greater trial is never in a lower bin.
    #[inline(always)]
    fn of(self, trial: f64) -> u16 {
        /// Added to a small number, this rounds it to a whole one, which the lowest bits then hold.
        const ROUNDING: f64 = 6_755_399_441_055_744.0;
        let place = (trial - self.least) * self.per_figure;
        let place = if place > 0.0 { place } else { 0.0 };
        let place = if place < (BINS - 1) as f64 { place } else { (BINS - 1) as f64 };
        (place + ROUNDING).to_bits() as u16
    }
}

/// What a part of the trials shows at the first look.
struct Seen {
    least: f64,
    greatest: f64,
    /// The first that is no number.
    no_number: Option<usize>,
    /// Of each block: how far its trials are off the first of all, together.
    sums: Vec<f64>,
    counts: Vec<u32>,
}

fn look(part: &mut [f64], scale: f64, first: f64, bins: &Bins) -> Seen {
    let mut seen = Seen {
        least: f64::INFINITY,
        greatest: f64::NEG_INFINITY,
        no_number: None,
        sums: Vec::with_capacity(part.len().div_ceil(BLOCK)),
        counts: vec![],
    };
    // Two counts side by side: neighbours in one bin do not wait for each other.
    let mut counts = vec![[0_u32; 2]; BINS];
    let mut of_block = [0_u16; BLOCK];
    for (block, at) in part.chunks_mut(BLOCK).zip(0..) {
        if scale != 1.0 {
            let no_number = first_no_number(block);
            if let Some(within) = no_number {
                seen.no_number = Some(at * BLOCK + within);
                return seen;
            }
            block.iter_mut().for_each(|value| *value /= scale);
        }
        let (least, greatest, all_are_numbers) = span(block);
        if scale == 1.0 && !all_are_numbers {
            seen.no_number = first_no_number(block).map(|within| at * BLOCK + within);
            return seen;
        }
        seen.least = lesser(least, seen.least);
        seen.greatest = greater(greatest, seen.greatest);
        seen.sums.push(sums_off(block, first).0);
        sort_into(block, *bins, &mut of_block);
        for pair in of_block[..block.len()].chunks(2) {
            for (lane, bin) in pair.iter().enumerate() {
                counts[usize::from(*bin) % BINS][lane] += 1;
            }
        }
    }
    seen.counts = counts.iter().map(|[one, other]| one + other).collect();
    seen
}

fn first_no_number(block: &[f64]) -> Option<usize> {
    if span(block).2 { None } else { block.iter().position(|value| !value.is_finite()) }
}

/// What the second look brings.
struct Gathered {
    /// Of each block: how far its trials are off, together, and the squares of that.
    sums: Vec<(f64, f64)>,
    /// The trials of the bins that are asked for.
    rooms: Vec<Vec<f64>>,
}

fn gather(part: &[f64], near: f64, bins: &Bins, asked: &Asked) -> Gathered {
    let mut gathered = Gathered {
        sums: Vec::with_capacity(part.len().div_ceil(BLOCK)),
        rooms: asked.before.iter().map(|_| vec![]).collect(),
    };
    let mut of_block = [0_u16; BLOCK];
    for block in part.chunks(BLOCK) {
        gathered.sums.push(sums_off(block, near));
        sort_into(block, *bins, &mut of_block);
        for (trial, bin) in block.iter().zip(&of_block) {
            let room = asked.room_of[usize::from(*bin) % BINS];
            if room != NOT_ASKED
                && let Some(room) = gathered.rooms.get_mut(usize::from(room))
            {
                room.push(*trial);
            }
        }
    }
    gathered
}

/// The places of the order that percentiles lie between.
struct Orders {
    places: Vec<usize>,
    wanted: Vec<f64>,
    last: usize,
}

impl Orders {
    fn of(wanted: &[f64], trials: usize) -> Self {
        let last = trials.saturating_sub(1);
        // Each percentile lies between a trial and the next, by their order.
        let mut places: Vec<usize> = wanted
            .iter()
            .flat_map(|percent| {
                let at = place(*percent, last) as usize;
                [at, (at + 1).min(last)]
            })
            .collect();
        places.sort_unstable();
        places.dedup();
        Self { places, wanted: wanted.to_vec(), last }
    }

    /// Percentiles, between trials in a straight line (Hyndman and Fan's seventh kind, as numpy and R have it), of the
    /// trials at all places.
    fn percentiles(&self, found: &[f64]) -> Vec<f64> {
        let value = |order: usize| {
            self.places.binary_search(&order).ok().and_then(|at| found.get(at).copied()).unwrap_or(f64::NAN)
        };
        let between = |percent: &f64| {
            let at = place(*percent, self.last) as usize;
            let part = place(*percent, self.last) - at as f64;
            let low = value(at);
            if part == 0.0 { low } else { low + part * (value((at + 1).min(self.last)) - low) }
        };
        self.wanted.iter().map(between).collect()
    }
}

fn place(percent: f64, last: usize) -> f64 {
    percent / 100.0 * last as f64
}

/// The bins in which places of the order lie.
struct Asked {
    /// Of each bin its room, or that it has none.
    room_of: Vec<u8>,
    /// Of each room, how many trials lie before it.
    before: Vec<usize>,
}

impl Asked {
    fn of(places: &[usize], seen: &[Seen]) -> Self {
        let mut asked = Self { room_of: vec![NOT_ASKED; BINS], before: vec![] };
        let mut places = places.iter().copied().peekable();
        let mut before = 0;
        for (bin, room_of) in asked.room_of.iter_mut().enumerate() {
            let counts = seen.iter().filter_map(|seen| seen.counts.get(bin));
            let until = before + counts.map(|count| *count as usize).sum::<usize>();
            if places.next_if(|place| *place < until).is_some() {
                *room_of = asked.before.len() as u8;
                asked.before.push(before);
                while places.next_if(|place| *place < until).is_some() {}
            }
            before = until;
        }
        asked
    }

    /// The trials at all places.
    fn in_order(&self, places: &[usize], gathered: Vec<Gathered>) -> Vec<f64> {
        let mut rooms: Vec<Vec<f64>> = self.before.iter().map(|_| vec![]).collect();
        for gathered in gathered {
            for (room, part) in rooms.iter_mut().zip(gathered.rooms) {
                if room.is_empty() { *room = part } else { room.extend(part) }
            }
        }
        let mut found = Vec::with_capacity(places.len());
        let mut left = places;
        for (room, before) in rooms.iter_mut().zip(&self.before) {
            let many = left.partition_point(|place| place - before < room.len());
            let (here, rest) = left.split_at(many);
            let within: Vec<usize> = here.iter().map(|place| place - before).collect();
            put_in_order(room, &within, 0);
            found.extend(within.iter().filter_map(|place| room.get(*place)));
            left = rest;
        }
        found
    }
}

/// Puts those trials into their places that are asked for; so many as `from` tells lie before these.
fn put_in_order(trials: &mut [f64], places: &[usize], from: usize) {
    let (left_places, rest) = places.split_at(places.len() / 2);
    let Some((place, right_places)) = rest.split_first() else { return };
    let at = place - from;
    if trials.len() <= ORDERED_MAX || at >= trials.len() {
        return trials.sort_unstable_by(f64::total_cmp);
    }
    let (left, _, right) = trials.select_nth_unstable_by(at, f64::total_cmp);
    put_in_order(left, left_places, from);
    put_in_order(right, right_places, place + 1);
}

/// How many partial sums are kept side by side.
const PARTS: usize = 8;

/// How far the trials of a block are off a figure, together, and the squares of that.
#[multiversion::multiversion(targets("x86_64+avx2"))]
pub(super) fn sums_off(block: &[f64], middle: f64) -> (f64, f64) {
    let (mut parts, mut square_parts) = ([0.0; PARTS], [0.0; PARTS]);
    let (eights, rest) = block.as_chunks::<PARTS>();
    for eight in eights {
        for part in 0..PARTS {
            let off = eight[part] - middle;
            parts[part] += off;
            square_parts[part] += off * off;
        }
    }
    for value in rest {
        let off = value - middle;
        parts[0] += off;
        square_parts[0] += off * off;
    }
    (parts.iter().sum::<f64>(), square_parts.iter().sum::<f64>())
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn sort_into(trials: &[f64], bins: Bins, of: &mut [u16]) {
    for (bin, trial) in of.iter_mut().zip(trials) {
        *bin = bins.of(*trial);
    }
}

/// The smallest and the largest, and whether all are numbers.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn span(trials: &[f64]) -> (f64, f64, bool) {
    let (mut low, mut high, mut sum) = ([f64::INFINITY; PARTS], [f64::NEG_INFINITY; PARTS], [0.0; PARTS]);
    let (eights, rest) = trials.as_chunks::<PARTS>();
    for eight in eights {
        for part in 0..PARTS {
            low[part] = lesser(eight[part], low[part]);
            high[part] = greater(eight[part], high[part]);
            // Nothing times a number is nothing; times what is none, it is not.
            sum[part] += eight[part] * 0.0;
        }
    }
    for value in rest {
        low[0] = lesser(*value, low[0]);
        high[0] = greater(*value, high[0]);
        sum[0] += value * 0.0;
    }
    let least = low.iter().fold(f64::INFINITY, |least, value| lesser(*value, least));
    let greatest = high.iter().fold(f64::NEG_INFINITY, |greatest, value| greater(*value, greatest));
    (least, greatest, sum.iter().sum::<f64>() == 0.0)
}

/// The lesser of two, the second where neither is: in one instruction, and the same one of two zeros everywhere.
#[inline(always)]
fn lesser(one: f64, other: f64) -> f64 {
    if one < other { one } else { other }
}

#[inline(always)]
fn greater(one: f64, other: f64) -> f64 {
    if one > other { one } else { other }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percentiles(trials: &[f64], wanted: &[f64]) -> Vec<f64> {
        let mut sorted = trials.to_vec();
        sorted.sort_by(f64::total_cmp);
        let orders = Orders::of(wanted, trials.len());
        let found: Vec<f64> = orders.places.iter().map(|place| sorted[*place]).collect();
        orders.percentiles(&found)
    }

    fn drawn(trials: usize) -> Vec<f64> {
        let mut shares = vec![0.0; trials];
        crate::random::fill(crate::random::Stream { seed: 3, purpose: 0, block: 0 }, &mut shares);
        shares
    }

    #[test]
    fn percentiles_lie_between_trials_in_a_straight_line() {
        let trials = [5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!(percentiles(&trials, &[0.0, 25.0, 50.0, 90.0, 100.0]), [1.0, 2.0, 3.0, 4.6, 5.0]);
        assert_eq!(percentiles(&[7.0], &[5.0, 95.0]), [7.0, 7.0]);
        assert_eq!(tell(vec![7.0], 1.0, 1).unwrap().percentiles, [7.0; 7]);
    }

    #[test]
    fn percentiles_of_many_trials_are_those_of_their_order() {
        let of = |shape: &dyn Fn(f64) -> f64| drawn(50_000).into_iter().map(shape).collect::<Vec<f64>>();
        let far_from_even = of(&|share| (20.0 * share).exp());
        let mostly_nothing = of(&|share| if share < 0.97 { 0.0 } else { share });
        let from_two_values = of(&|share| if share < 0.3 { -0.0 } else { 0.0 });
        // The first block tells nothing of the others.
        let mut late = vec![3.0; 10_000];
        late.extend(of(&|share| 1e9 * (share - 0.4)));
        for trials in [far_from_even, mostly_nothing, from_two_values, late, of(&|share| -share)] {
            let wanted = percentiles(&trials, &PERCENTILES);
            for threads in [1, 2, 5] {
                let told = tell(trials.clone(), 1.0, threads).unwrap();
                let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<u64>>();
                assert_eq!(bits(&told.percentiles), bits(&wanted));
                assert!(trials.iter().all(|value| (told.least..=told.greatest).contains(value)));
                assert!(trials.contains(&told.least) && trials.contains(&told.greatest));
            }
        }
    }

    #[test]
    fn every_number_of_threads_tells_the_same() {
        let trials = drawn(100_001);
        let one = tell(trials.clone(), 3.0, 1).unwrap();
        for threads in [2, 3, 30] {
            assert_eq!(tell(trials.clone(), 3.0, threads).unwrap(), one);
        }
        assert_eq!(one.trials[7], trials[7] / 3.0);
    }

    #[test]
    fn what_is_no_number_is_noticed_where_it_comes_first() {
        for (scale, trials) in [(1.0, 100), (60.0, 100), (1.0, 90_000), (60.0, 90_000)] {
            for no_number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let mut all = vec![1.0; trials];
                assert!(tell(all.clone(), scale, 2).is_ok());
                let at = trials - 43;
                (all[at], all[trials - 1]) = (no_number, f64::NAN);
                assert_eq!(tell(all, scale, 2), Err(at));
            }
        }
    }

    #[test]
    fn moments_lose_nothing_far_from_zero() {
        let trials: Vec<f64> = (0..10_000).map(|trial| 1e9 + f64::from(trial % 2)).collect();
        let told = tell(trials, 1.0, 1).unwrap();
        assert_eq!(told.mean, 1e9 + 0.5);
        assert!((told.deviation - 0.5).abs() < 1e-4);
    }
}
