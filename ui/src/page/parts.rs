//! Parts, by number or name.

use leptos::prelude::*;
use millwright_model::{CacheTag, DataKind, DataSeen, PartList};

use crate::figure;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, TakeOut, TextField};
use crate::query::{query, shown};
use crate::route::Route;
use crate::text;

/// The list of parts.
#[component]
pub(crate) fn PartsPage() -> impl IntoView {
    let containing = RwSignal::new(String::new());
    let parts =
        query(move || PartList { containing: containing.get(), asset_id: None }, vec![CacheTag::Parts]);
    let seen = Signal::derive(move || DataSeen { containing: containing.get(), ..DataSeen::default() });
    view! {
        <div class="page" data-test="page-parts">
            <div class="head"><h1 class="grow">{text::parts()}</h1><TakeOut kind=DataKind::Parts seen=seen/></div>
            <section class="card">
                <TextField label=text::part_search() value=containing test="parts-search"/>
                {shown(parts, move |parts| view! { <div class="rows">
                    {move || parts.with(Vec::is_empty).then(|| view! { <Empty says=text::parts_empty()/> })}
                    {move || parts.get().into_iter().map(|part| { let test = format!("part-{}", part.part.number); view! {
                        <a class="row" href=Route::Part(part.part.part_id).hash() data-test=test>
                            <div class="grow"><div class="strong">{part.part.name}</div><div class="muted small">{part.part.number}{part.place.map(|place| format!(" · {place}"))}</div></div>
                            {part.single_source.then(|| view! { <span class="tag notice">{text::single_source()}</span> })}
                            <span class="nowrap" class:is-unusual={part.on_hand.thousandths <= 0}>{text::on_stock(figure::amount(&part.on_hand))}</span>
                            <Icon glyph=Glyph::ChevronRight/></a>
                    } }).collect_view()}</div> }.into_any())}
            </section>
        </div>
    }
}
