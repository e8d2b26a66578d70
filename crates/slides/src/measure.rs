//! How wide words are about, and where they are broken: the font is the reader's, so a little more is reckoned.

/// English Metric Units in a point.
pub(crate) const POINT: i64 = 12_700;

/// How wide a letter is, in parts of the font's size: a little more than in the usual fonts without serifs.
fn width_of(letter: char, is_strong: bool) -> f64 {
    let width = match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '('
        | ')' => 0.34,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '\u{2014}' | '\u{2026}' => 0.94,
        _ if letter.is_uppercase() => 0.74,
        _ if letter as u32 >= 0x2E80 => 1.05,
        _ => 0.58,
    };
    if is_strong { width * 1.08 } else { width }
}

/// How wide a text is about, in EMU.
#[cfg(test)]
fn width(text: &str, size_pt: f64, is_strong: bool) -> i64 {
    let ems: f64 = text.chars().map(|letter| width_of(letter, is_strong)).sum();
    (ems * size_pt * POINT as f64) as i64
}

/// Breaks one line of a text into lines of at most `room` EMU.
pub(crate) fn wrap(line: &str, size_pt: f64, is_strong: bool, room: i64) -> Vec<String> {
    let most = room as f64 / (size_pt * POINT as f64);
    let (mut lines, mut current, mut wide) = (vec![], String::new(), 0.0);
    let blank = width_of(' ', is_strong);
    for (place, word) in line.split(' ').enumerate() {
        let word_wide: f64 = word.chars().map(|letter| width_of(letter, is_strong)).sum();
        if place > 0 && !current.is_empty() {
            if wide + blank + word_wide <= most {
                current.push(' ');
                current.push_str(word);
                wide += blank + word_wide;
                continue;
            }
            lines.push(std::mem::take(&mut current));
            wide = 0.0;
        }
        // A word that no line holds is broken between letters.
        for letter in word.chars() {
            let letter_wide = width_of(letter, is_strong);
            if !current.is_empty() && wide + letter_wide > most {
                lines.push(std::mem::take(&mut current));
                wide = 0.0;
            }
            current.push(letter);
            wide += letter_wide;
        }
    }
    lines.push(current);
    lines
}

/// How many lines a text takes.
pub(crate) fn lines(text: &str, size_pt: f64, is_strong: bool, room: i64) -> usize {
    text.split('\n').map(|line| wrap(line, size_pt, is_strong, room).len()).sum()
}

/// How high so many lines are, in EMU.
pub(crate) fn height(lines: usize, size_pt: f64) -> i64 {
    (lines as f64 * size_pt * 1.22 * POINT as f64) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_between_words_and_a_word_that_no_line_holds_between_letters() {
        let room = width("two words", 18.0, false) + 1;
        assert_eq!(wrap("two words two", 18.0, false, room), ["two words", "two"]);
        let broken = wrap(&"x".repeat(60), 18.0, false, room);
        assert!(broken.len() > 3 && broken.concat() == "x".repeat(60), "{broken:?}");
        assert_eq!(lines("a\n\nb", 18.0, false, room), 3);
    }
}
