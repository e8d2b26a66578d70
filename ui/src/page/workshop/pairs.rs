//! Pairs of an internal and an external item: proposed by their weights, or chosen, and made into strategies.

use leptos::prelude::*;
use millwright_model::{
    BoardSide, FrameKind, PairKind, StrategyId, WorkshopAct, WorkshopItemId, WorkshopPair,
};

use super::board_desk::BoardDesk;
use super::strategies::Strategies;
use crate::page::guide::new_id;
use crate::part::{Sheet, TextField};
use crate::text;
use crate::workshop_words;

/// So many pairs of a kind are proposed.
const PROPOSED: usize = 4;

/// Two items that meet.
type Met = (WorkshopItemId, WorkshopItemId);

/// Proposals, free choice, and what came of both.
#[component]
pub(super) fn Pairs(desk: BoardDesk) -> impl IntoView {
    let meeting = RwSignal::new(None::<Met>);
    let pairs = Memo::new(move |_| desk.view.with(|view| view.scores.pairs.clone()));
    view! {
        <Strategies desk/>
        <Show when=move || !pairs.with(Vec::is_empty)>
            <div class="board-frames" data-test="pairs">
                {PairKind::ALL.map(|kind| view! {
                    <section class="card" data-test=format!("pairs-{kind:?}").to_lowercase()><h2>{workshop_words::pair_kind(kind)}</h2>
                        <div class="rows">{move || pairs.get().into_iter().filter(|pair| pair.kind == kind).take(PROPOSED).map(|pair| proposed(desk, pair, meeting)).collect_view()}</div></section>
                })}
            </div>
        </Show>
        <Show when=move || desk.is_member()><Free desk meeting/></Show>
        {move || meeting.get().map(|met| view! { <StrategySheet desk met close=Callback::new(move |()| meeting.set(None))/> })}
    }
}

fn proposed(desk: BoardDesk, pair: WorkshopPair, meeting: RwSignal<Option<Met>>) -> impl IntoView {
    let met = (pair.internal, pair.external);
    let known =
        desk.view.with(|view| view.board.strategies.iter().any(|one| (one.internal, one.external) == met));
    view! {
        <div class="row fit"><span class="grow"><span class="pre">{desk.item_text(pair.internal)}</span><div class="muted pre">{desk.item_text(pair.external)}</div></span>
            {desk.is_member().then(|| view! { <button type="button" class="btn" disabled=known data-test="pair-make" on:click=move |_| meeting.set(Some(met))>{if known { text::workshop_pair_made() } else { text::workshop_pair_make() }}</button> })}</div>
    }
}

/// Any internal item with any external one.
#[component]
fn Free(desk: BoardDesk, meeting: RwSignal<Option<Met>>) -> impl IntoView {
    let (internal, external) = (RwSignal::new(None::<WorkshopItemId>), RwSignal::new(None::<WorkshopItemId>));
    let list = move |side: BoardSide, picked: RwSignal<Option<WorkshopItemId>>, name: &'static str| {
        let items = move || {
            desk.view.with(|view| {
                view.board
                    .items
                    .iter()
                    .filter(|item| FrameKind::of(&item.frame).side() == Some(side))
                    .map(|item| (item.item_id, item.text.clone()))
                    .collect::<Vec<_>>()
            })
        };
        view! {
            <div class="field"><span>{name}</span><div class="choice column" role="radiogroup" aria-label=name>
                {move || items().into_iter().map(|(item_id, text)| {
                    let on = move || picked.get() == Some(item_id);
                    view! { <button type="button" class="btn start-aligned" role="radio" class:on=on aria-checked=move || on().to_string() data-test=format!("pick-{text}")
                        on:click=move |_| picked.set(Some(item_id))>{text.clone()}</button> }
                }).collect_view()}</div></div>
        }
    };
    let pair = move |_| {
        if let (Some(internal), Some(external)) = (internal.get_untracked(), external.get_untracked()) {
            meeting.set(Some((internal, external)));
        }
    };
    view! {
        <section class="card" data-test="pair-free"><h2>{text::workshop_pair_free()}</h2>
            <div class="board-frames">{list(BoardSide::Internal, internal, text::workshop_internal())}{list(BoardSide::External, external, text::workshop_external())}</div>
            <div class="acts end"><button type="button" class="btn primary" data-test="pair-free-make" disabled=move || internal.get().is_none() || external.get().is_none() on:click=pair>{text::workshop_pair_make()}</button></div>
        </section>
    }
}

/// What the plant does where the two meet.
#[component]
fn StrategySheet(desk: BoardDesk, met: Met, close: Callback<()>) -> impl IntoView {
    let (internal, external) = met;
    let words = RwSignal::new(String::new());
    let save = Callback::new(move |()| {
        let text = words.get_untracked().trim().to_owned();
        if text.is_empty() {
            return;
        }
        let strategy_id = StrategyId(new_id());
        desk.act_then(vec![WorkshopAct::Strategy { strategy_id, internal, external, text }], move || {
            close.try_run(());
        });
    });
    view! {
        <Sheet title=text::workshop_strategy_new() close test="strategy-sheet">
            <p class="pre">{desk.item_text(internal)}</p><p class="muted pre">{desk.item_text(external)}</p>
            <TextField label=text::workshop_strategy_text() value=words test="strategy-text" focused=true entered=save/>
            <div class="acts end"><button type="button" class="btn primary" data-test="strategy-save" disabled=move || words.with(|words| words.trim().is_empty()) on:click=move |_| save.run(())>{text::save()}</button></div>
        </Sheet>
    }
}
