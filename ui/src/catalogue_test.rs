//! The catalogue is whole, and no screen speaks past it.

use std::path::Path;

use crate::catalogue::{Catalogue, arguments, pseudo};

fn texts() -> Vec<(String, String, String)> {
    let table: toml::Table = toml::from_str(include_str!("../texts.toml")).unwrap();
    let of = |entry: &toml::Value, language: &str| {
        entry.get(language).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    };
    table.iter().map(|(key, entry)| (key.clone(), of(entry, "en"), of(entry, "de"))).collect()
}

#[test]
fn both_languages_have_every_text_with_the_same_arguments() {
    let count = texts().len();
    assert!(count > 200, "{count} texts");
    assert_eq!(Catalogue::read(texts().into_iter()).map(|catalogue| catalogue.entries.len()), Ok(count));
}

#[test]
fn a_text_without_a_language_or_with_other_arguments_is_refused() {
    let one = |english: &str, german: &str| {
        Catalogue::read([("key".to_owned(), english.to_owned(), german.to_owned())].into_iter()).map(|_| ())
    };
    assert!(one("a", "").is_err());
    assert!(one("{a}", "{b}").is_err());
    assert!(one("{a} {b}", "{b} {a}").is_ok());
}

#[test]
fn the_pseudo_language_is_longer_and_keeps_arguments() {
    let pseudo = pseudo("{count} {count:photo|photos} only here");
    assert_eq!(arguments(&pseudo), ["count"]);
    assert!(
        pseudo.contains("{count:photo|photos}") && pseudo.starts_with('⟦') && pseudo.ends_with('⟧'),
        "{pseudo}"
    );
    assert!(
        pseudo.chars().count() as f64 >= "{count} {count:photo|photos} only here".len() as f64 * 1.1,
        "{pseudo}"
    );
}

/// What looks like words for people: two words, or a capital followed by small letters.
fn is_prose(literal: &str) -> bool {
    let words: Vec<&str> = literal
        .split_whitespace()
        .filter(|word| word.chars().all(|c| c.is_alphabetic() || ",.!?…:".contains(c)))
        .collect();
    let capital = words.iter().any(|word| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
    });
    words.len() > 1 || capital
}

/// Where a literal is a name for machines.
fn is_machine(before: &str, literal: &str, after: &str) -> bool {
    const NAMES: [&str; 23] = [
        "query_selector_all(",
        "class=",
        "data-test=",
        "type=",
        "viewBox=",
        "role=",
        "look=",
        "href=",
        "src=",
        "accept=",
        "test=",
        "key() ==",
        "class:",
        "inputmode=",
        "format!(",
        "autocomplete=",
        "d=",
        "autocapitalize=",
        "map_or(",
        "Some(",
        "aria-hidden=",
        "from((",
        "join(",
    ];
    // The product's own name, protocols and a language's own name are the same everywhere.
    const SAME: [&str; 9] = [
        "Millwright",
        "English",
        "Deutsch",
        "OData V2",
        "OData V4",
        "Tryton",
        "Ctrl K",
        "millwright --data /path/to/folder",
        "Inter",
    ];
    // An arm of a match on a name that the webview gives.
    let arm = before.trim_end().ends_with('|')
        || after.trim_start().starts_with("=>")
        || after.trim_start().starts_with('|');
    SAME.contains(&literal) || arm || NAMES.iter().any(|name| before.trim_end().ends_with(name))
}

fn prose_in(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in source.lines() {
        let code = line.split("//").next().unwrap_or_default();
        if line.trim_start().starts_with("//")
            || code.contains("expect(")
            || code.contains("=> \"")
            || code.contains("=> (\"")
            || code.contains("js_name")
        {
            continue;
        }
        let pieces: Vec<&str> = code.split('"').collect();
        for (place, literal) in pieces.iter().enumerate().skip(1).step_by(2) {
            let before = pieces.get(place - 1).copied().unwrap_or_default();
            if is_prose(literal)
                && !is_machine(before, literal, pieces.get(place + 1).copied().unwrap_or_default())
            {
                found.push(line.trim().to_owned());
            }
        }
        // Text between tags without quotes.
        for piece in code.split('>').skip(1) {
            let (bare, after) = piece.split_once('<').unwrap_or_default();
            if after.starts_with('/') && is_prose(bare) && !bare.contains(['{', '(', '=', ';', '"']) {
                found.push(line.trim().to_owned());
            }
        }
    }
    found
}

fn sources(folder: &Path, visit: &mut dyn FnMut(&Path, &str)) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, visit);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            visit(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn no_screen_speaks_past_the_catalogue() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for folder in ["dialog", "page", "part", "shell"] {
        sources(&root.join(folder), &mut |path, source| {
            found.extend(prose_in(source).into_iter().map(|line| format!("{}: {line}", path.display())));
        });
    }
    assert!(found.is_empty(), "put these into texts.toml:\n{}", found.join("\n"));
}

#[test]
fn the_search_for_words_finds_them() {
    assert_eq!(prose_in(r#"view! { <button class="btn primary">"Save it"</button> }"#).len(), 1);
    assert_eq!(prose_in(r#"view! { <button>Save it</button> }"#).len(), 1);
    assert_eq!(prose_in(r#"view! { <button class="btn primary">{text::save()}</button> }"#).len(), 0);
}
