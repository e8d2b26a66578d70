//! The roles and injects that exercises begin from: data beside the models of the scenarios.

use millwright_model::*;
use serde::Deserialize;

use super::unfit;
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::scenario;
use crate::use_case::shipped::{Shipped, of_each_scenario};

const TEMPLATES: &[Shipped] = of_each_scenario!("exercises", ".json");

/// What a template says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Content {
    pub(super) title: String,
    pub(super) objectives: Vec<String>,
    pub(super) roles: Vec<TemplateRole>,
    pub(super) injects: Vec<TemplateInject>,
}

/// A role of a template.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateRole {
    pub(super) key: String,
    pub(super) name: String,
}

/// An inject of a template.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateInject {
    at_min: i64,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) by: InjectMeans,
    pub(super) says: String,
    pub(super) expects: String,
    #[serde(default)]
    pub(super) notes: String,
}

impl TemplateInject {
    pub(super) fn at_ms(&self) -> i64 {
        self.at_min * 60_000
    }
}

fn read(template: &Shipped, language: &str) -> Result<Content, EngineError> {
    Ok(serde_json::from_str(template.text(language))?)
}

pub(crate) async fn list(
    engine: &Inner,
    command: ExerciseTemplateList,
) -> Result<Vec<ExerciseTemplate>, EngineError> {
    let view = scenario::show(engine, ScenarioShow { scenario_id: command.scenario_id }).await?;
    let own = scenario::template_of(&view.text);
    let told = |template: &Shipped| {
        let content = read(template, &command.language)?;
        Ok(ExerciseTemplate {
            key: template.key.to_owned(),
            title: content.title,
            role_count: content.roles.len() as u32,
            inject_count: content.injects.len() as u32,
            lasts_ms: content.injects.last().map_or(0, TemplateInject::at_ms),
            fits: own == Some(template.key),
        })
    };
    let mut all = TEMPLATES.iter().map(told).collect::<Result<Vec<_>, EngineError>>()?;
    all.sort_by_key(|template| !template.fits);
    Ok(all)
}

/// What the template with a key says.
pub(super) fn content(key: &str, language: &str) -> Result<Content, EngineError> {
    let found = Shipped::of(TEMPLATES, key);
    read(found.ok_or_else(|| unfit(ExerciseFault::NoTemplate { key: key.to_owned() }))?, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_has_six_to_ten_injects_in_order_each_to_a_role_of_its_own() {
        for (template, language) in TEMPLATES.iter().flat_map(|template| [(template, "en"), (template, "de")])
        {
            let content = read(template, language).unwrap();
            let key = template.key;
            assert!((6..=10).contains(&content.injects.len()), "{key} {language}");
            assert!(content.injects.is_sorted_by_key(TemplateInject::at_ms), "{key} {language}");
            assert!(content.injects.iter().all(|inject| (0..=90).contains(&inject.at_min)), "{key}");
            assert!((1..=4).contains(&content.objectives.len()), "{key} {language}");
            for inject in &content.injects {
                assert!(content.roles.iter().any(|role| role.key == inject.to), "{key}: {}", inject.to);
                let texts = [&inject.from, &inject.says, &inject.expects];
                assert!(texts.iter().all(|text| !text.trim().is_empty()), "{key} {language}: {inject:?}");
            }
            for role in &content.roles {
                let is_asked = content.injects.iter().any(|inject| inject.to == role.key);
                assert!(is_asked, "{key} {language}: nobody asks the role {}", role.key);
            }
        }
    }

    #[test]
    fn both_languages_of_a_template_play_the_same() {
        for template in TEMPLATES {
            let course = |language: &str| {
                let content = read(template, language).unwrap();
                let one = |inject: TemplateInject| (inject.at_min, inject.to, inject.by);
                content.injects.into_iter().map(one).collect::<Vec<_>>()
            };
            assert_eq!(course("en"), course("de"), "{}", template.key);
        }
    }
}
