//! The most urgent of what asks for somebody, above every room and over none: it takes its place, and covers no work.

use leptos::prelude::*;

use crate::part::AlertRow;
use crate::session::{Overlay, Session};
use crate::text;

/// The band; nothing where nobody is asked, or the person put it off.
#[component]
pub(super) fn AlertBand() -> impl IntoView {
    let session = Session::here();
    let shown = Memo::new(move |_| session.alerts_not_put_off());
    move || {
        let alerts = shown.get();
        let first = alerts.first().cloned()?;
        let more = alerts.len() - 1;
        Some(view! {
            <section class="alert-band row fit" role="region" aria-label=text::alerts() aria-live="polite" data-test="alert-band">
                <AlertRow alert=first test="alert">
                    {(more > 0).then(|| view! {
                        <button class="btn tight" data-test="alert-more" on:click=move |_| session.overlay.set(Some(Overlay::Alerts))>{text::alerts_more(more)}</button>
                    })}
                    <button class="btn tight" data-test="alert-later" on:click=move |_| session.put_alerts_off()>{text::alert_later()}</button>
                </AlertRow>
            </section>
        })
    }
}
