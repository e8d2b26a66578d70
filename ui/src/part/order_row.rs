//! An order in a list.

use leptos::prelude::*;
use millwright_model::{Priority, WorkOrderOverview, WorkOrderStatus};

use crate::calendar;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::route::Route;
use crate::session::Session;
use crate::text;
use crate::words;

/// One order, all of it a way in.
#[component]
pub(crate) fn OrderRow(overview: WorkOrderOverview) -> impl IntoView {
    let now = Session::here().now.get_untracked();
    let order = overview.order;
    let machine = match (overview.asset_code, overview.asset_name) {
        (Some(code), Some(name)) => format!("{code} {name}"),
        (code, name) => code.or(name).unwrap_or_default(),
    };
    let steps = (overview.steps > 0).then(|| text::steps_of(overview.steps_done, overview.steps));
    let detail: Vec<String> = [Some(order.number().to_owned()), Some(machine), overview.assignee_name, steps]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    let urgent = matches!(order.priority, Priority::Emergency | Priority::High) && order.status.is_open();
    let late = order.status.is_open() && order.due_at.is_some_and(|due| due < now);
    let state = match order.status {
        WorkOrderStatus::Released | WorkOrderStatus::Planned => words::work_kind(order.work_kind),
        other => words::status(other),
    };
    view! {
        <a class="row" href=Route::Order(order.work_order_id).hash() data-test=format!("order-{}", order.number())>
            <div class="grow">
                <div class="strong">{order.title.clone()}</div>
                <div class="muted small">{detail.join(" · ")}</div>
            </div>
            {order.details_pending.then(|| view! { <span class="tag notice">{text::details_pending_tag()}</span> })}
            {urgent.then(|| view! { <span class="tag high"><i class="tri"></i>{words::priority(order.priority)}</span> })}
            <span class="tag">{state}</span>
            {order.due_at.filter(|_| order.status.is_open()).map(|due| view! {
                <span class="small nowrap hide-narrow" class:is-unusual=late class:muted=!late>
                    {if late { text::late_since(calendar::moment(due)) } else { text::due(calendar::moment(due)) }}
                </span>
            })}
            <Icon glyph=Glyph::ChevronRight/>
        </a>
    }
}
