//! What the keys of our own number pad do to an entry.

/// A key of the number pad.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum PadKey {
    /// A digit.
    Digit(char),
    /// The decimal mark of the language.
    Mark(char),
    /// Plus or minus.
    Sign,
    /// Takes the last one back.
    Back,
}

/// The entry after a key; never more than `decimals` decimals, never two marks.
pub(crate) fn pressed(entry: &str, key: PadKey, decimals: u8) -> String {
    let marked = entry.split_once(['.', ',']);
    match key {
        PadKey::Digit(digit) => {
            let full = marked.is_some_and(|(_, after)| after.len() >= usize::from(decimals));
            if full || entry.len() >= 12 {
                return entry.to_owned();
            }
            let entry = if entry == "0" { "" } else { entry };
            format!("{entry}{digit}")
        }
        PadKey::Mark(mark) if marked.is_none() && decimals > 0 => {
            if entry.is_empty() || entry == "-" {
                format!("{entry}0{mark}")
            } else {
                format!("{entry}{mark}")
            }
        }
        PadKey::Mark(_) => entry.to_owned(),
        PadKey::Sign => match entry.strip_prefix('-') {
            Some(positive) => positive.to_owned(),
            None => format!("-{entry}"),
        },
        PadKey::Back => {
            let mut entry = entry.to_owned();
            entry.pop();
            entry
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[PadKey], decimals: u8) -> String {
        keys.iter().fold(String::new(), |entry, key| pressed(&entry, *key, decimals))
    }

    #[test]
    fn a_number_is_typed_key_by_key() {
        use PadKey::{Back, Digit, Mark, Sign};
        assert_eq!(typed(&[Digit('0'), Mark(','), Digit('0'), Digit('3')], 2), "0,03");
        assert_eq!(typed(&[Mark('.'), Digit('5')], 1), "0.5");
        assert_eq!(typed(&[Digit('1'), Mark('.'), Mark('.'), Digit('2'), Digit('3')], 1), "1.2");
        assert_eq!(typed(&[Digit('1'), Mark('.')], 0), "1");
        assert_eq!(typed(&[Digit('7'), Sign, Sign, Sign], 0), "-7");
        assert_eq!(typed(&[Digit('7'), Back, Back], 0), "");
    }
}
