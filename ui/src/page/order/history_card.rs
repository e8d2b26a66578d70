//! The history of a record: who changed what, when, and how sure that is.

use leptos::prelude::*;
use millwright_model::{Assurance, CacheTag, Entity, HistoryEntry, HistoryShow, OpKind};
use uuid::Uuid;

use crate::calendar;
use crate::field;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::query::{query, shown};
use crate::text;

/// The history, once asked for.
#[component]
pub(crate) fn HistoryCard(entity: Entity, entity_id: Uuid, tag: CacheTag) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <section class="card">
            <button class="btn link" data-test="history-open" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                <Icon glyph=Glyph::History/>{text::history()}</button>
            <Show when=move || open.get()><Entries entity entity_id tag/></Show>
        </section>
    }
}

#[component]
fn Entries(entity: Entity, entity_id: Uuid, tag: CacheTag) -> impl IntoView {
    let entries = query(move || HistoryShow { entity, entity_id }, vec![tag]);
    view! {
        {shown(entries, move |entries| view! {
            <div class="rows" data-test="history">{move || entries.get().into_iter().map(|entry| view! { <Entry entry/> }).collect_view()}</div>
        }.into_any())}
    }
}

#[component]
fn Entry(entry: HistoryEntry) -> impl IntoView {
    let kind = match entry.kind {
        OpKind::Create => text::history_created(),
        OpKind::Update => text::history_changed(),
        OpKind::Delete => text::history_removed(),
    };
    let sure = matches!(entry.assurance, Assurance::Picked).then(text::assurance_picked);
    let above: Vec<String> = [
        Some(calendar::day_time(entry.at)),
        Some(entry.actor),
        sure.map(str::to_owned),
        Some(kind.to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let itself = entry.about.is_none() && matches!(entry.entity, Entity::WorkOrder | Entity::Asset);
    let heading = match &entry.about {
        Some(about) => text::entity_about(field::entity(entry.entity), about),
        None => field::entity(entry.entity).to_owned(),
    };
    let (names, of, kind) = (entry.names, entry.entity, entry.kind);
    let said =
        |field: &str, value: &serde_json::Value| calendar::shown(field::value(of, field, value, &names));
    let lines: Vec<String> = entry
        .fields
        .iter()
        .filter_map(|(field, change)| {
            let word = field::name(of, field)?;
            match kind {
                OpKind::Update => {
                    Some(text::field_change(word, said(field, &change.from), said(field, &change.to)))
                }
                // The record itself came to be with everything on the page; what hangs on it is told here.
                OpKind::Create if itself || change.to.is_null() => None,
                OpKind::Create => Some(text::field_line(word, said(field, &change.to))),
                OpKind::Delete if change.from.is_null() => None,
                OpKind::Delete => Some(text::field_line(word, said(field, &change.from))),
            }
        })
        .collect();
    view! {
        <div class="row fit" data-test="history-entry"><div class="grow">
            <div class="muted small">{above.join(" · ")}</div>
            {(!itself).then(|| view! { <div class="strong small">{heading}</div> })}
            {lines.into_iter().map(|line| view! { <div class="small pre">{line}</div> }).collect_view()}
            {entry.reason.map(|reason| view! { <div class="small">{text::because(reason)}</div> })}
        </div></div>
    }
}
