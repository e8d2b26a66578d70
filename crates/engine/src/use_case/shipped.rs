//! Texts that come with the program for each scenario that one may begin from, in each language.

/// A text in each language.
pub(super) struct Shipped {
    /// Of which scenario.
    pub(super) key: &'static str,
    pub(super) english: &'static str,
    pub(super) german: &'static str,
}

impl Shipped {
    /// The text in a language; in English for one that it is not written in.
    pub(super) fn text(&self, language: &str) -> &'static str {
        if language.starts_with("de") { self.german } else { self.english }
    }

    /// The one with a key.
    pub(super) fn of<'s>(all: &'s [Self], key: &str) -> Option<&'s Self> {
        all.iter().find(|shipped| shipped.key == key)
    }
}

/// The texts of a folder of `assets`, one with this ending for each scenario: the list of scenarios stands here alone.
macro_rules! of_each_scenario {
    ($folder:literal, $ending:literal) => {
        of_each_scenario!(
            $folder, $ending: "key-supplier", "demand-shock", "energy-price", "new-technology", "cyber-attack",
            "people-leaving"
        )
    };
    ($folder:literal, $ending:literal: $($key:literal),+) => {
        &[$($crate::use_case::shipped::Shipped {
            key: $key,
            english: of_each_scenario!(@text $folder, "/en/", $key, $ending),
            german: of_each_scenario!(@text $folder, "/de/", $key, $ending),
        }),+]
    };
    (@text $folder:literal, $language:literal, $key:literal, $ending:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/", $folder, $language, $key, $ending))
    };
}
pub(super) use of_each_scenario;
