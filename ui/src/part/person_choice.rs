//! Who is to do it, in one tap.

use leptos::prelude::*;
use millwright_model::{CacheTag, PersonId, PersonList};

use crate::query::{query, shown};
use crate::text;

/// The people of this device, and nobody.
#[component]
pub(crate) fn PersonChoice(
    person_id: RwSignal<Option<PersonId>>,
    /// What is asked; who is to do it, where nothing is said.
    #[prop(optional, into)]
    label: Option<&'static str>,
) -> impl IntoView {
    let label = label.unwrap_or(text::assignee_label());
    let people = query(|| PersonList {}, vec![CacheTag::People]);
    view! {
        <div class="field"><span>{label}</span>
            {shown(people, move |people| view! {
                <div class="choice" role="radiogroup" aria-label=label>
                    <button type="button" class="btn" role="radio" class:on=move || person_id.get().is_none() aria-checked=move || person_id.get().is_none().to_string()
                        data-test="assignee-nobody" on:click=move |_| person_id.set(None)>{text::nobody()}</button>
                    {move || people.get().into_iter().enumerate().map(|(place, person)| {
                        let on = move || person_id.get() == Some(person.person_id);
                        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string()
                            data-test=format!("assignee-{place}") on:click=move |_| person_id.set(Some(person.person_id))>
                            {person.name.clone().unwrap_or_else(|| text::person_unnamed().to_owned())}</button> }
                    }).collect_view()}
                </div>
            }.into_any())}
        </div>
    }
}
