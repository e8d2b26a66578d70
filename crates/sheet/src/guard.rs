//! Texts that a spreadsheet would take for formulas: kept as texts in a way that reads back equal.

/// Whether a spreadsheet may take a text for a formula.
fn is_formula_like(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The text as it is written to CSV: one apostrophe before what would be a formula, as Excel itself marks a text.
pub(crate) fn guarded(text: &str) -> Option<String> {
    is_formula_like(text.trim_start_matches('\'')).then(|| format!("'{text}"))
}

/// The text behind such an apostrophe.
pub(crate) fn unguarded(text: String) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula_like(rest.trim_start_matches('\'')) => rest.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_marked_and_comes_back_equal() {
        for text in ["=1+1", "+49 40", "-5", "@sum", "\tx", "\rx", "'=1", "''=1"] {
            let written = guarded(text).unwrap();
            assert!(written.starts_with('\''), "{text}");
            assert_eq!(unguarded(written), text);
        }
        for text in ["P-101", "'quoted'", "a=b", "", "'", "5-3"] {
            assert_eq!(guarded(text), None, "{text}");
            assert_eq!(unguarded(text.to_owned()), text);
        }
    }
}
