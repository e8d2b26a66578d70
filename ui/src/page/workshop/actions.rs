//! Actions: what is done, by whom and until when.

use leptos::prelude::*;
use millwright_model::{
    BoardAction, CivilDate, PersonId, StrategyId, WorkshopAct, WorkshopActionId, WorkshopPhase,
};

use super::board_desk::BoardDesk;
use crate::calendar;
use crate::icon::Glyph;
use crate::page::guide::new_id;
use crate::part::{DueChoice, Empty, Icon, PersonChoice, Sheet, TextField};
use crate::text;

/// The list, and the way to a new one.
#[component]
pub(super) fn Actions(desk: BoardDesk) -> impl IntoView {
    let all = Memo::new(move |_| desk.view.with(|view| view.board.actions.clone()));
    let editing = RwSignal::new(None::<BoardAction>);
    let agrees = move || desk.is_member() && desk.phase() == WorkshopPhase::Act;
    let fresh = move |_| {
        editing.set(Some(BoardAction {
            action_id: WorkshopActionId(new_id()),
            text: String::new(),
            owner: None,
            due: None,
            strategy_id: None,
            done: false,
        }));
    };
    let row = move |action: BoardAction| {
        let action_id = action.action_id;
        let done = Memo::new(move |_| {
            desk.view.with(|view| view.board.actions.iter().any(|one| one.action_id == action_id && one.done))
        });
        let owner = move || match action.owner {
            Some(owner) => {
                let name = desk.view.with(|view| {
                    view.owners.iter().find(|one| one.person_id == owner).and_then(|one| one.name.clone())
                });
                name.unwrap_or_else(|| text::person_unnamed().to_owned())
            }
            None => text::workshop_no_owner().to_owned(),
        };
        let due = action.due.map(|due| format!(" · {}", text::due(calendar::civil(due)))).unwrap_or_default();
        // Done or not is said also after the workshop.
        let may_tick = move || desk.view.with(|view| view.may_write && view.role.is_some());
        let tick =
            move |_| desk.act(vec![WorkshopAct::ActionDone { action_id, done: !done.get_untracked() }]);
        let edit = action.clone();
        view! {
            <div class="row fit" data-test=format!("action-{}", action.text)>
                <button type="button" class="btn tight" role="checkbox" aria-checked=move || done.get().to_string() aria-label=text::workshop_action_done() data-test="action-done" disabled=move || !may_tick()
                    on:click=tick>{move || view! { <Icon glyph=if done.get() { Glyph::Check } else { Glyph::Square }/> }}</button>
                <span class="grow"><b class="pre" class:muted=move || done.get()>{action.text.clone()}</b><div class="muted small">{owner}{due}</div></span>
                <Show when=agrees>{
                    let edit = edit.clone();
                    view! { <button type="button" class="btn tight" aria-label=text::workshop_action_edit() data-test="action-edit" on:click=move |_| editing.set(Some(edit.clone()))><Icon glyph=Glyph::Pencil/></button> }
                }</Show>
            </div>
        }
    };
    view! {
        <section class="card" data-test="actions"><div class="head"><h2 class="grow">{text::workshop_actions()}</h2>
            <Show when=agrees><button type="button" class="btn big" data-test="action-new" on:click=fresh><Icon glyph=Glyph::Plus/>{text::workshop_action_new()}</button></Show></div>
            <div class="rows">
                {move || all.with(Vec::is_empty).then(|| view! { <Empty says=text::workshop_actions_empty()/> })}
                <For each=move || all.get() key=said children=row/>
            </div></section>
        {move || editing.get().map(|action| view! { <ActionSheet desk action close=Callback::new(move |()| editing.set(None))/> })}
    }
}

/// What of an action is drawn anew when it changes: all but whether it is done.
fn said(action: &BoardAction) -> (WorkshopActionId, String, Option<PersonId>, Option<CivilDate>) {
    (action.action_id, action.text.clone(), action.owner, action.due)
}

#[component]
fn ActionSheet(desk: BoardDesk, action: BoardAction, close: Callback<()>) -> impl IntoView {
    let action_id = action.action_id;
    let is_known =
        desk.view.with_untracked(|view| view.board.actions.iter().any(|one| one.action_id == action_id));
    let words = RwSignal::new(action.text.clone());
    let owner = RwSignal::new(action.owner);
    let due_at = RwSignal::new(action.due.map(calendar::end_of_civil));
    let strategy = RwSignal::new(action.strategy_id);
    let strategies = desk.view.with_untracked(|view| view.board.strategies.clone());
    let done = action.done;
    let save = Callback::new(move |()| {
        let text = words.get_untracked().trim().to_owned();
        if text.is_empty() {
            return;
        }
        let due = due_at.get_untracked().map(calendar::civil_of);
        let (owner, strategy_id) = (owner.get_untracked(), strategy.get_untracked());
        let action = BoardAction { action_id, text, owner, due, strategy_id, done };
        desk.act_then(vec![WorkshopAct::Action { action }], move || {
            close.try_run(());
        });
    });
    let take_out = move |_| {
        desk.act_then(vec![WorkshopAct::DropAction { action_id, out: true }], move || {
            close.try_run(());
        })
    };
    let choice = move |id: Option<StrategyId>, name: String| {
        let on = move || strategy.get() == id;
        view! { <button type="button" class="btn start-aligned" role="radio" class:on=on aria-checked=move || on().to_string() on:click=move |_| strategy.set(id)>{name}</button> }
    };
    view! {
        <Sheet title=if is_known { text::workshop_action_edit() } else { text::workshop_action_new() } close test="action-sheet">
            <div class="form">
                <TextField label=text::workshop_action_text() value=words test="action-text" focused=true/>
                <PersonChoice person_id=owner/>
                <DueChoice due_at/>
                {(!strategies.is_empty()).then(|| view! {
                    <div class="field"><span>{text::workshop_for_strategy()}</span><div class="choice column" role="radiogroup" aria-label=text::workshop_for_strategy()>
                        {choice(None, text::workshop_for_none().to_owned())}
                        {strategies.into_iter().map(|one| choice(Some(one.strategy_id), one.text)).collect_view()}</div></div>
                })}
            </div>
            <div class="acts end sticky">
                {is_known.then(|| view! { <button type="button" class="btn big" data-test="action-drop" on:click=take_out>{text::workshop_action_drop()}</button> })}
                <button type="button" class="btn primary grow" data-test="action-save" disabled=move || words.with(|words| words.trim().is_empty()) on:click=move |_| save.run(())>{text::save()}</button>
            </div>
        </Sheet>
    }
}
