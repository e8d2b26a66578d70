//! All that is urgent and asks for somebody.

use leptos::prelude::*;

use crate::part::{AlertRow, Empty, Sheet};
use crate::session::Session;
use crate::text;

/// The list of it.
#[component]
pub(crate) fn AlertsSheet(close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let alerts = Memo::new(move |_| session.alerts.with(|view| view.alerts.clone()));
    view! {
        <Sheet title=text::alerts() close test="alerts-sheet" wide=true>
            <div class="rows">
                {move || alerts.with(Vec::is_empty).then(|| view! { <Empty says=text::alerts_none()/> })}
                {move || alerts.get().into_iter().enumerate().map(|(place, alert)| view! {
                    <div class="row fit" data-test=format!("alert-{place}")><AlertRow alert test=format!("alert-{place}") done=close/></div>
                }).collect_view()}
            </div>
        </Sheet>
    }
}
