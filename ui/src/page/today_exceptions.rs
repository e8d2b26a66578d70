//! What does not go as it should, for a supervisor: each with its one next act.

use leptos::prelude::*;
use millwright_model::{AlertSubject, DeviceId, TodayException, WorkOrderId, WorkOrderOverview};

use crate::calendar;
use crate::page::elsewhere::{DeviceOrdersSheet, happened, route_of};
use crate::page::order::AssignSheet;
use crate::part::Empty;
use crate::route::Route;
use crate::session::{Overlay, Session};
use crate::text;
use crate::trouble;
use crate::words;

/// What the one button does.
#[derive(Clone, PartialEq)]
enum NextAct {
    Go(Route),
    Assign(WorkOrderId),
    Device(DeviceId, String),
    PassOn(AlertSubject),
}

/// An exception in words: its tag, what it is about, more, and what to do.
struct Said {
    tag: String,
    title: String,
    more: Vec<String>,
    act: NextAct,
    label: &'static str,
}

fn of_order(tag: &str, overview: &WorkOrderOverview, label: &'static str) -> Said {
    let order = &overview.order;
    let mut more = vec![order.number().to_owned()];
    more.extend(overview.asset_code.clone());
    more.extend(overview.assignee_name.clone());
    Said {
        tag: tag.to_owned(),
        title: order.title.clone(),
        more,
        act: NextAct::Go(Route::Order(order.work_order_id)),
        label,
    }
}

fn said(exception: &TodayException) -> Said {
    match exception {
        TodayException::NobodyTakes { alert } => {
            let mut more = vec![alert.number.clone()];
            more.extend(alert.asset_code.clone());
            more.push(text::since(calendar::moment(alert.since)));
            Said {
                tag: text::exception_nobody_takes().to_owned(),
                title: alert.text.clone(),
                more,
                act: NextAct::PassOn(alert.about),
                label: text::act_assign(),
            }
        }
        TodayException::Late { order } => {
            let mut said = of_order(text::exception_late(), order, text::act_plan_anew());
            said.more.extend(order.order.due_at.map(|due| text::late_since(calendar::moment(due))));
            if order.order.assignee_id.is_none() {
                said.more.push(text::nobody().to_owned());
            }
            said
        }
        TodayException::Unassigned { order } => {
            let mut said = of_order(text::exception_unassigned(), order, text::act_assign());
            said.act = NextAct::Assign(order.order.work_order_id);
            said.more.extend(order.order.due_at.map(|due| text::due(calendar::moment(due))));
            said
        }
        TodayException::WaitingForParts { order, part_id } => {
            let mut said = of_order(text::exception_parts(), order, text::act_order());
            said.more.extend(order.order.status_reason.clone());
            if let Some(part_id) = part_id {
                said.act = NextAct::Go(Route::Part(*part_id));
                said.label = text::act_part();
            }
            said
        }
        TodayException::DeliveryRejected { delivery } => Said {
            tag: text::exception_rejected(words::target(delivery.target)),
            title: words::does(&delivery.label),
            more: trouble::of_delivery(delivery).map(|(why, _)| why).into_iter().collect(),
            act: NextAct::Go(Route::Sync),
            label: text::act_sync(),
        },
        TodayException::DetailsLater { order } => {
            of_order(text::exception_details(), order, text::act_details())
        }
        TodayException::SilentDevice { device_id, name, holder, contact_at, pending, open_orders } => {
            let mut more = vec![text::team_heard(calendar::moment(*contact_at))];
            more.extend(holder.as_ref().map(text::team_held_by));
            more.push(text::open_orders_count(*open_orders));
            more.extend((*pending > 0).then(|| text::team_waits_there(*pending)));
            Said {
                tag: text::exception_silent().to_owned(),
                title: name.clone(),
                more,
                act: NextAct::Device(*device_id, name.clone()),
                label: text::act_device_orders(),
            }
        }
        TodayException::SignpostCrossed { scenario, signpost } => {
            let mut more = vec![signpost.signpost.name.clone()];
            more.extend(signpost.crossing.as_ref().map(|crossing| calendar::moment(crossing.crossed_at)));
            Said {
                tag: text::exception_signpost().to_owned(),
                title: scenario.name.clone(),
                more,
                act: NextAct::Go(Route::Scenario(scenario.scenario_id)),
                label: text::act_scenario(),
            }
        }
        TodayException::WorkshopAgain { title, held_on, .. } => Said {
            tag: text::exception_workshop().to_owned(),
            title: title.clone(),
            more: vec![text::workshop_held_on(calendar::civil(*held_on))],
            act: NextAct::Go(Route::Workshops),
            label: text::act_workshops(),
        },
        TodayException::WorkedTwice { notice } => Said {
            tag: text::exception_twice().to_owned(),
            title: notice.title.clone(),
            more: vec![notice.number.clone(), happened(&notice.happened)],
            act: NextAct::Go(route_of(notice.about)),
            label: text::act_order(),
        },
        TodayException::Override { order, steps } => {
            let mut said = of_order(text::exception_override(), order, text::act_sign());
            said.more.extend(steps.iter().map(words::happening));
            said
        }
    }
}

/// The card.
#[component]
pub(crate) fn Exceptions(exceptions: Memo<Vec<TodayException>>) -> impl IntoView {
    let session = Session::here();
    let assigning = RwSignal::new(None::<WorkOrderId>);
    let device = RwSignal::new(None::<(DeviceId, String)>);
    let row = move |(place, exception): (usize, TodayException)| {
        let said = said(&exception);
        let test = format!("exception-{place}-act");
        let act = match said.act {
            NextAct::Go(route) => {
                view! { <a class="btn" href=route.hash() data-test=test>{said.label}</a> }.into_any()
            }
            NextAct::Device(device_id, name) => view! {
                <button class="btn" data-test=test on:click=move |_| device.set(Some((device_id, name.clone())))>{said.label}</button>
            }
            .into_any(),
            NextAct::PassOn(about) => view! {
                <button class="btn" data-test=test on:click=move |_| session.overlay.set(Some(Overlay::PassOn(about)))>{said.label}</button>
            }
            .into_any(),
            NextAct::Assign(work_order_id) => view! {
                <button class="btn" data-test=test on:click=move |_| assigning.set(Some(work_order_id))>{said.label}</button>
            }
            .into_any(),
        };
        view! {
            <div class="row fit" data-test=format!("exception-{place}")>
                <div class="grow"><span class="tag high"><i class="tri"></i>{said.tag}</span>" "<b>{said.title}</b><div class="muted small">{said.more.join(" · ")}</div></div>
                {act}
            </div>
        }
    };
    view! {
        <section class="card" data-test="exceptions">
            <h2>{text::exceptions()}" "<span class="muted">{move || exceptions.with(Vec::len)}</span></h2>
            <div class="rows">
                {move || exceptions.with(Vec::is_empty).then(|| view! { <Empty says=text::exceptions_empty()/> })}
                {move || exceptions.get().into_iter().enumerate().map(row).collect_view()}
            </div>
        </section>
        {move || assigning.get().map(|work_order_id| view! { <AssignSheet work_order_id close=Callback::new(move |()| assigning.set(None))/> })}
        {move || device.get().map(|(device_id, name)| view! { <DeviceOrdersSheet device_id name close=Callback::new(move |()| device.set(None))/> })}
    }
}
