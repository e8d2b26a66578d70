//! Texts as paper can show them: composed, without control letters, with a mark for every sign that the font lacks.

use unicode_normalization::UnicodeNormalization as _;

use crate::font::Face;

/// So much of one text is printed.
pub(crate) const TEXT_CHARS_MAX: usize = 20_000;
/// Stands for a sign that the font lacks.
const REPLACEMENT: char = '\u{25A1}';
const ELLIPSIS: char = '\u{2026}';

/// A text that can be drawn, and whether a sign of it had to be replaced.
pub(crate) struct Clean {
    pub(crate) text: String,
    pub(crate) replaced: bool,
}

/// Makes a text fit to be drawn in one of `faces`, all of which know the same letters.
pub(crate) fn clean(text: &str, face: &Face) -> Clean {
    let mut out = String::with_capacity(text.len().min(4 * TEXT_CHARS_MAX));
    let (mut count, mut replaced) = (0_usize, false);
    // A letter with ten thousand accents is one letter to the composer: cut before it sees them.
    let cut: String = text.chars().take(2 * TEXT_CHARS_MAX).collect();
    for letter in cut.nfc() {
        let kept = match letter {
            '\n' => Some('\n'),
            '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
            _ if letter.is_control() || is_formatting(letter) => None,
            _ if letter.is_whitespace() && !face.knows(letter) => Some(' '),
            _ if face.knows(letter) => Some(letter),
            _ => {
                replaced = true;
                Some(REPLACEMENT)
            }
        };
        let Some(kept) = kept else { continue };
        if count == TEXT_CHARS_MAX {
            out.push(ELLIPSIS);
            break;
        }
        out.push(kept);
        count += 1;
    }
    Clean { text: out, replaced }
}

/// Whether a sign only says how others are to be laid out: directions, joiners, byte order marks, variation selectors.
fn is_formatting(letter: char) -> bool {
    matches!(letter,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> Clean {
        clean(text, &Face::regular().unwrap())
    }

    #[test]
    fn letters_of_europe_stay_as_they_are() {
        let text = "Größe übermäßig, Łódź, Ångström, Ελλάδα, Київ, 25 µm ± 3 °C ≤ 40 €";
        let clean = cleaned(text);
        assert_eq!((clean.text.as_str(), clean.replaced), (text, false));
    }

    #[test]
    fn a_letter_in_two_parts_becomes_one() {
        assert_eq!(cleaned("U\u{308}berdruck").text, "Überdruck");
    }

    #[test]
    fn control_letters_and_turned_directions_are_taken_out() {
        assert_eq!(cleaned("a\u{0}b\u{1b}[31mc\u{202e}d\u{7}").text, "ab[31mcd");
    }

    #[test]
    fn a_sign_that_the_font_lacks_is_marked() {
        let clean = cleaned("泵 P-101");
        assert_eq!((clean.text.as_str(), clean.replaced), ("□ P-101", true));
    }

    #[test]
    fn an_endless_text_is_cut_and_says_so() {
        let clean = cleaned(&"x".repeat(100_000));
        assert_eq!(clean.text.chars().count(), TEXT_CHARS_MAX + 1);
        assert!(clean.text.ends_with('…'));
        assert!(
            cleaned(&format!("a{}", "\u{308}".repeat(100_000))).text.chars().count() <= TEXT_CHARS_MAX + 1
        );
    }
}
