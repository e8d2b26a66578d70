//! Passing something urgent on: to a person by name, or to whoever is next in line.

use leptos::prelude::*;
use millwright_model::{AlertPass, AlertSubject, CacheTag, PersonId, PersonList};

use crate::part::{Sheet, TextField};
use crate::query::{query, shown};
use crate::session::Session;
use crate::text;

/// To whom, and a word about it.
#[component]
pub(crate) fn PassOn(about: AlertSubject, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let people = query(|| PersonList {}, vec![CacheTag::People]);
    let word = RwSignal::new(String::new());
    let pass = move |to: Option<PersonId>| {
        session.record_then(AlertPass { about, to, word: word.get_untracked() }, move || close.run(()));
    };
    view! {
        <Sheet title=text::alert_pass_title() close test="pass-on-sheet">
            <TextField label=text::alert_pass_word() value=word test="pass-on-word"/>
            {shown(people, move |people| view! {
                <div class="people">
                    <button class="btn" data-test="pass-on-next" on:click=move |_| pass(None)>{text::alert_pass_next()}</button>
                    {move || people.get().into_iter().enumerate().filter(|(_, person)| Some(person.person_id) != session.person_id()).map(|(place, person)| view! {
                        <button class="btn" data-test=format!("pass-on-{place}") on:click=move |_| pass(Some(person.person_id))>
                            {person.name.clone().unwrap_or_else(|| text::person_unnamed().to_owned())}</button>
                    }).collect_view()}
                </div>
            }.into_any())}
        </Sheet>
    }
}
