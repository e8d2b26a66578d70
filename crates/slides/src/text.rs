//! Texts as XML takes them: without letters that it forbids, escaped, and cut where they never end.

use crate::deck::TEXT_CHARS_MAX;

const ELLIPSIS: char = '\u{2026}';

/// A text without letters that XML forbids, control letters and turned directions; line breaks stay.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4 * TEXT_CHARS_MAX));
    for (count, letter) in text.chars().filter_map(kept).enumerate() {
        if count == TEXT_CHARS_MAX {
            out.push(ELLIPSIS);
            break;
        }
        out.push(letter);
    }
    out
}

/// A text of one line.
pub(crate) fn clean_line(text: &str) -> String {
    clean(text).replace('\n', " ")
}

fn kept(letter: char) -> Option<char> {
    match letter {
        '\n' => Some('\n'),
        '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        // What XML 1.0 has no letter for, and directions that would make words read otherwise than they are.
        '\u{FFFE}' | '\u{FFFF}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
        _ if letter.is_control() => None,
        _ => Some(letter),
    }
}

/// A clean text with what XML reads as marks written out.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars().filter_map(kept) {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            _ => out.push(letter),
        }
    }
    out
}

/// A BCP 47 tag with nothing in it that is none.
pub(crate) fn language_tag(tag: &str) -> String {
    let is_of_a_tag = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-';
    let tag: String = tag.chars().filter(is_of_a_tag).take(35).collect();
    if tag.is_empty() { "en".to_owned() } else { tag }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_xml_forbids_are_dropped_and_the_others_stay() {
        assert_eq!(clean("a\u{0}b\u{1b}c\u{fffe}d\u{202e}e\tf\r\ng"), "abcde f\ng");
        assert_eq!(clean("Größe 25 µm ± 3 °C ≤ 40 € 😀"), "Größe 25 µm ± 3 °C ≤ 40 € 😀");
    }

    #[test]
    fn an_endless_text_is_cut_and_says_so() {
        let cut = clean(&"x".repeat(TEXT_CHARS_MAX + 5));
        assert_eq!(cut.chars().count(), TEXT_CHARS_MAX + 1);
        assert!(cut.ends_with('…'));
        assert_eq!(clean(&"x".repeat(TEXT_CHARS_MAX)).chars().count(), TEXT_CHARS_MAX);
    }

    #[test]
    fn marks_are_written_out() {
        assert_eq!(escaped(r#"<a b="c">&'"#), "&lt;a b=&quot;c&quot;&gt;&amp;&apos;");
        assert_eq!(language_tag("de-AT\" x=\""), "de-ATx");
    }
}
