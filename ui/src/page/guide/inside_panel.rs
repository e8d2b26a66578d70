//! Looking into the machine: how far it is pulled apart, and where it is cut open.

use leptos::prelude::*;

use crate::inside::{CutFrom, Inside};
use crate::text;

fn says(cut: Option<CutFrom>) -> (&'static str, &'static str) {
    match cut {
        None => (text::cut_none(), "none"),
        Some(CutFrom::Front) => (text::cut_front(), "front"),
        Some(CutFrom::Side) => (text::cut_side(), "side"),
        Some(CutFrom::Above) => (text::cut_above(), "above"),
    }
}

/// The controls.
#[component]
pub(super) fn InsidePanel(inside: RwSignal<Inside>) -> impl IntoView {
    let share = |event: &leptos::ev::Event| event_target_value(event).parse::<f64>().unwrap_or(0.0) / 100.0;
    let percent = |share: f64| format!("{}", (share * 100.0).round());
    let cuts = std::iter::once(None).chain(CutFrom::ALL.map(Some)).map(|cut| {
        let (said, test) = says(cut);
        let on = move || inside.with(|inside| inside.cut == cut);
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=format!("cut-{test}")
            on:click=move |_| inside.update(|inside| inside.cut = cut)>{said}</button> }
    }).collect_view();
    view! {
        <div class="inside-panel" role="group" aria-label=text::inside() data-test="inside-panel">
            <label class="row fit"><span>{text::inside_apart()}</span>
                <input type="range" min="0" max="100" data-test="inside-apart" prop:value=move || percent(inside.with(|inside| inside.exploded))
                    on:input=move |event| inside.update(|inside| inside.exploded = share(&event))/></label>
            <div class="choice" role="radiogroup" aria-label=text::inside_cut()>{cuts}</div>
            <Show when=move || inside.with(|inside| inside.cut.is_some())>
                <label class="row fit"><span>{text::inside_depth()}</span>
                    <input type="range" min="0" max="100" data-test="inside-depth" prop:value=move || percent(inside.with(|inside| inside.depth))
                        on:input=move |event| inside.update(|inside| inside.depth = share(&event))/></label>
            </Show>
        </div>
    }
}
