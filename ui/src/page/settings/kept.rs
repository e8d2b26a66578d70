//! How long the values of machines are kept on this device.

use leptos::prelude::*;
use millwright_model::{HistoryKept, HistorySize, Settings, SettingsSave};

use crate::figure;
use crate::part::TextField;
use crate::query::{query, shown};
use crate::session::{Matter, Session};
use crate::text;

/// Days by class of tag, and the most room.
#[component]
pub(super) fn KeptSettings() -> impl IntoView {
    let session = Session::here();
    let kept = session.settings().history;
    let number = |number: u32| RwSignal::new(number.to_string());
    let (bound, other, size) = (number(kept.bound_days), number(kept.other_days), number(kept.size_max_gib));
    let used = query(|| HistorySize {}, Vec::new());
    let save = move |_| {
        // What is no whole number is 0, which the engine refuses with its reason.
        let read = |field: RwSignal<String>| field.get_untracked().trim().parse().unwrap_or(0);
        let history =
            HistoryKept { bound_days: read(bound), other_days: read(other), size_max_gib: read(size) };
        let settings = Settings { history, ..session.settings() };
        session.send(SettingsSave { settings }, move |()| {
            session.say(Matter::Notice(text::kept().to_owned()));
            session.send(millwright_model::AppStatus {}, move |status| session.take_status(status));
        });
    };
    view! {
        <section class="card form" data-test="settings-kept">
            <h2>{text::values_kept()}</h2>
            <p class="muted">{text::values_kept_explained()}</p>
            <TextField label=text::values_bound_days() value=bound test="kept-bound-days"/>
            <TextField label=text::values_other_days() value=other test="kept-other-days"/>
            <TextField label=text::values_size_max() value=size test="kept-size"/>
            {shown(used, move |used| {
                let used = used.get_untracked();
                view! { <p class="muted small">{text::values_use(figure::room(used.used_bytes), used.series)}</p> }.into_any()
            })}
            <div class="acts"><button class="btn big" data-test="kept-save" on:click=save>{text::save()}</button></div>
        </section>
    }
}
