//! The outline of a draft: steps in their order, moved by dragging, by buttons and by keys.

use leptos::prelude::*;
use millwright_model::{GuideStep, GuideStepId};

use super::draft_edit::DraftEdit;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::Session;
use crate::text;

/// Steps as a list; the chosen one is open beside it.
#[component]
pub(super) fn Outline(edit: DraftEdit, chosen: RwSignal<Option<GuideStepId>>) -> impl IntoView {
    let session = Session::here();
    let dragged = RwSignal::new(None::<GuideStepId>);
    let steps = Memo::new(move |_| {
        edit.view.with(|view| {
            let language = session.language();
            let named = |step: &GuideStep| {
                let title = step.title.read(&language, &view.content.language).to_owned();
                (step.step_id, title, step.pictures.len(), !step.hazards.is_empty())
            };
            view.content.steps().map(named).collect::<Vec<_>>()
        })
    });
    view! {
        <div class="rows outline" role="listbox" aria-label=text::steps()>
            {move || {
                let steps = steps.get();
                let last = steps.len();
                steps.into_iter().enumerate().map(|(place, (step_id, title, pictures, warns))| {
                    let on = move || chosen.get() == Some(step_id);
                    let title = if title.is_empty() { text::draft_untitled().to_owned() } else { title };
                    view! {
                        <div class="row fit" class:on=on role="option" aria-selected=move || on().to_string() draggable="true" data-test=format!("outline-{}", place + 1)
                            on:dragstart=move |_| dragged.set(Some(step_id)) on:dragend=move |_| dragged.set(None)
                            on:dragover=|event| event.prevent_default()
                            on:drop=move |event| { event.prevent_default(); if let Some(moved) = dragged.get_untracked() { edit.move_to(moved, step_id) } }>
                            <button type="button" class="btn link grow start-aligned" data-test=format!("outline-open-{}", place + 1) on:click=move |_| chosen.set(Some(step_id))>
                                <span class="step-mark" aria-hidden="true">{place + 1}</span><span class="grow">{title}</span>
                                {(pictures > 0).then(|| view! { <Icon glyph=Glyph::Image/> })}{warns.then(|| view! { <i class="tri"></i> })}</button>
                            <button type="button" class="btn tight" aria-label=text::step_up() data-test=format!("outline-up-{}", place + 1) disabled={place == 0} on:click=move |_| edit.move_step(step_id, false)><Icon glyph=Glyph::ChevronUp/></button>
                            <button type="button" class="btn tight" aria-label=text::step_down() data-test=format!("outline-down-{}", place + 1) disabled={place + 1 == last} on:click=move |_| edit.move_step(step_id, true)><Icon glyph=Glyph::ChevronDown/></button>
                        </div>
                    }
                }).collect_view()
            }}
        </div>
    }
}
