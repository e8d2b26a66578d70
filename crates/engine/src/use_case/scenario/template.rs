//! The models that scenarios begin from.

use millwright_methods::scenario::Model;
use millwright_model::{ScenarioFault, ScenarioTemplate, ScenarioTemplateList};

use super::unfit;
use crate::EngineError;
use crate::engine::Inner;

/// A template in each language.
struct Template {
    key: &'static str,
    english: &'static str,
    german: &'static str,
}

macro_rules! templates {
    ($($key:literal),+ $(,)?) => {
        &[$(Template {
            key: $key,
            english: include_str!(concat!("../../../../../assets/scenarios/en/", $key, ".model")),
            german: include_str!(concat!("../../../../../assets/scenarios/de/", $key, ".model")),
        }),+]
    };
}

const TEMPLATES: &[Template] = templates![
    "key-supplier",
    "demand-shock",
    "energy-price",
    "new-technology",
    "cyber-attack",
    "people-leaving",
];

impl Template {
    fn text(&self, language: &str) -> &'static str {
        if language.starts_with("de") { self.german } else { self.english }
    }
}

pub(crate) async fn list(
    _engine: &Inner,
    command: ScenarioTemplateList,
) -> Result<Vec<ScenarioTemplate>, EngineError> {
    let told = |template: &Template| {
        let text = template.text(&command.language);
        let model = Model::read(text).map_err(|fault| super::of_model(&fault))?;
        Ok(ScenarioTemplate {
            key: template.key.to_owned(),
            title: model.title().to_owned(),
            about: about(text),
            question_count: model.questions().len() as u32,
        })
    };
    TEMPLATES.iter().map(told).collect()
}

/// What a template says of itself: the remark at its head.
fn about(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.starts_with('#'));
    lines.map(|line| line.trim_start_matches('#').trim()).collect::<Vec<_>>().join(" ")
}

/// The key of the template that a model began from: one whose title it still has.
pub(crate) fn of(text: &str) -> Option<&'static str> {
    let title = text.lines().find(|line| line.starts_with("model "))?;
    let has_it = |template: &&Template| {
        [template.english, template.german].iter().any(|text| text.lines().any(|line| line == title))
    };
    TEMPLATES.iter().find(has_it).map(|template| template.key)
}

/// The text of a template.
pub(super) fn text(key: &str, language: &str) -> Result<&'static str, EngineError> {
    let found = TEMPLATES.iter().find(|template| template.key == key);
    let found = found.ok_or_else(|| unfit(ScenarioFault::NoTemplate { key: key.to_owned() }))?;
    Ok(found.text(language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_says_what_it_is_about_and_asks_at_most_twelve_questions() {
        for (template, language) in TEMPLATES.iter().flat_map(|template| [(template, "en"), (template, "de")])
        {
            let text = template.text(language);
            assert!(!about(text).is_empty(), "{}", template.key);
            let asked = Model::read(text).map(|model| model.questions().len());
            assert!(matches!(asked, Ok(1..=12)), "{}: {asked:?}", template.key);
        }
    }
}
