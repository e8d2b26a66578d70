//! Work: lists of orders, and the way to a new one and to the parts.

use leptos::prelude::*;
use millwright_model::{CacheTag, DataKind, DataSeen, WorkOrderFilter, WorkOrderList};

use crate::icon::Glyph;
use crate::part::{Empty, Icon, OrderRow, TakeOut};
use crate::query::{query, shown};
use crate::route::{Route, WorkList};
use crate::session::{OrderFrom, Overlay, Session};
use crate::text;

fn name(list: WorkList) -> &'static str {
    match list {
        WorkList::Mine => text::list_mine(),
        WorkList::Open => text::list_open(),
        WorkList::DetailsPending => text::list_details_pending(),
        WorkList::All => text::list_all(),
    }
}

/// A list of orders.
#[component]
pub(crate) fn WorkPage(list: WorkList) -> impl IntoView {
    let session = Session::here();
    let filter = move || WorkOrderFilter {
        open_only: matches!(list, WorkList::Mine | WorkList::Open),
        assignee_id: (list == WorkList::Mine).then(|| session.person_id()).flatten(),
        asset_id: None,
        details_pending: list == WorkList::DetailsPending,
        limit: None,
    };
    let orders = query(move || WorkOrderList { filter: filter() }, vec![CacheTag::WorkOrders]);
    let seen = Signal::derive(move || DataSeen { orders: filter(), ..DataSeen::default() });
    view! {
        <div class="page" data-test="page-work">
            <div class="head"><h1 class="grow">{text::work()}</h1>
                <a class="btn" href=Route::Plans.hash() data-test="plans-open"><Icon glyph=Glyph::CalendarClock/>{text::plans()}</a>
                <a class="btn" href=Route::Parts.hash() data-test="parts-open"><Icon glyph=Glyph::Package/>{text::parts()}</a>
                <button class="btn primary" data-test="new-order" on:click=move |_| session.overlay.set(Some(Overlay::NewOrder(OrderFrom::Nothing)))>
                    <Icon glyph=Glyph::Plus/>{text::new_order()}</button>
            </div>
            <nav class="tags" aria-label=text::lists()>
                {WorkList::ALL.map(|choice| view! {
                    <a class="chip" class:on=choice == list href=Route::Work(choice).hash() data-test=format!("list-{}", choice.as_str())>{name(choice)}</a>
                })}
                <TakeOut kind=DataKind::Orders seen=seen/>
            </nav>
            <section class="card">
                {shown(orders, move |orders| view! {
                    <div class="rows">
                        {move || orders.with(Vec::is_empty).then(|| view! { <Empty says=text::work_empty()/> })}
                        {move || orders.get().into_iter().map(|overview| view! { <OrderRow overview/> }).collect_view()}
                    </div>
                }.into_any())}
            </section>
        </div>
    }
}
