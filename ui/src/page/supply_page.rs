//! How long the plant lives without each of its suppliers, and what would be missed first.

use leptos::prelude::*;
use millwright_model::{
    CacheTag, ScenarioCreate, ScenarioFill, ScenarioSubject, SupplierRisk, SupplyRisk, SupplyRiskPart,
    SupplyRiskShow,
};

use crate::figure;
use crate::icon::Glyph;
use crate::page::plan_tabs::PlanTabs;
use crate::part::{Empty, Icon};
use crate::query::{query, shown};
use crate::route::Route;
use crate::scenario_words as words;
use crate::session::Session;
use crate::shell;
use crate::text;

/// For so many days a supplier may be taken to be gone.
const OUTAGES_DAYS: [u32; 4] = [14, 30, 90, 180];

/// The page.
#[component]
pub(crate) fn SupplyPage() -> impl IntoView {
    let outage_days = RwSignal::new(90);
    let risk = query(
        move || SupplyRiskShow { outage_days: outage_days.get() },
        vec![CacheTag::Parts, CacheTag::Assets],
    );
    view! {
        <div class="page" data-test="page-supply">
            <div class="head"><h1 class="grow">{text::supply()}</h1><PlanTabs here=Route::Supply/></div>
            <p class="muted">{text::supply_about()}</p>
            <div class="acts"><span>{text::supply_outage()}</span>
                <div class="choice" role="radiogroup" aria-label=text::supply_outage()>
                    {OUTAGES_DAYS.map(|days| view! {
                        <button type="button" class="btn" role="radio" class:on=move || outage_days.get() == days aria-checked=move || (outage_days.get() == days).to_string()
                            data-test=format!("outage-{days}") on:click=move |_| outage_days.set(days)>{text::supply_days(days)}</button> })}
                </div></div>
            {shown(risk, move |risk| suppliers(risk).into_any())}
        </div>
    }
}

fn suppliers(risk: RwSignal<SupplyRisk>) -> impl IntoView {
    move || {
        let risk = risk.get();
        if risk.suppliers.is_empty() {
            return view! { <section class="card"><Empty says=text::scenario_fill_no_supplier()/></section> }
                .into_any();
        }
        let outage_days = f64::from(risk.outage_days);
        risk.suppliers.into_iter().map(|one| supplier(one, outage_days)).collect_view().into_any()
    }
}

fn supplier(risk: SupplierRisk, outage_days: f64) -> impl IntoView {
    let session = Session::here();
    let is_open = RwSignal::new(false);
    let (supplier_id, name) = (risk.supplier_id, risk.name.clone());
    let begin = move |_| {
        let create = ScenarioCreate {
            name: Some(text::supply_scenario_name(&name)),
            language: session.language(),
            template: Some("key-supplier".to_owned()),
            text: None,
        };
        session.send(create, move |scenario_id| {
            let subject = ScenarioSubject::Supplier { supplier_id };
            // What the store does not know stays a question: the scenario opens in any case.
            session.send_or(
                ScenarioFill { scenario_id, subject },
                move |_| shell::go(Route::Scenario(scenario_id)),
                move || shell::go(Route::Scenario(scenario_id)),
            );
        });
    };
    let unknown = risk.unknown_count();
    let is_unknown = unknown == risk.parts.len();
    let says = if is_unknown {
        text::supply_unknown().to_owned()
    } else {
        match (risk.short_days > 0.0, risk.survives_days) {
            (true, survives) => text::supply_short(days(survives.unwrap_or(0.0)), days(risk.short_days)),
            (false, _) => text::supply_nothing_missed().to_owned(),
        }
    };
    let first = risk.runs_out.as_ref().filter(|_| risk.short_days > 0.0).map(text::supply_first);
    let more = (unknown > 0 && !is_unknown).then(|| text::supply_unknown_count(unknown));
    let about: Vec<String> = first.into_iter().chain(more).collect();
    let test = format!("supplier-{}", risk.number);
    let open_test = format!("{test}-open");
    let begin_test = format!("{test}-begin");
    let parts = StoredValue::new(risk.parts);
    let survives = risk.survives_days.unwrap_or(outage_days).min(outage_days);
    let drawn = (!is_unknown).then(|| bar(survives, risk.short_days, outage_days));
    view! {
        <section class="card supplier" data-test=test>
            <div class="head"><div class="grow"><h2>{risk.name}</h2><span class="muted small">{risk.number}</span></div>
                <button type="button" class="btn" data-test=begin_test on:click=begin>{text::supply_begin()}</button>
                <button type="button" class="btn tight" aria-expanded=move || is_open.get().to_string() aria-label=text::supply_parts() data-test=open_test on:click=move |_| is_open.update(|open| *open = !*open)>
                    {move || view! { <Icon glyph=if is_open.get() { Glyph::ChevronUp } else { Glyph::ChevronDown }/> }}</button></div>
            {drawn}
            <p><b>{says}</b><span class="muted small">" "{about.join(" · ")}</span></p>
            <Show when=move || is_open.get()><div class="rows">{parts.with_value(|parts| parts.iter().map(part).collect_view())}</div></Show>
        </section>
    }
}

/// The days of the outage: lived through with what is there, and with something missing.
fn bar(survives_days: f64, short_days: f64, outage_days: f64) -> impl IntoView {
    let share = |days: f64| format!("{}%", (days / outage_days * 100.0).clamp(0.0, 100.0));
    view! {
        <div class="outage" aria-hidden="true"><i class="lasts" style:width=share(survives_days)></i><i class="missing" style:width=share(short_days)></i></div>
    }
}

fn part(risk: &SupplyRiskPart) -> impl IntoView + use<> {
    let part = &risk.part;
    let mut says = vec![words::stock_and_use(part)];
    says.extend(risk.lasts_days.map(|lasts| text::supply_lasts(days(lasts))));
    says.push(match risk.elsewhere_days {
        Some(elsewhere) => text::supply_elsewhere(elsewhere),
        None => text::single_source().to_owned(),
    });
    if risk.has_substitute {
        says.push(text::supply_substitute().to_owned());
    }
    let machines =
        (!part.machines.is_empty()).then(|| text::scenario_fill_machines(part.machines.join(", ")));
    let missed = (risk.short_days > 0.0)
        .then(|| view! { <span class="tag limit"><i class="tri"></i>{text::supply_missed(days(risk.short_days))}</span> });
    view! {
        <a class="row fit" href=Route::Part(part.part_id).hash()><span class="grow"><b>{part.number.clone()}" "{part.name.clone()}</b>
            <div class="muted small">{says.join(" · ")}</div><div class="muted small">{machines}</div></span>{missed}<Icon glyph=Glyph::ChevronRight/></a>
    }
}

/// Whole days: nothing of it is known more closely.
fn days(days: f64) -> String {
    figure::plain(days.floor())
}
