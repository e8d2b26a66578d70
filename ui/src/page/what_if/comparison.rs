//! What came of a line as it stands and as it might be: each figure with its band, what is more than luck, and what the time
//! of each machine goes to.

use leptos::prelude::*;
use millwright_model::{WhatIfComparison, WhatIfEstimate, WhatIfMeasure, WhatIfOutlook, WhatIfTimes};

use super::trial_line::TrialLine;
use crate::figure;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::text;

/// The card.
#[component]
pub(super) fn Comparison(trial: TrialLine) -> impl IntoView {
    view! {
        {move || trial.told.get().map(|told| view! {
            <section class="card stack" data-test="what-if-comparison">
                <div class="head"><h2 class="grow">{text::what_if_comes()}</h2><span class="muted small">{text::what_if_runs(told.replications)}</span></div>
                {table(&told)}
                <p class="muted small">{text::what_if_band()}</p>
                {told.outlooks.iter().map(times).collect_view()}
            </section>
        })}
    }
}

fn named(outlook: &WhatIfOutlook) -> String {
    outlook.name.clone().unwrap_or_else(|| text::what_if_as_it_is().to_owned())
}

fn measure_name(measure: WhatIfMeasure) -> &'static str {
    match measure {
        WhatIfMeasure::Oee => text::what_if_oee(),
        WhatIfMeasure::Output => text::what_if_output(),
        WhatIfMeasure::Cost => text::what_if_cost(),
        WhatIfMeasure::CostPerGood => text::what_if_cost_per_good(),
    }
}

fn said(estimate: &WhatIfEstimate) -> String {
    let (factor, unit) = if estimate.measure == WhatIfMeasure::Oee { (100.0, " %") } else { (1.0, "") };
    let decimals = usize::from(estimate.measure == WhatIfMeasure::Oee)
        + 2 * usize::from(estimate.measure == WhatIfMeasure::CostPerGood);
    let figure = |value: f64| figure::fixed(value * factor, decimals);
    format!("{}{unit} ± {}", figure(estimate.mean), figure(estimate.half_width))
}

/// Costs stand there only where somebody said what something costs.
fn measures(told: &WhatIfComparison) -> Vec<WhatIfMeasure> {
    let costs = told.outlooks.iter().flat_map(|outlook| &outlook.measures);
    let has_costs = costs.clone().any(|one| one.measure == WhatIfMeasure::Cost && one.mean != 0.0);
    let shown =
        |measure: &WhatIfMeasure| has_costs || matches!(measure, WhatIfMeasure::Oee | WhatIfMeasure::Output);
    WhatIfMeasure::ALL.into_iter().filter(shown).collect()
}

fn table(told: &WhatIfComparison) -> impl IntoView + use<> {
    let rows = told.outlooks.iter().map(|outlook| {
        let cells = measures(told).into_iter().map(|measure| {
            let of = outlook.measures.iter().find(|one| one.measure == measure);
            let change = outlook.changes.iter().find(|one| one.measure == measure);
            let test = format!("{}-{measure:?}", outlook.name.as_deref().unwrap_or("base")).to_lowercase();
            view! { <td data-test=test><b class="tabular">{of.map(said)}</b>{change.map(|change| verdict(measure, change))}</td> }
        });
        view! { <tr><th scope="row" class="pre">{named(outlook)}</th>{cells.collect_view()}</tr> }
    });
    let heads =
        measures(told).into_iter().map(|measure| view! { <th scope="col">{measure_name(measure)}</th> });
    view! {
        <div class="sheet-grid"><table><thead><tr><th></th>{heads.collect_view()}</tr></thead><tbody>{rows.collect_view()}</tbody></table></div>
    }
}

/// What a change is worth: better, worse, or no more than luck.
fn verdict(measure: WhatIfMeasure, change: &WhatIfEstimate) -> AnyView {
    let is_clear = change.mean.abs() > change.half_width;
    if !is_clear {
        return view! { <div class="muted small">{text::what_if_luck()}</div> }.into_any();
    }
    let is_more = change.mean > 0.0;
    let (glyph, word) = match is_more == measure.more_is_better() {
        true => (Glyph::Check, text::what_if_better()),
        false => (Glyph::X, text::what_if_worse()),
    };
    let sign = if is_more { "+" } else { "" };
    view! { <div class="small"><Icon glyph=glyph/>" "{word}" "{format!("{sign}{}", said(change))}</div> }
        .into_any()
}

/// What the time of each machine goes to, as a bar and in words.
fn times(outlook: &WhatIfOutlook) -> impl IntoView + use<> {
    let rows = outlook.times.iter().map(|times| {
        let WhatIfTimes { working_h, waiting_h, broken_h, maintenance_h, off_shift_h, .. } = times;
        let all = (working_h + waiting_h + broken_h + maintenance_h + off_shift_h).max(1e-9);
        let share = move |hours: &f64| hours / all * 100.0;
        let parts = [
            ("works", share(working_h), text::what_if_works()),
            ("waits", share(waiting_h), text::what_if_waits()),
            ("broken", share(broken_h), text::what_if_broken()),
            ("cared", share(maintenance_h), text::what_if_cared()),
            ("off", share(off_shift_h), text::what_if_off()),
        ];
        let says = parts.iter().filter(|(_, share, _)| *share >= 0.5);
        let says: Vec<String> = says.map(|(_, share, word)| format!("{word} {} %", figure::fixed(*share, 0))).collect();
        let bar = parts.map(|(class, share, _)| view! { <i class=class style:width=format!("{share:.2}%")></i> });
        view! { <div class="weighed"><div class="head base"><span class="grow pre">{times.name.clone()}</span><span class="muted small">{says.join(" · ")}</span></div><div class="bar times" aria-hidden="true">{bar}</div></div> }
    });
    view! { <details><summary>{text::what_if_times(named(outlook))}</summary><div class="stack">{rows.collect_view()}</div></details> }
}
