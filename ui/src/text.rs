//! The text catalogue as functions: one per text of `texts.toml`, in the language that is picked.

use std::fmt::Display;
use std::sync::atomic::{AtomicU8, Ordering};

include!(concat!(env!("OUT_DIR"), "/text.rs"));

/// A language of the catalogue.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
    /// Accented, longer, in brackets: for tests of the screens.
    Pseudo,
}

impl Language {
    /// Those a person can pick, with the tag that is kept and their own name.
    pub(crate) const PICKABLE: [(Self, &'static str, &'static str); 2] =
        [(Self::English, "en", "English"), (Self::German, "de", "Deutsch")];

    /// The language of a BCP 47 tag; English for one we do not speak.
    pub(crate) fn from_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        match primary {
            "de" => Self::German,
            "qps" => Self::Pseudo,
            _ => Self::English,
        }
    }

    /// Its BCP 47 tag, for dates and the page.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English | Self::Pseudo => "en-GB",
            Self::German => "de-DE",
        }
    }

    /// What stands between whole and fraction.
    pub(crate) fn decimal_mark(self) -> char {
        match self {
            Self::English | Self::Pseudo => '.',
            Self::German => ',',
        }
    }
}

static CURRENT: AtomicU8 = AtomicU8::new(0);

/// Speaks this language from now on.
pub(crate) fn speak(language: Language) {
    CURRENT.store(language as u8, Ordering::Relaxed);
}

/// The language spoken.
pub(crate) fn language() -> Language {
    match CURRENT.load(Ordering::Relaxed) {
        1 => Language::German,
        2 => Language::Pseudo,
        _ => Language::English,
    }
}

fn pick(texts: [&'static str; 3]) -> &'static str {
    let [english, german, pseudo] = texts;
    match language() {
        Language::English => english,
        Language::German => german,
        Language::Pseudo => pseudo,
    }
}

fn fill(template: &str, arguments: &[&dyn Display]) -> String {
    let mut text = String::new();
    let mut pieces = template.split('{');
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (inside, after) = piece.split_once('}').unwrap_or((piece, ""));
        let (place, words) = match inside.split_once(':') {
            Some((place, words)) => (place, words.split_once('|')),
            None => (inside, None),
        };
        let value =
            place.parse::<usize>().ok().and_then(|place| arguments.get(place)).map(ToString::to_string);
        let value = value.unwrap_or_default();
        match words {
            Some((one, many)) => text.push_str(if value == "1" { one } else { many }),
            None => text.push_str(&value),
        }
        text.push_str(after);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn one_is_singular_and_all_else_is_plural() {
        assert_eq!(fill("{0} {0:photo|photos}", &[&1]), "1 photo");
        assert_eq!(fill("{0} {0:photo|photos}", &[&0]), "0 photos");
    }

    #[test]
    fn arguments_stand_where_the_language_wants_them() {
        assert_eq!(fill("{1} nach {0}", &[&"a", &"b"]), "b nach a");
    }
}
