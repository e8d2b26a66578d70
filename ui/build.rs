//! Turns the text catalogue `texts.toml` into one function per text, and derives the pseudo-language.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;

#[path = "src/catalogue.rs"]
mod catalogue;

use catalogue::{Catalogue, arguments, numbered, pseudo};

fn main() -> Result<(), Box<dyn Error>> {
    for watched in ["texts.toml", "build.rs", "src/catalogue.rs"] {
        say(&format!("cargo:rerun-if-changed={watched}"))?;
    }
    let texts: BTreeMap<String, toml::Table> = toml::from_str(&std::fs::read_to_string("texts.toml")?)?;
    let catalogue = Catalogue::read(texts.iter().map(|(key, table)| {
        let of =
            |language: &str| table.get(language).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        (key.clone(), of("en"), of("de"))
    }));
    let mut code = String::new();
    for entry in catalogue?.entries {
        let names = arguments(&entry.english);
        let templates = [
            numbered(&entry.english, &names),
            numbered(&entry.german, &names),
            numbered(&pseudo(&entry.english), &names),
        ];
        writeln!(code, "/// {}", entry.english.replace('\n', " "))?;
        if names.is_empty() {
            writeln!(code, "pub(crate) fn {}() -> &'static str {{ pick({templates:?}) }}", entry.key)?;
        } else {
            let parameters: Vec<String> =
                names.iter().map(|name| format!("{name}: impl std::fmt::Display")).collect();
            let passed: Vec<String> = names.iter().map(|name| format!("&{name}")).collect();
            writeln!(
                code,
                "pub(crate) fn {}({}) -> String {{ fill(pick({templates:?}), &[{}]) }}",
                entry.key,
                parameters.join(", "),
                passed.join(", ")
            )?;
        }
    }
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    std::fs::write(Path::new(&out).join("text.rs"), code)?;
    Ok(())
}

/// Speaks to cargo, which listens on standard output.
fn say(line: &str) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(std::io::stdout(), "{line}")
}
