//! The page of an order: steps at one side, the machine and where all stands at the other.

use leptos::prelude::*;
use millwright_model::{CacheTag, Entity, PaperSubject, WorkOrderId, WorkOrderShow};

use super::deliveries_card::DeliveriesCard;
use super::history_card::HistoryCard;
use super::order_head::OrderHead;
use super::parts_card::PartsCard;
use super::record_card::RecordCard;
use super::request_card::RequestCard;
use super::sign_card::SignCard;
use super::steps_card::StepsCard;
use crate::page::elsewhere::NoticeBox;
use crate::page::guide::OrderGuide;
use crate::part::{Empty, OnPaper, TagRow};
use crate::query::{query, shown};
use crate::session::Session;
use crate::text;

/// One order.
#[component]
pub(crate) fn OrderPage(work_order_id: WorkOrderId) -> impl IntoView {
    let session = Session::here();
    let tags =
        vec![CacheTag::WorkOrder(work_order_id), CacheTag::WorkOrders, CacheTag::Parts, CacheTag::Sync];
    let order = query(move || WorkOrderShow { work_order_id }, tags);
    view! {
        <div class="page" data-test="page-order">
            {shown(order, move |view| {
                let tags = Memo::new(move |_| view.with(|view| view.tags.clone()));
                let description = Memo::new(move |_| view.with(|view| view.overview.order.description.clone()));
                let notices = Memo::new(move |_| view.with(|view| view.notices.clone()));
                let request = Memo::new(move |_| view.with(|view| view.request.clone()));
                session.live.watch(move || tags.with(|tags| tags.iter().map(|tag| tag.binding.series.clone()).collect()));
                view! {
                    <OrderHead view/>
                    {move || notices.get().into_iter().map(|notice| view! { <NoticeBox notice/> }).collect_view()}
                    <div class="cols">
                        <div class="stack">
                            {move || request.get().map(|request| view! { <RequestCard request/> })}
                            <Show when=move || !description.with(String::is_empty)>
                                <section class="card pre selectable">{description}</section>
                            </Show>
                            <OrderGuide view/>
                            <StepsCard view/>
                            <PartsCard view/>
                            <RecordCard view/>
                        </div>
                        <div class="stack">
                            <section class="card" data-test="machine-now">
                                <h2>{text::machine_now()}</h2>
                                <div class="rows">
                                    {move || tags.with(Vec::is_empty).then(|| view! { <Empty says=text::machine_now_empty()/> })}
                                    {move || tags.get().into_iter().map(|tag| view! { <TagRow tag/> }).collect_view()}
                                </div>
                            </section>
                            <DeliveriesCard view/>
                            <SignCard view/>
                            <section class="card"><h2>{text::paper_card()}</h2><div class="acts"><OnPaper subject=PaperSubject::WorkOrder { work_order_id }/></div></section>
                            <HistoryCard entity=Entity::WorkOrder entity_id=work_order_id.0 tag=CacheTag::WorkOrder(work_order_id)/>
                        </div>
                    </div>
                }.into_any()
            })}
        </div>
    }
}
