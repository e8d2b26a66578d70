//! Chance from a seed: the same numbers on every machine.
//!
//! xoshiro256++ 1.0 (Blackman and Vigna, «Scrambled linear pseudorandom number generators», ACM TOMS 47, 2021), eight side by
//! side, so that numbers come many at a time. Each purpose and each block of trials has a stream of its own: whichever
//! thread takes it, and whatever else is drawn, the numbers are the same.

/// Generators side by side.
pub const LANES: usize = 8;

/// Numbers by chance, one after the other.
#[derive(Clone, Debug)]
pub struct Chance {
    lanes: Lanes,
    ready: [u64; LANES],
    /// Of those, so many are used.
    used: usize,
}

/// Eight generators.
#[derive(Clone, Debug)]
struct Lanes {
    state: [[u64; LANES]; 4],
}

/// Names a stream of numbers: what it is for, and the block of trials.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Of the whole run.
    pub seed: u64,
    /// What is drawn: a variable's place, say.
    pub purpose: u64,
    /// Which block of trials, or which run.
    pub block: u64,
}

impl Chance {
    /// The numbers of a stream, from their beginning.
    pub fn new(stream: Stream) -> Self {
        Self { lanes: Lanes::new(stream), ready: [0; LANES], used: LANES }
    }

    /// 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        if self.used == LANES {
            self.ready = self.lanes.next();
            self.used = 0;
        }
        let bits = self.ready[self.used];
        self.used += 1;
        bits
    }

    /// A number between 0 and 1, never one of those.
    #[inline]
    pub fn share(&mut self) -> f64 {
        share_of(self.bits())
    }

    /// Fills `shares` with the next numbers between 0 and 1: those that [`Self::share`] gives one by one.
    pub fn fill(&mut self, shares: &mut [f64]) {
        let ready = (LANES - self.used).min(shares.len());
        let (first, rest) = shares.split_at_mut(ready);
        first.fill_with(|| self.share());
        let (eights, last) = rest.as_chunks_mut::<LANES>();
        fill_eights(&mut self.lanes, eights);
        last.fill_with(|| self.share());
    }
}

/// Fills `shares` with the first numbers between 0 and 1 of a stream: those that [`Chance`] gives one by one.
pub fn fill(stream: Stream, shares: &mut [f64]) {
    Chance::new(stream).fill(shares);
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn fill_eights(lanes: &mut Lanes, eights: &mut [[f64; LANES]]) {
    for eight in eights {
        *eight = lanes.next().map(share_of);
    }
}

/// 52 of the bits as a number between 0 and 1: in the middle of what the others would tell apart.
#[inline(always)]
fn share_of(bits: u64) -> f64 {
    const HALF_STEP: f64 = 1.0 / 9_007_199_254_740_992.0;
    f64::from_bits(0x3FF0_0000_0000_0000 | bits >> 12) - (1.0 - HALF_STEP)
}

impl Lanes {
    fn new(Stream { seed, purpose, block }: Stream) -> Self {
        // Each word once through the mixer: streams that differ in one bit share nothing.
        let mut mixer = mix(seed).wrapping_add(purpose);
        mixer = mix(mixer).wrapping_add(block);
        let mut state = [[0; LANES]; 4];
        for word in state.iter_mut().flatten() {
            mixer = mixer.wrapping_add(0x9E37_79B9_7F4A_7C15);
            *word = mix(mixer);
        }
        Self { state }
    }

    #[inline(always)]
    fn next(&mut self) -> [u64; LANES] {
        let [a, b, c, d] = &mut self.state;
        let mut result = [0; LANES];
        for lane in 0..LANES {
            result[lane] = a[lane].wrapping_add(d[lane]).rotate_left(23).wrapping_add(a[lane]);
            let shifted = b[lane] << 17;
            c[lane] ^= a[lane];
            d[lane] ^= b[lane];
            b[lane] ^= c[lane];
            a[lane] ^= d[lane];
            c[lane] ^= shifted;
            d[lane] = d[lane].rotate_left(45);
        }
        result
    }
}

/// SplitMix64's finish (Steele, Lea and Flood, OOPSLA 2014).
fn mix(word: u64) -> u64 {
    let word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ word >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: Stream = Stream { seed: 1, purpose: 2, block: 3 };

    #[test]
    fn a_lane_is_the_published_generator() {
        // The makers' xoshiro256plusplus.c, from the state 1, 2, 3, 4.
        let state = [1, 2, 3, 4].map(|word| [word; LANES]);
        let mut lanes = Lanes { state };
        let drawn: Vec<u64> = (0..4).map(|_| lanes.next()[5]).collect();
        assert_eq!(drawn, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn many_at_a_time_are_those_one_by_one() {
        let mut many = [0.0; 100];
        fill(STREAM, &mut many);
        let mut chance = Chance::new(STREAM);
        assert!(many.iter().all(|share| *share == chance.share()));
    }

    #[test]
    fn many_at_a_time_go_on_where_the_last_ended() {
        let (mut chance, mut other) = (Chance::new(STREAM), Chance::new(STREAM));
        for many in [3, 8, 0, 21, 1, 64] {
            let mut shares = vec![0.0; many];
            chance.fill(&mut shares);
            assert!(shares.iter().all(|share| *share == other.share()));
        }
    }

    #[test]
    fn streams_have_nothing_in_common() {
        let first = |stream| Chance::new(stream).bits();
        let streams = [
            STREAM,
            Stream { seed: 2, ..STREAM },
            Stream { purpose: 3, ..STREAM },
            Stream { block: 4, ..STREAM },
            Stream { seed: 1, purpose: 3, block: 2 },
        ];
        let mut drawn = streams.map(first).to_vec();
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), streams.len());
    }

    #[test]
    fn shares_never_reach_their_ends() {
        assert!(share_of(0) > 0.0 && share_of(u64::MAX) < 1.0);
        assert_eq!(share_of(1 << 63), 0.5 + 1.0 / 9_007_199_254_740_992.0);
    }

    #[test]
    fn shares_are_spread_evenly() {
        let mut shares = vec![0.0; 1_000_000];
        fill(STREAM, &mut shares);
        let mean = shares.iter().sum::<f64>() / 1e6;
        let square = shares.iter().map(|share| (share - 0.5) * (share - 0.5)).sum::<f64>() / 1e6;
        // Within four standard errors.
        assert!((mean - 0.5).abs() < 4.0 * (1.0_f64 / 12.0 / 1e6).sqrt(), "mean {mean}");
        assert!((square - 1.0 / 12.0).abs() < 4.0 * (1.0_f64 / 180.0 / 1e6).sqrt(), "variance {square}");
    }
}
