//! What changed since a moment, and how far each change moved the result.

use leptos::prelude::*;
use millwright_model::{ScenarioChanges, ScenarioChangesShow, TimestampMs};

use super::trial::Trial;
use crate::calendar;
use crate::part::{Empty, Sheet};
use crate::query::{query, shown};
use crate::scenario_words as words;
use crate::session::Session;
use crate::text;

const DAY_MS: i64 = 86_400_000;

/// The sheet.
#[component]
pub(super) fn ChangeSheet(trial: Trial, close: Callback<()>) -> impl IntoView {
    let now = Session::here().now.get_untracked();
    let mut moments: Vec<(String, TimestampMs)> = [1, 7, 30]
        .map(|days| (text::ago(text::span_days(days)), now.plus_ms(-days * DAY_MS)))
        .into_iter()
        .collect();
    let frozen = trial.view.with_untracked(|view| view.baselines.first().map(|baseline| baseline.taken_at));
    if let Some(at) = frozen {
        moments.insert(0, (text::scenario_since_baseline(calendar::moment(at)), at));
    }
    let first = moments.first().map_or(now, |(_, at)| *at);
    let since = RwSignal::new(first);
    let scenario_id = trial.view.with_untracked(|view| view.scenario.scenario_id);
    let found = query(
        move || ScenarioChangesShow { scenario_id, since: since.get(), result: trial.result.get() },
        Vec::new(),
    );
    let choices = moments.into_iter().enumerate().map(|(place, (name, at))| {
        let on = move || since.get() == at;
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=format!("since-{place}") on:click=move |_| since.set(at)>{name}</button> }
    });
    let choices = choices.collect_view();
    view! {
        <Sheet title=text::scenario_what_changed() close test="change-sheet" wide=true>
            <div class="field"><span>{text::scenario_since()}</span><div class="choice" role="radiogroup">{choices}</div></div>
            {shown(found, move |found| view! { {move || found.with(changes)} }.into_any())}
        </Sheet>
    }
}

fn changes(found: &ScenarioChanges) -> AnyView {
    if found.changes.is_empty() {
        return view! { <Empty says=text::scenario_nothing_changed()/> }.into_any();
    }
    let said = |value| words::result(value, &found.unit, false);
    let head = text::scenario_changed_from_to(
        found.result.replace('_', " "),
        said(found.mean_before),
        said(found.mean_after),
    );
    let rows = found.changes.iter().map(|change| {
        let was = match (&change.before, &change.after) {
            (Some(before), Some(after)) => text::scenario_was_is(words::value_of(before), words::value_of(after)),
            (None, Some(after)) => format!("{}: {}", text::scenario_new_figure(), words::value_of(after)),
            (Some(before), None) => format!("{}: {}", text::scenario_gone_figure(), words::value_of(before)),
            (None, None) => String::new(),
        };
        let sign = if change.moved > 0.0 { "+" } else { "" };
        let moved = text::scenario_moved(format!("{sign}{}", said(change.moved)));
        view! {
            <div class="row fit" data-test=format!("change-{}", change.name)><span class="grow"><b>{change.name.replace('_', " ")}</b><div class="muted small mono">{was}</div></span>
                <span class="value">{moved}</span></div>
        }
    });
    view! { <p class="strong" data-test="change-head">{head}</p><div class="rows">{rows.collect_view()}</div> }.into_any()
}
