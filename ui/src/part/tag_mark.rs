//! How a tag stands, told by shape; colour only adds.

use leptos::prelude::*;
use millwright_model::TagCondition;

use crate::words;

/// A triangle for unusual, a diamond beyond a limit, a dashed ring for stale, a crossed box without quality.
#[component]
pub(crate) fn TagMark(#[prop(into)] condition: Signal<TagCondition>) -> impl IntoView {
    let shape = move || match condition.get() {
        TagCondition::Normal => "dot",
        TagCondition::Unusual => "tri",
        TagCondition::BeyondLimit => "sq",
        TagCondition::Stale | TagCondition::Silent => "dot open",
        TagCondition::NotGood => "cross",
    };
    view! { <i class=shape role="img" aria-label=move || words::condition(condition.get())></i> }
}
