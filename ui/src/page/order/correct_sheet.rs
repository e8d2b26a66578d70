//! Correcting a completed order: other minutes, fewer parts, other words, and why.

use std::collections::BTreeMap;

use leptos::prelude::*;
use millwright_model::*;

use crate::calendar;
use crate::part::{Amount, AmountEntry, Sheet, Stepper, TextField};
use crate::session::Session;
use crate::text;

/// Corrects an order.
#[component]
pub(super) fn CorrectSheet(view: RwSignal<WorkOrderView>, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let shown = view.get_untracked();
    let order = shown.overview.order.clone();
    let reason = RwSignal::new(String::new());
    let (found, done) =
        (order.found_text.clone().unwrap_or_default(), order.done_text.clone().unwrap_or_default());
    let (found_text, done_text) = (RwSignal::new(found.clone()), RwSignal::new(done.clone()));
    // Corrections change what a booking adds up to; each original booking stands with its corrections.
    let mut minutes_now: BTreeMap<LabourId, i64> = BTreeMap::new();
    for labour in shown.labour.iter().map(|labour| &labour.labour) {
        *minutes_now.entry(labour.corrects.unwrap_or(labour.labour_id)).or_default() += labour.minutes;
    }
    let labour: Vec<_> = shown
        .labour
        .iter()
        .filter(|labour| labour.labour.corrects.is_none())
        .cloned()
        .map(|labour| {
            let now = minutes_now.get(&labour.labour.labour_id).copied().unwrap_or(labour.labour.minutes);
            (labour, now, RwSignal::new(now))
        })
        .collect();
    let mut thousandths_now: BTreeMap<PartUseId, i64> = BTreeMap::new();
    for part in shown.parts.iter().map(|part| &part.part_use) {
        *thousandths_now.entry(part.corrects.unwrap_or(part.part_use_id)).or_default() +=
            part.quantity.thousandths;
    }
    let parts: Vec<_> = shown
        .parts
        .iter()
        .filter(|part| part.part_use.corrects.is_none())
        .cloned()
        .map(|part| {
            let now = thousandths_now
                .get(&part.part_use.part_use_id)
                .copied()
                .unwrap_or(part.part_use.quantity.thousandths);
            let unit = part.part_use.quantity.unit.clone();
            let start = Quantity { thousandths: now, unit };
            (part, now, AmountEntry::new(&start))
        })
        .collect();
    let changed_labour = {
        let labour = labour.clone();
        move || {
            labour
                .iter()
                .filter(|(_, now, count)| count.get_untracked() != *now)
                .map(|(labour, _, count)| LabourCorrection {
                    labour_id: labour.labour.labour_id,
                    minutes: count.get_untracked(),
                })
                .collect::<Vec<_>>()
        }
    };
    let changed_parts = {
        let parts = parts.clone();
        move || {
            parts
                .iter()
                .filter_map(|(part, now, amount)| {
                    let quantity = untrack(|| amount.quantity(&part.part_use.quantity.unit))?;
                    let changed = quantity.thousandths != *now;
                    changed.then_some(PartCorrection { part_use_id: part.part_use.part_use_id, quantity })
                })
                .collect::<Vec<_>>()
        }
    };
    let confirm = move |_| {
        let command = WorkOrderCorrect {
            work_order_id: order.work_order_id,
            reason: reason.get_untracked().trim().to_owned(),
            labour: changed_labour(),
            parts: changed_parts(),
            found_text: Some(found_text.get_untracked()).filter(|text| *text != found),
            done_text: Some(done_text.get_untracked()).filter(|text| *text != done),
        };
        session.record_then(command, move || close.run(()));
    };
    view! {
        <Sheet title=text::correct_order() close test="correct-sheet">
            <p class="muted">{text::correct_more()}</p>
            {labour.into_iter().enumerate().map(|(place, (labour, _, count))| view! {
                <div class="row fit"><div class="grow">{text::minutes_of(labour.person_name.unwrap_or_default())}<div class="muted small">{calendar::moment(labour.labour.recorded_at)}</div></div>
                    <Stepper count least=0 test=format!("correct-labour-{place}")/><span class="muted">{text::unit_minutes()}</span></div>
            }).collect_view()}
            {parts.into_iter().enumerate().map(|(place, (part, now, amount))| view! {
                <div class="row fit"><div class="grow">{part.name}<div class="muted small">{part.number}</div></div>
                    <Amount amount unit=part.part_use.quantity.unit least=0 most=now / 1000 test=format!("correct-part-{place}")/></div>
            }).collect_view()}
            <TextField label=text::found() value=found_text test="correct-found"/>
            <TextField label=text::done_what() value=done_text test="correct-done"/>
            <TextField label=text::correct_why() value=reason test="correct-reason"/>
            <div class="acts end"><button class="btn primary" data-test="correct-confirm" disabled=move || reason.with(|reason| reason.trim().is_empty()) on:click=confirm>{text::correct_order()}</button></div>
        </Sheet>
    }
}
