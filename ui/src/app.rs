//! The whole window: what it waits for, what it asks first, and then the rooms.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{AlertList, AppMode, AppStatus, CacheTag, Hand, PlaceShow, Theme};

use crate::ipc;
use crate::page::{FirstStart, Room, WhoAreYou};
use crate::part::Keyboard;
use crate::query::query;
use crate::route::Route;
use crate::session::{KeysFor, Session};
use crate::shell::{self, Frame, Overlays, Toasts};
use crate::text::{self, Language};

/// Puts the app into the page.
pub(crate) fn mount() {
    leptos::mount::mount_to_body(App);
    if let Some(waiting) = document().get_element_by_id("starting") {
        waiting.remove();
    }
}

/// What the window shows first.
#[derive(Copy, Clone, PartialEq)]
enum Stage {
    Waiting,
    FirstStart,
    WhoAreYou,
    Rooms,
}

/// The window.
#[component]
fn App() -> impl IntoView {
    // First asked for here, so that it lives as long as the window.
    let session = Session::here();
    spawn_local(async move {
        if let Err(error) = ipc::listen(move |event| session.hear(event)).await {
            session.refuse(&error);
        }
    });
    let status = query(|| AppStatus {}, vec![CacheTag::Sync, CacheTag::Settings, CacheTag::People]);
    Effect::new(move |_| {
        if let Some(status) = status.ready() {
            session.take_status(status);
        }
    });
    let alerts = query(
        || AlertList {},
        vec![
            CacheTag::Alerts,
            CacheTag::WorkOrders,
            CacheTag::Requests,
            CacheTag::People,
            CacheTag::Settings,
        ],
    );
    Effect::new(move |_| {
        if let Some(alerts) = alerts.ready() {
            session.alerts.set(alerts);
        }
    });
    if set_interval_with_handle(move || session.tick(), Duration::from_secs(1)).is_err() {
        // Without a clock ages stand still; everything else works.
    }
    let language = Memo::new(move |_| {
        session.status.with(|status| {
            let status = status.as_ref()?;
            let tag = status.person.as_ref().map_or(&status.settings.language, |person| &person.language);
            Some(Language::from_tag(tag))
        })
    });
    dress(session, language);
    // Where the person was when the device went off: only a start leads back there.
    spawn_local(async move {
        if let Ok(Some(kept)) = ipc::call(PlaceShow {}).await
            && shell::is_at_the_start()
        {
            shell::go(Route::parse(&kept.place));
            session.kept_place.set(Some(kept));
        }
    });
    let stage = Memo::new(move |_| {
        session.status.with(|status| match status {
            None => Stage::Waiting,
            Some(status) if status.mode == AppMode::FirstStart => Stage::FirstStart,
            Some(status) if status.person.is_none() => Stage::WhoAreYou,
            Some(_) => Stage::Rooms,
        })
    });
    view! {
        {move || {
            // Texts are plain functions: another language draws the screen anew.
            text::speak(language.get().unwrap_or_default());
            match stage.get() {
                Stage::Waiting => view! { <div class="start"><div class="bar run wide" role="progressbar" aria-label=text::loading()></div></div> }.into_any(),
                Stage::FirstStart => view! { <FirstStart/> }.into_any(),
                Stage::WhoAreYou => view! { <div class="start"><div class="start-inner card"><WhoAreYou/></div></div> }.into_any(),
                Stage::Rooms => view! { <Frame><Room/></Frame> <Overlays/> }.into_any(),
            }
        }}
        <Toasts/>
        {move || { language.track(); view! { <Keyboard/> } }}
    }
}

/// Theme, hand, language and keyboard as attributes of the page, for the style sheet.
fn dress(session: Session, language: Memo<Option<Language>>) {
    Effect::new(move |_| {
        let Some(page) = document().document_element() else { return };
        let settings = session.settings();
        let theme = match settings.theme {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Sunlight => "sunlight",
        };
        let hand = match settings.hand {
            Hand::Right => "right",
            Hand::Left => "left",
        };
        let keys = if session.keys_for.get() == KeysFor::Nobody { "" } else { "with-keys" };
        let tag = language.get().unwrap_or_default().tag();
        for (name, value) in [("data-theme", theme), ("data-hand", hand), ("class", keys), ("lang", tag)] {
            if page.set_attribute(name, value).is_err() {
                // These names are valid.
            }
        }
    });
}
