//! One plan in a list: what, where, how often, and how it stands.

use leptos::prelude::*;
use millwright_model::{MeterSource, OccasionDue, PlanRhythm, PlanView};

use crate::calendar;
use crate::figure;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::route::Route;
use crate::text;
use crate::words;

/// How a plan stands, part by part.
fn standing(view: &PlanView) -> Vec<String> {
    let unit = figure::unit(view.meter_unit.as_deref().unwrap_or_default());
    let mut parts = vec![words::rhythm(&view.plan.rhythm)];
    parts.extend(match view.next {
        Some(OccasionDue::Day(day)) => {
            let raised = view.raised_on.unwrap_or(day);
            Some(text::plan_next_day(calendar::civil(day), calendar::civil(raised)))
        }
        Some(OccasionDue::Meter(stand)) => Some(text::plan_next_meter(figure::plain(stand), &unit)),
        None => None,
    });
    if let PlanRhythm::Meter { .. } = view.plan.rhythm {
        parts.push(match (&view.meter_name, view.meter) {
            (Some(name), Some(stand)) => text::plan_meter_now(name, figure::measured(stand), &unit),
            (Some(name), None) => text::plan_meter_unread(name),
            (None, _) => text::plan_no_meter().to_owned(),
        });
    }
    parts.extend(view.last_done_at.map(|at| text::plan_last_done(calendar::day(at))));
    parts
}

/// A plan, all of it a way to its form.
#[component]
pub(super) fn PlanRow(
    view: PlanView,
    place: usize,
    /// Whether the machine stands above it already.
    within_machine: bool,
    changed: Callback<PlanView>,
    read: Callback<PlanView>,
) -> impl IntoView {
    let machine = (!within_machine).then(|| format!("{} {} · ", view.asset_code, view.asset_name));
    let below = standing(&view).join(" · ");
    let by_hand = matches!(view.plan.rhythm, PlanRhythm::Meter { source: MeterSource::Reading { .. }, .. });
    let order = view.open_order.clone();
    let (to_change, to_read) = (view.clone(), view.clone());
    view! {
        <div class="row fit" data-test=format!("plan-{place}")>
            <div class="grow"><div class="strong">{view.plan.title.clone()}</div><div class="muted small">{machine}{below}</div>
                {order.map(|order| view! { <a class="btn link start-aligned" href=Route::Order(order.work_order_id).hash() data-test=format!("plan-{place}-order")>{text::plan_order_open(order.number())}</a> })}</div>
            {by_hand.then(|| view! { <button class="btn" data-test=format!("plan-{place}-read") on:click=move |_| read.run(to_read.clone())>{text::reading_add()}</button> })}
            <button class="btn tight" aria-label=text::plan_change() data-test=format!("plan-{place}-change") on:click=move |_| changed.run(to_change.clone())><Icon glyph=Glyph::Pencil/></button>
        </div>
    }
}
