//! Where an answer comes from, in one line.

use millwright_model::{ScenarioOriginKind, ScenarioQuestion, TimestampMs};

use crate::calendar;
use crate::scenario_words;
use crate::text;

/// What templates say that their figures come from.
const TEMPLATE: &str = "template";

/// What a source is called, with the moments behind it as people say them.
fn with_moments(of: &str) -> String {
    let Some((name, when)) = of.rsplit_once(", ") else { return of.to_owned() };
    let moment = |when: &str| {
        let at = js_sys::Date::parse(when);
        at.is_finite().then(|| calendar::day_time(TimestampMs(at as i64)))
    };
    let moments: Option<Vec<String>> = when.split(" / ").map(moment).collect();
    moments.map_or_else(|| of.to_owned(), |moments| format!("{name}, {}", moments.join(" – ")))
}

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
        said.push(with_moments(&origin.of));
    }
    said.extend(question.answered_at.map(calendar::moment));
    said.join(" · ")
}
