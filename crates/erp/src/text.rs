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

/// Where a field at the ERP stands that was changed here.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    /// As it was before.
    Before,
    /// As it is here.
    Ours,
    /// Otherwise: somebody changed it there.
    Elsewhere,
}

/// Where all of several fields stand.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    /// Every one as it is here.
    AllOurs,
    /// Every one as it was before.
    AllBefore,
    /// Some as they are here, the others as they were: nothing of anybody else's is lost by writing.
    Between,
    /// At least one was changed there.
    Elsewhere,
}

impl Stands {
    pub fn of(stands: impl Iterator<Item = Stand>) -> Self {
        let mut seen = [false; 3];
        for stand in stands {
            seen[stand as usize] = true;
        }
        match seen {
            [_, _, true] => Self::Elsewhere,
            [true, true, false] => Self::Between,
            [true, false, false] => Self::AllBefore,
            [false, _, false] => Self::AllOurs,
        }
    }
}

/// What stands below `start` in a text to which lines may have been added; nothing when the text starts otherwise.
fn below<'a>(whole: &'a str, start: &str) -> Option<&'a str> {
    if whole == start {
        return Some("");
    }
    if start.is_empty() {
        return None;
    }
    whole.strip_prefix(start)?.strip_prefix('\n')
}

/// Where a text stands to which the ERP or we may have added lines since, and those lines.
pub(crate) fn growing_text_stands<'a>(there: &'a str, from: &str, to: &str) -> (Stand, &'a str) {
    let (before, ours) = (below(there, from), below(there, to));
    match (before, ours) {
        // One text is the start of the other: the longer one is the one that stands there.
        (Some(before), Some(_)) if from.len() > to.len() => (Stand::Before, before),
        (_, Some(ours)) => (Stand::Ours, ours),
        (Some(before), None) => (Stand::Before, before),
        (None, None) => (Stand::Elsewhere, ""),
    }
}

/// A text with its line ends and its edges as everybody writes them.
pub(crate) fn plain_text(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
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
    fn a_text_with_lines_below_it_is_found_as_it_was_and_as_it_is() {
        for (there, from, to, stands) in [
            ("old", "old", "new", (Stand::Before, "")),
            ("old\nworn", "old", "new", (Stand::Before, "worn")),
            ("new\nworn", "old", "new", (Stand::Ours, "worn")),
            ("older", "old", "new", (Stand::Elsewhere, "")),
            ("", "", "new", (Stand::Before, "")),
            ("theirs", "", "new", (Stand::Elsewhere, "")),
            ("a\nb", "a\nb", "a", (Stand::Before, "")),
            ("a\nb", "a", "a\nb", (Stand::Ours, "")),
            ("a", "a", "a\nb", (Stand::Before, "")),
        ] {
            assert_eq!(growing_text_stands(there, from, to), stands, "{there:?}: {from:?} → {to:?}");
        }
    }

    #[test]
    fn fields_together_stand_where_all_of_them_do() {
        use Stand::{Before, Elsewhere, Ours};
        assert_eq!(Stands::of([Ours, Ours].into_iter()), Stands::AllOurs);
        assert_eq!(Stands::of([Before].into_iter()), Stands::AllBefore);
        assert_eq!(Stands::of([Before, Ours].into_iter()), Stands::Between);
        assert_eq!(Stands::of([Before, Elsewhere, Ours].into_iter()), Stands::Elsewhere);
    }

    #[test]
    fn cut_text_says_that_it_was_cut() {
        assert_eq!(shortened("Lagerschäden", 6), "Lager…");
        assert_eq!(shortened("kurz", 6), "kurz");
    }
}
