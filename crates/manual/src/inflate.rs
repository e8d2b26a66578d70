//! What deflated bytes would inflate to, found without inflating them: lengths are added up, nothing is kept.
//!
//! It forgives what the most forgiving of the renderer's three readers forgives, so that it never tells less than any of
//! them would write. It costs time by what is packed, not by what would come out.

/// Where extra bits and the least length of a length code stand.
const LENGTHS: [(u8, u16); 29] = [
    (0, 3),
    (0, 4),
    (0, 5),
    (0, 6),
    (0, 7),
    (0, 8),
    (0, 9),
    (0, 10),
    (1, 11),
    (1, 13),
    (1, 15),
    (1, 17),
    (2, 19),
    (2, 23),
    (2, 27),
    (2, 31),
    (3, 35),
    (3, 43),
    (3, 51),
    (3, 59),
    (4, 67),
    (4, 83),
    (4, 99),
    (4, 115),
    (5, 131),
    (5, 163),
    (5, 195),
    (5, 227),
    (0, 258),
];
/// The order in which lengths of codes for lengths stand.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/// Extra bits of the codes for distances.
fn distance_bits(code: u16) -> Option<u32> {
    match code {
        0..=3 => Some(0),
        4..=29 => Some(u32::from(code) / 2 - 1),
        _ => None,
    }
}

/// What was found of deflated bytes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inflated {
    /// How many bytes come out, at most one block more than was asked about.
    pub(crate) bytes: u64,
    /// How many bytes were followed code by code.
    pub(crate) read: u64,
}

/// How much these bytes inflate to as zlib writes them, and without its frame, whichever is more; counting ends above
/// `most`.
pub(crate) fn inflated(data: &[u8], most: u64) -> Inflated {
    let is_zlib = matches!(data, [first, second, ..]
        if first & 0x0f == 8 && u16::from_be_bytes([*first, *second]) % 31 == 0);
    // What has zlib's frame is read without it only by the reader that forgives nothing.
    let bare = count(data, most, is_zlib);
    if !is_zlib || bare.bytes > most {
        return bare;
    }
    let framed = count(data.get(2..).unwrap_or_default(), most, false);
    Inflated { bytes: framed.bytes.max(bare.bytes), read: framed.read + bare.read }
}

fn count(data: &[u8], most: u64, is_strict: bool) -> Inflated {
    let mut bits = Bits { data, at: 0, held: 0, held_bits: 0, followed: 0, is_strict };
    let mut bytes = 0;
    loop {
        let is_end = blocks(&mut bits, &mut bytes, most).is_none();
        if is_end || bytes > most || bits.at >= data.len() {
            return Inflated { bytes, read: bits.followed };
        }
    }
}

/// One block; none when it was the last, or cannot be followed.
fn blocks(bits: &mut Bits<'_>, bytes: &mut u64, most: u64) -> Option<()> {
    let is_last = bits.take(1)? == 1;
    match bits.take(2)? {
        0 => stored(bits, bytes)?,
        1 => {
            let mut lengths = [8_u8; 288];
            lengths[144..256].fill(9);
            lengths[256..280].fill(7);
            packed(bits, &Codes::of(&lengths), &Codes::of(&[5; 30]), bytes, most)?;
        }
        2 => {
            let (letters, distances) = tables(bits)?;
            packed(bits, &letters, &distances, bytes, most)?;
        }
        _ => return None,
    }
    (!is_last).then_some(())
}

/// A block that is not packed. Whether its length is told twice alike, only a strict reader asks.
fn stored(bits: &mut Bits<'_>, bytes: &mut u64) -> Option<()> {
    // What is held of whole bytes belongs to the block.
    bits.at -= (bits.held_bits / 8) as usize;
    (bits.held, bits.held_bits) = (0, 0);
    let header = bits.data.get(bits.at..bits.at + 4)?;
    let length = usize::from(u16::from_le_bytes([*header.first()?, *header.get(1)?]));
    let again = usize::from(u16::from_le_bytes([*header.get(2)?, *header.get(3)?]));
    if bits.is_strict && length ^ again != 0xFFFF {
        return None;
    }
    bits.at += 4;
    let there = length.min(bits.data.len() - bits.at);
    bits.at += there;
    *bytes += there as u64;
    (there == length).then_some(())
}

fn packed(bits: &mut Bits<'_>, letters: &Codes, distances: &Codes, bytes: &mut u64, most: u64) -> Option<()> {
    while *bytes <= most {
        let code = bits.code(letters)?;
        if code < 256 {
            *bytes += 1;
            continue;
        }
        if code == 256 {
            return Some(());
        }
        let (extra, least) = LENGTHS.get(usize::from(code) - 257)?;
        let length = u64::from(*least) + u64::from(bits.take(u32::from(*extra))?);
        let distance = bits.code(distances)?;
        bits.take(distance_bits(distance)?)?;
        *bytes += length;
    }
    Some(())
}

fn tables(bits: &mut Bits<'_>) -> Option<(Codes, Codes)> {
    let letter_count = bits.take(5)? as usize + 257;
    let distance_count = bits.take(5)? as usize + 1;
    let order_count = bits.take(4)? as usize + 4;
    let mut of_lengths = [0_u8; 19];
    for place in ORDER.iter().take(order_count) {
        *of_lengths.get_mut(*place)? = bits.take(3)? as u8;
    }
    let of_lengths = Codes::of(&of_lengths);
    let all = letter_count + distance_count;
    let mut lengths = Vec::with_capacity(all);
    while lengths.len() < all {
        let (length, times) = match bits.code(&of_lengths)? {
            code @ 0..=15 => (code as u8, 1),
            16 => (lengths.last().copied().unwrap_or(0), bits.take(2)? + 3),
            17 => (0, bits.take(3)? + 3),
            _ => (0, bits.take(7)? + 11),
        };
        lengths.extend(std::iter::repeat_n(length, (times as usize).min(all - lengths.len())));
    }
    let (letters, distances) = lengths.split_at(letter_count);
    Some((Codes::of(letters), Codes::of(distances)))
}

/// Codes, found by the next bits of the stream.
struct Codes {
    /// The length of a code and what it stands for; no length, no code.
    by_bits: Vec<(u8, u16)>,
    longest: u32,
}

impl Codes {
    fn of(lengths: &[u8]) -> Self {
        let longest = u32::from(lengths.iter().copied().max().unwrap_or(0).max(1));
        let mut by_bits = vec![(0, 0); 1 << longest];
        let mut code = 0_u32;
        for length in 1..=longest {
            for (value, _) in lengths.iter().enumerate().filter(|(_, own)| u32::from(**own) == length) {
                let reversed = code.reverse_bits() >> (32 - length);
                for place in by_bits.iter_mut().skip(reversed as usize).step_by(1 << length) {
                    *place = (length as u8, value as u16);
                }
                code = code.wrapping_add(1);
            }
            code = code.wrapping_shl(1);
        }
        Self { by_bits, longest }
    }
}

struct Bits<'d> {
    data: &'d [u8],
    at: usize,
    held: u64,
    held_bits: u32,
    followed: u64,
    is_strict: bool,
}

impl Bits<'_> {
    /// Holds at least so many bits, if there are.
    fn hold(&mut self, bits: u32) {
        while self.held_bits < bits {
            let Some(byte) = self.data.get(self.at) else { return };
            self.held |= u64::from(*byte) << self.held_bits;
            self.held_bits += 8;
            self.at += 1;
            self.followed += 1;
        }
    }

    fn take(&mut self, bits: u32) -> Option<u32> {
        self.hold(bits);
        if self.held_bits < bits {
            return None;
        }
        let taken = self.held & ((1 << bits) - 1);
        self.held >>= bits;
        self.held_bits -= bits;
        Some(taken as u32)
    }

    fn code(&mut self, codes: &Codes) -> Option<u16> {
        self.hold(codes.longest);
        let (length, value) = *codes.by_bits.get((self.held & ((1 << codes.longest) - 1)) as usize)?;
        if length == 0 || self.held_bits < u32::from(length) {
            return None;
        }
        self.held >>= length;
        self.held_bits -= u32::from(length);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zlib(data: &[u8], level: u8) -> Vec<u8> {
        miniz_oxide::deflate::compress_to_vec_zlib(data, level)
    }

    #[test]
    fn what_comes_out_is_told_to_the_byte() {
        let words = b"The pump stands. ".repeat(4_000);
        let noise: Vec<u8> =
            (0_u64..200_000).map(|at| (at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as u8).collect();
        for data in [&words[..], &noise, &[], &[7; 3_000_000]] {
            for level in [0, 1, 6, 9] {
                let packed = zlib(data, level);
                assert_eq!(count(&packed[2..], u64::MAX, false).bytes, data.len() as u64, "level {level}");
                assert!(inflated(&packed, u64::MAX).bytes >= data.len() as u64, "level {level}");
            }
        }
    }

    #[test]
    fn counting_ends_above_what_is_asked_about() {
        let bomb = zlib(&vec![0; 50_000_000], 9);
        let found = inflated(&bomb, 1_000_000);
        assert!((1_000_001..1_100_000).contains(&found.bytes), "{found:?}");
        assert!(found.read <= 2 * bomb.len() as u64);
    }

    #[test]
    fn bytes_that_were_never_deflated_come_to_little() {
        let noise: Vec<u8> =
            (0_u64..500_000).map(|at| (at.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as u8).collect();
        assert!(inflated(&noise, u64::MAX).bytes < 5_000_000);
    }

    #[test]
    fn a_stored_block_that_tells_its_length_wrongly_hides_nothing_behind_it() {
        let mut data = vec![0x00, 0x02, 0x00, 0x12, 0x34, b'o', b'k'];
        data.extend(miniz_oxide::deflate::compress_to_vec(&vec![0; 1_000_000], 9));
        assert_eq!(inflated(&data, u64::MAX).bytes, 1_000_002);
    }
}
