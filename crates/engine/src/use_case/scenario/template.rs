//! The models that scenarios begin from.

use millwright_methods::scenario::Model;
use millwright_model::{ScenarioFault, ScenarioTemplate, ScenarioTemplateList};

use super::unfit;
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::shipped::{Shipped, of_each_scenario};

const TEMPLATES: &[Shipped] = of_each_scenario!("scenarios", ".model");

pub(crate) async fn list(
    _engine: &Inner,
    command: ScenarioTemplateList,
) -> Result<Vec<ScenarioTemplate>, EngineError> {
    let told = |template: &Shipped| {
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
    let has_it = |template: &&Shipped| {
        [template.english, template.german].iter().any(|text| text.lines().any(|line| line == title))
    };
    TEMPLATES.iter().find(has_it).map(|template| template.key)
}

/// The text of a template.
pub(super) fn text(key: &str, language: &str) -> Result<&'static str, EngineError> {
    let found = Shipped::of(TEMPLATES, key);
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
