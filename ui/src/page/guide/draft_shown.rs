//! One part that a step shows: how, with what that takes, and the line beside it.

use leptos::prelude::*;
use millwright_model::{GuideEdit, GuideStepId, Hazard, ShowHow, ShownPart, TagState};

use super::draft_edit::DraftEdit;
use crate::figure;
use crate::guide_draft::{Way, hows, movements_of};
use crate::guide_words;
use crate::icon::Glyph;
use crate::part::{Icon, TextField};
use crate::session::Session;
use crate::text;
use millwright_step_scene::MachineFacts;

/// What is changed of a part that is shown.
type ShownChange = Box<dyn FnOnce(&mut ShownPart)>;

/// By how much one press makes a way or a zone longer, in metres.
const STEP_M: f64 = 0.05;

/// A part with how it is shown.
#[component]
pub(super) fn ShownRow(
    edit: DraftEdit,
    step_id: GuideStepId,
    /// Its place among the parts that the step shows.
    place: usize,
    facts: ReadSignal<MachineFacts>,
    tags: Signal<Vec<TagState>>,
) -> impl IntoView {
    let shown = Memo::new(move |_| edit.step(step_id).and_then(|step| step.shows.into_iter().nth(place)));
    let change = Callback::new(move |act: ShownChange| {
        if let Some(mut step) = untrack(|| edit.step(step_id))
            && let Some(shown) = step.shows.get_mut(place)
        {
            act(shown);
            edit.write(vec![GuideEdit::Step { step: Box::new(step) }]);
        }
    });
    let remove = move |_| {
        if let Some(mut step) = untrack(|| edit.step(step_id))
            && place < step.shows.len()
        {
            step.shows.remove(place);
            edit.write(vec![GuideEdit::Step { step: Box::new(step) }]);
        }
    };
    let part = Memo::new(move |_| {
        shown.with(|shown| shown.as_ref().map(|shown| shown.part.clone()).unwrap_or_default())
    });
    let offers = Memo::new(move |_| {
        let step = edit.step(step_id);
        let torque_nm = step.as_ref().and_then(|step| step.torque).map_or(0.0, |torque| torque.nominal_nm);
        let hazard = step.and_then(|step| step.hazards.first().copied()).unwrap_or(Hazard::General);
        let movement = facts.with(|facts| movements_of(facts, &part.get()).first().cloned());
        let tag = tags.with(|tags| tags.first().map(|tag| tag.binding.tag_binding_id));
        (torque_nm, hazard, movement, tag)
    });
    let kinds = move || {
        let (torque_nm, hazard, movement, tag) = offers.get();
        hows(torque_nm, hazard, movement, tag).into_iter().map(|(how, says, test)| {
            let kind = std::mem::discriminant(&how);
            let on = Memo::new(move |_| shown.with(|shown| shown.as_ref().is_some_and(|shown| std::mem::discriminant(&shown.how) == kind)));
            view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on.get().to_string() data-test=format!("show-{place}-{test}")
                on:click=move |_| { let how = how.clone(); change.run(Box::new(move |shown| shown.how = how)) }>{says}</button> }
        }).collect_view()
    };
    view! {
        <div class="shown" data-test=format!("shown-{place}")>
            <div class="row fit"><span class="step-mark" aria-hidden="true">{place + 1}</span><b class="grow">{part}</b>
                <button type="button" class="btn tight" aria-label=text::show_remove() data-test=format!("show-remove-{place}") on:click=remove><Icon glyph=Glyph::X/></button></div>
            <div class="choice" role="radiogroup" aria-label=text::show_how()>{kinds}</div>
            {move || shown.get().map(|shown| details(shown.how, place, change, facts, tags, part))}
            <ShownLabel edit step_id place change/>
        </div>
    }
}

/// What a way of showing takes beside itself.
fn details(
    how: ShowHow,
    place: usize,
    change: Callback<ShownChange>,
    facts: ReadSignal<MachineFacts>,
    tags: Signal<Vec<TagState>>,
    part: Memo<String>,
) -> Option<AnyView> {
    let to = move |how: ShowHow| change.run(Box::new(move |shown| shown.how = how));
    let longer = move |length_m: f64,
                       says: &'static str,
                       with: fn(f64, &ShowHow) -> ShowHow,
                       how: ShowHow| {
        let (less, more) = (how.clone(), how);
        view! { <div class="row fit"><span class="grow">{says}</span>
        <button type="button" class="btn tight" aria-label=text::body_shorter() data-test=format!("show-{place}-less") on:click=move |_| to(with((length_m - STEP_M).max(STEP_M), &less))><Icon glyph=Glyph::Minus/></button>
        <b>{format!("{} mm", figure::plain((length_m * 1_000.0).round()))}</b>
        <button type="button" class="btn tight" aria-label=text::body_longer() data-test=format!("show-{place}-more") on:click=move |_| to(with(length_m + STEP_M, &more))><Icon glyph=Glyph::Plus/></button></div> }
    };
    match how {
        ShowHow::Move { along_m } => {
            let (way, length_m) = Way::of(along_m);
            let ways = Way::ALL.map(|one| view! {
                <button type="button" class="btn" role="radio" class:on=one == way aria-checked=(one == way).to_string() data-test=format!("show-{place}-{}", one.as_str()) on:click=move |_| to(ShowHow::Move { along_m: one.along_m(length_m) })>{one.says()}</button>
            });
            let with = |length_m: f64, how: &ShowHow| match how {
                ShowHow::Move { along_m } => ShowHow::Move { along_m: Way::of(*along_m).0.along_m(length_m) },
                other => other.clone(),
            };
            Some(view! { <div class="choice" role="radiogroup" aria-label=text::body_move()>{ways}</div>{longer(length_m, text::show_how_far(), with, ShowHow::Move { along_m })} }.into_any())
        }
        ShowHow::Turn { clockwise } => {
            let ways = [(true, text::show_clockwise(), "clockwise"), (false, text::show_counter_clockwise(), "counter")];
            Some(view! { <div class="choice" role="radiogroup" aria-label=text::show_turn()>{ways.map(|(one, said, test)| view! {
                <button type="button" class="btn" role="radio" class:on=one == clockwise aria-checked=(one == clockwise).to_string() data-test=format!("show-{place}-{test}") on:click=move |_| to(ShowHow::Turn { clockwise: one })>{said}</button>
            })}</div> }.into_any())
        }
        ShowHow::Play { animation } => {
            let movements = facts.with_untracked(|facts| movements_of(facts, &part.get_untracked()));
            Some(view! { <div class="choice" role="radiogroup" aria-label=text::show_play()>{movements.into_iter().enumerate().map(|(at, one)| {
                let (on, said) = (one == animation, one.clone());
                view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=on.to_string() data-test=format!("show-{place}-movement-{at}") on:click=move |_| to(ShowHow::Play { animation: one.clone() })>{said}</button> }
            }).collect_view()}</div> }.into_any())
        }
        ShowHow::Value { tag_binding_id } => {
            Some(view! { <div class="choice" role="radiogroup" aria-label=text::show_value()>{move || tags.get().into_iter().enumerate().map(|(at, tag)| {
                let (id, on) = (tag.binding.tag_binding_id, tag.binding.tag_binding_id == tag_binding_id);
                view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=on.to_string() data-test=format!("show-{place}-tag-{at}") on:click=move |_| to(ShowHow::Value { tag_binding_id: id })>{tag.binding.name}</button> }
            }).collect_view()}</div> }.into_any())
        }
        ShowHow::Zone { hazard, radius_m } => {
            let with = |radius_m: f64, how: &ShowHow| match how {
                ShowHow::Zone { hazard, .. } => ShowHow::Zone { hazard: *hazard, radius_m },
                other => other.clone(),
            };
            let picked = move |event| {
                if let Some(hazard) = Hazard::of_sign(&event_target_value(&event)) {
                    to(ShowHow::Zone { hazard, radius_m });
                }
            };
            Some(view! {
                <select class="field" aria-label=text::show_zone() data-test=format!("show-{place}-hazard") on:change=picked>{Hazard::ALL.map(|one| view! {
                    <option value=one.sign() selected=one == hazard>{guide_words::hazard(one)}</option>
                })}</select>
                {longer(radius_m, text::show_how_wide(), with, ShowHow::Zone { hazard, radius_m })}
            }.into_any())
        }
        ShowHow::Highlight | ShowHow::Outline | ShowHow::XRay | ShowHow::Ghost | ShowHow::Removed | ShowHow::PutBack | ShowHow::Tighten { .. } => None,
    }
}

/// The line beside the part; kept when the person leaves the field.
#[component]
fn ShownLabel(
    edit: DraftEdit,
    step_id: GuideStepId,
    place: usize,
    change: Callback<ShownChange>,
) -> impl IntoView {
    let language = StoredValue::new(Session::here().language());
    let stands = move || {
        let shown = edit.step(step_id).and_then(|step| step.shows.into_iter().nth(place));
        let written = |shown: ShownPart| {
            language.with_value(|language| Some(shown.label.0.get(language)?.text.clone()))
        };
        shown.and_then(written).unwrap_or_default()
    };
    let typed = RwSignal::new(untrack(stands));
    let newest = Memo::new(move |_| edit.view.with(|view| view.newest_number));
    let keep = move |_| {
        let (text, before) = (typed.get_untracked(), untrack(stands));
        if text != before {
            let original = edit.view.with_untracked(|view| view.content.language.clone());
            let language = language.get_value();
            let of_revision = (language != original).then(|| newest.get_untracked()).flatten();
            change.run(Box::new(move |shown| {
                crate::guide_draft::say(&mut shown.label, &language, &text, of_revision)
            }));
        }
    };
    view! { <div on:focusout=keep><TextField label=text::show_says() value=typed test=format!("show-{place}-says")/></div> }
}
