//! A board on a big screen, to be read from six metres: what a room looks at, without anything to press.

use leptos::prelude::*;
use millwright_model::{BoardItem, CacheTag, WorkshopId, WorkshopPhase, WorkshopShow, WorkshopView};

use super::board_desk::BoardDesk;
use super::phase_bar::left_ms;
use crate::figure;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::query::{query, shown};
use crate::route::Route;
use crate::text;
use crate::workshop_words;

/// So many items of a frame are legible from afar.
const ITEMS_MAX: usize = 5;

/// The stage.
#[component]
pub(crate) fn WorkshopStagePage(workshop_id: WorkshopId) -> impl IntoView {
    let workshop = query(move || WorkshopShow { workshop_id }, vec![CacheTag::Workshops, CacheTag::People]);
    view! {
        <div class="workshop-stage" data-test="page-workshop-stage">
            {shown(workshop, move |view| {
                let desk = BoardDesk::of(view);
                let left = left_ms(desk);
                view! {
                    <div class="head"><a class="btn tight" aria-label=text::back() href=Route::Workshop(workshop_id).hash() data-test="back"><Icon glyph=Glyph::ChevronLeft/></a>
                        <h1 class="grow">{move || view.with(|view| view.board.title.clone())}</h1>
                        <b>{move || workshop_words::phase(desk.phase())}</b>
                        {move || left.get().map(|left| view! { <b class="tabular" role="timer">{figure::stopwatch(left)}</b> })}</div>
                    <div class="stage-frames">{move || view.with(frames)}</div>
                }.into_any()
            })}
        </div>
    }
}

fn frames(view: &WorkshopView) -> impl IntoView + use<> {
    let silent = view.board.phase == WorkshopPhase::Collect;
    let one = |frame: &millwright_model::BoardFrame| {
        let mut items: Vec<&BoardItem> =
            view.board.items.iter().filter(|item| item.frame == frame.key).collect();
        items.sort_by_key(|item| std::cmp::Reverse(item.votes));
        let more = items.len().saturating_sub(ITEMS_MAX);
        let rows: Vec<_> =
            items.into_iter().take(ITEMS_MAX).map(|item| (item.text.clone(), item.votes)).collect();
        view! {
            <section class="card"><h2>{workshop_words::frame(frame)}</h2>
                {rows.into_iter().map(|(says, votes)| view! { <div class="stage-item"><span class="grow pre">{says}</span>{(votes > 0).then(|| view! { <b class="dots">{votes}</b> })}</div> }).collect_view()}
                {silent.then(|| view! { <p class="muted">{text::workshop_silent()}</p> })}
                {(more > 0).then(|| view! { <p class="muted">{text::workshop_more_items(more)}</p> })}
            </section>
        }
    };
    view.board.frames.iter().map(one).collect_view()
}
