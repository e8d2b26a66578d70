//! What whoever leads says about the board: how many votes everybody has, which parts are locked, further parts.

use leptos::prelude::*;
use millwright_model::{BoardFrame, FrameKind, WorkshopAct};

use super::board_desk::BoardDesk;
use crate::icon::Glyph;
use crate::page::guide::new_id;
use crate::part::{Icon, Sheet, TextField};
use crate::text;
use crate::workshop_words;

/// The most votes for each.
const ALLOWANCE_MAX: u32 = 20;

/// The sheet.
#[component]
pub(super) fn RulesSheet(desk: BoardDesk, close: Callback<()>) -> impl IntoView {
    let allowance = Memo::new(move |_| desk.view.with(|view| view.board.allowance));
    let frames = Memo::new(move |_| desk.view.with(|view| view.board.frames.clone()));
    let title = RwSignal::new(String::new());
    let votes = move |more: bool| {
        let now = allowance.get_untracked();
        let votes = if more { now + 1 } else { now.saturating_sub(1) };
        desk.act(vec![WorkshopAct::Allowance { votes }]);
    };
    let add = Callback::new(move |()| {
        let said = title.get_untracked().trim().to_owned();
        if said.is_empty() {
            return;
        }
        let key = format!("frame-{}", new_id().simple());
        desk.act_then(vec![WorkshopAct::Frame { key, title: said }], move || {
            drop(title.try_set(String::new()))
        });
    });
    let row = move |frame: BoardFrame| {
        let (key, locked, name) = (frame.key.clone(), frame.locked, workshop_words::frame(&frame));
        let turn = move |_| desk.act(vec![WorkshopAct::LockFrame { key: key.clone(), locked: !locked }]);
        let says = if locked { text::workshop_frame_open() } else { text::workshop_frame_lock() };
        let test = format!("lock-{}", if frame.kind == FrameKind::Other { &name } else { &frame.key });
        view! {
            <div class="row fit"><span class="grow pre">{name}</span>
                {locked.then(|| view! { <span class="tag">{text::workshop_frame_locked()}</span> })}
                <button type="button" class="btn" aria-pressed=locked.to_string() data-test=test on:click=turn>{says}</button></div>
        }
    };
    view! {
        <Sheet title=text::workshop_rules() close test="workshop-rules-sheet">
            <div class="row fit"><span class="grow">{text::workshop_allowance()}</span>
                <span class="stepper" role="group" aria-label=text::workshop_allowance()>
                    <button type="button" class="btn tight" aria-label=text::workshop_vote_back() data-test="allowance-less" disabled=move || allowance.get() == 0 on:click=move |_| votes(false)><Icon glyph=Glyph::Minus/></button>
                    <output data-test="allowance">{allowance}</output>
                    <button type="button" class="btn tight" aria-label=text::workshop_vote() data-test="allowance-more" disabled=move || allowance.get() == ALLOWANCE_MAX on:click=move |_| votes(true)><Icon glyph=Glyph::Plus/></button>
                </span></div>
            <h3>{text::workshop_frames()}</h3>
            <div class="rows">{move || frames.get().into_iter().map(row).collect_view()}</div>
            <div class="add-note"><TextField label=text::workshop_frame_new() value=title test="frame-new" entered=add/>
                <button type="button" class="btn tight" aria-label=text::workshop_frame_add() data-test="frame-add" disabled=move || title.with(|title| title.trim().is_empty()) on:click=move |_| add.run(())><Icon glyph=Glyph::Plus/></button></div>
        </Sheet>
    }
}
