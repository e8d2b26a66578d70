//! Small text rules that both adapters share.

/// At most `limit` characters of `text`, the last of them «…» when something was cut.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// `text` percent-encoded so that it is one component of a URL. OData servers do not read `+` as a space.
pub(crate) fn url_component(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(b"0123456789ABCDEF"[usize::from(byte >> 4)]));
            encoded.push(char::from(b"0123456789ABCDEF"[usize::from(byte & 15)]));
        }
    }
    encoded
}

/// The word of `known` that `typed` was most likely meant to be.
pub(crate) fn did_you_mean<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|word| (distance(typed, word), word))
        .filter(|(steps, word)| *steps <= 1 + word.chars().count() / 4)
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, word)| word)
}

/// Levenshtein's distance, by rows.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, left_char) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, right_char) in right.iter().enumerate() {
            let above = row[column + 1];
            let replaced = diagonal + usize::from(left_char != *right_char);
            row[column + 1] = replaced.min(above + 1).min(row[column] + 1);
            diagonal = above;
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_word_and_another_word_does_not() {
        assert_eq!(did_you_mean("pririty", ["priority", "title"].into_iter()), Some("priority"));
        assert_eq!(did_you_mean("colour", ["priority", "title"].into_iter()), None);
    }

    #[test]
    fn spaces_and_quotes_are_encoded() {
        assert_eq!(url_component("a 'b'+ü"), "a%20%27b%27%2B%C3%BC");
    }

    #[test]
    fn cut_text_says_that_it_was_cut() {
        assert_eq!(shortened("Lagerschäden", 6), "Lager…");
        assert_eq!(shortened("kurz", 6), "kurz");
    }
}
