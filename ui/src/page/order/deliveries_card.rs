//! Where everything recorded stands, in words.

use leptos::prelude::*;
use millwright_model::{Delivery, DeliveryState, WorkOrderView};

use crate::calendar;
use crate::part::{Empty, Technical};
use crate::text;
use crate::trouble;
use crate::words;

/// One step of a delivery.
#[component]
pub(crate) fn DeliveryRow(
    delivery: Delivery,
    /// What can be done with it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let shape = match delivery.state {
        DeliveryState::Done => "dot",
        DeliveryState::Waiting | DeliveryState::Sending => "dot open",
        DeliveryState::Unknown | DeliveryState::Conflict => "tri",
        DeliveryState::Rejected => "sq",
        DeliveryState::Discarded => "cross",
    };
    let mut below = vec![
        delivery.entity_label.clone(),
        words::target(delivery.target).to_owned(),
        if delivery.may_have_gone() { text::mail_may_have_gone() } else { words::delivery(delivery.state) }
            .to_owned(),
    ];
    if delivery.attempts > 1 {
        below.push(text::attempts(delivery.attempts));
    }
    below.push(calendar::moment(delivery.planned_at));
    let trouble = trouble::of_delivery(&delivery);
    let below: Vec<String> = below.into_iter().filter(|part| !part.is_empty()).collect();
    view! {
        <div class="row fit" data-test="delivery">
            <i class=shape aria-hidden="true"></i>
            <div class="grow">{words::does(&delivery.label)}<div class="muted small">{below.join(" · ")}</div>
                {trouble.map(|(why, said)| view! { <div class="small is-unusual pre" data-test="delivery-trouble">{why}</div>{said.map(|said| view! { <Technical said/> })} })}</div>
            {children.map(|children| children())}
        </div>
    }
}

/// What is saved, what is only here, what the ERP knows.
#[component]
pub(super) fn DeliveriesCard(view: RwSignal<WorkOrderView>) -> impl IntoView {
    let deliveries = Memo::new(move |_| view.with(|view| view.deliveries.clone()));
    let photos = Memo::new(move |_| view.with(|view| view.photos_only_here));
    let open = Memo::new(move |_| view.with(|view| view.overview.order.status.is_open()));
    view! {
        <section class="card" data-test="where-this-stands">
            <h2>{text::where_this_stands()}</h2>
            <div class="rows">
                <div class="row fit"><i class="dot"></i><div class="grow">{text::saved_here()}<div class="muted small">{text::saved_here_more()}</div></div></div>
                <Show when=move || photos.get() != 0>
                    <div class="row fit"><i class="tri"></i><div class="grow">{move || text::photos_only_here(photos.get())}<div class="muted small">{text::photos_only_here_more()}</div></div></div>
                </Show>
                {move || deliveries.get().into_iter().map(|delivery| view! { <DeliveryRow delivery/> }).collect_view()}
                {move || (deliveries.with(Vec::is_empty) && open.get()).then(|| view! { <Empty says=text::erp_hears_at_close()/> })}
            </div>
        </section>
    }
}
