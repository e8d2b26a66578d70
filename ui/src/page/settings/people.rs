//! The people of this device, and what each sees to.

use leptos::prelude::*;
use millwright_model::{AppStatus, CacheTag, PersonList, PersonRole, PersonRoleSet};

use crate::page::WhoAreYou;
use crate::query::{query, shown};
use crate::session::Session;
use crate::text;
use crate::words;

/// Who there is, who holds the device, somebody new, and who sees to the work of all.
#[component]
pub(super) fn People() -> impl IntoView {
    let session = Session::here();
    let people = query(|| PersonList {}, vec![CacheTag::People]);
    let set = move |person_id, role| {
        session.record_then(PersonRoleSet { person_id, role }, move || {
            session.send(AppStatus {}, move |status| session.take_status(status));
        });
    };
    view! {
        <section class="card"><WhoAreYou/></section>
        <section class="card"><h2>{text::role()}</h2>
            {shown(people, move |people| view! {
                <div class="rows">{move || people.get().into_iter().enumerate().map(|(place, person)| {
                    let name = person.name.unwrap_or_else(|| text::person_unnamed().to_owned());
                    let label = name.clone();
                    view! {
                        <div class="row fit"><b class="grow">{name}</b>
                            <div class="choice" role="radiogroup" aria-label=label>
                                {PersonRole::ALL.map(|role| view! {
                                    <button type="button" class="btn" role="radio" class:on=person.role == role aria-checked=(person.role == role).to_string()
                                        data-test=format!("role-{place}-{}", role.as_str()) on:click=move |_| set(person.person_id, role)>{words::role(role)}</button>
                                })}
                            </div></div>
                    }
                }).collect_view()}</div>
            }.into_any())}
        </section>
    }
}
