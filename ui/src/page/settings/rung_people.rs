//! The people who are called by name on a step of the ladder.

use leptos::prelude::*;
use millwright_model::{CacheTag, PersonId, PersonList};

use crate::part::{PeoplePick, Sheet};
use crate::query::query;
use crate::text;

/// Picks them; a step that would call nobody cannot be kept.
#[component]
pub(super) fn RungPeopleSheet(
    people: Vec<PersonId>,
    kept: Callback<Vec<PersonId>>,
    close: Callback<()>,
) -> impl IntoView {
    let chosen = RwSignal::new(people);
    let nobody = move || chosen.with(Vec::is_empty);
    view! {
        <Sheet title=text::rung_people_title() close test="rung-people-sheet">
            <p class="muted">{text::rung_people_explained()}</p>
            <PeoplePick chosen/>
            <div class="acts sticky">
                <span class="grow muted small" data-test="rung-people-count">{move || if nobody() { text::rung_people_nobody().to_owned() } else { text::audience_people(chosen.with(Vec::len)) }}</span>
                <button type="button" class="btn primary" data-test="rung-people-keep" disabled=nobody on:click=move |_| kept.run(chosen.get_untracked())>{text::save()}</button>
            </div>
        </Sheet>
    }
}

/// What the people of a step are called.
#[component]
pub(super) fn RungNames(people: Vec<PersonId>) -> impl IntoView {
    let known = query(|| PersonList {}, vec![CacheTag::People]);
    let names = move || {
        // Nothing rather than a wrong word until they are known.
        let known = known.ready()?;
        let name = |person_id: &PersonId| {
            let person = known.iter().find(|person| person.person_id == *person_id);
            person.and_then(|person| person.name.clone()).unwrap_or_else(|| text::person_unnamed().to_owned())
        };
        Some(people.iter().map(name).collect::<Vec<_>>().join(", "))
    };
    view! { <div class="muted small" data-test="rung-names">{names}</div> }
}
