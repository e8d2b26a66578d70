//! Going from screen to screen by the part of the address after `#`.

use leptos::prelude::*;

use crate::route::Route;

/// Keeps the present screen as a signal for everything below.
pub(crate) fn provide_route() -> Memo<Route> {
    let address = RwSignal::new(here());
    let handle = window_event_listener(leptos::ev::hashchange, move |_| address.set(here()));
    on_cleanup(move || handle.remove());
    let route = Memo::new(move |_| Route::parse(&address.get()));
    provide_context(route);
    route
}

/// The present screen.
pub(crate) fn use_route() -> Memo<Route> {
    use_context().unwrap_or_else(provide_route)
}

/// Goes to a screen.
pub(crate) fn go(route: Route) {
    if window().location().set_hash(&route.hash()).is_err() {
        // Our own addresses are valid.
    }
}

/// Whether no address leads anywhere yet: the window has just been opened.
pub(crate) fn is_at_the_start() -> bool {
    here().is_empty()
}

/// Goes back to where the person came from.
pub(crate) fn go_back() {
    if window().history().and_then(|history| history.back()).is_err() {
        go(Route::Today);
    }
}

fn here() -> String {
    window().location().hash().unwrap_or_default()
}
