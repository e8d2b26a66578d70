//! Handing the device over.

use leptos::prelude::*;

use crate::page::WhoAreYou;
use crate::part::Sheet;
use crate::session::Session;
use crate::text;

/// Picks who holds the device.
#[component]
pub(crate) fn WhoSheet(close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let before = session.person_id();
    Effect::new(move |_| {
        if session.person_id() != before {
            close.run(());
        }
    });
    view! { <Sheet title=text::device_hand_over() close test="who-sheet"><WhoAreYou/></Sheet> }
}
