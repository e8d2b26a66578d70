//! What a shift handed over, and who read which item.

use leptos::prelude::*;
use millwright_model::HandoverView;

use super::line_row::LineAbout;
use crate::calendar;
use crate::part::Empty;
use crate::text;
use crate::words;

/// The hand-overs of a shift.
#[component]
pub(super) fn HandoverCard(handovers: Vec<HandoverView>) -> impl IntoView {
    view! {
        <section class="card" data-test="handovers">
            <h2>{text::handovers()}</h2>
            {handovers.is_empty().then(|| view! { <Empty says=text::handovers_empty()/> })}
            {handovers.into_iter().map(|handover| {
                let by = handover.given_by_name.clone().unwrap_or_else(|| text::person_unnamed().to_owned());
                view! {
                    <h3>{text::handover_by(by, calendar::moment(handover.given_at))}</h3>
                    <div class="rows">{handover.lines.into_iter().map(|item| {
                        let says = words::happening(&item.line.item.happening);
                        let names: Vec<String> = item.acknowledged.iter()
                            .map(|read| read.person_name.clone().unwrap_or_else(|| text::person_unnamed().to_owned())).collect();
                        let read = if names.is_empty() { text::handover_read_nobody().to_owned() } else { text::handover_read_by(names.join(", ")) };
                        view! { <div class="row fit" data-test="handover-line"><div class="grow"><div class="pre selectable">{says}</div>
                            <LineAbout line=item.line/><div class="muted small">{read}</div></div></div> }
                    }).collect_view()}</div>
                }
            }).collect_view()}
        </section>
    }
}
