//! Who takes part, and letting more people in.

use leptos::prelude::*;
use millwright_model::{PersonId, WorkshopAdmit, WorkshopPerson, WorkshopRole};

use super::board_desk::BoardDesk;
use crate::icon::Glyph;
use crate::part::{Icon, PeoplePick, Sheet};
use crate::session::Session;
use crate::text;

/// The sheet.
#[component]
pub(super) fn PeopleSheet(desk: BoardDesk, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let chosen = RwSignal::new(Vec::<PersonId>::new());
    let people = move || desk.view.with(|view| view.people.clone());
    let admit = move |_| {
        let command = WorkshopAdmit { workshop_id: desk.workshop_id(), person_ids: chosen.get_untracked() };
        session.send(command, move |view| {
            desk.view.try_set(view);
            drop(close.try_run(()));
        });
    };
    let row = |one: WorkshopPerson| {
        let role = match one.role {
            WorkshopRole::Facilitator => text::workshop_leads(),
            WorkshopRole::Member => text::workshop_member(),
            WorkshopRole::Guest => text::workshop_guest(),
        };
        let name = one.name.unwrap_or_else(|| text::person_unnamed().to_owned());
        view! { <div class="row fit" data-test=format!("taking-part-{name}")><Icon glyph=Glyph::User/><span class="grow">{name.clone()}</span><span class="tag">{role}</span></div> }
    };
    view! {
        <Sheet title=text::workshop_people() close test="workshop-people-sheet">
            <div class="rows">{move || people().into_iter().map(row).collect_view()}</div>
            <Show when=move || desk.leads()>
                <h3>{text::workshop_let_in()}</h3>
                <PeoplePick chosen/>
                <div class="acts end sticky"><button type="button" class="btn primary" data-test="workshop-admit" disabled=move || chosen.with(Vec::is_empty) on:click=admit>{text::workshop_let_in_go()}</button></div>
            </Show>
        </Sheet>
    }
}
