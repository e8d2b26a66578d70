//! A request: make an order of it, or turn it down with a reason.

use leptos::prelude::*;
use millwright_model::{PaperSubject, RequestDecline, RequestOverview, RequestStatus};

use crate::calendar;
use crate::icon::Glyph;
use crate::part::{Icon, OnPaper, Photo, Sheet, TextField};
use crate::route::Route;
use crate::session::{OrderFrom, Overlay, Session};
use crate::text;
use crate::words;

/// One request.
#[component]
pub(crate) fn RequestRow(overview: RequestOverview) -> impl IntoView {
    let session = Session::here();
    let declining = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let request = StoredValue::new(overview.request.clone());
    let whole = StoredValue::new(overview.clone());
    let accept = move |_| {
        session.overlay.set(Some(Overlay::NewOrder(OrderFrom::Request(Box::new(whole.get_value())))))
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
        overview.taken_by_name.as_ref().map(text::taken_by),
    ];
    let raised: Vec<String> = raised.into_iter().flatten().collect();
    view! {
        <div class="row fit">
            <div class="grow">
                <div><b>{overview.asset_code.clone()}</b>" "{overview.request.text.clone()}</div>
                <div class="muted small">{raised.join(" · ")}</div>
                {overview.request.part.clone().map(|part| view! { <div class="small" data-test="request-part">{text::request_part(part)}</div> })}
            </div>
            <div class="acts"><OnPaper subject=PaperSubject::Request { request_id: overview.request.request_id } tight=true/></div>
            {overview.request.machine_down.then(|| view! { <span class="tag critical"><i class="sq"></i>{text::machine_down()}</span> })}
            {if is_new {
                view! {
                    <div class="acts"><button class="btn tight" data-test="request-decline" on:click=move |_| declining.set(true)>{text::request_decline()}</button>
                    <button class="btn tight" data-test="request-accept" on:click=accept>{text::request_take_over()}</button></div>
                }.into_any()
            } else {
                match overview.order.clone() {
                    Some(order) => view! { <a class="btn tight" data-test="request-order" href=Route::Order(order.work_order_id).hash()>
                        {text::request_became(order.number())}<Icon glyph=Glyph::ChevronRight/></a> }.into_any(),
                    None => view! { <span class="tag">{words::request_status(overview.request.status)}</span> }.into_any(),
                }
            }}
        </div>
        {overview.request.status_reason.clone().map(|reason| view! { <div class="muted small">{text::because(reason)}</div> })}
        <div class="photos">{overview.photos.into_iter().map(|attachment| view! { <Photo attachment/> }).collect_view()}</div>
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
