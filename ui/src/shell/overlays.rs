//! What lies over the page, one at a time.

use leptos::prelude::*;

use crate::dialog::{
    AlertsSheet, NewOrder, PassOn, RaiseRequest, ScanSheet, SearchSheet, ShiftEntrySheet, WhoSheet,
};
use crate::session::{Overlay, Session};

/// The overlay that is open.
#[component]
pub(crate) fn Overlays() -> impl IntoView {
    let session = Session::here();
    let close = Callback::new(move |()| session.overlay.set(None));
    move || match session.overlay.get() {
        None => ().into_any(),
        Some(Overlay::Search) => view! { <SearchSheet close/> }.into_any(),
        Some(Overlay::Scan) => view! { <ScanSheet close/> }.into_any(),
        Some(Overlay::Raise { asset_id, part }) => view! { <RaiseRequest asset_id part close/> }.into_any(),
        Some(Overlay::WhoAreYou) => view! { <WhoSheet close/> }.into_any(),
        Some(Overlay::ShiftEntry(asset_id)) => view! { <ShiftEntrySheet asset_id close/> }.into_any(),
        Some(Overlay::Alerts) => view! { <AlertsSheet close/> }.into_any(),
        Some(Overlay::PassOn(about)) => view! { <PassOn about close/> }.into_any(),
        Some(Overlay::NewOrder(from)) => view! { <NewOrder from close/> }.into_any(),
    }
}
