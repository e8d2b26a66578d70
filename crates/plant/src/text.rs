//! The bound on text values, the same for every source.

use millwright_model::TEXT_VALUE_MAX_BYTES;

/// The longest start of `text` that may be kept, and whether anything was cut off.
pub(crate) fn bounded(text: &str) -> (&str, bool) {
    if text.len() <= TEXT_VALUE_MAX_BYTES {
        return (text, false);
    }
    let end = text.floor_char_boundary(TEXT_VALUE_MAX_BYTES);
    (&text[..end], true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_never_splits_a_character() {
        let long = "ü".repeat(TEXT_VALUE_MAX_BYTES);
        let (kept, cut) = bounded(&long);
        assert!(cut && kept.len() <= TEXT_VALUE_MAX_BYTES && kept.chars().all(|letter| letter == 'ü'));
        assert_eq!(bounded("short"), ("short", false));
    }
}
