//! Which id a read word means, with a few wrong bits put right.

use super::family::FiducialFamily;

/// A word with at most two wrong bits has at least one of three parts untouched.
const PARTS: u32 = 3;

/// All words of a family, found by any untouched third of what was read.
#[derive(Clone, Debug)]
pub(crate) struct Codebook {
    family: FiducialFamily,
    words: Vec<u64>,
    parts: Vec<Part>,
}

/// Ids by the value of some bits of their words.
#[derive(Clone, Debug)]
struct Part {
    shift: u32,
    mask: u64,
    /// Where each value's ids begin; one more than there are values.
    starts: Vec<u16>,
    ids: Vec<u16>,
}

/// What a word means.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The id.
    pub id: u32,
    /// How often the fiducial is turned by a quarter against the order in which it was read.
    pub quarter_turns: u32,
    /// How many bits were wrong.
    pub wrong_bits: u32,
}

impl Codebook {
    pub(crate) fn new(family: FiducialFamily) -> Self {
        let words: Vec<u64> = (0..family.id_count()).map_while(|id| family.word(id)).collect();
        let width = family.bit_count().div_ceil(PARTS);
        let parts = (0..PARTS).map(|part| Part::new(&words, part * width, width)).collect();
        Self { family, words, parts }
    }

    /// The id whose word differs from `word`, or from it turned, in no more bits than the family may put right.
    pub(crate) fn read(&self, word: u64) -> Option<Reading> {
        let mut turned = word;
        for turns in 0..4 {
            if let Some((id, wrong_bits)) = self.nearest(turned) {
                return Some(Reading { id, quarter_turns: (4 - turns) % 4, wrong_bits });
            }
            turned = self.family.turned(turned);
        }
        None
    }

    fn nearest(&self, word: u64) -> Option<(u32, u32)> {
        let most = self.family.corrected_bits();
        self.parts.iter().flat_map(|part| part.ids_of(word)).find_map(|&id| {
            let wrong = (self.words.get(usize::from(id))? ^ word).count_ones();
            (wrong <= most).then_some((u32::from(id), wrong))
        })
    }
}

impl Part {
    fn new(words: &[u64], shift: u32, width: u32) -> Self {
        let mask = (1_u64 << width) - 1;
        let value = |word: &u64| (word >> shift & mask) as usize;
        let mut ids: Vec<u16> = (0..words.len() as u16).collect();
        ids.sort_by_key(|id| words.get(usize::from(*id)).map(value));
        let mut starts = vec![0_u16; (1 << width) + 1];
        for word in words {
            starts[value(word) + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        Self { shift, mask, starts, ids }
    }

    fn ids_of(&self, word: u64) -> &[u16] {
        let value = (word >> self.shift & self.mask) as usize;
        &self.ids[usize::from(self.starts[value])..usize::from(self.starts[value + 1])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_as_its_id_in_all_four_attitudes() {
        for family in FiducialFamily::ALL {
            let book = Codebook::new(family);
            for id in 0..family.id_count() {
                let mut word = family.word(id).unwrap();
                for quarter_turns in 0..4 {
                    assert_eq!(book.read(word), Some(Reading { id, quarter_turns, wrong_bits: 0 }));
                    word = family.turned(word);
                }
            }
        }
    }

    #[test]
    fn as_many_wrong_bits_are_put_right_as_the_family_may() {
        for family in FiducialFamily::ALL {
            let book = Codebook::new(family);
            let word = family.word(11).unwrap();
            for first in 0..family.bit_count() {
                let second = (first + 5) % family.bit_count();
                let two_wrong = word ^ 1 << first ^ 1 << second;
                assert_eq!(
                    book.read(word ^ 1 << first).map(|read| (read.id, read.wrong_bits)),
                    Some((11, 1))
                );
                let expected = (family.corrected_bits() == 2).then_some((11, 2));
                assert_eq!(book.read(two_wrong).map(|read| (read.id, read.wrong_bits)), expected);
            }
        }
    }

    #[test]
    fn every_word_has_bits_of_either_kind() {
        for family in FiducialFamily::ALL {
            let count = f64::from(family.bit_count());
            let shares =
                (0..family.id_count()).map(|id| f64::from(family.word(id).unwrap().count_ones()) / count);
            let (low, high) =
                shares.fold((1.0_f64, 0.0_f64), |(low, high), share| (low.min(share), high.max(share)));
            assert!(low >= 0.2 && high <= 0.8, "{} {low} {high}", family.as_str());
        }
    }

    #[test]
    fn no_fiducial_reads_as_any_when_it_is_mirrored() {
        for family in FiducialFamily::ALL {
            let book = Codebook::new(family);
            let rim = family.rim_cells();
            for id in 0..family.id_count() {
                let bitmap = family.bitmap(id).unwrap();
                let side = bitmap.len();
                let mirrored = family.bit_cells().iter().fold(0_u64, |word, &(x, y)| {
                    let (row, column) = ((i32::from(y) + rim) as usize, (i32::from(x) + rim) as usize);
                    word << 1 | u64::from(bitmap[row][side - 1 - column])
                });
                assert_eq!(book.read(mirrored), None, "{} {id}", family.as_str());
            }
        }
    }
}
