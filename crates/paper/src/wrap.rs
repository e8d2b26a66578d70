//! Lines: where a text is broken so that it fits between two edges.

use crate::font::Face;

/// Breaks a clean text into lines of at most `width` points. A word that is wider than a line is broken inside.
pub(crate) fn wrap(text: &str, face: &Face, size: f32, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.trim_end().split('\n') {
        let mut line = String::new();
        let mut used = 0.0;
        for piece in pieces(paragraph) {
            let wide = face.width(piece.trim_end(), size);
            if used > 0.0 && used + wide > width {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0.0;
            }
            if wide <= width {
                line.push_str(piece);
                used += face.width(piece, size);
                continue;
            }
            for letter in piece.chars() {
                let wide = face.width(letter.encode_utf8(&mut [0; 4]), size);
                if used > 0.0 && used + wide > width {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(letter);
                used += wide;
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// A line cut at the edge, with a mark where something is missing.
pub(crate) fn cut(text: &str, face: &Face, size: f32, width: f32) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if face.width(&text, size) <= width {
        return text;
    }
    let room = width - face.width("\u{2026}", size);
    let mut used = 0.0;
    let fits = |letter: &char| {
        used += face.width(letter.encode_utf8(&mut [0; 4]), size);
        used <= room
    };
    let mut line: String = text.chars().take_while(fits).collect();
    line.truncate(line.trim_end().len());
    line.push('\u{2026}');
    line
}

/// The pieces of a line that stay together: words with the blanks behind them, broken also behind `-` and `/`.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let mut letters = rest.char_indices().peekable();
        while let Some((_, letter)) = letters.next() {
            let ends = match letter {
                ' ' => true,
                '-' | '/' | '\u{2013}' => letters.peek().is_some_and(|(_, next)| next.is_alphabetic()),
                _ => false,
            };
            if let (true, Some((next, following))) = (ends, letters.peek())
                && *following != ' '
            {
                let (piece, behind) = rest.split_at(*next);
                rest = behind;
                return Some(piece);
            }
        }
        let last = std::mem::take(&mut rest);
        (!last.is_empty()).then_some(last)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str, width: f32) -> Vec<String> {
        wrap(text, &Face::regular().unwrap(), 10.0, width)
    }

    #[test]
    fn words_go_to_the_next_line_whole() {
        assert_eq!(lines("Replace the seal", 60.0), ["Replace the", "seal"]);
    }

    #[test]
    fn a_word_wider_than_the_paper_is_broken() {
        let lines = lines(&"x".repeat(1_000), 100.0);
        assert!(lines.len() > 10);
        assert_eq!(lines.concat(), "x".repeat(1_000));
    }

    #[test]
    fn line_breaks_of_the_writer_are_kept() {
        assert_eq!(lines("one\n\ntwo\n", 200.0), ["one", "", "two"]);
    }

    #[test]
    fn a_cut_line_says_that_it_is_cut() {
        let face = Face::regular().unwrap();
        let line = cut("A very long title of a work order", &face, 10.0, 80.0);
        assert!(line.ends_with('…') && face.width(&line, 10.0) <= 80.0, "{line}");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_it_may_be_and_no_letter_is_lost(text in "[a-zA-Z0-9 äöüß/\\-]{0,200}", width in 30.0_f32..300.0) {
            let face = Face::regular().unwrap();
            let lines = wrap(&text, &face, 9.5, width);
            for line in &lines {
                prop_assert!(face.width(line, 9.5) <= width + 0.01, "{line}");
            }
            let bare = |text: &str| text.chars().filter(|letter| *letter != ' ').collect::<String>();
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }
    }
}
