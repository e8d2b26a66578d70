//! Last year's board beside this one.

use leptos::prelude::*;
use millwright_model::WorkshopYears;

use super::board_desk::BoardDesk;
use crate::part::{Empty, Sheet};
use crate::text;
use crate::workshop_words;

/// What is there again, what is new, and what is gone.
#[component]
pub(super) fn YearsSheet(desk: BoardDesk, years: WorkshopYears, close: Callback<()>) -> impl IntoView {
    let kept = years.kept.into_iter().map(|kept| {
        let was =
            kept.moved.then(|| text::workshop_was_under(workshop_words::frame_of_key(&kept.frame_before)));
        (desk.item_text(kept.item_id), was.unwrap_or_default())
    });
    let new = years.new.into_iter().map(|item_id| (desk.item_text(item_id), String::new()));
    let gone = years.gone.into_iter().map(|gone| (gone.text, workshop_words::frame_of_key(&gone.frame)));
    let parts = [
        (text::workshop_kept(), "years-kept", kept.collect::<Vec<_>>()),
        (text::workshop_new_items(), "years-new", new.collect()),
        (text::workshop_gone(), "years-gone", gone.collect()),
    ];
    view! {
        <Sheet title=text::workshop_compared(years.title_before) close test="years-sheet" wide=true>
            <div class="stack">{parts.map(|(title, test, lines)| view! {
                <section data-test=test><h3>{title}" "<span class="muted">{lines.len()}</span></h3>
                    {lines.is_empty().then(|| view! { <Empty says=text::workshop_none_of_these()/> })}
                    <div class="rows">{lines.into_iter().map(|(says, more)| view! { <div class="row fit"><span class="grow pre">{says}</span><span class="muted small">{more}</span></div> }).collect_view()}</div></section>
            })}</div>
        </Sheet>
    }
}
