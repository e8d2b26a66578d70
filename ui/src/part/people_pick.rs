//! Picking several people: type a few letters of a name, tap to put on the list, tap again to take off.

use leptos::prelude::*;
use millwright_model::{CacheTag, PersonId, PersonList};

use crate::icon::Glyph;
use crate::part::{Empty, Icon, TextField};
use crate::query::{query, shown};
use crate::text;

const SHOWN_MAX: usize = 30;

/// The people of this device; those who are chosen stand first.
#[component]
pub(crate) fn PeoplePick(chosen: RwSignal<Vec<PersonId>>) -> impl IntoView {
    let containing = RwSignal::new(String::new());
    let people = query(|| PersonList {}, vec![CacheTag::People]);
    // Nobody jumps from under the finger: the order is that of the moment the list was opened.
    let chosen_before = chosen.get_untracked();
    let toggle = move |person_id: PersonId| {
        chosen.update(|chosen| match chosen.iter().position(|one| *one == person_id) {
            Some(place) => drop(chosen.remove(place)),
            None => chosen.push(person_id),
        });
    };
    view! {
        <TextField label=text::which_person() value=containing test="people-pick-text"/>
        {shown(people, move |people| {
            let chosen_before = chosen_before.clone();
            let found = Memo::new(move |_| {
                let wanted = containing.get().to_lowercase();
                let unnamed = || text::person_unnamed().to_owned();
                let mut found: Vec<(PersonId, String)> = people.with(|people| {
                    people.iter().map(|person| (person.person_id, person.name.clone().unwrap_or_else(unnamed))).collect()
                });
                // Who has left the plant since can still be taken off.
                for person_id in &chosen_before {
                    if !found.iter().any(|(known, _)| known == person_id) {
                        found.push((*person_id, unnamed()));
                    }
                }
                found.retain(|(_, name)| name.to_lowercase().contains(&wanted));
                found.sort_by_key(|(person_id, _)| !chosen_before.contains(person_id));
                found.truncate(SHOWN_MAX);
                found
            });
            view! {
                <div class="rows" role="group" aria-label=text::which_person()>
                    {move || found.with(Vec::is_empty).then(|| view! { <Empty says=text::nothing_found()/> })}
                    {move || found.get().into_iter().map(|(person_id, name)| {
                        let on = move || chosen.with(|chosen| chosen.contains(&person_id));
                        let test = format!("people-pick-{name}");
                        view! {
                            <button type="button" class="row" role="checkbox" aria-checked=move || on().to_string() data-test=test on:click=move |_| toggle(person_id)>
                                <span class="grow" class:strong=on>{name}</span>
                                {move || on().then(|| view! { <Icon glyph=Glyph::Check/> })}
                            </button>
                        }
                    }).collect_view()}
                </div>
            }.into_any()
        })}
    }
}
