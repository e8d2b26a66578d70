//! What trying a connection found, line by line.

use leptos::prelude::*;
use millwright_model::ConnectionFinding;

use crate::text;
use crate::words;

/// The lines of a test.
#[component]
pub(super) fn Tested(finding: RwSignal<Option<ConnectionFinding>>, busy: RwSignal<bool>) -> impl IntoView {
    view! {
        <Show when=move || busy.get()><div class="bar run" role="progressbar" aria-label=text::loading()></div></Show>
        {move || finding.get().map(|finding| {
            let lines = match &finding.refusal {
                Some(refusal) => vec![words::refused(refusal)],
                None => finding.lines,
            };
            view! { <div class=if finding.works { "notice-box" } else { "error-box" } role="status" data-test="connection-finding">
                <b>{if finding.works { text::connection_works() } else { text::connection_fails() }}</b>
                <div class="lines selectable">{lines.into_iter().map(|line| view! { <div>{line}</div> }).collect_view()}</div>
            </div> }
        })}
    }
}
