//! The people of this device.

use leptos::prelude::*;

use crate::page::WhoAreYou;

/// Who there is, who holds the device, and somebody new.
#[component]
pub(super) fn People() -> impl IntoView {
    view! { <section class="card"><WhoAreYou/></section> }
}
