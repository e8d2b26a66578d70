//! One line of the log or of a hand-over.

use leptos::prelude::*;
use millwright_model::ShiftLine;

use crate::calendar;
use crate::part::Photo;
use crate::route::Route;
use crate::text;
use crate::words;

/// The machine and the order of a line, the order as a way to it.
#[component]
pub(super) fn LineAbout(
    line: ShiftLine,
    /// Whether the machine stands above it already.
    #[prop(optional)]
    within_machine: bool,
    /// Whether the order is a way to it: not where leaving would lose what was typed.
    #[prop(default = true)]
    linked: bool,
) -> impl IntoView {
    let machine = line
        .asset_code
        .filter(|_| !within_machine)
        .map(|code| format!("{code} {}", line.asset_name.unwrap_or_default()));
    let order = match (line.item.work_order_id, line.order_number) {
        (Some(work_order_id), Some(number)) => {
            let says = format!("{number} {}", line.order_title.unwrap_or_default());
            Some(if linked {
                let test = format!("line-order-{number}");
                view! { <a class="btn link start-aligned" href=Route::Order(work_order_id).hash() data-test=test>{says}</a> }
                    .into_any()
            } else {
                view! { <span>{says}</span> }.into_any()
            })
        }
        _ => None,
    };
    view! {
        {machine.map(|machine| view! { <b>{machine}</b> })}
        {order}
    }
}

/// What happened, when, by whom; with its photo or voice note.
#[component]
pub(super) fn LineRow(line: ShiftLine) -> impl IntoView {
    let matters = line.item.happening.matters();
    let says = words::happening(&line.item.happening);
    let mut below = vec![calendar::moment(line.item.at)];
    below.extend(line.by_name.clone());
    let attachment = line.attachment.clone();
    view! {
        <div class="row fit shift-line" class:matters=matters data-test="shift-line">
            {if matters { view! { <i class="tri"></i> }.into_any() } else { view! { <i class="dot open"></i> }.into_any() }}
            <div class="grow"><div class="pre selectable">{says}</div><div class="muted small">{below.join(" · ")}</div>
                <LineAbout line within_machine=true/>
                {attachment.map(|attachment| view! { <div class="photos"><Photo attachment/></div> })}
            </div>
        </div>
    }
}

/// A shift in words.
pub(super) fn span_words(span: &millwright_model::ShiftSpan) -> String {
    text::shift_span(
        words::shift_name(&span.name),
        calendar::civil(span.starts_on),
        words::clock(span.starts_min),
        words::clock(span.ends_min),
    )
}
