//! One part: stock, who delivers it, where it is built in, what can take its place.

use leptos::prelude::*;
use millwright_model::{CacheTag, OfferView, PaperSubject, PartId, PartShow};

use crate::calendar;
use crate::figure;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, OnPaper};
use crate::query::{query, shown};
use crate::route::Route;
use crate::shell::go_back;
use crate::text;

fn offer_words(offer: &OfferView) -> String {
    let lead = text::lead_time(offer.offer.lead_time_days);
    let price = offer.offer.price_hundredths.map(|hundredths| {
        format!(
            "{} {}",
            figure::fixed(hundredths as f64 / 100.0, 2),
            offer.offer.currency.clone().unwrap_or_default()
        )
    });
    [Some(lead), price].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The page of a part.
#[component]
pub(crate) fn PartPage(part_id: PartId) -> impl IntoView {
    let part = query(move || PartShow { part_id }, vec![CacheTag::Parts]);
    view! {
        <div class="page" data-test="page-part">
            {shown(part, move |part| {
                let shown = move || part.get();
                view! {
                    {move || { let overview = shown().overview; view! {
                        <div class="head"><button class="btn" data-test="back" on:click=move |_| go_back()><Icon glyph=Glyph::ChevronLeft/>{text::back()}</button>
                            <div class="grow"><div class="muted small">{overview.part.number}</div><h1>{overview.part.name}</h1></div>
                            {overview.single_source.then(|| view! { <span class="tag notice">{text::single_source()}</span> })}
                            <span class="num">{figure::amount(&overview.on_hand)}</span><span class="muted">{figure::unit(&overview.part.unit)}</span></div>
                    } }}
                    <div class="acts"><OnPaper subject=PaperSubject::Part { part_id }/></div>
                    <div class="cols even">
                        <section class="card"><h2>{text::stock()}</h2><div class="rows">
                            {move || shown().stock.is_empty().then(|| view! { <Empty says=text::stock_empty()/> })}
                            {move || shown().stock.into_iter().map(|stock| view! { <div class="row fit"><div class="grow">{stock.location}{stock.bin.map(|bin| format!(" · {bin}"))}
                                <div class="muted small">{text::erp_said(calendar::moment(stock.as_of))}</div></div><b>{figure::amount(&stock.on_hand)}</b></div> }).collect_view()}</div></section>
                        <section class="card"><h2>{text::suppliers()}</h2><div class="rows">
                            {move || shown().offers.is_empty().then(|| view! { <Empty says=text::suppliers_empty()/> })}
                            {move || shown().offers.into_iter().map(|offer| view! { <div class="row fit"><div class="grow">{offer.supplier_name.clone()}<div class="muted small">{offer_words(&offer)}</div></div></div> }).collect_view()}</div></section>
                        <section class="card"><h2>{text::where_used()}</h2><div class="rows">
                            {move || shown().where_used.is_empty().then(|| view! { <Empty says=text::where_used_empty()/> })}
                            {move || shown().where_used.into_iter().map(|line| view! { <a class="row" href=Route::Asset(line.where_used.asset_id).hash()><div class="grow"><b>{line.asset_code}</b>" "{line.asset_name}
                                <div class="muted small">{line.where_used.place}</div></div><b>{figure::amount(&line.where_used.quantity)}</b></a> }).collect_view()}</div></section>
                        <section class="card"><h2>{text::alternates()}</h2><div class="rows">
                            {move || shown().alternates.is_empty().then(|| view! { <Empty says=text::alternates_empty()/> })}
                            {move || shown().alternates.into_iter().map(|part| view! { <a class="row" href=Route::Part(part.part_id).hash()><div class="grow">{part.name}<div class="muted small">{part.number}</div></div></a> }).collect_view()}</div></section>
                    </div>
                }.into_any()
            })}
        </div>
    }
}
