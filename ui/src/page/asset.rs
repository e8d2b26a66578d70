//! One asset: its tags as tiles, a trend, orders, requests, parts.

use leptos::prelude::*;
use millwright_model::*;

use crate::figure;
use crate::icon::Glyph;
use crate::page::bind_tag::BindTag;
use crate::page::joined::JoinedCard;
use crate::page::labels_card::LabelsCard;
use crate::page::order::HistoryCard;
use crate::page::plans::PlansCard;
use crate::page::trend_card::TrendCard;
use crate::part::{
    Empty, Icon, OnPaper, OrderRow, Photo, PhotoTake, RequestRow, TagMark, TagValue, condition_class,
    gauge_of, live_condition,
};
use crate::query::{query, shown};
use crate::route::Route;
use crate::session::{OrderFrom, Overlay, Session};
use crate::text;
use crate::words;

/// The panel beside the tree.
#[component]
pub(crate) fn AssetPanel(asset_id: AssetId) -> impl IntoView {
    let session = Session::here();
    let tags = vec![CacheTag::Asset(asset_id), CacheTag::WorkOrders, CacheTag::Requests, CacheTag::Parts];
    let view = query(move || AssetShow { asset_id }, tags);
    let chosen = RwSignal::new(None::<TagBindingId>);
    let binding = RwSignal::new(None::<Option<TagBinding>>);
    let shooting = RwSignal::new(false);
    view! {
        <div class="stack" data-test="page-asset">
            {shown(view, move |view| {
                let tags = Memo::new(move |_| view.with(|view| view.tags.clone()));
                let shown_tag = Memo::new(move |_| tags.with(|tags| {
                    let wanted = chosen.get();
                    let abnormal = |tag: &&TagState| matches!(tag.condition, TagCondition::Unusual | TagCondition::BeyondLimit);
                    tags.iter().find(|tag| Some(tag.binding.tag_binding_id) == wanted).or_else(|| tags.iter().find(abnormal)).or(tags.first()).map(|tag| tag.binding.clone())
                }));
                let photos = Memo::new(move |_| view.with(|view| view.attachments.clone()));
                session.live.watch(move || tags.with(|tags| tags.iter().map(|tag| tag.binding.series.clone()).collect()));
                let asset = view.with_untracked(|view| view.asset.clone());
                let below = view.with_untracked(|view| {
                    let mut parts: Vec<String> = Some(view.path.iter().rev().skip(1).rev().map(|asset| asset.name.clone()).collect::<Vec<_>>().join(" / ")).into_iter().filter(|path| !path.is_empty()).collect();
                    parts.extend(view.asset.erp_number.clone().map(text::erp_number));
                    parts.push(words::criticality(view.asset.criticality));
                    parts.extend(view.asset.class.clone());
                    parts.join(" · ")
                });
                view! {
                    <section class="card">
                        <div class="head">
                            <a class="btn tight only-narrow" aria-label=text::back() href=Route::Plant.hash()><Icon glyph=Glyph::ChevronLeft/></a>
                            <div class="grow"><h1>{asset.code.clone()}" "{asset.name.clone()}</h1><div class="muted small">{below}</div></div>
                            <button class="btn" data-test="asset-new-order" on:click=move |_| session.overlay.set(Some(Overlay::NewOrder(OrderFrom::Asset(asset_id))))><Icon glyph=Glyph::Plus/>{text::order()}</button>
                            <button class="btn" data-test="asset-line" on:click=move |_| session.overlay.set(Some(Overlay::ShiftEntry(Some(asset_id))))><Icon glyph=Glyph::NotebookPen/>{text::shift_line_add()}</button>
                            <button class="btn" data-test="asset-raise" on:click=move |_| session.overlay.set(Some(Overlay::Raise { asset_id: Some(asset_id), part: None }))>{text::raise_request()}</button>
                        </div>
                        <div class="tiles">
                            {move || tags.get().into_iter().map(|tag| view! { <Tile tag shown_tag chosen/> }).collect_view()}
                            <button class="tile" data-test="tag-bind" on:click=move |_| binding.set(Some(None))><span class="muted small">{text::tag_bind_more()}</span><span class="head"><Icon glyph=Glyph::Plus/>{text::tag_bind()}</span></button>
                        </div>
                        {move || shown_tag.get().map(|tag| { let name = tag.name.clone(); view! {
                            <div class="acts"><button class="btn link" data-test="tag-change" on:click=move |_| binding.set(Some(Some(tag.clone())))><Icon glyph=Glyph::Pencil/>{text::tag_change()}" · "{name}</button></div> } })}
                    </section>
                    {move || shown_tag.get().map(|binding| view! { <TrendCard binding/> })}
                    <AssetLists view/>
                    <PlansCard asset_id=Some(asset_id)/>
                    <LabelsCard asset_id/>
                    <section class="card" data-test="asset-photos"><h2>{text::photos_of_asset()}</h2>
                        {move || photos.with(Vec::is_empty).then(|| view! { <Empty says=text::photos_of_asset_empty()/> })}
                        <div class="photos"><For each=move || photos.get() key=|attachment| attachment.attachment_id let:attachment><Photo attachment/></For></div>
                        <div class="acts"><button class="btn" data-test="asset-photo" on:click=move |_| shooting.set(true)><Icon glyph=Glyph::Camera/>{text::photo_take()}</button></div>
                    </section>
                    <section class="card"><h2>{text::paper_card()}</h2><div class="acts"><OnPaper subject=PaperSubject::Asset { asset_id }/></div></section>
                    <JoinedCard asset=view.with_untracked(|view| view.asset.clone()) view/>
                    <HistoryCard entity=Entity::Asset entity_id=asset_id.0 tag=CacheTag::Asset(asset_id)/>
                    {move || binding.get().map(|known| view! { <BindTag asset_id known place=tags.with_untracked(Vec::len) close=Callback::new(move |()| binding.set(None))/> })}
                    <Show when=move || shooting.get()><PhotoTake asset_id close=Callback::new(move |()| shooting.set(false)) kept=Callback::new(|_| ())/></Show>
                }.into_any()
            })}
        </div>
    }
}

#[component]
fn Tile(
    tag: TagState,
    shown_tag: Memo<Option<TagBinding>>,
    chosen: RwSignal<Option<TagBindingId>>,
) -> impl IntoView {
    let (live, stands) = live_condition(&tag);
    let binding = tag.binding.clone();
    let tag_binding_id = binding.tag_binding_id;
    let name = binding.name.clone();
    let picture = Memo::new(move |_| live.with(|live| gauge_of(&binding, live.as_ref())));
    let on = move || {
        shown_tag.with(|shown| shown.as_ref().map(|shown| shown.tag_binding_id)) == Some(tag_binding_id)
    };
    view! {
        <button class="tile" class:on=on data-test=format!("tile-{name}") on:click=move |_| chosen.set(Some(tag_binding_id))>
            <span class="head small"><span class="grow muted">{name.clone()}</span><TagMark condition=stands/></span>
            <TagValue tag/>
            <svg class=move || format!("gauge {}", condition_class(stands.get()).replace("stale", "")) viewBox="0 0 150 22" aria-hidden="true" inner_html=picture></svg>
        </button>
    }
}

#[component]
fn AssetLists(view: RwSignal<AssetView>) -> impl IntoView {
    let orders = Memo::new(move |_| view.with(|view| view.orders.clone()));
    let requests = Memo::new(move |_| view.with(|view| view.requests.clone()));
    let parts = Memo::new(move |_| view.with(|view| view.parts.clone()));
    view! {
        <section class="card"><h2>{text::orders()}</h2><div class="rows">
            {move || orders.with(Vec::is_empty).then(|| view! { <Empty says=text::orders_empty()/> })}
            {move || orders.get().into_iter().map(|overview| view! { <OrderRow overview/> }).collect_view()}</div></section>
        <div class="cols even">
            <section class="card"><h2>{text::requests()}</h2><div class="rows">
                {move || requests.with(Vec::is_empty).then(|| view! { <Empty says=text::requests_empty()/> })}
                {move || requests.get().into_iter().map(|overview| view! { <RequestRow overview/> }).collect_view()}</div></section>
            <section class="card"><h2>{text::parts()}</h2><div class="rows">
                {move || parts.with(Vec::is_empty).then(|| view! { <Empty says=text::parts_empty()/> })}
                {move || parts.get().into_iter().map(|part| view! {
                    <a class="row" href=Route::Part(part.part.part_id).hash()><div class="grow">{part.part.name}<div class="muted small">{part.part.number}{part.place.map(|place| format!(" · {place}"))}</div></div>
                        <span class="nowrap" class:is-unusual={part.on_hand.thousandths <= 0}>{text::on_stock(figure::amount(&part.on_hand))}</span></a>
                }).collect_view()}</div></section>
        </div>
    }
}
