//! The guide of an order: the one that it is worked by, or those that it could be worked by.

use leptos::prelude::*;
use millwright_model::{CacheTag, GuideList, WorkOrderGuide, WorkOrderView};

use crate::icon::Glyph;
use crate::part::{Empty, Icon};
use crate::query::{query, shown};
use crate::route::Route;
use crate::session::Session;
use crate::shell;
use crate::text;

/// The card on an order's page.
#[component]
pub(crate) fn OrderGuide(view: RwSignal<WorkOrderView>) -> impl IntoView {
    let session = Session::here();
    let order = Memo::new(move |_| view.with(|view| view.overview.order.clone()));
    let work_order_id = order.with_untracked(|order| order.work_order_id);
    let pinned = Memo::new(move |_| order.with(|order| order.guide_revision_id.is_some()));
    let asset_id = order.with_untracked(|order| order.asset_id);
    let may_set = Memo::new(move |_| order.with(|order| order.status.is_open()));
    view! {
        {move || if pinned.get() {
            view! { <a class="btn primary" href=Route::GuideRun(work_order_id).hash() data-test="guide-open"><Icon glyph=Glyph::BookOpen/>{text::guide_open()}</a> }.into_any()
        } else if let Some(asset_id) = asset_id.filter(|_| may_set.get()) {
            let guides = query(move || GuideList { asset_id: Some(asset_id) }, vec![CacheTag::Guides]);
            view! {
                <section class="card" data-test="order-guides"><h2>{text::guide_room()}</h2>
                    {shown(guides, move |guides| view! {
                        <div class="rows">
                            {move || guides.with(Vec::is_empty).then(|| view! { <Empty says=text::guides_none_here()/> })}
                            {move || guides.get().into_iter().filter(|guide| guide.approved_number.is_some()).map(|overview| {
                                let guide_id = overview.guide.guide_id;
                                let test = format!("work-by-{}", overview.guide.name);
                                view! { <div class="row fit"><Icon glyph=Glyph::BookOpen/><span class="grow"><b>{overview.guide.name}</b>
                                    <span class="muted small">{text::guide_revision_steps(overview.approved_number.unwrap_or_default(), overview.step_count)}</span></span>
                                    <button type="button" class="btn big" data-test=test on:click=move |_| session.record_then(WorkOrderGuide { work_order_id, guide_id }, move || shell::go(Route::GuideRun(work_order_id)))>{text::guide_work_by()}</button></div> }
                            }).collect_view()}
                        </div>
                    }.into_any())}
                </section>
            }.into_any()
        } else {
            ().into_any()
        }}
    }
}
