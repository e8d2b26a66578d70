//! Reading a meter for a plan.

use leptos::prelude::*;
use millwright_model::{MeterSource, PlanRhythm, PlanView, ReadingAdd};

use crate::figure;
use crate::part::{NumberField, Sheet};
use crate::session::Session;
use crate::text;

/// Asks what the meter shows.
#[component]
pub(super) fn ReadingSheet(plan: PlanView, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let (entry, number) = (RwSignal::new(String::new()), RwSignal::new(None::<f64>));
    let asset_id = plan.plan.asset_id;
    let (name, unit) = match plan.plan.rhythm {
        PlanRhythm::Meter { source: MeterSource::Reading { name, unit }, .. } => (name, unit),
        // Nobody reads a tag or the calendar: the row has no such button.
        PlanRhythm::Meter { .. } | PlanRhythm::Calendar { .. } => (String::new(), String::new()),
    };
    let before = plan.meter.map(|stand| text::last_time(figure::measured(stand), figure::unit(&unit)));
    let (kept_name, kept_unit) = (name.clone(), unit.clone());
    let save = move || {
        let Some(value) = number.get_untracked() else { return };
        let command = ReadingAdd { asset_id, name: kept_name.clone(), value, unit: kept_unit.clone() };
        session.record_then(command, move || close.run(()));
    };
    let by_key = save.clone();
    view! {
        <Sheet title=text::reading_add() close test="reading-sheet">
            <div class="strong">{format!("{} {} · {name}", plan.asset_code, plan.asset_name)}</div>
            <NumberField entry number label=text::reading_value() unit=figure::unit(&unit) decimals=3 test="reading-value" entered=Callback::new(move |()| by_key())>
                <div class="muted">{before}</div>
            </NumberField>
            <div class="acts end"><button class="btn primary grow" data-test="reading-save" disabled=move || number.get().is_none() on:click=move |_| save()>{text::save()}</button></div>
        </Sheet>
    }
}
