//! How characters are written: found out from the bytes, or as a person says.

use encoding_rs::{Encoding as Coding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::SheetFault;

/// How characters are written.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, the low byte first, as Excel's «Unicode text».
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// Windows-1252, as older programs write in western Europe.
    Windows1252,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    /// What it is called everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        }
    }

    fn coding(self) -> &'static Coding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Windows1252 => WINDOWS_1252,
        }
    }
}

/// The text of a file, and how it was written.
pub(crate) fn decode(bytes: &[u8], wished: Option<Encoding>) -> Result<(String, Encoding), SheetFault> {
    let encoding = wished.unwrap_or_else(|| guess(bytes));
    let bytes = without_mark(bytes, encoding);
    if matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be) && bytes.len() % 2 == 1 {
        // Half a character at the end: the file was cut off.
        let line = line_of(&encoding.coding().decode_without_bom_handling(bytes).0);
        return Err(SheetFault::NotEncoded { encoding, line });
    }
    let (text, faulty) = encoding.coding().decode_without_bom_handling(bytes);
    if faulty {
        let before = text.split('\u{fffd}').next().unwrap_or_default();
        return Err(SheetFault::NotEncoded { encoding, line: line_of(before) });
    }
    // Windows-1252 has five bytes that mean nothing; they come out as control characters, as binary files have them.
    let control = |character: char| matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}');
    if let Some(place) = text.find(control) {
        return Err(SheetFault::NotText { line: line_of(text.get(..place).unwrap_or_default()) });
    }
    Ok((text.into_owned(), encoding))
}

fn line_of(before: &str) -> u32 {
    u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX)
}

fn without_mark(bytes: &[u8], encoding: Encoding) -> &[u8] {
    let mark: &[u8] = match encoding {
        Encoding::Utf8 => b"\xEF\xBB\xBF",
        Encoding::Utf16Le => b"\xFF\xFE",
        Encoding::Utf16Be => b"\xFE\xFF",
        Encoding::Windows1252 => b"",
    };
    bytes.strip_prefix(mark).unwrap_or(bytes)
}

fn guess(bytes: &[u8]) -> Encoding {
    if bytes.starts_with(b"\xFF\xFE") {
        return Encoding::Utf16Le;
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return Encoding::Utf16Be;
    }
    // Without a mark: western text in UTF-16 has a zero in every other byte, and no other text has any.
    let sample = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let zeros = |parity: usize| {
        sample.iter().enumerate().filter(|(place, byte)| place % 2 == parity && **byte == 0).count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 4 > sample.len() && even == 0 {
        return Encoding::Utf16Le;
    }
    if even * 4 > sample.len() && odd == 0 {
        return Encoding::Utf16Be;
    }
    if std::str::from_utf8(bytes).is_ok() { Encoding::Utf8 } else { Encoding::Windows1252 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    #[test]
    fn the_same_words_are_read_from_every_encoding() {
        let words = "Öl;Größe\nä;5";
        let mut marked = b"\xEF\xBB\xBF".to_vec();
        marked.extend(words.as_bytes());
        let mut little = b"\xFF\xFE".to_vec();
        little.extend(utf16(words, true));
        let mut big = b"\xFE\xFF".to_vec();
        big.extend(utf16(words, false));
        for (bytes, encoding) in [
            (words.as_bytes().to_vec(), Encoding::Utf8),
            (marked, Encoding::Utf8),
            (little, Encoding::Utf16Le),
            (big, Encoding::Utf16Be),
            (utf16(words, true), Encoding::Utf16Le),
            (utf16(words, false), Encoding::Utf16Be),
            (b"\xD6l;Gr\xF6\xDFe\n\xE4;5".to_vec(), Encoding::Windows1252),
        ] {
            assert_eq!(decode(&bytes, None), Ok((words.to_owned(), encoding)));
        }
    }

    #[test]
    fn what_is_not_in_the_encoding_is_refused_with_its_line() {
        let latin = b"a;b\nGr\xF6\xDFe;1\n";
        assert_eq!(
            decode(latin, Some(Encoding::Utf8)),
            Err(SheetFault::NotEncoded { encoding: Encoding::Utf8, line: 2 })
        );
        let lonely = [b"\xFF\xFE".to_vec(), utf16("a\nb\n", true), vec![0x00, 0xD8, 0x41, 0x00]].concat();
        assert_eq!(
            decode(&lonely, None),
            Err(SheetFault::NotEncoded { encoding: Encoding::Utf16Le, line: 3 })
        );
        let cut = [b"\xFF\xFE".to_vec(), utf16("a\nb", true), vec![0x41]].concat();
        assert!(matches!(decode(&cut, None), Err(SheetFault::NotEncoded { line: 2, .. })));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_line() {
        assert_eq!(decode(b"a;b\n1;\x00\x01", None), Err(SheetFault::NotText { line: 2 }));
        assert_eq!(decode(b"a;b\n1;2\n\x81\x8d", None), Err(SheetFault::NotText { line: 3 }));
    }
}
