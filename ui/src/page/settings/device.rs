//! How this device looks and behaves: every change is kept at once.

use leptos::prelude::*;
use millwright_model::{AppStatus, Hand, Settings, SettingsSave, Theme};

use crate::part::TextField;
use crate::session::{Matter, Session};
use crate::text::{self, Language};

/// Theme, hand, language, zone, keys.
#[component]
pub(super) fn DeviceSettings() -> impl IntoView {
    let session = Session::here();
    let settings = Memo::new(move |_| session.settings());
    let zone = RwSignal::new(settings.get_untracked().plant_zone);
    let save = move |settings: Settings| {
        session.send(SettingsSave { settings }, move |()| {
            session.say(Matter::Notice(text::kept().to_owned()));
            session.send(AppStatus {}, move |status| session.take_status(status));
        });
    };
    let themes = [
        (Theme::System, "system", text::theme_system()),
        (Theme::Light, "light", text::theme_light()),
        (Theme::Dark, "dark", text::theme_dark()),
        (Theme::Sunlight, "sunlight", text::theme_sunlight()),
    ];
    let hands = [(Hand::Left, "left", text::hand_left()), (Hand::Right, "right", text::hand_right())];
    view! {
        <section class="card form">
            <h2>{text::theme()}</h2>
            <div class="choice">{themes.map(|(theme, test, name)| view! { <button class="btn big" class:on=move || settings.with(|settings| settings.theme == theme) data-test=format!("theme-{test}")
                on:click=move |_| save(Settings { theme, ..settings.get_untracked() })>{name}</button> })}</div>
            <h2>{text::hand()}</h2>
            <div class="choice">{hands.map(|(hand, test, name)| view! { <button class="btn big" class:on=move || settings.with(|settings| settings.hand == hand) data-test=format!("hand-{test}")
                on:click=move |_| save(Settings { hand, ..settings.get_untracked() })>{name}</button> })}</div>
            <h2>{text::language_unpicked()}</h2>
            <div class="choice">{Language::PICKABLE.map(|(_, tag, name)| view! { <button class="btn big" class:on=move || settings.with(|settings| settings.language == tag) data-test=format!("settings-language-{tag}")
                on:click=move |_| save(Settings { language: tag.to_owned(), ..settings.get_untracked() })>{name}</button> })}</div>
            <label class="check"><input type="checkbox" data-test="own-keys" prop:checked=move || settings.with(|settings| settings.own_keys)
                on:change=move |event| save(Settings { own_keys: event_target_checked(&event), ..settings.get_untracked() })/>{text::own_keys()}</label>
            <div class="acts"><div class="grow"><TextField label=text::plant_zone() value=zone test="plant-zone"/></div>
                <button class="btn big" data-test="plant-zone-save" on:click=move |_| save(Settings { plant_zone: zone.get_untracked().trim().to_owned(), ..settings.get_untracked() })>{text::save()}</button></div>
        </section>
    }
}
