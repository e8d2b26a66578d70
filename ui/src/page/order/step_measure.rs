//! A measurement: number pad, where the number stands against its limits, last time.

use leptos::prelude::*;
use millwright_charts::{Gauge, gauge};
use millwright_model::StepOutcome;

use crate::figure;
use crate::kept_fields::KeptFields;
use crate::part::NumberField;
use crate::text;

/// Asks for a number.
#[component]
pub(crate) fn StepMeasure(
    unit: String,
    low: Option<f64>,
    high: Option<f64>,
    decimals: u8,
    last_time: Option<f64>,
    /// Its name in tests.
    #[prop(into)]
    test: String,
    record: Callback<StepOutcome>,
    /// The name under which what is typed is noted, where a screen notes it.
    #[prop(into, optional)]
    kept: String,
) -> impl IntoView {
    let (entry, number) = (KeptFields::field(&kept), RwSignal::new(None::<f64>));
    let within =
        move |value: f64| low.is_none_or(|low| value >= low) && high.is_none_or(|high| value <= high);
    let beyond = move || number.get().is_some_and(|value| !within(value));
    let picture = move || gauge(&Gauge { value: number.get(), usual: (low, high), limits: (None, None) });
    let save = move || {
        if let Some(value) = number.get_untracked() {
            record.run(StepOutcome::Measured { value, in_limits: within(value) });
        }
    };
    let unit = figure::unit(&unit);
    let last = last_time.map(|last| text::last_time(figure::fixed(last, usize::from(decimals)), &unit));
    view! {
        <NumberField entry number label=text::measured_value() unit=unit decimals signed=low.is_none_or(|low| low < 0.0)
            test=format!("{test}-value") entered=Callback::new(move |()| save())>
            <svg class="gauge" class:is-unusual=beyond width="225" height="33" viewBox="0 0 150 22" aria-hidden="true" inner_html=picture></svg>
            <div class="muted small">{last}</div>
            <Show when=beyond><div class="tag high" role="status"><i class="tri"></i>{text::beyond_limits()}</div></Show>
        </NumberField>
        <button class="btn primary" data-test=format!("{test}-save") disabled=move || number.get().is_none() on:click=move |_| save()>{text::next()}</button>
    }
}
