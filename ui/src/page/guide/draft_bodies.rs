//! Building a machine without a model from simple bodies: a tap places one, and the one in hand is named, sized and moved.

use leptos::prelude::*;
use millwright_model::{GuideEdit, StandIn, StandInShape};

use super::draft_edit::DraftEdit;
use crate::bodies::{BodyChange, changed, sides_m};
use crate::figure;
use crate::icon::Glyph;
use crate::part::{Icon, TextField};
use crate::text;

/// By how much one press changes a side or moves a body, in metres.
const STEP_M: f64 = 0.02;

/// Writes other bodies into the draft.
pub(super) fn write_bodies(edit: DraftEdit, act: impl FnOnce(&mut Vec<StandIn>)) {
    let mut stand_ins = edit.view.with_untracked(|view| view.content.stand_ins.clone());
    act(&mut stand_ins);
    edit.write(vec![GuideEdit::StandIns { stand_ins }]);
}

/// The body in hand.
#[component]
pub(super) fn BodyPanel(
    edit: DraftEdit,
    /// Its name.
    in_hand: RwSignal<Option<String>>,
) -> impl IntoView {
    let body = Memo::new(move |_| {
        let name = in_hand.get()?;
        edit.view.with(|view| view.content.stand_ins.iter().find(|body| body.part == name).cloned())
    });
    // A body that was placed just now is in the draft a moment later.
    let named = Memo::new(move |_| body.with(|body| body.as_ref().map(|body| body.part.clone())));
    let change = move |change: BodyChange| {
        let Some(body) = body.get_untracked() else { return };
        write_bodies(edit, |bodies| {
            if let Some(place) = bodies.iter_mut().find(|one| one.part == body.part) {
                *place = changed(&body, change);
            }
        });
    };
    let remove = move |_| {
        if let Some(name) = in_hand.get_untracked() {
            write_bodies(edit, |bodies| bodies.retain(|body| body.part != name));
            in_hand.set(None);
        }
    };
    let is_block = Memo::new(move |_| {
        body.with(|body| matches!(body.as_ref().map(|body| body.shape), Some(StandInShape::Block { .. })))
    });
    let sides = Memo::new(move |_| {
        body.with(|body| body.as_ref().map(|body| sides_m(&body.shape)).unwrap_or_default())
    });
    let side_says = move |side: usize| match (is_block.get(), side) {
        (true, 0) => text::body_width(),
        (true, 1) => text::body_height(),
        (true, _) => text::body_depth(),
        (false, 0) => text::body_diameter(),
        (false, _) => text::body_length(),
    };
    let ways = [
        (text::body_left(), 0, -STEP_M, "left"),
        (text::body_right(), 0, STEP_M, "right"),
        (text::body_up(), 1, STEP_M, "up"),
        (text::body_down(), 1, -STEP_M, "down"),
        (text::body_away(), 2, -STEP_M, "away"),
        (text::body_near(), 2, STEP_M, "near"),
    ];
    view! {
        {move || named.get().map(|name| view! {
            <div class="body-panel" role="group" aria-label=text::body_in_hand() data-test="body-panel">
                <BodyName edit name in_hand/>
                <div class="choice" role="radiogroup" aria-label=text::body_kind()>
                    <button type="button" class="btn" role="radio" class:on=move || is_block.get() aria-checked=move || is_block.get().to_string() data-test="body-block" on:click=move |_| change(BodyChange::Block)>{text::body_block()}</button>
                    <button type="button" class="btn" role="radio" class:on=move || !is_block.get() aria-checked=move || (!is_block.get()).to_string() data-test="body-cylinder" on:click=move |_| change(BodyChange::Cylinder)>{text::body_cylinder()}</button>
                </div>
                {move || (0..sides.with(Vec::len)).map(|side| view! {
                    <div class="row fit"><span class="grow">{side_says(side)}</span>
                        <button type="button" class="btn tight" aria-label=text::body_shorter() data-test=format!("body-shorter-{side}") on:click=move |_| change(BodyChange::Size(side, -STEP_M))><Icon glyph=Glyph::Minus/></button>
                        <b data-test=format!("body-side-{side}")>{move || sides.with(|sides| sides.get(side).map(|side_m| format!("{} mm", figure::plain((side_m * 1_000.0).round()))))}</b>
                        <button type="button" class="btn tight" aria-label=text::body_longer() data-test=format!("body-longer-{side}") on:click=move |_| change(BodyChange::Size(side, STEP_M))><Icon glyph=Glyph::Plus/></button></div>
                }).collect_view()}
                <div class="choice" role="group" aria-label=text::body_move()>{ways.map(|(said, axis, by_m, test)| view! {
                    <button type="button" class="btn" data-test=format!("body-{test}") on:click=move |_| change(BodyChange::Move(axis, by_m))>{said}</button>
                })}</div>
                <div class="acts">
                    <button type="button" class="btn" data-test="body-turn" on:click=move |_| change(BodyChange::QuarterTurn(1))><Icon glyph=Glyph::RotateCw/>{text::body_turn()}</button>
                    <button type="button" class="btn" data-test="body-tilt" on:click=move |_| change(BodyChange::QuarterTurn(0))>{text::body_tilt()}</button>
                    <button type="button" class="btn danger" data-test="body-remove" on:click=remove>{text::body_remove()}</button>
                </div>
            </div>
        })}
    }
}

/// What the body in hand is called. Steps that show it show it by its new name.
#[component]
fn BodyName(edit: DraftEdit, name: String, in_hand: RwSignal<Option<String>>) -> impl IntoView {
    let typed = RwSignal::new(name.clone());
    let before = StoredValue::new(name);
    let free = move || {
        let name = typed.with(|typed| typed.trim().to_owned());
        let taken = edit.view.with(|view| view.content.stand_ins.iter().any(|body| body.part == name));
        (!name.is_empty() && !taken).then_some(name)
    };
    let keep = move |_| {
        let (Some(name), before) = (untrack(free), before.get_value()) else { return };
        let (mut stand_ins, mut edits) =
            (edit.view.with_untracked(|view| view.content.stand_ins.clone()), vec![]);
        for body in stand_ins.iter_mut().filter(|body| body.part == before) {
            body.part.clone_from(&name);
        }
        edits.push(GuideEdit::StandIns { stand_ins });
        edit.view.with_untracked(|view| {
            for step in
                view.content.steps().filter(|step| step.shows.iter().any(|shown| shown.part == before))
            {
                let mut step = step.clone();
                for shown in step.shows.iter_mut().filter(|shown| shown.part == before) {
                    shown.part.clone_from(&name);
                }
                edits.push(GuideEdit::Step { step: Box::new(step) });
            }
        });
        edit.write_then(edits, move || drop(in_hand.try_set(Some(name))));
    };
    view! {
        <div class="row fit"><div class="grow"><TextField label=text::body_name() value=typed test="body-name"/></div>
            <button type="button" class="btn" data-test="body-name-keep" disabled=move || free().is_none() on:click=keep>{text::save()}</button></div>
    }
}
