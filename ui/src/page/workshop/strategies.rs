//! Strategies: what they come out of, how attractive they are, and what they come to.

use leptos::prelude::*;
use millwright_model::{BoardSide, BoardStrategy, StrategyId, WorkshopAct};

use super::board_desk::BoardDesk;
use super::weigh::shortlist;
use crate::figure;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, Sheet, TextField};
use crate::text;

/// The list.
#[component]
pub(super) fn Strategies(desk: BoardDesk) -> impl IntoView {
    let all = Memo::new(move |_| desk.view.with(|view| view.board.strategies.clone()));
    let open = RwSignal::new(None::<StrategyId>);
    let row = move |strategy: BoardStrategy| {
        let id = strategy.strategy_id;
        let total = desk.view.with(|view| {
            view.scores.strategies.iter().find(|one| one.strategy_id == id).map(|one| one.total)
        });
        let pair = format!("{} × {}", desk.item_text(strategy.internal), desk.item_text(strategy.external));
        view! {
            <div class="row fit" data-test=format!("strategy-{}", strategy.text)><span class="grow"><b class="pre">{strategy.text.clone()}</b><div class="muted small pre">{pair}</div></span>
                {total.map(|total| view! { <b class="tabular">{figure::fixed(total, 2)}</b> })}
                {desk.is_member().then(|| view! { <button type="button" class="btn tight" aria-label=text::workshop_strategy_edit() data-test="strategy-edit" on:click=move |_| open.set(Some(id))><Icon glyph=Glyph::Pencil/></button> })}</div>
        }
    };
    view! {
        <section class="card" data-test="strategies"><h2>{text::workshop_strategies()}</h2>
            <div class="rows">
                {move || all.with(Vec::is_empty).then(|| view! { <Empty says=text::workshop_strategies_empty()/> })}
                {move || all.get().into_iter().map(row).collect_view()}
            </div></section>
        {move || open.get().map(|strategy_id| view! { <EditSheet desk strategy_id close=Callback::new(move |()| open.set(None))/> })}
    }
}

/// Its words, how attractive it is at each weighed item, and the way out.
#[component]
fn EditSheet(desk: BoardDesk, strategy_id: StrategyId, close: Callback<()>) -> impl IntoView {
    let find = move || {
        desk.view
            .with(|view| view.board.strategies.iter().find(|one| one.strategy_id == strategy_id).cloned())
    };
    let words = RwSignal::new(untrack(find).map(|one| one.text).unwrap_or_default());
    let items: Vec<_> = untrack(|| {
        [BoardSide::Internal, BoardSide::External]
            .into_iter()
            .flat_map(|side| shortlist(desk, side))
            .collect()
    });
    let save = Callback::new(move |()| {
        let text = words.get_untracked().trim().to_owned();
        desk.act_then(vec![WorkshopAct::StrategyText { strategy_id, text }], move || {
            close.try_run(());
        });
    });
    let drop_it = move |_| {
        desk.act_then(vec![WorkshopAct::DropStrategy { strategy_id, out: true }], move || {
            close.try_run(());
        })
    };
    let has_items = !items.is_empty();
    view! {
        <Sheet title=text::workshop_strategy_edit() close test="strategy-edit-sheet">
            <TextField label=text::workshop_strategy_text() value=words test="strategy-edit-text" entered=save/>
            {has_items.then(|| view! { <h3>{text::workshop_attractive()}</h3> })}
            <div class="rows">{items.into_iter().map(|item| {
                let item_id = item.item_id;
                let said = move || find().and_then(|one| one.attractiveness.iter().find(|one| one.item_id == item_id).map(|one| one.score));
                view! { <div class="row fit"><span class="grow pre">{item.text}</span><div class="choice" role="radiogroup" aria-label=text::workshop_attractive()>
                    {(1..=4_u8).map(|score| {
                        let on = move || said() == Some(score);
                        view! { <button type="button" class="btn tight" role="radio" class:on=on aria-checked=move || on().to_string()
                            on:click=move |_| { let score = (!on()).then_some(score); desk.act(vec![WorkshopAct::Attractiveness { strategy_id, item_id, score }]) }>{score}</button> }
                    }).collect_view()}</div></div> }
            }).collect_view()}</div>
            <div class="acts end">
                <button type="button" class="btn big" data-test="strategy-drop" on:click=drop_it>{text::workshop_strategy_drop()}</button>
                <button type="button" class="btn primary grow" data-test="strategy-edit-save" on:click=move |_| save.run(())>{text::save()}</button>
            </div>
        </Sheet>
    }
}
