//! The families of fiducials: how their cells are laid out, which are printed dark, and how large they are.
//!
//! A cell is counted from the corner where the detection corners begin: cell (0, 0) touches the first of them from
//! inside, x goes right and y down on the printed sheet. The frame may reach outside of that square.

/// Bits of 36h11 in the order of its code words, as x and y of their cells.
const BITS_36H11: [(i8, i8); 36] = [
    (1, 1),
    (2, 1),
    (3, 1),
    (4, 1),
    (5, 1),
    (2, 2),
    (3, 2),
    (4, 2),
    (3, 3),
    (6, 1),
    (6, 2),
    (6, 3),
    (6, 4),
    (6, 5),
    (5, 2),
    (5, 3),
    (5, 4),
    (4, 3),
    (6, 6),
    (5, 6),
    (4, 6),
    (3, 6),
    (2, 6),
    (5, 5),
    (4, 5),
    (3, 5),
    (4, 4),
    (1, 6),
    (1, 5),
    (1, 4),
    (1, 3),
    (1, 2),
    (2, 5),
    (2, 4),
    (2, 3),
    (3, 4),
];

/// Bits of standard 41h12 in the order of its code words, as x and y of their cells.
const BITS_41H12: [(i8, i8); 41] = [
    (-2, -2),
    (-1, -2),
    (0, -2),
    (1, -2),
    (2, -2),
    (3, -2),
    (4, -2),
    (5, -2),
    (1, 1),
    (2, 1),
    (6, -2),
    (6, -1),
    (6, 0),
    (6, 1),
    (6, 2),
    (6, 3),
    (6, 4),
    (6, 5),
    (3, 1),
    (3, 2),
    (6, 6),
    (5, 6),
    (4, 6),
    (3, 6),
    (2, 6),
    (1, 6),
    (0, 6),
    (-1, 6),
    (3, 3),
    (2, 3),
    (-2, 6),
    (-2, 5),
    (-2, 4),
    (-2, 3),
    (-2, 2),
    (-2, 1),
    (-2, 0),
    (-2, -1),
    (1, 3),
    (1, 2),
    (2, 2),
];

/// Code words of 36h11, 5 bytes each; see `assets/README.md`.
const CODES_36H11: &[u8] = include_bytes!("../../assets/tag36h11.codes");
/// Code words of standard 41h12, 6 bytes each; see `assets/README.md`.
const CODES_41H12: &[u8] = include_bytes!("../../assets/tagStandard41h12.codes");

/// A family of fiducials.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FiducialFamily {
    /// AprilTag 36h11: 587 ids, a black frame around 6 × 6 bits.
    Tag36h11,
    /// AprilTag standard 41h12: 2,115 ids, a white frame within a black one, bits inside and outside of it.
    TagStandard41h12,
}

impl FiducialFamily {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Tag36h11, Self::TagStandard41h12];

    /// Its name, as its makers write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tag36h11 => "tag36h11",
            Self::TagStandard41h12 => "tagStandard41h12",
        }
    }

    /// How many ids it has; they count from 0.
    pub fn id_count(self) -> u32 {
        (self.code_bytes().len() / self.code_width_bytes()) as u32
    }

    /// The distance between neighbouring detection corners, in cells. «Tag size» means this and not the printed side.
    pub fn corner_distance_cells(self) -> u32 {
        match self {
            Self::Tag36h11 => 8,
            Self::TagStandard41h12 => 5,
        }
    }

    /// The side of all that is printed, in cells: with the white rim of 36h11 and the outer bits of 41h12.
    pub fn printed_side_cells(self) -> u32 {
        match self {
            Self::Tag36h11 => 10,
            Self::TagStandard41h12 => 9,
        }
    }

    /// The side to print, in metres, for detection corners that are `corner_distance_m` apart.
    pub fn printed_side_m(self, corner_distance_m: f64) -> f64 {
        corner_distance_m * f64::from(self.printed_side_cells()) / f64::from(self.corner_distance_cells())
    }

    /// The distance between detection corners, in metres, of a fiducial that was printed `printed_side_m` wide.
    pub fn corner_distance_m(self, printed_side_m: f64) -> f64 {
        printed_side_m * f64::from(self.corner_distance_cells()) / f64::from(self.printed_side_cells())
    }

    /// What to print for `id`: rows from the top, true is white, as many as [`Self::printed_side_cells`]. Nothing when
    /// the family has no such id.
    pub fn bitmap(self, id: u32) -> Option<Vec<Vec<bool>>> {
        let word = self.word(id)?;
        let side = self.printed_side_cells() as usize;
        let rim = self.rim_cells();
        let distance = self.corner_distance_cells() as i32;
        let mut rows = vec![vec![false; side]; side];
        for (y, row) in rows.iter_mut().enumerate() {
            for (x, cell) in row.iter_mut().enumerate() {
                *cell = self.frame_is_white(x as i32 - rim, y as i32 - rim, distance);
            }
        }
        for (bit, &(x, y)) in self.bit_cells().iter().enumerate() {
            let white = word >> (self.bit_count() - 1 - bit as u32) & 1 == 1;
            let (row, column) = ((i32::from(y) + rim) as usize, (i32::from(x) + rim) as usize);
            if let Some(cell) = rows.get_mut(row).and_then(|row| row.get_mut(column)) {
                *cell = white;
            }
        }
        Some(rows)
    }

    /// Cells printed outside of the detection corners, on each side.
    pub(crate) fn rim_cells(self) -> i32 {
        (self.printed_side_cells() as i32 - self.corner_distance_cells() as i32) / 2
    }

    /// Whether the square between the detection corners is lighter than what surrounds it.
    pub(crate) fn is_light_inside(self) -> bool {
        self == Self::TagStandard41h12
    }

    /// How many bits a code word has.
    pub(crate) fn bit_count(self) -> u32 {
        self.bit_cells().len() as u32
    }

    /// The cells of the bits, the highest first.
    pub(crate) fn bit_cells(self) -> &'static [(i8, i8)] {
        match self {
            Self::Tag36h11 => &BITS_36H11,
            Self::TagStandard41h12 => &BITS_41H12,
        }
    }

    /// How many wrong bits are put right: with more, surfaces that are no fiducials would be read as some.
    pub(crate) fn corrected_bits(self) -> u32 {
        match self {
            Self::Tag36h11 => 2,
            Self::TagStandard41h12 => 1,
        }
    }

    /// The code word of `id`.
    pub(crate) fn word(self, id: u32) -> Option<u64> {
        let width = self.code_width_bytes();
        let bytes = self.code_bytes().get(id as usize * width..(id as usize + 1) * width)?;
        Some(bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)))
    }

    /// `word` as it is read when the fiducial is turned by a quarter: bits come in four groups that take turns, and 41h12
    /// has one in the middle that stays.
    pub(crate) fn turned(self, word: u64) -> u64 {
        let count = self.bit_count();
        let fixed = count % 4;
        let quarter = count / 4;
        let ring = word >> fixed;
        let turned = (ring << quarter | ring >> (3 * quarter)) & ((1 << (4 * quarter)) - 1);
        turned << fixed | word & ((1 << fixed) - 1)
    }

    /// Whether a cell of the frame is white.
    fn frame_is_white(self, x: i32, y: i32, distance: i32) -> bool {
        let outside = x < 0 || y < 0 || x >= distance || y >= distance;
        match self {
            Self::Tag36h11 => outside,
            Self::TagStandard41h12 => {
                !outside && (x == 0 || y == 0 || x == distance - 1 || y == distance - 1)
            }
        }
    }

    fn code_bytes(self) -> &'static [u8] {
        match self {
            Self::Tag36h11 => CODES_36H11,
            Self::TagStandard41h12 => CODES_41H12,
        }
    }

    fn code_width_bytes(self) -> usize {
        match self {
            Self::Tag36h11 => 5,
            Self::TagStandard41h12 => 6,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_the_distance_of_the_corners_and_not_the_printed_side() {
        assert_eq!(FiducialFamily::Tag36h11.printed_side_m(0.16), 0.2);
        assert_eq!(FiducialFamily::TagStandard41h12.printed_side_m(0.1), 0.18);
        assert!((FiducialFamily::TagStandard41h12.corner_distance_m(0.18) - 0.1).abs() < 1e-15);
    }

    #[test]
    fn an_id_that_the_family_lacks_has_no_bitmap() {
        assert!(FiducialFamily::Tag36h11.bitmap(587).is_none());
        assert!(FiducialFamily::TagStandard41h12.bitmap(2_115).is_none());
    }

    #[test]
    fn four_quarter_turns_are_none() {
        for family in FiducialFamily::ALL {
            let word = family.word(7).unwrap();
            let turned = (0..4).fold(word, |word, _| family.turned(word));
            assert_eq!(turned, word);
            assert_ne!(family.turned(word), word);
        }
    }

    #[test]
    fn a_turned_word_is_what_a_turned_bitmap_says() {
        for family in FiducialFamily::ALL {
            let bitmap = family.bitmap(3).unwrap();
            let side = bitmap.len();
            let rim = family.rim_cells();
            // A quarter counter-clockwise: what was right is on top.
            let read = family.bit_cells().iter().fold(0_u64, |word, &(x, y)| {
                let (row, column) = ((i32::from(y) + rim) as usize, (i32::from(x) + rim) as usize);
                word << 1 | u64::from(bitmap[column][side - 1 - row])
            });
            assert_eq!(read, family.turned(family.word(3).unwrap()));
        }
    }
}
