//! Setting a signpost: the tag, on which side of which threshold, for how long.

use leptos::prelude::*;
use millwright_model::{SignpostSave, SignpostSide, TagBinding};

use super::bind_sheet::TagChoice;
use super::trial::Trial;
use crate::figure;
use crate::part::{NumberField, Sheet, TextField};
use crate::session::Session;
use crate::text;

const HOUR_MS: i64 = 3_600_000;
/// For how long a tag may have to stay beyond.
const HOLDS: [i64; 5] = [0, HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS, 28 * 24 * HOUR_MS];

/// The sheet.
#[component]
pub(super) fn SignpostSheet(trial: Trial, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let name = RwSignal::new(String::new());
    let tag = RwSignal::new(None::<TagBinding>);
    let side = RwSignal::new(SignpostSide::Above);
    let holds_ms = RwSignal::new(0_i64);
    let (typed, threshold) = (RwSignal::new(String::new()), RwSignal::new(None::<f64>));
    let scenario_id = trial.view.with_untracked(|view| view.scenario.scenario_id);
    let is_ready = move || {
        name.with(|name| !name.trim().is_empty())
            && tag.with(Option::is_some)
            && threshold.with(Option::is_some)
    };
    let save = move |_| {
        let (Some(tag), Some(threshold)) = (tag.get_untracked(), threshold.get_untracked()) else { return };
        let command = SignpostSave {
            signpost_id: None,
            scenario_id,
            name: name.get_untracked(),
            tag_binding_id: tag.tag_binding_id,
            side: side.get_untracked(),
            threshold,
            holds_ms: holds_ms.get_untracked(),
        };
        session.send(command, move |_| {
            close.try_run(());
        });
    };
    let sides = SignpostSide::ALL.map(|one| {
        let on = move || side.get() == one;
        let (label, test) = match one {
            SignpostSide::Above => (text::signpost_side_above(), "side-above"),
            SignpostSide::Below => (text::signpost_side_below(), "side-below"),
        };
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=test on:click=move |_| side.set(one)>{label}</button> }
    });
    let holds = HOLDS.map(|one| {
        let on = move || holds_ms.get() == one;
        let label = if one == 0 { text::signpost_at_once().to_owned() } else { figure::span(one) };
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=format!("holds-{}", one / HOUR_MS) on:click=move |_| holds_ms.set(one)>{label}</button> }
    });
    let unit = move || tag.with(|tag| tag.as_ref().map(|tag| figure::unit(&tag.unit)).unwrap_or_default());
    view! {
        <Sheet title=text::signpost_new() close test="signpost-sheet" wide=true>
            <div class="form">
                <TextField label=text::signpost_name() value=name test="signpost-name" focused=true/>
                <TagChoice picked=Callback::new(move |one| tag.set(Some(one)))/>
                <div class="field"><span>{text::signpost_side()}</span><div class="choice" role="radiogroup" aria-label=text::signpost_side()>{sides}</div></div>
                <div class="stack tight"><span class="muted small">{move || format!("{} {}", text::signpost_threshold(), unit())}</span>
                    <NumberField entry=typed number=threshold label=text::signpost_threshold() decimals=3 signed=true test="signpost-threshold"/></div>
                <div class="field"><span>{text::signpost_holds()}</span><div class="choice" role="radiogroup" aria-label=text::signpost_holds()>{holds}</div></div>
            </div>
            <div class="acts end"><button type="button" class="btn primary grow" data-test="signpost-save" disabled=move || !is_ready() on:click=save>{text::save()}</button></div>
        </Sheet>
    }
}
