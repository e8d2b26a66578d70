//! A request: make an order of it, or turn it down with a reason.

use leptos::prelude::*;
use millwright_model::{RequestDecline, RequestOverview, RequestStatus, WorkOrderCreate};

use crate::calendar;
use crate::part::{Sheet, TextField};
use crate::route::Route;
use crate::session::Session;
use crate::shell::go;
use crate::text;
use crate::words;

/// One request.
#[component]
pub(crate) fn RequestRow(overview: RequestOverview) -> impl IntoView {
    let session = Session::here();
    let declining = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let request = StoredValue::new(overview.request.clone());
    let accept = move |_| {
        let request = request.get_value();
        let command = WorkOrderCreate {
            title: request.text,
            description: String::new(),
            asset_id: Some(request.asset_id),
            priority: request.priority,
            request_id: Some(request.request_id),
        };
        session.send(command, |work_order_id| go(Route::Order(work_order_id)));
    };
    let decline = move || {
        let command =
            RequestDecline { request_id: request.get_value().request_id, reason: reason.get_untracked() };
        session.record_then(command, move || declining.set(false));
    };
    let is_new = overview.request.status == RequestStatus::New;
    let raised = [
        Some(overview.asset_name.clone()),
        overview.raised_by_name.clone(),
        Some(calendar::moment(overview.request.raised_at)),
    ];
    let raised: Vec<String> = raised.into_iter().flatten().collect();
    view! {
        <div class="row fit">
            <div class="grow">
                <div><b>{overview.asset_code.clone()}</b>" "{overview.request.text.clone()}</div>
                <div class="muted small">{raised.join(" · ")}</div>
            </div>
            {overview.request.machine_down.then(|| view! { <span class="tag critical"><i class="sq"></i>{text::machine_down()}</span> })}
            {if is_new {
                view! {
                    <button class="btn tight" data-test="request-decline" on:click=move |_| declining.set(true)>{text::request_decline()}</button>
                    <button class="btn tight" data-test="request-accept" on:click=accept>{text::request_accept()}</button>
                }.into_any()
            } else {
                view! { <span class="tag">{words::request_status(overview.request.status)}</span> }.into_any()
            }}
        </div>
        <Show when=move || declining.get()>
            <Sheet title=text::request_decline_title() close=Callback::new(move |()| declining.set(false)) test="request-decline-sheet">
                <TextField label=text::reason() value=reason test="request-decline-reason" focused=true/>
                <div class="acts end">
                    <button class="btn primary" data-test="request-decline-confirm" disabled=move || reason.with(|text| text.trim().is_empty())
                        on:click=move |_| decline()>{text::request_decline()}</button>
                </div>
            </Sheet>
        </Show>
    }
}
