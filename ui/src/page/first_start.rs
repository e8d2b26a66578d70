//! The first start: the demo plant, a real plant, or a folder of data.

use leptos::prelude::*;
use millwright_model::{DemoStart, PlantStart, TeamRole, TeamShow};

use crate::icon::Glyph;
use crate::part::{Icon, TextField};
use crate::query::query;
use crate::session::Session;
use crate::text::{self, Language};

/// Offers three ways in.
#[component]
pub(crate) fn FirstStart() -> impl IntoView {
    let session = Session::here();
    let (starting, naming, folder) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let plant_name = RwSignal::new(String::new());
    let refresh = move || {
        session.send(millwright_model::AppStatus {}, move |status| session.take_status(status));
    };
    let demo = move |_| {
        starting.set(true);
        leptos::task::spawn_local(async move {
            let outcome = crate::ipc::call(DemoStart {}).await;
            starting.set(false);
            match outcome {
                Ok(()) => refresh(),
                Err(error) => session.refuse(&error),
            }
        });
    };
    let plant = move || {
        let plant_name = plant_name.get_untracked().trim().to_owned();
        if !plant_name.is_empty() {
            session.send(PlantStart { plant_name }, move |()| refresh());
        }
    };
    let team = query(|| TeamShow {}, Vec::new());
    let shut_out = move || team.ready().is_some_and(|team| team.role == TeamRole::ShutOut);
    view! {
        <div class="start">
            <div class="start-inner">
                <Show when=shut_out><p class="notice-box" role="status" data-test="team-shut-out">{text::team_shut_out()}</p></Show>
                <div class="brand"><img src="icons/mark.svg" alt="" width="72" height="72"/>
                    <div class="grow"><h1>{text::welcome()}</h1><div class="muted">{text::welcome_more()}</div></div>
                    <LanguageChoice/>
                </div>
                <div class="start-cards">
                    <section class="card next"><div><Icon glyph=Glyph::Factory/><h2>{text::start_demo()}</h2><p class="muted">{text::start_demo_more()}</p></div>
                        <button class="btn primary" data-test="first-start-demo" disabled=starting on:click=demo>{text::start_demo_go()}</button>
                    </section>
                    <section class="card"><div><Icon glyph=Glyph::Plug/><h2>{text::start_plant()}</h2><p class="muted">{text::start_plant_more()}</p></div>
                        <button class="btn big" data-test="first-start-plant" disabled=starting on:click=move |_| naming.set(true)>{text::start_plant_go()}</button>
                    </section>
                    <section class="card"><div><Icon glyph=Glyph::FolderOpen/><h2>{text::start_folder()}</h2><p class="muted">{text::start_folder_more()}</p></div>
                        <button class="btn big" data-test="first-start-folder" disabled=starting on:click=move |_| folder.set(true)>{text::start_folder_go()}</button>
                    </section>
                </div>
                <Show when=move || starting.get()>
                    <div class="card" role="status"><p>{text::demo_starting()}</p><div class="bar run"></div></div>
                </Show>
                <Show when=move || naming.get()>
                    <section class="card form">
                        <TextField label=text::plant_name() value=plant_name test="plant-name" focused=true entered=Callback::new(move |()| plant())/>
                        <div class="acts end"><button class="btn primary" data-test="plant-start" disabled=move || plant_name.with(|name| name.trim().is_empty())
                            on:click=move |_| plant()>{text::go_on()}</button></div>
                    </section>
                </Show>
                <Show when=move || folder.get()>
                    <section class="card"><h2>{text::start_folder()}</h2><p>{text::folder_how()}</p><p class="selectable pre"><code>"millwright --data /path/to/folder"</code></p></section>
                </Show>
            </div>
        </div>
    }
}

/// English or German, before anybody is known.
#[component]
fn LanguageChoice() -> impl IntoView {
    let session = Session::here();
    let kept = query(|| millwright_model::SettingsShow {}, vec![millwright_model::CacheTag::Settings]);
    Language::PICKABLE
        .map(|(language, tag, name)| {
            let pick = move |_| {
                let Some(settings) = kept.ready() else { return };
                let settings = millwright_model::Settings { language: tag.to_owned(), ..settings };
                session.send(millwright_model::SettingsSave { settings }, move |()| {
                    session.send(millwright_model::AppStatus {}, move |status| session.take_status(status));
                });
            };
            view! { <button class="btn" class:on=text::language() == language data-test=format!("language-{tag}") on:click=pick>{name}</button> }
        })
        .collect_view()
}
