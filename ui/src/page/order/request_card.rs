//! The request that an order answers.

use leptos::prelude::*;
use millwright_model::RequestOverview;

use crate::calendar;
use crate::part::Photo;
use crate::text;

/// What was reported, by whom, and the photos that came with it.
#[component]
pub(super) fn RequestCard(request: RequestOverview) -> impl IntoView {
    let number =
        request.request.erp_number.clone().or(request.request.local_number.clone()).unwrap_or_default();
    let raised: Vec<String> =
        request.raised_by_name.into_iter().chain([calendar::moment(request.request.raised_at)]).collect();
    view! {
        <section class="card" data-test="order-request">
            <div class="muted small">{text::request_of_order(number)}" · "{raised.join(" · ")}</div>
            {request.request.part.map(|part| view! { <div class="small" data-test="request-part">{text::request_part(part)}</div> })}
            <div class="strong pre selectable">{request.request.text}</div>
            {request.request.machine_down.then(|| view! { <span class="tag critical"><i class="sq"></i>{text::machine_down()}</span> })}
            <div class="photos">{request.photos.into_iter().map(|attachment| view! { <Photo attachment/> }).collect_view()}</div>
        </section>
    }
}
