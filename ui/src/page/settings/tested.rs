//! What trying a connection found, line by line.

use leptos::prelude::*;
use millwright_model::ConnectionFinding;

use crate::part::Technical;
use crate::text;
use crate::words;

/// The lines of a test.
#[component]
pub(super) fn Tested(finding: RwSignal<Option<ConnectionFinding>>, busy: RwSignal<bool>) -> impl IntoView {
    view! {
        <Show when=move || busy.get()><div class="bar run" role="progressbar" aria-label=text::loading()></div></Show>
        {move || finding.get().map(|finding| {
            let (lines, technical) = match &finding.refusal {
                Some(refusal) => {
                    let words = words::refused(refusal);
                    let untold = finding.lines.into_iter().filter(|line| !words.contains(line)).collect();
                    (vec![words], untold)
                }
                None => (finding.lines, Vec::new()),
            };
            view! { <div class=if finding.works { "notice-box" } else { "error-box" } role="status" data-test="connection-finding">
                <b>{if finding.works { text::connection_works() } else { text::connection_fails() }}</b>
                <div class="lines selectable">{lines.into_iter().map(|line| view! { <div>{line}</div> }).collect_view()}
                    {technical.into_iter().map(|said| view! { <Technical said/> }).collect_view()}</div>
            </div> }
        })}
    }
}
