//! One's own weighing by points and by rank: made ready here, and kept when it is said.

use leptos::prelude::*;
use millwright_model::{BoardSide, WorkshopAct, WorkshopItemId};

use super::board_desk::BoardDesk;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::text;

/// All that are shared out.
const POINTS: u32 = 100;
/// A tap.
const TAP: u32 = 5;

/// 100 points for the items of a half.
#[component]
pub(super) fn Points(desk: BoardDesk, ids: Vec<WorkshopItemId>) -> impl IntoView {
    let writer = untrack(|| desk.writer());
    let kept = desk.view.with_untracked(|view| {
        let own = view.board.weighings.iter().find(|weighing| Some(weighing.participant_id) == writer);
        let of = |item_id: &WorkshopItemId| {
            let own = own.and_then(|own| own.points.iter().find(|count| count.item_id == *item_id));
            own.map_or(0, |count| count.count)
        };
        ids.iter().map(|item_id| (*item_id, of(item_id))).collect::<Vec<_>>()
    });
    let saved = RwSignal::new(kept.clone());
    let given = RwSignal::new(kept);
    let sum = move || given.with(|given| given.iter().map(|(_, points)| points).sum::<u32>());
    let change = move |place: usize, up: bool| {
        given.update(|given| {
            let left = POINTS.saturating_sub(given.iter().map(|(_, points)| points).sum::<u32>());
            if let Some((_, points)) = given.get_mut(place) {
                *points = if up { *points + TAP.min(left) } else { points.saturating_sub(TAP) };
            }
        });
    };
    let evenly = move |_| {
        given.update(|given| {
            let count = u32::try_from(given.len()).unwrap_or(1).max(1);
            let rest = (POINTS % count) as usize;
            for (place, (_, points)) in given.iter_mut().enumerate() {
                *points = POINTS / count + u32::from(place < rest);
            }
        });
    };
    let keep = move |_| {
        let now = given.get_untracked();
        let acts =
            now.iter().map(|(item_id, points)| WorkshopAct::Points { item_id: *item_id, points: *points });
        desk.act_then(acts.collect(), move || drop(saved.try_set(now)));
    };
    let rows = ids.into_iter().enumerate().map(|(place, item_id)| {
        let name = untrack(|| desk.item_text(item_id));
        let points = move || given.with(|given| given.get(place).map_or(0, |(_, points)| *points));
        let all_given = move || sum() >= POINTS;
        view! {
            <div class="row fit"><span class="grow pre">{name.clone()}</span>
                <span class="stepper" role="group" aria-label=text::workshop_points_for(&name)>
                    <button type="button" class="btn tight" aria-label=text::workshop_points_less() data-test=format!("points-less-{name}") disabled=move || points() == 0 on:click=move |_| change(place, false)><Icon glyph=Glyph::Minus/></button>
                    <output>{points}</output>
                    <button type="button" class="btn tight" aria-label=text::workshop_points_more() data-test=format!("points-more-{name}") disabled=all_given on:click=move |_| change(place, true)><Icon glyph=Glyph::Plus/></button>
                </span></div>
        }
    });
    view! {
        <div class="rows">{rows.collect_view()}</div>
        <div class="acts">
            <b class="grow" data-test="points-sum">{move || text::workshop_points_sum(sum())}</b>
            <button type="button" class="btn" data-test="points-evenly" on:click=evenly>{text::workshop_points_evenly()}</button>
            <button type="button" class="btn primary" data-test="points-keep" disabled=move || sum() != POINTS || given.get() == saved.get() on:click=keep>{text::workshop_points_keep()}</button>
        </div>
    }
}

/// The items of a half in an order.
#[component]
pub(super) fn Rank(desk: BoardDesk, side: BoardSide, ids: Vec<WorkshopItemId>) -> impl IntoView {
    let writer = untrack(|| desk.writer());
    let kept = desk.view.with_untracked(|view| {
        let own = view.board.weighings.iter().find(|weighing| Some(weighing.participant_id) == writer);
        own.and_then(|own| own.orders.iter().find(|order| order.side == side))
            .map(|order| order.items.clone())
    });
    let known = kept.clone().unwrap_or_default();
    let rest = ids.iter().copied().filter(|item_id| !known.contains(item_id));
    let order = RwSignal::new(
        known.iter().copied().filter(|item_id| ids.contains(item_id)).chain(rest).collect::<Vec<_>>(),
    );
    let saved = RwSignal::new(kept);
    let swap = move |place: usize, down: bool| {
        order.update(|order| {
            let other = if down { place + 1 } else { place.wrapping_sub(1) };
            if place < order.len() && other < order.len() {
                order.swap(place, other);
            }
        });
    };
    let keep = move |_| {
        let items = order.get_untracked();
        let act = WorkshopAct::Rank { side, items: items.clone() };
        desk.act_then(vec![act], move || drop(saved.try_set(Some(items))));
    };
    view! {
        <div class="rows">{move || {
            let all = order.get();
            let last = all.len().saturating_sub(1);
            all.into_iter().enumerate().map(|(place, item_id)| view! {
                <div class="row fit"><b class="tabular">{place + 1}"."</b><span class="grow pre">{desk.item_text(item_id)}</span>
                    <button type="button" class="btn tight" aria-label=text::workshop_rank_up() data-test=format!("rank-up-{place}") disabled=place == 0 on:click=move |_| swap(place, false)><Icon glyph=Glyph::ChevronUp/></button>
                    <button type="button" class="btn tight" aria-label=text::workshop_rank_down() data-test=format!("rank-down-{place}") disabled=place == last on:click=move |_| swap(place, true)><Icon glyph=Glyph::ChevronDown/></button></div>
            }).collect_view()
        }}</div>
        <div class="acts end"><button type="button" class="btn primary" data-test="rank-keep" disabled=move || saved.get().as_ref() == Some(&order.get()) on:click=keep>{text::workshop_rank_keep()}</button></div>
    }
}
