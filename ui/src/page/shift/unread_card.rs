//! What was handed over and is still unread: each item is confirmed with the person's name.

use leptos::prelude::*;
use millwright_model::{HandoverAcknowledge, HandoverLine, HandoverView};

use super::line_row::{LineAbout, span_words};
use crate::calendar;
use crate::icon::Glyph;
use crate::part::{Icon, Photo};
use crate::session::Session;
use crate::text;
use crate::words;

/// All of it; nothing where all was read.
#[component]
pub(crate) fn UnreadCard(unread: Vec<HandoverView>) -> impl IntoView {
    let first = StoredValue::new(0_usize);
    (!unread.is_empty()).then(|| {
        let cards = unread
            .into_iter()
            .map(|handover| {
                let from = first.get_value();
                first.set_value(from + handover.lines.len());
                view! { <UnreadHandover handover from/> }
            })
            .collect_view();
        view! {
            <section class="card next" data-test="unread">
                <h2>{text::unread_title()}</h2>
                <p class="muted">{text::unread_more()}</p>
                {cards}
            </section>
        }
    })
}

#[component]
fn UnreadHandover(handover: HandoverView, from: usize) -> impl IntoView {
    let session = Session::here();
    let handover_id = handover.handover_id;
    let by = handover.given_by_name.clone().unwrap_or_else(|| text::person_unnamed().to_owned());
    let head = span_words(&handover.shift);
    let given = text::handover_by(by, calendar::moment(handover.given_at));
    let all: Vec<uuid::Uuid> = handover.lines.iter().map(|line| line.line.item.item_id).collect();
    let count = all.len();
    let confirm = move |items: Vec<uuid::Uuid>| session.record(HandoverAcknowledge { handover_id, items });
    let row = move |(place, line): (usize, HandoverLine)| {
        let line = line.line;
        let item_id = line.item.item_id;
        let says = words::happening(&line.item.happening);
        let attachment = line.attachment.clone();
        let matters = line.item.happening.matters();
        view! {
            <div class="row fit" data-test=format!("unread-{}", from + place)>
                {if matters { view! { <i class="tri"></i> }.into_any() } else { view! { <i class="dot open"></i> }.into_any() }}
                <div class="grow"><div class="pre selectable">{says}</div><LineAbout line/>
                    {attachment.map(|attachment| view! { <div class="photos"><Photo attachment/></div> })}</div>
                <button class="btn big" data-test=format!("unread-{}-ok", from + place) on:click=move |_| confirm(vec![item_id])><Icon glyph=Glyph::Check/>{text::unread_ok()}</button>
            </div>
        }
    };
    view! {
        <h3>{head}" · "<span class="muted">{given}</span></h3>
        <div class="rows">{handover.lines.into_iter().enumerate().map(row).collect_view()}</div>
        {(count > 1).then(|| view! {
            <div class="acts end"><button class="btn primary" data-test="unread-all" on:click=move |_| confirm(all.clone())>{text::unread_all(count)}</button></div>
        })}
    }
}
