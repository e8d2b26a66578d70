//! Who takes part, and letting more people in.

use leptos::prelude::*;
use millwright_model::{PersonId, WorkshopAct, WorkshopAdmit, WorkshopPerson, WorkshopRole, WorkshopSeatAdd};

use super::board_desk::BoardDesk;
use crate::icon::Glyph;
use crate::part::{Icon, PeoplePick, Sheet};
use crate::session::Session;
use crate::text;
use crate::workshop_words;

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
            close.try_run(());
        });
    };
    let row = move |one: WorkshopPerson| {
        let role = match one.role {
            WorkshopRole::Facilitator => text::workshop_leads(),
            WorkshopRole::Member => text::workshop_member(),
            WorkshopRole::Guest => text::workshop_guest(),
        };
        let name = workshop_words::person(&one);
        let (participant_id, excluded) = (one.participant_id, one.excluded);
        let may_enter = {
            let me = desk.view.with(|view| view.me);
            desk.leads() && !one.entered_here && me != Some(participant_id)
        };
        let enter_for = move |_| {
            let Some(entered_by) = desk.view.with_untracked(|view| view.me) else { return };
            desk.act(vec![WorkshopAct::EnterFor { participant_id, entered_by }]);
        };
        let may_exclude = desk.leads() && desk.view.with(|view| view.me) != Some(participant_id);
        let exclude = move |_| desk.act(vec![WorkshopAct::Exclude { participant_id, excluded: !excluded }]);
        let exclude_says = if excluded { text::workshop_include() } else { text::workshop_exclude() };
        let test = name.clone();
        view! {
            <div class="row fit" data-test=format!("taking-part-{name}")><Icon glyph=Glyph::User/><span class="grow">{name.clone()}</span>
                {one.entered_here.then(|| view! { <span class="tag">{text::workshop_entered_here()}</span> })}
                {excluded.then(|| view! { <span class="tag notice">{text::workshop_excluded()}</span> })}
                <span class="tag">{role}</span>
                {may_enter.then(|| view! { <button type="button" class="btn" data-test=format!("enter-for-{test}") on:click=enter_for>{text::workshop_enter_for()}</button> })}
                {may_exclude.then(|| view! { <button type="button" class="btn" data-test=format!("exclude-{name}") on:click=exclude>{exclude_says}</button> })}
            </div>
        }
    };
    let seat_add = move |_| {
        session.send(WorkshopSeatAdd { workshop_id: desk.workshop_id() }, move |view| {
            drop(desk.view.try_set(view))
        });
    };
    view! {
        <Sheet title=text::workshop_people() close test="workshop-people-sheet">
            <div class="rows">{move || people().into_iter().map(row).collect_view()}</div>
            <Show when=move || desk.leads()>
                <div class="acts"><button type="button" class="btn" data-test="seat-add" on:click=seat_add><Icon glyph=Glyph::Plus/>{text::workshop_seat_add()}</button>
                    <span class="muted grow">{text::workshop_seat_about()}</span></div>
                <h3>{text::workshop_let_in()}</h3>
                <PeoplePick chosen/>
                <div class="acts end sticky"><button type="button" class="btn primary" data-test="workshop-admit" disabled=move || chosen.with(Vec::is_empty) on:click=admit>{text::workshop_let_in_go()}</button></div>
            </Show>
        </Sheet>
    }
}
