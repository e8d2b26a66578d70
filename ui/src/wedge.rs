//! A scanner that types: characters come faster than a person types and end with Enter.

/// The longest pause between two characters of a scan, in milliseconds.
const PAUSE_MAX_MS: f64 = 40.0;
/// The fewest characters of a scan.
const LENGTH_MIN: usize = 4;

/// Characters as they come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wedge {
    typed: String,
    last_at_ms: f64,
}

impl Wedge {
    /// Takes a key at a time; answers a code when a scan has just ended.
    pub(crate) fn take(&mut self, key: &str, at_ms: f64) -> Option<String> {
        let quick = at_ms - self.last_at_ms <= PAUSE_MAX_MS;
        self.last_at_ms = at_ms;
        if key == "Enter" {
            let code = std::mem::take(&mut self.typed);
            return (quick && code.chars().count() >= LENGTH_MIN).then_some(code);
        }
        if key.chars().count() != 1 {
            // Shift and the like come between the characters of a scan.
            return None;
        }
        if !quick {
            self.typed.clear();
        }
        self.typed.push_str(key);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, pause_ms: f64) -> Option<String> {
        let mut wedge = Wedge::default();
        let mut at_ms = 1_000.0;
        for character in text.chars() {
            at_ms += pause_ms;
            assert_eq!(wedge.take(&character.to_string(), at_ms), None);
        }
        wedge.take("Enter", at_ms + pause_ms)
    }

    #[test]
    fn a_scanner_is_heard_and_a_person_is_not() {
        assert_eq!(run("P-101A", 8.0).as_deref(), Some("P-101A"));
        assert_eq!(run("P-101A", 120.0), None);
        assert_eq!(run("abc", 8.0), None, "too short to be a label");
    }
}
