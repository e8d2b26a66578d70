//! Fills a scenario of supply from the store: whose parts it is about, what was known of them, what is missing.

use leptos::prelude::*;
use millwright_model::{
    ScenarioFill, ScenarioFilled, ScenarioPart, ScenarioQuestion, ScenarioSubject, SupplierId, SupplierList,
    SupplierOverview,
};

use super::trial::Trial;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, Sheet};
use crate::query::{query, shown};
use crate::scenario_words as words;
use crate::session::Session;
use crate::text;

/// Whether a scenario asks for what the store can answer.
pub(super) fn is_about_supply(questions: &[ScenarioQuestion]) -> bool {
    questions.iter().any(|question| ScenarioSubject::FIGURES.contains(&question.name.as_str()))
}

/// The sheet.
#[component]
pub(super) fn FillSheet(trial: Trial, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let scenario_id = trial.view.with_untracked(|view| view.scenario.scenario_id);
    let filled = RwSignal::new(None::<ScenarioFilled>);
    let suppliers = query(move || SupplierList {}, Vec::new());
    let fill = move |supplier_id: SupplierId| {
        let subject = ScenarioSubject::Supplier { supplier_id };
        session.send(ScenarioFill { scenario_id, subject }, move |told| {
            filled.try_set(Some(told));
        });
    };
    view! {
        <Sheet title=text::scenario_fill() close test="fill-sheet" wide=true>
            {move || match filled.get() {
                Some(told) => outcome(trial, &told),
                None => view! {
                    <p class="muted">{text::scenario_fill_hint()}</p>
                    {shown(suppliers, move |suppliers| choice(suppliers, fill).into_any())}
                }.into_any(),
            }}
        </Sheet>
    }
}

/// Whose parts.
fn choice(
    suppliers: RwSignal<Vec<SupplierOverview>>,
    fill: impl Fn(SupplierId) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let row = move |one: SupplierOverview| {
        let supplier_id = one.supplier.supplier_id;
        let test = format!("supplier-{}", one.supplier.number);
        let parts = text::scenario_fill_parts(one.part_count, one.single_source_count);
        view! {
            <button type="button" class="row fit" data-test=test on:click=move |_| fill(supplier_id)>
                <span class="grow"><b>{one.supplier.name}</b><div class="muted small">{one.supplier.number}</div></span>
                <span class="tag">{parts}</span><Icon glyph=Glyph::ChevronRight/></button>
        }
    };
    view! {
        {move || suppliers.with(Vec::is_empty).then(|| view! { <Empty says=text::scenario_fill_no_supplier()/> })}
        <div class="rows" data-test="fill-suppliers">{move || suppliers.get().into_iter().map(row).collect_view()}</div>
    }
}

/// What came of it.
fn outcome(trial: Trial, told: &ScenarioFilled) -> AnyView {
    let question = move |name: &str| {
        trial.view.with(|view| {
            let found = view.questions.iter().find(|question| question.name == name);
            found.map(|question| question.question.clone()).unwrap_or_default()
        })
    };
    let count = told.filled.len();
    let filled = told.filled.iter().map(|name| {
        let says = question(name);
        view! { <div class="row fit"><Icon glyph=Glyph::Check/><span class="grow">{says}</span></div> }
    });
    let missing = told.missing.iter().map(|missing| {
        let (says, why) = (missing.question.clone(), words::missing_why(missing.why));
        view! { <div class="row fit"><span class="grow">{says}<div class="muted small">{why}</div></span></div> }
    });
    let has_missing = !told.missing.is_empty();
    let parts = told.parts.iter().map(part);
    view! {
        <p class="notice-box" role="status" data-test="fill-count">{text::scenario_filled(count)}</p>
        <div class="rows" data-test="fill-filled">{filled.collect_view()}</div>
        {has_missing.then(|| view! { <h3>{text::scenario_fill_missing()}</h3><p class="muted small">{text::scenario_fill_missing_hint()}</p> })}
        <div class="rows" data-test="fill-missing">{missing.collect_view()}</div>
        <h3>{text::scenario_fill_looked_at()}</h3>
        <div class="rows" data-test="fill-parts">{parts.collect_view()}</div>
    }
    .into_any()
}

fn part(part: &ScenarioPart) -> impl IntoView + use<> {
    let stock = words::stock_and_use(part);
    let machines =
        (!part.machines.is_empty()).then(|| text::scenario_fill_machines(part.machines.join(", ")));
    let says = format!("{} {}", part.number, part.name);
    view! {
        <div class="row fit"><span class="grow"><b>{says}</b><div class="muted small">{stock}</div><div class="muted small">{machines}</div></span>
            {part.single_source.then(|| view! { <span class="tag">{text::single_source()}</span> })}</div>
    }
}
