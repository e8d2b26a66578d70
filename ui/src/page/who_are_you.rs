//! Who holds the device: two taps, or a new name.

use leptos::prelude::*;
use millwright_model::{AppStatus, CacheTag, PersonAdd, PersonId, PersonList, PersonPick};

use crate::icon::Glyph;
use crate::part::{Empty, Icon, TextField};
use crate::query::{query, shown};
use crate::session::Session;
use crate::text::{self, Language};

/// The letters a person is known by.
fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect::<String>().to_uppercase()
}

/// Picks a person.
#[component]
pub(crate) fn WhoAreYou() -> impl IntoView {
    let session = Session::here();
    let people = query(|| PersonList {}, vec![CacheTag::People]);
    let (adding, name, number) =
        (RwSignal::new(false), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let language = RwSignal::new(text::language());
    let pick = move |person_id: PersonId| {
        session.send(PersonPick { person_id: Some(person_id) }, move |()| {
            session.overlay.set(None);
            session.send(AppStatus {}, move |status| session.take_status(status));
        });
    };
    let add = move || {
        let name = name.get_untracked().trim().to_owned();
        if name.is_empty() {
            return;
        }
        let number = number.get_untracked().trim().to_owned();
        let tag = Language::PICKABLE
            .iter()
            .find(|(choice, _, _)| *choice == language.get_untracked())
            .map_or("en", |(_, tag, _)| tag);
        let command = PersonAdd {
            name,
            erp_number: Some(number).filter(|number| !number.is_empty()),
            language: tag.to_owned(),
        };
        session.send(command, pick);
    };
    view! {
        <div class="stack">
            <div><h1>{text::who_are_you()}</h1><div class="muted">{text::who_more()}</div></div>
            {shown(people, move |people| view! {
                {move || people.with(Vec::is_empty).then(|| view! { <Empty says=text::nobody_yet()/> })}
                <div class="people">
                    {move || people.get().into_iter().enumerate().map(|(place, person)| {
                        let name = person.name.unwrap_or_else(|| text::person_unnamed().to_owned());
                        let person_id = person.person_id;
                        view! {
                            <button class="btn" data-test=format!("person-{place}") on:click=move |_| pick(person_id)>
                                <span class="initials">{initials(&name)}</span><span>{name}</span>
                            </button>
                        }
                    }).collect_view()}
                    <button class="btn" data-test="person-add" on:click=move |_| adding.update(|adding| *adding = !*adding)>
                        <span class="initials"><Icon glyph=Glyph::Plus/></span><span>{text::person_add()}</span>
                    </button>
                </div>
            }.into_any())}
            <Show when=move || adding.get()>
                <div class="form">
                    <TextField label=text::person_name() value=name test="person-name" focused=true entered=Callback::new(move |()| add())/>
                    <TextField label=text::person_number() value=number test="person-number"/>
                    <div class="choice">{Language::PICKABLE.map(|(choice, tag, own_name)| view! {
                        <button type="button" class="btn" class:on=move || language.get() == choice data-test=format!("person-language-{tag}")
                            on:click=move |_| language.set(choice)>{own_name}</button>
                    })}</div>
                    <div class="acts end"><button class="btn primary" data-test="person-save" disabled=move || name.with(|name| name.trim().is_empty())
                        on:click=move |_| add()>{text::person_add_go()}</button></div>
                </div>
            </Show>
        </div>
    }
}
