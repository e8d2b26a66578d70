//! What stands between cells of a text: found out from its first rows, or as a person says.

use crate::Limits;
use crate::csv_read::Records;

/// What stands between cells.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `;`, where the comma is the decimal mark.
    Semicolon,
    /// `,`
    Comma,
    /// A tab.
    Tab,
    /// `|`
    Bar,
}

impl Separator {
    /// All of them, the likelier first.
    pub const ALL: [Self; 4] = [Self::Semicolon, Self::Tab, Self::Bar, Self::Comma];

    /// The character.
    pub fn character(self) -> char {
        match self {
            Self::Semicolon => ';',
            Self::Comma => ',',
            Self::Tab => '\t',
            Self::Bar => '|',
        }
    }

    fn of(character: char) -> Option<Self> {
        Self::ALL.into_iter().find(|separator| separator.character() == character)
    }
}

/// How many rows are looked at.
const SAMPLE_ROWS: usize = 30;

/// The separator that a first line `sep=;` names, as Excel writes and reads it, and what comes behind that line.
pub(crate) fn named(text: &str) -> Option<(Separator, &str)> {
    let (first, rest) = text.split_once('\n')?;
    let mut named = first.trim_end_matches('\r').strip_prefix("sep=")?.chars();
    let separator = Separator::of(named.next()?)?;
    named.next().is_none().then_some((separator, rest))
}

/// The separator under which the first rows have most cells, and all of them as many.
pub(crate) fn guess(text: &str, limits: &Limits) -> Separator {
    let mut best = (0_usize, Separator::Comma);
    for separator in Separator::ALL {
        let mut counts = Vec::new();
        for record in Records::new(text, separator.character(), 1, limits).take(SAMPLE_ROWS) {
            // A quote that is wrong under this separator may be right under another one.
            let Ok(row) = record else { break };
            if !row.cells.is_empty() {
                counts.push(row.cells.len());
            }
        }
        // A title above the table is a row of its own: what counts is how wide most rows are.
        let often = |width: usize| counts.iter().filter(|cells| **cells == width).count();
        let width =
            counts.iter().copied().filter(|cells| *cells > 1).max_by_key(|cells| (often(*cells), *cells));
        let Some(width) = width else { continue };
        // Short rows may lack cells at their end; wider ones do not fit.
        let fitting = often(width) * 2 + counts.iter().filter(|cells| **cells < width && **cells > 1).count();
        let score = fitting * 1_000 / counts.len() * width.min(20);
        if score > best.0 {
            best = (score, separator);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_found_beside_decimal_commas_and_commas_in_words() {
        let limits = Limits::default();
        for (text, separator) in [
            ("code;name;menge\nP-1;Pumpe, klein;1,5\nP-2;Pumpe, groß;2,5\n", Separator::Semicolon),
            ("code,name\nP-1,\"Pump; small\"\nP-2,\"Pump; large\"\n", Separator::Comma),
            ("code\tname, long\nP-1\tPump, small\n", Separator::Tab),
            ("code|name\nP-1|a\n", Separator::Bar),
            ("code\nP-1\n", Separator::Comma),
            ("\"a;b\",c\n\"1;2\",3\n", Separator::Comma),
            ("Parts, as of today\n\nnumber;name;unit\n1;a;EA\n2;b;EA\n", Separator::Semicolon),
        ] {
            assert_eq!(guess(text, &limits), separator, "{text}");
        }
    }

    #[test]
    fn a_first_line_may_name_the_separator() {
        assert_eq!(named("sep=|\r\na|b\n"), Some((Separator::Bar, "a|b\n")));
        assert_eq!(named("sep=x\na"), None);
        assert_eq!(named("a;b\n"), None);
    }
}
