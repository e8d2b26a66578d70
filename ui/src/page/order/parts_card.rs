//! Parts used: the machine's own first, any other by search.

use leptos::prelude::*;
use millwright_model::*;

use crate::figure;
use crate::icon::Glyph;
use crate::part::{Amount, AmountEntry, Empty, Icon, Sheet, TextField};
use crate::query::{query, shown};
use crate::session::Session;
use crate::text;

/// What was used, and recording more.
#[component]
pub(super) fn PartsCard(view: RwSignal<WorkOrderView>) -> impl IntoView {
    let session = Session::here();
    let parts = Memo::new(move |_| view.with(|view| view.parts.clone()));
    let suggested = Memo::new(move |_| view.with(|view| view.suggested_parts.clone()));
    let open = Memo::new(move |_| view.with(|view| view.overview.order.status.is_open()));
    let work_order_id = view.with_untracked(|view| view.overview.order.work_order_id);
    let adding = RwSignal::new(false);
    let chosen = RwSignal::new(None::<PartOverview>);
    let containing = RwSignal::new(String::new());
    let shut = Callback::new(move |()| {
        adding.set(false);
        chosen.set(None);
    });
    let add = move |part: PartOverview, quantity: Quantity| {
        let command =
            PartUseAdd { work_order_id, part_id: part.part.part_id, quantity, location: part.place };
        session.record_then(command, move || shut.run(()));
    };
    view! {
        <section class="card" data-test="parts-used">
            <h2>{text::parts_used()}</h2>
            <div class="rows">
                {move || parts.with(Vec::is_empty).then(|| view! { <Empty says=text::parts_used_empty()/> })}
                {move || parts.get().into_iter().map(|part| view! {
                    <div class="row fit"><div class="grow">{part.name}<div class="muted small">{part.number}</div></div>
                        <b class="nowrap">{format!("{} {}", figure::amount(&part.part_use.quantity), figure::unit(&part.part_use.quantity.unit))}</b></div>
                }).collect_view()}
            </div>
            <Show when=move || open.get()>
                <div class="acts"><button class="btn" data-test="part-add" on:click=move |_| adding.set(true)><Icon glyph=Glyph::Package/>{text::part_used()}</button></div>
            </Show>
            <Show when=move || adding.get()>
                <Sheet title=text::part_used() close=shut test="part-sheet">
                    {move || match chosen.get() {
                        Some(part) => {
                            let unit = part.part.unit.clone();
                            let amount = AmountEntry::new(&Quantity::whole(1, &unit));
                            let quantity = { let unit = unit.clone(); move || amount.quantity(&unit).filter(|quantity| quantity.thousandths > 0) };
                            let (ready, given, used) = (quantity.clone(), quantity, part.clone());
                            view! {
                            <div class="row fit"><div class="grow"><div class="strong">{part.part.name}</div><div class="muted small">{part.part.number}" · "{text::on_stock(figure::amount(&part.on_hand))}</div></div>
                                <Amount amount unit test="part"/></div>
                            <div class="acts end"><button class="btn primary" data-test="part-confirm" disabled=move || ready().is_none()
                                on:click=move |_| { if let Some(quantity) = untrack(&given) { add(used.clone(), quantity) } }>{text::part_record()}</button></div>
                        }.into_any() },
                        None => view! {
                            <TextField label=text::part_search() value=containing test="part-search"/>
                            <PartChoices suggested containing chosen/>
                        }.into_any(),
                    }}
                </Sheet>
            </Show>
        </section>
    }
}

#[component]
fn PartChoices(
    suggested: Memo<Vec<PartOverview>>,
    containing: RwSignal<String>,
    chosen: RwSignal<Option<PartOverview>>,
) -> impl IntoView {
    let found =
        query(move || PartList { containing: containing.get(), asset_id: None }, vec![CacheTag::Parts]);
    let row = move |part: PartOverview| {
        let (picked, number) = (part.clone(), part.part.number.clone());
        let place = part.place.map(|place| format!(" · {place}")).unwrap_or_default();
        view! {
            <button type="button" class="row" data-test=format!("part-{number}") on:click=move |_| chosen.set(Some(picked.clone()))>
                <span class="grow"><span class="strong">{part.part.name}</span><div class="muted small">{number.clone()}{place}</div></span>
                <span class="nowrap" class:is-unusual={part.on_hand.thousandths <= 0}>{text::on_stock(figure::amount(&part.on_hand))}</span>
            </button>
        }
    };
    view! {
        {move || if containing.with(String::is_empty) && !suggested.with(Vec::is_empty) {
            view! { <div class="rows"><h3>{text::parts_of_machine()}</h3>{suggested.get().into_iter().map(row).collect_view()}</div> }.into_any()
        } else {
            shown(found, move |found| view! { <div class="rows">
                {move || found.with(Vec::is_empty).then(|| view! { <Empty says=text::nothing_found()/> })}
                {move || found.get().into_iter().take(30).map(row).collect_view()}</div> }.into_any()).into_any()
        }}
    }
}
