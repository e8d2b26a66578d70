//! The form of the text catalogue: `{name}` is an argument, `{name:one|many}` a word chosen by a number.
//!
//! Used by `build.rs` and by the tests; the screens hold only what was made from it.

/// A text in each language.
pub(crate) struct Entry {
    /// The name of its function.
    pub(crate) key: String,
    /// In English.
    pub(crate) english: String,
    /// In German.
    pub(crate) german: String,
}

/// All texts.
pub(crate) struct Catalogue {
    /// In the order of their keys.
    pub(crate) entries: Vec<Entry>,
}

impl Catalogue {
    /// Takes the texts, refusing any that lacks a language or whose arguments differ between them.
    pub(crate) fn read(texts: impl Iterator<Item = (String, String, String)>) -> Result<Self, String> {
        let mut entries = Vec::new();
        for (key, english, german) in texts {
            if english.is_empty() || german.is_empty() {
                return Err(format!("the text «{key}» lacks a language"));
            }
            let (mut ours, mut theirs) = (arguments(&english), arguments(&german));
            ours.sort();
            theirs.sort();
            if ours != theirs {
                return Err(format!("the text «{key}» has other arguments in German: {ours:?}, {theirs:?}"));
            }
            entries.push(Entry { key, english, german });
        }
        Ok(Self { entries })
    }
}

/// The names of the arguments, in order of appearance.
pub(crate) fn arguments(template: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in template.split('{').skip(1) {
        let inside = piece.split('}').next().unwrap_or_default();
        let name = inside.split(':').next().unwrap_or_default().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The template with the arguments' places for their names.
pub(crate) fn numbered(template: &str, names: &[String]) -> String {
    let mut text = template.to_owned();
    for (place, name) in names.iter().enumerate() {
        text = text.replace(&format!("{{{name}}}"), &format!("{{{place}}}"));
        text = text.replace(&format!("{{{name}:"), &format!("{{{place}:"));
    }
    text
}

/// The pseudo-language: accents show what is not in the catalogue, length shows what does not fit.
pub(crate) fn pseudo(template: &str) -> String {
    let mut text = String::from("⟦");
    let mut in_argument = false;
    let mut letters = 0_usize;
    for character in template.chars() {
        match character {
            '{' => in_argument = true,
            '}' => in_argument = false,
            _ => {}
        }
        if in_argument {
            text.push(character);
            continue;
        }
        letters += 1;
        text.push(match character {
            'a' => 'á',
            'e' => 'é',
            'i' => 'í',
            'o' => 'ó',
            'u' => 'ú',
            'A' => 'Å',
            'E' => 'É',
            'O' => 'Ö',
            'U' => 'Ü',
            'c' => 'ç',
            'n' => 'ñ',
            's' => 'š',
            'y' => 'ý',
            other => other,
        });
    }
    text.push_str(&"·".repeat(letters * 2 / 5));
    text.push('⟧');
    text
}
