//! Handing an order to somebody.

use leptos::prelude::*;
use millwright_model::{CacheTag, PersonId, PersonList, WorkOrderAssign, WorkOrderId};

use crate::part::Sheet;
use crate::query::{query, shown};
use crate::session::Session;
use crate::text;

/// Picks who is to do it.
#[component]
pub(crate) fn AssignSheet(work_order_id: WorkOrderId, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let people = query(|| PersonList {}, vec![CacheTag::People]);
    let assign = move |assignee_id: Option<PersonId>| {
        session.record_then(WorkOrderAssign { work_order_id, assignee_id }, move || close.run(()));
    };
    view! {
        <Sheet title=text::hand_over_title() close test="assign-sheet">
            {shown(people, move |people| view! {
                <div class="people">
                    {move || people.get().into_iter().enumerate().map(|(place, person)| view! {
                        <button class="btn" data-test=format!("assign-{place}") on:click=move |_| assign(Some(person.person_id))>
                            {person.name.clone().unwrap_or_else(|| text::person_unnamed().to_owned())}</button>
                    }).collect_view()}
                    <button class="btn" data-test="assign-nobody" on:click=move |_| assign(None)>{text::nobody()}</button>
                </div>
            }.into_any())}
        </Sheet>
    }
}
