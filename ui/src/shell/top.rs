//! The bar on every screen: find, scan, how the links stand, who holds the device.

use leptos::prelude::*;
use millwright_model::AppMode;

use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::{Overlay, Session};
use crate::shell::chips::Chips;
use crate::text;

/// The top bar.
#[component]
pub(crate) fn Top() -> impl IntoView {
    let session = Session::here();
    let demo = move || {
        session.status.with(|status| status.as_ref().is_some_and(|status| status.mode == AppMode::Demo))
    };
    let person = move || {
        session.status.with(|status| {
            let person = status.as_ref().and_then(|status| status.person.as_ref());
            person.and_then(|person| person.name.clone()).unwrap_or_else(|| text::person_unnamed().to_owned())
        })
    };
    view! {
        <header class="top">
            <button class="search-open" data-test="search-open" on:click=move |_| session.overlay.set(Some(Overlay::Search))>
                <Icon glyph=Glyph::Search/><span class="clip">{text::search_hint()}</span><kbd>"Ctrl K"</kbd>
            </button>
            <button class="btn" data-test="scan-open" on:click=move |_| session.overlay.set(Some(Overlay::Scan))>
                <Icon glyph=Glyph::ScanLine/>{text::scan()}
            </button>
            <Show when=demo><span class="badge" data-test="demo-badge">{text::demo_badge()}</span></Show>
            <div class="chips">
                <Chips/>
                <button class="chip" data-test="person-open" aria-label=text::who_are_you() on:click=move |_| session.overlay.set(Some(Overlay::WhoAreYou))>
                    <Icon glyph=Glyph::User/>{person}
                </button>
            </div>
        </header>
    }
}
