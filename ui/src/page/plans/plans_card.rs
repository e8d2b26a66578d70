//! The plans of one machine, or of all, and the way to a new one.

use leptos::prelude::*;
use millwright_model::{AssetId, CacheTag, PlanList, PlanView};

use super::plan_row::PlanRow;
use super::plan_sheet::PlanSheet;
use super::reading_sheet::ReadingSheet;
use crate::icon::Glyph;
use crate::part::{Empty, Icon};
use crate::query::{query, shown};
use crate::text;

/// What lies over the card.
#[derive(Clone, PartialEq)]
enum Open {
    New,
    Change(Box<PlanView>),
    Read(Box<PlanView>),
}

/// The list and its forms.
#[component]
pub(crate) fn PlansCard(asset_id: Option<AssetId>) -> impl IntoView {
    let tags = vec![CacheTag::Plans, CacheTag::WorkOrders];
    let plans = query(move || PlanList { asset_id }, tags);
    let open = RwSignal::new(None::<Open>);
    let close = Callback::new(move |()| open.set(None));
    let changed = Callback::new(move |view: PlanView| open.set(Some(Open::Change(Box::new(view)))));
    let read = Callback::new(move |view: PlanView| open.set(Some(Open::Read(Box::new(view)))));
    view! {
        <section class="card" data-test="plans">
            {asset_id.is_some().then(|| view! { <h2>{text::plans()}</h2> })}
            {shown(plans, move |plans| view! {
                <div class="rows">
                    {move || plans.with(Vec::is_empty).then(|| view! { <Empty says=text::plans_empty()/> })}
                    {move || plans.get().into_iter().enumerate().map(|(place, view)| view! { <PlanRow view place within_machine=asset_id.is_some() changed read/> }).collect_view()}
                </div>
            }.into_any())}
            <div class="acts"><button class="btn" data-test="plan-new" on:click=move |_| open.set(Some(Open::New))><Icon glyph=Glyph::Plus/>{text::plan_new()}</button></div>
        </section>
        {move || match open.get() {
            None => ().into_any(),
            Some(Open::New) => view! { <PlanSheet asset_id before=None close/> }.into_any(),
            Some(Open::Change(view)) => view! { <PlanSheet asset_id=Some(view.plan.asset_id) before=Some(view.plan) close/> }.into_any(),
            Some(Open::Read(view)) => view! { <ReadingSheet plan=*view close/> }.into_any(),
        }}
    }
}
