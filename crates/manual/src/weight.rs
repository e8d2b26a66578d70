//! What a stream unpacks to, by the filters that are over it, before anybody unpacks it.

use std::borrow::Cow;

use hayro::hayro_syntax::Filter;

use crate::fault::Excess;
use crate::inflate::inflated;

/// Bytes that a stream unpacks to, up to its first filter for images; counting ends above `most`.
///
/// # Errors
/// When it is packed twice.
pub(crate) fn unpacked_bytes(filters: &[Filter], raw: &[u8], most: u64) -> Result<u64, Excess> {
    let mut data = Cow::Borrowed(raw);
    let mut bytes = raw.len() as u64;
    let mut is_packed = false;
    for filter in filters {
        match filter {
            Filter::Crypt => {}
            // Without knowing what was unpacked: nothing grows more than that here.
            Filter::AsciiHexDecode | Filter::Ascii85Decode if is_packed => bytes = bytes.saturating_mul(4),
            Filter::AsciiHexDecode => data = Cow::Owned(of_hexadecimal(&data)),
            Filter::Ascii85Decode => data = Cow::Owned(of_base_85(&data)),
            Filter::FlateDecode | Filter::LzwDecode | Filter::RunLengthDecode => {
                if is_packed {
                    return Err(Excess::PackedTwice);
                }
                is_packed = true;
                bytes = bytes.max(match filter {
                    Filter::FlateDecode => inflated(&data, most).bytes,
                    Filter::LzwDecode => of_lzw_bytes(&data, most),
                    _ => of_runs_bytes(&data),
                });
            }
            Filter::DctDecode | Filter::JpxDecode | Filter::Jbig2Decode | Filter::CcittFaxDecode => break,
        }
        bytes = bytes.max(data.len() as u64);
    }
    Ok(bytes)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn of_hexadecimal(data: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = data
        .iter()
        .take_while(|byte| **byte != b'>')
        .filter_map(|byte| char::from(*byte).to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}

fn of_base_85(data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(data.len());
    let mut group = Vec::with_capacity(5);
    for byte in data.iter().copied().filter(|byte| !is_blank(*byte)) {
        match byte {
            b'z' => bytes.extend([0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ => break,
        }
        if group.len() == 5 {
            bytes.extend(number_of(&group).to_be_bytes());
            group.clear();
        }
    }
    if group.len() > 1 {
        let known = group.len() - 1;
        group.resize(5, b'u' - b'!');
        bytes.extend(number_of(&group).to_be_bytes().iter().take(known));
    }
    bytes
}

fn number_of(group: &[u8]) -> u32 {
    group.iter().fold(0_u32, |number, digit| number.wrapping_mul(85).wrapping_add(u32::from(*digit)))
}

/// LZW by the lengths of its entries alone. Codes are read as both ways of growing would; the greater counts.
fn of_lzw_bytes(data: &[u8], most: u64) -> u64 {
    lzw_bytes(data, 1, most).max(lzw_bytes(data, 0, most))
}

fn lzw_bytes(data: &[u8], early: usize, most: u64) -> u64 {
    const CLEAR: usize = 256;
    const END: usize = 257;
    const ENTRIES_MAX: usize = 4096;
    let mut lengths: Vec<u32> = vec![1; 258];
    let mut previous: Option<u32> = None;
    let (mut held, mut held_bits, mut bytes) = (0_u32, 0_u32, 0_u64);
    let mut left = data.iter();
    loop {
        let width = match lengths.len() + early {
            2048.. => 12,
            1024.. => 11,
            512.. => 10,
            _ => 9,
        };
        while held_bits < width {
            let Some(byte) = left.next() else { return bytes };
            held = held << 8 | u32::from(*byte);
            held_bits += 8;
        }
        let code = (held >> (held_bits - width)) as usize & ((1 << width) - 1);
        held_bits -= width;
        held &= (1 << held_bits) - 1;
        match code {
            CLEAR => {
                lengths.truncate(258);
                previous = None;
            }
            END => return bytes,
            known => {
                let length = match (lengths.get(known), previous) {
                    (Some(length), _) => *length,
                    (None, Some(before)) if known == lengths.len() => before + 1,
                    _ => return bytes,
                };
                if let Some(before) = previous
                    && lengths.len() < ENTRIES_MAX
                {
                    lengths.push(before + 1);
                }
                bytes += u64::from(length);
                previous = Some(length);
            }
        }
        if bytes > most {
            return bytes;
        }
    }
}

fn of_runs_bytes(data: &[u8]) -> u64 {
    let (mut at, mut bytes) = (0, 0_u64);
    while let Some(length) = data.get(at).copied() {
        match length {
            128 => break,
            0..=127 => {
                bytes += u64::from(length) + 1;
                at += usize::from(length) + 2;
            }
            _ => {
                bytes += 257 - u64::from(length);
                at += 2;
            }
        }
    }
    bytes
}

/// What a file's streams would unpack to, told from its bytes alone: before anything is opened, because opening unpacks.
///
/// A stream begins behind the word `stream`, wherever that stands. What is over it is read off the words before it; where
/// those hide it, it is taken to be deflated.
///
/// # Errors
/// Where the first stream begins that unpacks to more than is taken, alone or with those before it, and what it comes to.
pub(crate) fn weigh_file(bytes: &[u8], stream_most: u64, all_most: u64) -> Result<(), (u64, u64, u64)> {
    const WORD: &[u8] = b"stream";
    /// How much is looked at of what stands before a stream.
    const BEFORE: usize = 4_096;
    let (mut all, mut at, mut read) = (0_u64, 0, 0_u64);
    // Where streams are made to overlap, each would be followed to the end of the file.
    let read_most = 64 * bytes.len() as u64 + 1_000_000;
    while let Some(found) = find(bytes.get(at..).unwrap_or_default(), WORD) {
        let word = at + found;
        at = word + WORD.len();
        let start = match bytes.get(at..) {
            _ if bytes.get(..word).is_some_and(|before| before.ends_with(b"end")) => continue,
            Some([b'\r', b'\n', ..]) => at + 2,
            Some([b'\r' | b'\n', ..]) => at + 1,
            _ => continue,
        };
        let data = bytes.get(start..).unwrap_or_default();
        let before = bytes.get(word.saturating_sub(BEFORE)..word).unwrap_or_default();
        let words = Words::of(before);
        let until_end = data.get(..find(data, b"endstream").unwrap_or(data.len())).unwrap_or_default();
        let mut size = until_end.len() as u64;
        // A stream may end later than at the first word that says so: what is inflated is followed as far as it goes.
        if words.inflates || has(before, b"/Fl") {
            let deflated = inflated(data, stream_most);
            read += deflated.read;
            if words.inflates {
                size = size.max(deflated.bytes);
            }
            if deflated.bytes > stream_most {
                return Err((start as u64, deflated.bytes, stream_most));
            }
        }
        if has(before, b"/LZW") {
            size = size.max(of_lzw_bytes(until_end, stream_most));
        }
        if has(before, b"/RunLengthDecode") || has(before, b"/RL") {
            size = size.max(of_runs_bytes(until_end));
        }
        if !words.is_image {
            all = all.saturating_add(size);
        }
        if size > stream_most {
            return Err((start as u64, size, stream_most));
        }
        if all > all_most {
            return Err((start as u64, all, all_most));
        }
        if read > read_most {
            return Err((start as u64, read, read_most));
        }
    }
    Ok(())
}

/// What stands before a stream says of it.
struct Words {
    /// Whether it is deflated, or may be, where the words do not plainly say what is over it.
    inflates: bool,
    /// Whether it is an image, and plainly so.
    is_image: bool,
}

impl Words {
    fn of(before: &[u8]) -> Self {
        let own = rfind(before, b"obj").and_then(|at| before.get(at + 3..)).unwrap_or_default();
        let own = own.trim_ascii_start();
        // A filter that is named elsewhere begins with the number of that object.
        let filter = find(own, b"/Filter").and_then(|at| own.get(at + 7..)).unwrap_or_default();
        let is_elsewhere = filter.trim_ascii_start().first().is_some_and(u8::is_ascii_digit);
        let is_plain = own.starts_with(b"<<") && !has(own, b"#") && !is_elsewhere;
        Self {
            inflates: !is_plain || has(own, b"/Fl"),
            is_image: is_plain && has(own, b"/Image") && !has(own, b"/First"),
        }
    }
}

fn has(data: &[u8], needle: &[u8]) -> bool {
    find(data, needle).is_some()
}

fn find(data: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle.first()?;
    let mut at = 0;
    loop {
        at += data.get(at..)?.iter().position(|byte| byte == first)?;
        if data.get(at..).is_some_and(|rest| rest.starts_with(needle)) {
            return Some(at);
        }
        at += 1;
    }
}

fn rfind(data: &[u8], needle: &[u8]) -> Option<usize> {
    data.windows(needle.len()).rposition(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_filters_are_undone_and_counted() {
        assert_eq!(of_hexadecimal(b"41 4 2>43"), [0x41, 0x42]);
        assert_eq!(of_base_85(b"87cUR\nz~>"), *b"Hell\0\0\0\0");
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(&[0; 100_000], 9);
        let written: String = packed.iter().map(|byte| format!("{byte:02x}")).collect();
        let filters = [Filter::AsciiHexDecode, Filter::FlateDecode];
        assert_eq!(unpacked_bytes(&filters, written.as_bytes(), u64::MAX), Ok(100_000));
    }

    #[test]
    fn runs_and_lzw_are_counted_without_being_unpacked() {
        assert_eq!(of_runs_bytes(&[4, 1, 2, 3, 4, 5, 253, 3, 128]), 9);
        // The example of the standard: 45 45 45 45 45 65 45 45 45 66.
        assert_eq!(of_lzw_bytes(&[0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01], u64::MAX), 10);
    }

    fn file_of(streams: &[(&str, &[u8])]) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n".to_vec();
        for (words, data) in streams {
            file.extend(format!("1 0 obj\n<< /Length {} {words} >>\nstream\n", data.len()).into_bytes());
            file.extend(*data);
            file.extend(b"\nendstream\nendobj\n");
        }
        file
    }

    #[test]
    fn a_common_file_of_many_small_streams_is_not_taken_for_a_bomb() {
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(&b"0 0 9 9 re f ".repeat(40), 6);
        let noise: Vec<u8> =
            (0_u64..3_000).map(|at| (at.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as u8).collect();
        let three = [
            ("/Filter /FlateDecode", &packed[..]),
            ("", b"q 1 0 0 1 5 5 cm Q"),
            ("/Filter /DCTDecode", &noise),
        ];
        let all: Vec<_> = three.iter().copied().cycle().take(30_000).collect();
        let file = file_of(&all);
        assert_eq!(weigh_file(&file, 1 << 20, 3 * file.len() as u64), Ok(()));
    }

    #[test]
    fn a_bomb_is_found_however_its_filter_is_named() {
        let bomb = miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; 3_000_000], 9);
        for words in
            ["/Filter /FlateDecode", "/Filter [/Fl]", "/F#69lter /Fl#61teDecode", "/Filter 7 0 R", "/obj 1"]
        {
            assert!(weigh_file(&file_of(&[(words, &bomb)]), 1_000_000, u64::MAX).is_err(), "{words}");
        }
        let twenty: Vec<_> = [("/Filter /FlateDecode", &bomb[..])].iter().copied().cycle().take(20).collect();
        assert!(weigh_file(&file_of(&twenty), 10_000_000, 50_000_000).is_err(), "twenty of them");
    }

    #[test]
    fn what_is_packed_twice_is_refused() {
        let twice = [Filter::FlateDecode, Filter::FlateDecode];
        assert_eq!(unpacked_bytes(&twice, &[], 1), Err(Excess::PackedTwice));
        let jpeg = [Filter::FlateDecode, Filter::DctDecode];
        assert!(unpacked_bytes(&jpeg, &[], 1).is_ok(), "a JPEG that was deflated again is common");
    }
}
