//! An order on paper: what was to be done, what was found and done, by whom and when, and what was put right later.

use std::collections::BTreeMap;

use millwright_model::*;
use millwright_paper::{Block, Row};

use super::voice::Voice;
use super::words::filled;
use super::{Told, attachments, facts, heading, joined, machine, row, section, words};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::{sync, work_order};

pub(super) async fn told(engine: &Inner, voice: &Voice, id: WorkOrderId) -> Result<Told, EngineError> {
    let view = work_order::show(engine, WorkOrderShow { work_order_id: id }).await?;
    let order = &view.overview.order;
    let history = HistoryShow { entity: Entity::WorkOrder, entity_id: order.work_order_id.0 };
    let history = sync::history_show(engine, history).await?;
    let language = voice.language;
    let mut blocks = vec![particulars(voice, &view)];
    blocks.extend(notices(voice, order));
    if !order.description.is_empty() {
        blocks.push(words(language.description(), order.description.clone()));
    }
    if let Some(request) = &view.request {
        blocks.push(words(language.fault(), request.request.text.clone()));
    }
    blocks.extend(outcome(voice, &view));
    blocks.extend(steps(voice, &view));
    blocks.extend(labour(voice, &view));
    blocks.extend(parts(engine, voice, &view));
    blocks.extend(notes(voice, &view));
    blocks.extend(signatures(voice, &view));
    blocks.extend(course(voice, &history));
    blocks.extend(corrections(voice, &history));
    let titles: BTreeMap<WorkStepId, String> =
        view.steps.iter().map(|step| (step.step.work_step_id, step.step.title.clone())).collect();
    let about = |attachment: &Attachment| {
        attachment.work_step_id.and_then(|step_id| titles.get(&step_id).cloned()).unwrap_or_default()
    };
    let photos = attachments(engine, voice, view.attachments.clone(), about).await;
    blocks.extend(photos);
    Ok(Told {
        stem: format!("work-order-{}", order.number()),
        name: format!("{} {}", language.order(), order.number()),
        title: order.title.clone(),
        standing: voice.status(order.status).to_owned(),
        blocks,
        single_page: false,
    })
}

fn particulars(voice: &Voice, view: &WorkOrderView) -> Block {
    let language = voice.language;
    let (overview, order) = (&view.overview, &view.overview.order);
    let both = order.erp_number.is_some();
    facts([
        (
            language.machine(),
            overview
                .asset_code
                .as_deref()
                .map(|code| machine(code, overview.asset_name.as_deref().unwrap_or(""))),
        ),
        (language.place(), overview.asset_path.clone()),
        (language.priority(), Some(voice.priority(order.priority).to_owned())),
        (language.work_kind(), Some(voice.work_kind(order.work_kind).to_owned())),
        (language.assignee(), Some(overview.assignee_name.clone().unwrap_or(language.nobody().to_owned()))),
        (language.due(), voice.moment_or_none(order.due_at)),
        (language.planned_start(), voice.moment_or_none(order.planned_start_at)),
        (language.planned_time(), order.planned_minutes.map(|minutes| voice.minutes(minutes))),
        (language.created_at(), Some(voice.moment(order.created_at))),
        (language.started_at(), voice.moment_or_none(order.started_at)),
        (language.completed_at(), voice.moment_or_none(order.completed_at)),
        (language.erp_number(), order.erp_number.clone()),
        (language.number_here(), order.local_number.clone().filter(|_| both)),
        (language.answers(), view.request.as_ref().map(|request| number_of(&request.request))),
    ])
}

/// The number of a request that people see.
pub(super) fn number_of(request: &Request) -> String {
    request.erp_number.clone().or(request.local_number.clone()).unwrap_or_default()
}

fn notices(voice: &Voice, order: &WorkOrder) -> Vec<Block> {
    let language = voice.language;
    let mut blocks = Vec::new();
    if order.details_pending {
        blocks.push(Block::Notice(language.details_pending().to_owned()));
    }
    let because = match order.status {
        WorkOrderStatus::OnHold => Some(language.held_because()),
        WorkOrderStatus::Cancelled => Some(language.cancelled_because()),
        WorkOrderStatus::Planned
        | WorkOrderStatus::Released
        | WorkOrderStatus::InProgress
        | WorkOrderStatus::Completed => None,
    };
    if let (Some(because), Some(reason)) = (because, &order.status_reason) {
        blocks.push(Block::Notice(filled(because, &[("reason", reason)])));
    }
    blocks
}

fn outcome(voice: &Voice, view: &WorkOrderView) -> Vec<Block> {
    let order = &view.overview.order;
    let language = voice.language;
    let said = |code: &Option<String>, text: &Option<String>, choices: &[FindingCode]| {
        let choice = code.as_ref().and_then(|code| choices.iter().find(|choice| choice.code == *code));
        let known = choice.map(|choice| choice.text.clone()).filter(|known| Some(known) != text.as_ref());
        let said = joined([known.unwrap_or_default(), text.clone().unwrap_or_default()]);
        match code {
            Some(code) => format!("{said} ({code})"),
            None => said,
        }
    };
    let found = said(&order.found_code, &order.found_text, &view.found_choices);
    let done = said(&order.done_code, &order.done_text, &view.done_choices);
    if found.is_empty() && done.is_empty() {
        return Vec::new();
    }
    vec![heading(language.outcome()), words(language.found(), found), words(language.done(), done)]
}

fn steps(voice: &Voice, view: &WorkOrderView) -> Vec<Block> {
    let language = voice.language;
    let line = |view: &StepView| {
        let step = &view.step;
        let mandatory = if step.mandatory { format!(" ({})", language.mandatory()) } else { String::new() };
        let mut title = format!("{}{mandatory}", step.title);
        if let Some(hint) = &step.hint {
            title.push('\n');
            title.push_str(hint);
        }
        let by = step
            .recorded_at
            .map(|at| format!("{}\n{}", voice.person(view.recorded_by_name.as_deref()), voice.moment(at)));
        let (recorded, strong) = recorded(voice, step);
        let cells = vec![
            step.position.to_string(),
            title,
            expected(voice, &step.form),
            recorded,
            by.unwrap_or_default(),
        ];
        Row { cells, strong }
    };
    let columns = [
        (language.step_number(), -0.8),
        (language.step(), 5.0),
        (language.expected(), 2.4),
        (language.recorded(), 3.0),
        (language.by_and_when(), 2.8),
    ];
    section(language.steps(), columns, view.steps.iter().map(line).collect())
}

/// What a step asks for.
pub(super) fn expected(voice: &Voice, form: &StepForm) -> String {
    let language = voice.language;
    match form {
        StepForm::Check => language.tick().to_owned(),
        StepForm::Inspection => language.pass().to_owned(),
        StepForm::Measurement { unit, low, high, .. } => voice.between(*low, *high, unit),
        StepForm::Text => language.words_asked().to_owned(),
        StepForm::Choice { options } => filled(language.one_of(), &[("options", &options.join(", "))]),
        StepForm::Photo => language.photo_asked().to_owned(),
        StepForm::Signature { meaning } => filled(language.signature_asked(), &[("meaning", meaning)]),
        StepForm::TryOut { .. } => language.try_out_asked().to_owned(),
    }
}

/// What was recorded on a step, and whether a reader should see it before the others.
fn recorded(voice: &Voice, step: &WorkStep) -> (String, bool) {
    let language = voice.language;
    let Some(outcome) = &step.outcome else { return (language.open_step().to_owned(), false) };
    match outcome {
        StepOutcome::Checked => (language.tick().to_owned(), false),
        StepOutcome::Passed => (language.pass().to_owned(), false),
        StepOutcome::Failed { remark } => (filled(language.fail(), &[("remark", remark)]), true),
        StepOutcome::Measured { value, in_limits } => {
            let unit = step.form.unit();
            let value = voice.with_unit(*value, unit);
            if *in_limits { (value, false) } else { (filled(language.beyond(), &[("value", &value)]), true) }
        }
        StepOutcome::Written { text } => (text.clone(), false),
        StepOutcome::Chosen { option } => (option.clone(), false),
        StepOutcome::Photographed { .. } => (language.photographed().to_owned(), false),
        StepOutcome::Signed { .. } => (language.signed_step().to_owned(), false),
        StepOutcome::TriedOut { shown: Some(proof), .. } => {
            let value = voice.with_unit(proof.value, &proof.unit);
            (filled(language.tried_out_shown(), &[("value", &value)]), false)
        }
        StepOutcome::TriedOut { shown: None, .. } => (language.tried_out_by_two().to_owned(), true),
        StepOutcome::Skipped { reason } => {
            (filled(language.skipped(), &[("reason", reason)]), step.mandatory)
        }
    }
}

fn remark(voice: &Voice, corrects: bool, reason: Option<&str>) -> String {
    if corrects {
        return filled(voice.language.corrected(), &[("reason", reason.unwrap_or_default())]);
    }
    reason.unwrap_or_default().to_owned()
}

fn labour(voice: &Voice, view: &WorkOrderView) -> Vec<Block> {
    let language = voice.language;
    let line = |booking: &LabourView| {
        let labour = &booking.labour;
        row([
            voice.person(booking.person_name.as_deref()),
            voice.day(labour.worked_on),
            voice.minutes(labour.minutes),
            remark(voice, labour.corrects.is_some(), labour.reason.as_deref()),
        ])
    };
    let mut labour: Vec<&LabourView> = view.labour.iter().collect();
    labour.sort_by_key(|booking| (booking.labour.recorded_at, booking.labour.corrects.is_some()));
    let mut rows: Vec<Row> = labour.into_iter().map(line).collect();
    if rows.len() > 1 {
        let total = voice.minutes(view.labour_minutes);
        rows.push(Row {
            strong: true,
            ..row([language.total().to_owned(), String::new(), total, String::new()])
        });
    }
    let columns = [
        (language.person(), 4.0),
        (language.day(), 2.0),
        (language.time_worked(), -1.8),
        (language.remark(), 5.0),
    ];
    section(language.labour(), columns, rows)
}

fn parts(engine: &Inner, voice: &Voice, view: &WorkOrderView) -> Vec<Block> {
    let language = voice.language;
    let line = |part: &PartUseView| {
        let used = &part.part_use;
        row([
            part.number.clone(),
            part.name.clone(),
            voice.quantity(&used.quantity),
            used.location.clone().unwrap_or_default(),
            format!(
                "{}\n{}",
                voice.person(engine.people.name(used.recorded_by).as_deref()),
                voice.moment(used.recorded_at)
            ),
            remark(voice, used.corrects.is_some(), used.reason.as_deref()),
        ])
    };
    let columns = [
        (language.number(), 2.0),
        (language.name(), 3.6),
        (language.quantity(), -1.5),
        (language.taken_from(), 1.6),
        (language.by_and_when(), 2.6),
        (language.remark(), 2.4),
    ];
    section(language.parts_used(), columns, view.parts.iter().map(line).collect())
}

fn notes(voice: &Voice, view: &WorkOrderView) -> Vec<Block> {
    let language = voice.language;
    let line = |note: &NoteView| {
        row([
            voice.moment(note.note.written_at),
            voice.person(note.written_by_name.as_deref()),
            note.note.text.clone(),
        ])
    };
    let columns = [(language.when(), 2.7), (language.who(), 2.5), (language.note(), 7.8)];
    section(language.notes(), columns, view.notes.iter().map(line).collect())
}

fn signatures(voice: &Voice, view: &WorkOrderView) -> Vec<Block> {
    let language = voice.language;
    if view.signatures.is_empty() {
        let done = view.overview.order.status == WorkOrderStatus::Completed;
        let words = words("", language.not_signed());
        return if done { vec![heading(language.signatures()), words] } else { Vec::new() };
    }
    let line = |signed: &SignatureView| {
        row([
            voice.person(signed.person_name.as_deref()),
            signed.signature.meaning.clone(),
            voice.moment(signed.signature.signed_at),
        ])
    };
    let columns = [(language.who(), 4.0), (language.meaning(), 5.0), (language.when(), 3.0)];
    section(language.signatures(), columns, view.signatures.iter().map(line).collect())
}

/// From state to state, the oldest first.
fn course(voice: &Voice, history: &[HistoryEntry]) -> Vec<Block> {
    let language = voice.language;
    let line = |entry: &HistoryEntry| {
        let to = entry.fields.get("status").filter(|_| entry.entity == Entity::WorkOrder)?;
        let status: WorkOrderStatus = serde_json::from_value(to.to.clone()).ok()?;
        let reason = entry.fields.get("status_reason").and_then(|change| change.to.as_str());
        Some(row([
            voice.moment(entry.at),
            entry.actor.clone(),
            joined([voice.status(status).to_owned(), reason.unwrap_or_default().to_owned()]),
        ]))
    };
    let columns = [(language.when(), 2.7), (language.who(), 3.5), (language.what(), 6.8)];
    section(language.course(), columns, history.iter().rev().filter_map(line).collect())
}

/// What was found and done, where it was said otherwise afterwards.
fn corrections(voice: &Voice, history: &[HistoryEntry]) -> Vec<Block> {
    let language = voice.language;
    let mut rows = Vec::new();
    for entry in history.iter().rev().filter(|entry| entry.entity == Entity::WorkOrder) {
        for (field, name) in [("found_text", language.found()), ("done_text", language.done())] {
            let Some(change) = entry.fields.get(field) else { continue };
            let (Some(from), Some(to)) = (change.from.as_str(), change.to.as_str()) else { continue };
            rows.push(row([
                format!("{}\n{}", entry.actor, voice.moment(entry.at)),
                name.to_owned(),
                from.to_owned(),
                to.to_owned(),
                entry.reason.clone().unwrap_or_default(),
            ]));
        }
    }
    let columns = [
        (language.by_and_when(), 2.6),
        (language.what(), 1.6),
        (language.before(), 3.2),
        (language.after(), 3.2),
        (language.why(), 2.6),
    ];
    section(language.corrections(), columns, rows)
}
