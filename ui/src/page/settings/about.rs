//! What this is.

use leptos::prelude::*;

use crate::session::Session;
use crate::text;

/// Version, device, licences.
#[component]
pub(super) fn About() -> impl IntoView {
    let session = Session::here();
    let status = move || session.status.get();
    view! {
        <section class="card"><div class="brand"><img src="icons/mark.svg" alt="" width="64" height="64"/><div><h2>"Millwright"</h2><div class="muted">{text::welcome_more()}</div></div></div>
            <dl class="facts">
                <dt>{text::version()}</dt><dd data-test="version">{move || status().map(|status| status.version)}</dd>
                <dt>{text::plant_name()}</dt><dd>{move || status().map(|status| status.plant_name)}</dd>
                <dt>{text::device_code()}</dt><dd>{move || status().map(|status| status.device_code)}</dd>
                <dt>{text::licences()}</dt><dd>{text::licences_more()}</dd>
            </dl>
        </section>
    }
}
