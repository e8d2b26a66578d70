//! The history of a record: who changed what, when, and how sure that is.

use leptos::prelude::*;
use millwright_model::{Assurance, CacheTag, Entity, HistoryEntry, HistoryShow, OpKind};
use uuid::Uuid;

use crate::calendar;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::query::{query, shown};
use crate::text;
use crate::words;

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
    let created = entry.kind == OpKind::Create;
    view! {
        <div class="row fit"><div class="grow">
            <div class="muted small">{above.join(" · ")}</div>
            {(!created).then(|| entry.fields.into_iter().map(|(name, change)| view! {
                <div class="small pre">{format!("{}: {} → {}", name.replace('_', " "), words::json(&change.from), words::json(&change.to))}</div>
            }).collect_view())}
            {entry.reason.map(|reason| view! { <div class="small">{text::because(reason)}</div> })}
        </div></div>
    }
}
