//! Points spread evenly over a cube: Sobol's sequence, scrambled as Owen does, so that means over them are unbiased and come
//! nearer the truth with far fewer trials than by chance.
//!
//! Scrambling by hashing (Laine and Karras 2011; Burley, «Practical hash-based Owen scrambling», JCGT 9, 2020; constants of
//! Vegdahl 2021): the same bits from the same seed, each point alone, in whichever order.

mod directions;

use directions::DIRECTIONS;

/// How many dimensions there are.
pub const DIMENSIONS: usize = 128;
/// The bits of a coordinate.
const BITS: usize = 32;

/// One dimension of the sequence.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// What each bit of a point's index adds, with the coordinate's bits reversed.
    reversed: [u32; BITS],
    scramble: u32,
}

impl Dimension {
    /// The dimension `dimension`, scrambled by `seed`; nothing beyond [`DIMENSIONS`].
    pub fn new(dimension: usize, seed: u64) -> Option<Self> {
        let reversed = directions_of(dimension)?.map(u32::reverse_bits);
        let mixed = (seed ^ (dimension as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))
            .wrapping_mul(0xD6E8_FEB8_6659_FD93);
        Some(Self { reversed, scramble: (mixed >> 32) as u32 })
    }

    /// The coordinates of points `first` and those after it; `first` is a multiple of a power of two that is no less than
    /// how many there are. None of them is 0 or 1.
    pub fn fill(&self, first: u64, to: &mut [f64]) {
        let mut words = vec![0_u32; to.len().next_power_of_two()];
        // What the index's high bits say is the same for all of them; its low ones double what there is.
        let base =
            (0..BITS).filter(|bit| first >> bit & 1 == 1).fold(0, |word, bit| word ^ self.reversed[bit]);
        words[0] = base;
        let mut have = 1;
        for direction in self.reversed {
            if have >= words.len() {
                break;
            }
            let (known, next) = words.split_at_mut(have);
            for (next, known) in next.iter_mut().zip(&*known) {
                *next = known ^ direction;
            }
            have *= 2;
        }
        scramble(&words, self.scramble, to);
    }
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn scramble(words: &[u32], seed: u32, to: &mut [f64]) {
    const STEP: f64 = 1.0 / 4_294_967_296.0;
    for (to, word) in to.iter_mut().zip(words) {
        let mut word = word ^ word.wrapping_mul(0x3D20_ADEA);
        word = word.wrapping_add(seed);
        word = word.wrapping_mul(seed >> 16 | 1);
        word ^= word.wrapping_mul(0x0552_6C56);
        word ^= word.wrapping_mul(0x53A2_2864);
        *to = (f64::from(word.reverse_bits()) + 0.5) * STEP;
    }
}

fn directions_of(dimension: usize) -> Option<[u32; BITS]> {
    let mut directions = [0_u32; BITS];
    let Some(place) = dimension.checked_sub(1) else {
        for (bit, direction) in directions.iter_mut().enumerate() {
            *direction = 1 << (BITS - 1 - bit);
        }
        return Some(directions);
    };
    let (polynomial, first) = DIRECTIONS.get(place)?;
    let degree = first.len();
    for bit in 0..BITS {
        directions[bit] = match first.get(bit) {
            Some(number) => number << (BITS - 1 - bit),
            None => {
                let before = directions[bit - degree];
                let taps = (1..degree).filter(|tap| polynomial >> (degree - tap) & 1 == 1);
                taps.fold(before ^ before >> degree, |sum, tap| sum ^ directions[bit - tap])
            }
        };
    }
    Some(directions)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The coordinates before they are scrambled.
    fn plain(dimension: usize, index: u32) -> f64 {
        let directions = directions_of(dimension).unwrap();
        let word = (0..BITS).filter(|bit| index >> bit & 1 == 1).fold(0, |word, bit| word ^ directions[bit]);
        f64::from(word) / 4_294_967_296.0
    }

    #[test]
    fn points_are_the_published_ones() {
        // scipy.stats.qmc.Sobol (1.16, scramble=False): it goes by Gray's code, so that its point n is ours n ^ n / 2.
        let known = [
            (1, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]),
            (2, [0.75, 0.25, 0.25, 0.75, 0.25, 0.25]),
            (3, [0.25, 0.75, 0.75, 0.25, 0.75, 0.75]),
            (7, [0.125, 0.625, 0.375, 0.375, 0.125, 0.375]),
            (13, [0.8125, 0.6875, 0.8125, 0.9375, 0.9375, 0.1875]),
        ];
        for (index, coordinates) in known {
            for (dimension, wanted) in [0, 1, 2, 5, 40, 127].into_iter().zip(coordinates) {
                assert_eq!(
                    plain(dimension, index ^ index >> 1),
                    wanted,
                    "point {index}, dimension {dimension}"
                );
            }
        }
        assert!(Dimension::new(DIMENSIONS - 1, 1).is_some() && Dimension::new(DIMENSIONS, 1).is_none());
    }

    #[test]
    fn scrambled_points_still_fill_every_part_once() {
        for dimension in [0, 1, 17, 127] {
            let mut shares = vec![0.0; 4_096];
            Dimension::new(dimension, 99).unwrap().fill(0, &mut shares);
            let mut parts: Vec<usize> = shares.iter().map(|share| (share * 4_096.0) as usize).collect();
            parts.sort_unstable();
            assert!(parts.into_iter().eq(0..4_096), "dimension {dimension}");
        }
    }

    #[test]
    fn a_later_block_goes_on_where_the_first_ends() {
        let dimension = Dimension::new(9, 5).unwrap();
        let mut whole = vec![0.0; 8_192];
        dimension.fill(0, &mut whole);
        let mut second = vec![0.0; 4_096];
        dimension.fill(4_096, &mut second);
        assert_eq!(whole[4_096..], second);
    }

    #[test]
    fn a_mean_comes_nearer_the_truth_than_by_chance() {
        // Of x · y over the unit square: 1/4. By chance it is off by about 0.22 / √n.
        let mut shares = [vec![0.0; 4_096], vec![0.0; 4_096]];
        for (dimension, shares) in shares.iter_mut().enumerate() {
            Dimension::new(dimension, 3).unwrap().fill(0, shares);
        }
        let mean = shares[0].iter().zip(&shares[1]).map(|(x, y)| x * y).sum::<f64>() / 4_096.0;
        assert!((mean - 0.25).abs() < 0.22 / 64.0 / 20.0, "{mean}");
    }
}
