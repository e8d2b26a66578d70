//! The roles of an exercise, and who plays them.

use leptos::prelude::*;
use millwright_model::{ExerciseRole, ExerciseRoleRemove, ExerciseRoleSave};

use super::desk::ExerciseDesk;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, PersonChoice, Sheet, TextField};
use crate::session::Session;
use crate::text;

/// The card.
#[component]
pub(super) fn RolesCard(desk: ExerciseDesk) -> impl IntoView {
    let roles = Memo::new(move |_| desk.view.with(|view| view.roles.clone()));
    let editing = RwSignal::new(None::<Option<ExerciseRole>>);
    let row = move |role: ExerciseRole| {
        let person_id = role.person_id;
        let player = move || match person_id {
            None => text::exercise_role_open().to_owned(),
            Some(_) => desk.view.with(|view| {
                view.name(person_id).map_or_else(|| text::person_unnamed().to_owned(), str::to_owned)
            }),
        };
        let (name, test, edit) = (role.name.clone(), format!("role-{}", role.name), role);
        view! {
            <button type="button" class="row fit" data-test=test on:click=move |_| editing.set(Some(Some(edit.clone())))><Icon glyph=Glyph::User/>
                <span class="grow"><b>{name}</b><div class="muted small">{player}</div></span><Icon glyph=Glyph::Pencil/></button>
        }
    };
    view! {
        <section class="card" data-test="exercise-roles"><div class="head"><h2 class="grow">{text::exercise_roles()}</h2>
            <button type="button" class="btn" data-test="role-new" on:click=move |_| editing.set(Some(None))><Icon glyph=Glyph::Plus/>{text::exercise_role_new()}</button></div>
            <div class="rows two-up">
                {move || roles.with(Vec::is_empty).then(|| view! { <Empty says=text::exercise_roles_empty()/> })}
                {move || roles.get().into_iter().map(row).collect_view()}</div></section>
        {move || editing.get().map(|role| view! { <RoleSheet desk role close=Callback::new(move |()| editing.set(None))/> })}
    }
}

#[component]
fn RoleSheet(desk: ExerciseDesk, role: Option<ExerciseRole>, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let exercise_role_id = role.as_ref().map(|role| role.exercise_role_id);
    let name = RwSignal::new(role.as_ref().map(|role| role.name.clone()).unwrap_or_default());
    let person_id = RwSignal::new(role.and_then(|role| role.person_id));
    let save = move |_| {
        let command = ExerciseRoleSave {
            exercise_role_id,
            exercise_id: desk.exercise_id(),
            name: name.get_untracked(),
            person_id: person_id.get_untracked(),
        };
        session.send(command, move |_| {
            close.try_run(());
        });
    };
    let remove = exercise_role_id.map(|exercise_role_id| {
        let act = move |_| {
            session.record_then(ExerciseRoleRemove { exercise_role_id }, move || {
            close.try_run(());
        });
        };
        view! { <button type="button" class="btn big" data-test="role-remove" on:click=act>{text::exercise_role_remove()}</button> }
    });
    view! {
        <Sheet title=if exercise_role_id.is_some() { text::exercise_role() } else { text::exercise_role_new() } close test="role-sheet">
            <div class="form"><TextField label=text::exercise_role_name() value=name test="role-name" focused=true/><PersonChoice person_id label=text::exercise_who_plays()/></div>
            <div class="acts end sticky">{remove}
                <button type="button" class="btn primary grow" data-test="role-save" disabled=move || name.with(|name| name.trim().is_empty()) on:click=save>{text::save()}</button></div>
        </Sheet>
    }
}
