//! Where an answer comes from, in one line.

use millwright_model::{ScenarioOriginKind, ScenarioQuestion};

use crate::calendar;
use crate::scenario_words;
use crate::text;

/// What templates say that their figures come from.
const TEMPLATE: &str = "template";

/// Who, what and when.
pub(super) fn origin(question: &ScenarioQuestion) -> String {
    let Some(origin) = &question.origin else { return text::origin_none().to_owned() };
    let mut said = vec![match (origin.kind, &question.answered_by) {
        (ScenarioOriginKind::Person, Some(name)) => name.clone(),
        _ => scenario_words::origin_kind(origin.kind).to_owned(),
    }];
    if origin.of == TEMPLATE {
        said.push(text::origin_template().to_owned());
    } else if !origin.of.is_empty() {
        said.push(origin.of.clone());
    }
    said.extend(question.answered_at.map(calendar::moment));
    said.join(" · ")
}
