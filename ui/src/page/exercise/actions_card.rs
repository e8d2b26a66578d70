//! What is improved after an exercise.

use leptos::prelude::*;
use millwright_model::{ExerciseAction, ExerciseActionDone};

use super::action_sheet::{ActionDraft, ActionSheet};
use super::desk::ExerciseDesk;
use crate::calendar;
use crate::icon::Glyph;
use crate::part::{Empty, Icon};
use crate::session::Session;
use crate::text;

/// The card; `acting` is what an action is being made of.
#[component]
pub(super) fn ActionsCard(desk: ExerciseDesk, acting: RwSignal<Option<ActionDraft>>) -> impl IntoView {
    let session = Session::here();
    let all = Memo::new(move |_| desk.view.with(|view| view.actions.clone()));
    let row = move |action: ExerciseAction| {
        let exercise_action_id = action.exercise_action_id;
        let is_done = action.done_at.is_some();
        let owner = match action.owner {
            None => text::exercise_no_owner().to_owned(),
            owner => desk.view.with_untracked(|view| {
                view.name(owner).map_or_else(|| text::person_unnamed().to_owned(), str::to_owned)
            }),
        };
        let due = action.due.map(|due| text::due(calendar::civil(due)));
        let more = [Some(owner), due].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let draft = ActionDraft::of(&action);
        let tick = move |_| session.record(ExerciseActionDone { exercise_action_id, is_done: !is_done });
        let glyph = if is_done { Glyph::Check } else { Glyph::Square };
        view! {
            <div class="row fit" data-test=format!("exercise-action-{}", action.text)>
                <button type="button" class="btn tight" role="checkbox" aria-checked=is_done.to_string() aria-label=text::exercise_action_done() data-test="exercise-action-tick" on:click=tick><Icon glyph/></button>
                <span class="grow"><b class="pre" class:muted=is_done>{action.text.clone()}</b><div class="muted small">{more}</div></span>
                <button type="button" class="btn tight" aria-label=text::exercise_action_edit() data-test="exercise-action-edit" on:click=move |_| acting.set(Some(draft.clone()))><Icon glyph=Glyph::Pencil/></button>
            </div>
        }
    };
    view! {
        <section class="card" data-test="exercise-actions"><div class="head"><h2 class="grow">{text::exercise_actions()}</h2>
            <button type="button" class="btn big" data-test="exercise-action-new" on:click=move |_| acting.set(Some(ActionDraft::new()))><Icon glyph=Glyph::Plus/>{text::exercise_action_new()}</button></div>
            <div class="rows">
                {move || all.with(Vec::is_empty).then(|| view! { <Empty says=text::exercise_actions_empty()/> })}
                {move || all.get().into_iter().map(row).collect_view()}</div></section>
        {move || acting.get().map(|draft| view! { <ActionSheet desk draft close=Callback::new(move |()| acting.set(None))/> })}
    }
}
