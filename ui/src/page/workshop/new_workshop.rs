//! A new workshop: its name and last year's, or a file that holds one.

use leptos::prelude::*;
use millwright_model::{WorkshopCreate, WorkshopId, WorkshopImport, WorkshopOverview};

use crate::icon::Glyph;
use crate::part::{Icon, Sheet, TextField, picked_file, read_file};
use crate::route::Route;
use crate::session::{Matter, Session};
use crate::shell;
use crate::text;

/// The sheet.
#[component]
pub(super) fn NewWorkshop(
    /// The workshops that there are: one of them may be last year's.
    others: Signal<Vec<WorkshopOverview>>,
    close: Callback<()>,
) -> impl IntoView {
    let session = Session::here();
    let title = RwSignal::new(String::new());
    let last_year = RwSignal::new(None::<WorkshopId>);
    let begun = move |workshop_id| {
        close.try_run(());
        shell::go(Route::Workshop(workshop_id));
    };
    let begin = Callback::new(move |()| {
        let title = title.get_untracked().trim().to_owned();
        if title.is_empty() {
            return;
        }
        let language = session.language();
        session.send(WorkshopCreate { title, language, last_year: last_year.get_untracked() }, begun);
    });
    let picked = move |event: web_sys::Event| {
        let Some(file) = picked_file(&event) else { return };
        read_file(file, move |file| {
            let Some(file) = file else {
                return session.say(Matter::Problem(text::photo_unreadable().to_owned()));
            };
            session.send(WorkshopImport { bytes_base64: file.bytes_base64 }, begun);
        });
    };
    let choice = move |id: Option<WorkshopId>, name: String, test: String| {
        let on = move || last_year.get() == id;
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=test
        on:click=move |_| last_year.set(id)>{name}</button> }
    };
    view! {
        <Sheet title=text::workshop_new() close test="workshop-new-sheet">
            <div class="form">
                <TextField label=text::workshop_title() value=title test="workshop-title" focused=true entered=begin/>
                <Show when=move || !others.with(Vec::is_empty)>
                    <div class="field"><span>{text::workshop_last_year()}</span>
                        <div class="choice" role="radiogroup" aria-label=text::workshop_last_year()>
                            {choice(None, text::workshop_last_year_none().to_owned(), "workshop-last-none".to_owned())}
                            {move || others.get().into_iter().map(|other| {
                                let test = format!("workshop-last-{}", other.title);
                                choice(Some(other.workshop.workshop_id), other.title, test)
                            }).collect_view()}
                        </div></div>
                </Show>
            </div>
            <div class="acts end">
                <label class="btn big"><Icon glyph=Glyph::FolderOpen/>{text::workshop_from_file()}
                    <input class="hidden-input" type="file" accept=".json" data-test="workshop-file" on:change=picked/></label>
                <button type="button" class="btn primary grow" data-test="workshop-begin" disabled=move || title.with(|title| title.trim().is_empty()) on:click=move |_| begin.run(())>{text::workshop_begin()}</button>
            </div>
        </Sheet>
    }
}
