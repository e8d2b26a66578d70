//! The frame of every room: rail, top bar, room; keys that work everywhere, and scanners that type.

use leptos::prelude::*;
use millwright_model::ScanResolve;
use wasm_bindgen::JsCast;

use crate::dialog::follow_scan;
use crate::session::{KeysFor, Overlay, Session};
use crate::shell::alert_band::AlertBand;
use crate::shell::{Rail, Top, provide_route};
use crate::wedge::Wedge;

/// Lays the rooms out.
#[component]
pub(crate) fn Frame(children: Children) -> impl IntoView {
    let session = Session::here();
    let route = provide_route();
    let main = NodeRef::<leptos::html::Main>::new();
    Effect::new(move |_| {
        route.track();
        session.overlay.set(None);
        if let Some(main) = main.get() {
            main.set_scroll_top(0);
        }
    });
    let wedge = StoredValue::new(Wedge::default());
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            session.overlay.set(Some(Overlay::Search));
            return;
        }
        if event.is_trusted() && session.keys_for.get_untracked() == KeysFor::Field {
            // There is a real keyboard: ours makes room.
            session.keys_for.set(KeysFor::Nobody);
        }
        if in_field() {
            return;
        }
        let scanned = wedge.try_update_value(|wedge| wedge.take(&key, js_sys::Date::now())).flatten();
        if let Some(code) = scanned {
            event.prevent_default();
            session.send(ScanResolve { code }, move |finding| follow_scan(session, finding));
        }
    });
    on_cleanup(move || handle.remove());
    view! {
        <div class="frame">
            <Rail/>
            <Top/>
            <AlertBand/>
            <main class="main" node_ref=main>{children()}</main>
        </div>
    }
}

fn in_field() -> bool {
    document().active_element().is_some_and(|element| {
        element.dyn_ref::<web_sys::HtmlInputElement>().is_some()
            || element.dyn_ref::<web_sys::HtmlTextAreaElement>().is_some()
            || element.dyn_ref::<web_sys::HtmlSelectElement>().is_some()
    })
}
