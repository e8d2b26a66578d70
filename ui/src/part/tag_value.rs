//! The last value of a tag: stale ones hatched, abnormal ones marked, never good without quality.

use leptos::prelude::*;
use millwright_model::{LiveValue, TagBinding, TagCondition, TagState};

use crate::condition::condition;
use crate::figure;
use crate::session::Session;
use crate::words;

/// The live value of a bound tag and how it stands.
pub(crate) fn live_condition(tag: &TagState) -> (Signal<Option<LiveValue>>, Memo<TagCondition>) {
    let session = Session::here();
    session.live.seed(tag);
    let signal = session.live.value(&tag.binding.series);
    let live = Signal::derive(move || signal.get());
    let binding: TagBinding = tag.binding.clone();
    let stands = Memo::new(move |_| live.with(|live| condition(&binding, live.as_ref(), session.now.get())));
    (live, stands)
}

/// The class of a condition.
pub(crate) fn condition_class(condition: TagCondition) -> &'static str {
    match condition {
        TagCondition::Normal => "",
        TagCondition::Unusual => "is-unusual",
        TagCondition::BeyondLimit => "is-limit",
        TagCondition::Stale | TagCondition::Silent => "stale",
        TagCondition::NotGood => "is-bad",
    }
}

/// A value and its unit.
#[component]
pub(crate) fn TagValue(
    tag: TagState,
    /// In the size of text.
    #[prop(optional)]
    low: bool,
) -> impl IntoView {
    let (live, stands) = live_condition(&tag);
    let unit = figure::unit(&tag.binding.unit);
    view! {
        <span class=move || format!("value {} {}", if low { "low" } else { "" }, condition_class(stands.get()))>
            <span class="figure">{move || live.with(|live| words::value(live.as_ref().and_then(|live| live.sample.value.as_ref())))}</span>
            <span class="unit">{unit}</span>
        </span>
    }
}
