//! What is said beside the board: votes left, notes that are only here, who is not let in, what was left out, last year.

use leptos::prelude::*;
use millwright_model::{WorkshopAct, WorkshopPhase, WorkshopReveal};

use super::board_desk::BoardDesk;
use super::years_sheet::YearsSheet;
use crate::session::Session;
use crate::text;

/// How many items of each frame the short list takes at one tap.
const LISTED_OF_FRAME: usize = 3;

/// Says why nothing can be written, and what came and is not on the board.
#[component]
pub(super) fn Notices(desk: BoardDesk) -> impl IntoView {
    let says = move || {
        desk.view.with(|view| {
            if view.workshop.ended_at.is_some() {
                Some(text::workshop_has_ended())
            } else if view.me.is_none() {
                Some(text::workshop_not_let_in())
            } else if !view.may_write {
                Some(text::workshop_device_not_let_in())
            } else {
                None
            }
        })
    };
    let left_out = move || desk.view.with(|view| view.left_out.clone());
    view! {
        {move || says().map(|says| view! { <div class="notice-box" role="status" data-test="workshop-says">{says}</div> })}
        {move || { let left = left_out(); (!left.is_empty()).then(|| view! {
            <details class="notice-box" data-test="left-out"><summary>{text::workshop_left_out(left.len())}</summary>
                <div class="rows">{left.into_iter().map(|one| view! {
                    <div class="row fit"><span class="grow">{one.written_by_name.unwrap_or_else(|| text::person_unnamed().to_owned())}<div class="small">{one.reason}</div></span>
                        {one.may_come.then(|| view! { <span class="tag">{text::workshop_may_come()}</span> })}</div>
                }).collect_view()}</div></details>
        }) }}
    }
}

/// Notes that are on this device only go on the board by themselves once that is revealed.
#[component]
pub(super) fn Revealing(desk: BoardDesk) -> impl IntoView {
    let session = Session::here();
    let waits = Memo::new(move |_| {
        desk.view.with(|view| {
            let here = view.private.len() + view.private_of_others as usize;
            let now = view.board.phase != WorkshopPhase::Collect
                && view.may_write
                && view.workshop.ended_at.is_none();
            if now { here } else { 0 }
        })
    });
    let reveal = move || {
        let command = WorkshopReveal { workshop_id: desk.workshop_id() };
        session.send(command, move |view| drop(desk.view.try_set(view)));
    };
    // Once by itself; where something is in the way, it is said and tried again by hand.
    let tried = StoredValue::new(0_usize);
    Effect::new(move |_| {
        let here = waits.get();
        if here > tried.get_value() {
            reveal();
        }
        tried.set_value(here);
    });
    view! {
        <Show when=move || waits.get() != 0>
            <div class="notice-box" role="status" data-test="revealing"><div class="acts"><span class="grow">{move || text::workshop_only_here(waits.get())}</span>
                <button type="button" class="btn" data-test="reveal-now" on:click=move |_| reveal()>{text::workshop_reveal_now()}</button></div></div>
        </Show>
    }
}

/// The foot of the board: what is left to give, what goes on the short list, and last year.
#[component]
pub(super) fn Foot(desk: BoardDesk) -> impl IntoView {
    let comparing = RwSignal::new(false);
    let left = move || {
        let writer = desk.writer();
        desk.view.with(|view| {
            let own = view.board.votes.iter().find(|votes| Some(votes.participant_id) == writer)?;
            (view.board.phase == WorkshopPhase::Vote).then_some((own.left, view.board.allowance))
        })
    };
    let list_highest = move |_| {
        let acts = desk.view.with_untracked(|view| {
            let mut acts = Vec::new();
            for frame in &view.board.frames {
                let mut items: Vec<_> =
                    view.board.items.iter().filter(|item| item.frame == frame.key).collect();
                items.sort_by_key(|item| std::cmp::Reverse(item.votes));
                for (place, item) in items.into_iter().enumerate() {
                    let on = place < LISTED_OF_FRAME && item.votes > 0;
                    if on != item.shortlisted {
                        acts.push(WorkshopAct::Shortlist { item_id: item.item_id, on });
                    }
                }
            }
            acts
        });
        desk.act(acts);
    };
    let years = move || desk.view.with(|view| view.years.clone());
    let counts = move || {
        years().map(|years| text::workshop_year_counts(years.kept.len(), years.new.len(), years.gone.len()))
    };
    let shows = move || left().is_some() || years().is_some();
    view! {
        <Show when=shows>
            <section class="card" data-test="board-foot"><div class="acts">
                <span class="grow">{move || left().map(|(left, of)| view! { <b data-test="votes-left">{text::workshop_votes_left(left, of)}</b>" "<span class="muted">{text::workshop_votes_how()}</span> })}</span>
                <Show when=move || left().is_some() && desk.leads()>
                    <button type="button" class="btn" data-test="list-highest" on:click=list_highest>{text::workshop_list_highest(LISTED_OF_FRAME)}</button></Show>
                {move || counts().map(|counts| view! { <span class="muted small">{counts}</span><button type="button" class="btn" data-test="years-show" on:click=move |_| comparing.set(true)>{text::workshop_years_show()}</button> })}
            </div></section>
        </Show>
        {move || years().filter(|_| comparing.get()).map(|years| view! { <YearsSheet desk years close=Callback::new(move |()| comparing.set(false))/> })}
    }
}
