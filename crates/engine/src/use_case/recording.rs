//! What is recorded on an order while work goes on: steps, time, parts, notes, photos, signatures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_local_db::BlobHash;
use millwright_model::*;

use super::elsewhere::runs_elsewhere;
use super::work_order::{TEXT_CHARS, changed};
use super::{actor, condition, date, optional_text, required_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

/// The largest photo or file that is kept.
const ATTACHMENT_MAX_BYTES: usize = 50 * 1024 * 1024;
/// The longest name of an instrument.
const INSTRUMENT_CHARS: usize = 100;
/// The largest quantity of a part in one use, in thousandths.
const QUANTITY_MAX: i64 = 1_000_000_000;

/// The order behind an id, if things may still be recorded on it.
pub(super) async fn recordable(
    unit: &mut Unit<'_>,
    work_order_id: WorkOrderId,
) -> Result<WorkOrder, EngineError> {
    let order: WorkOrder = unit.need(work_order_id, Missing::Order).await?;
    match order.status {
        WorkOrderStatus::Cancelled => {
            Err(EngineError::Precondition(Refusal::OrderCancelled { order: order.number().to_owned() }))
        }
        WorkOrderStatus::Planned
        | WorkOrderStatus::Released
        | WorkOrderStatus::InProgress
        | WorkOrderStatus::OnHold
        | WorkOrderStatus::Completed => Ok(order),
    }
}

pub(crate) async fn step_record(engine: &Inner, command: WorkStepRecord) -> Result<Done, EngineError> {
    let actor = actor(engine)?;
    let mut unit = Unit::begin(engine, actor).await?;
    let step: WorkStep = unit.need(command.work_step_id, Missing::Step).await?;
    let order = recordable(&mut unit, step.work_order_id).await?;
    let outcome = match command.outcome {
        Some(outcome) => Some(checked_outcome(engine, &mut unit, &step, outcome).await?),
        None => None,
    };
    let recorded = outcome.is_some();
    let after = WorkStep {
        outcome,
        recorded_at: recorded.then_some(unit.now),
        recorded_by: if recorded { engine.person() } else { None },
        instrument: command
            .instrument
            .filter(|_| recorded)
            .map(|name| optional_text(&name, Input::Instrument, INSTRUMENT_CHARS))
            .transpose()?
            .filter(|name| !name.is_empty()),
        ..step.clone()
    };
    unit.update(&step, &after).await?;
    changed(&mut unit, &order);
    unit.commit().await
}

/// The outcome, if it answers what the step asks for; limits are judged here, not on the screen, and so is what the plant
/// shows.
async fn checked_outcome(
    engine: &Inner,
    unit: &mut Unit<'_>,
    step: &WorkStep,
    outcome: StepOutcome,
) -> Result<StepOutcome, EngineError> {
    match (&step.form, outcome) {
        (StepForm::TryOut { condition }, StepOutcome::TriedOut { second_person_id, .. }) => {
            condition::tried_out(engine, unit, step, condition, second_person_id).await
        }
        // Whoever holds the device signs, whatever signature the answer names.
        (StepForm::Signature { meaning }, StepOutcome::Signed { .. }) => {
            let signature = Signature {
                signature_id: unit.mint(),
                work_order_id: step.work_order_id,
                person_id: engine.person().ok_or(EngineError::NoActor)?,
                meaning: meaning.clone(),
                attachment_id: None,
                signed_at: unit.now,
            };
            unit.create(&signature).await?;
            Ok(StepOutcome::Signed { signature_id: signature.signature_id })
        }
        (form, outcome) => answered(form, outcome),
    }
}

fn answer_unfit() -> EngineError {
    EngineError::Invalid(Refusal::AnswerUnfit)
}

fn answered(form: &StepForm, outcome: StepOutcome) -> Result<StepOutcome, EngineError> {
    match (form, outcome) {
        (_, StepOutcome::Skipped { reason }) => {
            Ok(StepOutcome::Skipped { reason: required_text(&reason, Input::Reason, TEXT_CHARS)? })
        }
        (_, StepOutcome::Failed { remark }) => {
            Ok(StepOutcome::Failed { remark: required_text(&remark, Input::Fault, TEXT_CHARS)? })
        }
        (StepForm::Measurement { low, high, .. }, StepOutcome::Measured { value, .. }) => {
            if !value.is_finite() {
                return Err(EngineError::Invalid(Refusal::ReadingNotANumber));
            }
            let in_limits = low.is_none_or(|low| value >= low) && high.is_none_or(|high| value <= high);
            Ok(StepOutcome::Measured { value, in_limits })
        }
        (StepForm::Choice { options }, StepOutcome::Chosen { option }) if options.contains(&option) => {
            Ok(StepOutcome::Chosen { option })
        }
        (StepForm::Text, StepOutcome::Written { text }) => {
            Ok(StepOutcome::Written { text: required_text(&text, Input::Text, TEXT_CHARS)? })
        }
        (StepForm::Check, outcome @ StepOutcome::Checked) => Ok(outcome),
        (StepForm::Inspection, outcome @ StepOutcome::Passed) => Ok(outcome),
        (StepForm::Photo, outcome @ StepOutcome::Photographed { .. }) => Ok(outcome),
        _ => Err(answer_unfit()),
    }
}

pub(crate) async fn note_add(engine: &Inner, command: NoteAdd) -> Result<Done, EngineError> {
    let text = required_text(&command.text, Input::Note, TEXT_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order = recordable(&mut unit, command.work_order_id).await?;
    let note = Note {
        note_id: unit.mint(),
        work_order_id: Some(order.work_order_id),
        asset_id: None,
        text,
        written_at: unit.now,
        written_by: engine.person(),
    };
    unit.create(&note).await?;
    changed(&mut unit, &order);
    unit.commit().await
}

pub(crate) async fn part_use_add(engine: &Inner, command: PartUseAdd) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order = recordable(&mut unit, command.work_order_id).await?;
    let part: Part = unit.need(command.part_id, Missing::Part).await?;
    if command.quantity.thousandths <= 0 || command.quantity.thousandths > QUANTITY_MAX {
        return Err(EngineError::Invalid(Refusal::QuantityUnusable { quantity: command.quantity }));
    }
    if Quantity::decimals_of(&command.quantity.unit) == 0 && command.quantity.thousandths % 1000 != 0 {
        return Err(EngineError::Invalid(Refusal::WholePieces { part: part.number }));
    }
    if command.quantity.unit != part.unit {
        let given = command.quantity.unit;
        return Err(EngineError::Invalid(Refusal::OtherUnit { part: part.number, unit: part.unit, given }));
    }
    let part_use = PartUse {
        part_use_id: unit.mint(),
        work_order_id: order.work_order_id,
        part_id: part.part_id,
        quantity: command.quantity,
        location: command.location,
        corrects: None,
        reason: None,
        recorded_at: unit.now,
        recorded_by: engine.person(),
    };
    unit.create(&part_use).await?;
    changed(&mut unit, &order);
    unit.stale(CacheTag::Parts);
    unit.commit().await
}

/// Starts the timer of a person on an order, unless it runs already.
pub(crate) async fn begin_timer(
    unit: &mut Unit<'_>,
    work_order_id: WorkOrderId,
    person_id: PersonId,
) -> Result<(), EngineError> {
    if unit.running_timers(work_order_id).await?.iter().any(|timer| timer.person_id == person_id) {
        return Ok(());
    }
    let timer = LabourTimer {
        timer_id: unit.mint(),
        work_order_id,
        person_id,
        started_at: unit.now,
        stopped_at: None,
    };
    unit.create(&timer).await?;
    Ok(())
}

/// Stops a timer and answers its minutes, rounded to whole ones, at least one.
pub(crate) async fn end_timer(unit: &mut Unit<'_>, timer: &LabourTimer) -> Result<i64, EngineError> {
    let stopped = LabourTimer { stopped_at: Some(unit.now), ..timer.clone() };
    unit.update(timer, &stopped).await?;
    // A clock that was set back gives a negative span: that is no labour.
    Ok(((unit.now.since_ms(timer.started_at) + 30_000) / 60_000).max(1))
}

/// Books minutes of a person on an order.
pub(crate) async fn book(
    unit: &mut Unit<'_>,
    order: &WorkOrder,
    person_id: PersonId,
    minutes: i64,
) -> Result<(), EngineError> {
    let zone = unit.plant_zone().await?;
    let labour = Labour {
        labour_id: unit.mint(),
        work_order_id: order.work_order_id,
        person_id,
        minutes,
        worked_on: date::civil_date(unit.now, &zone),
        corrects: None,
        reason: None,
        recorded_at: unit.now,
    };
    unit.create(&labour).await?;
    Ok(())
}

/// Stops the timers on an order and books what each person worked; what runs on a device from which the order was taken
/// over is booked there.
pub(crate) async fn book_running_timers(unit: &mut Unit<'_>, order: &WorkOrder) -> Result<(), EngineError> {
    for timer in unit.running_timers(order.work_order_id).await? {
        if runs_elsewhere(unit.engine, order, &timer) {
            continue;
        }
        let minutes = end_timer(unit, &timer).await?;
        book(unit, order, timer.person_id, minutes).await?;
    }
    Ok(())
}

pub(crate) async fn timer_start(engine: &Inner, command: TimerStart) -> Result<Done, EngineError> {
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order = recordable(&mut unit, command.work_order_id).await?;
    begin_timer(&mut unit, order.work_order_id, person_id).await?;
    changed(&mut unit, &order);
    unit.commit().await
}

pub(crate) async fn timer_stop(engine: &Inner, command: TimerStop) -> Result<Done, EngineError> {
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order = recordable(&mut unit, command.work_order_id).await?;
    let running = unit.running_timers(order.work_order_id).await?;
    let Some(timer) = running.into_iter().find(|timer| timer.person_id == person_id) else {
        return Err(EngineError::Precondition(Refusal::NoTimer));
    };
    let minutes = end_timer(&mut unit, &timer).await?;
    book(&mut unit, &order, person_id, minutes).await?;
    changed(&mut unit, &order);
    unit.commit().await
}

/// Bytes that are on the disk.
pub(crate) struct KeptBytes {
    pub(crate) hash: BlobHash,
    pub(crate) size_bytes: i64,
    pub(crate) media_type: String,
    pub(crate) file_name: String,
}

/// Keeps the bytes of a photo or file. When this returns they are on the disk.
pub(crate) fn keep_bytes(engine: &Inner, draft: AttachmentDraft) -> Result<KeptBytes, EngineError> {
    let bytes = STANDARD
        .decode(&draft.bytes_base64)
        .map_err(|error| EngineError::Invalid(Refusal::FileBroken { reason: error.to_string() }))?;
    if bytes.is_empty() || bytes.len() > ATTACHMENT_MAX_BYTES {
        let (bytes, limit) = (bytes.len() as u64, ATTACHMENT_MAX_BYTES as u64);
        return Err(EngineError::Invalid(Refusal::FileSize { bytes, limit }));
    }
    let file_name = required_text(&draft.file_name, Input::FileName, 200)?;
    let media_type = required_text(&draft.media_type, Input::MediaType, 100)?;
    let hash = engine.blobs.put(&bytes)?;
    Ok(KeptBytes { hash, size_bytes: bytes.len() as i64, media_type, file_name })
}

pub(crate) async fn attachment_add(
    engine: &Inner,
    command: AttachmentAdd,
) -> Result<AttachmentId, EngineError> {
    let actor = actor(engine)?;
    let AttachmentAdd { media_type, file_name, bytes_base64, .. } = command;
    // The bytes are on disk before the op that names them: an op never names what is not there.
    let kept = keep_bytes(engine, AttachmentDraft { media_type, file_name, bytes_base64 })?;
    let mut unit = Unit::begin(engine, actor).await?;
    if let Some(asset_id) = command.asset_id {
        unit.need::<Asset>(asset_id, Missing::Machine).await?;
        unit.stale(CacheTag::Asset(asset_id));
    }
    if let Some(request_id) = command.request_id {
        unit.need::<Request>(request_id, Missing::Request).await?;
        unit.stale(CacheTag::Requests);
    }
    let attachment = Attachment {
        attachment_id: unit.mint(),
        work_order_id: command.work_order_id,
        work_step_id: command.work_step_id,
        asset_id: command.asset_id,
        request_id: command.request_id,
        blob: kept.hash.to_string(),
        size_bytes: kept.size_bytes,
        media_type: kept.media_type,
        file_name: kept.file_name,
        taken_at: unit.now,
        taken_by: engine.person(),
        guide_id: None,
        part: command.part.map(|part| optional_text(&part, Input::Part, 200)).transpose()?,
    };
    unit.create(&attachment).await?;
    if let Some(work_step_id) = command.work_step_id {
        let step: WorkStep = unit.need(work_step_id, Missing::Step).await?;
        if step.form == StepForm::Photo {
            let outcome = Some(StepOutcome::Photographed { attachment_id: attachment.attachment_id });
            let after = WorkStep {
                outcome,
                recorded_at: Some(unit.now),
                recorded_by: engine.person(),
                ..step.clone()
            };
            unit.update(&step, &after).await?;
        }
    }
    if let Some(work_order_id) = command.work_order_id {
        unit.stale(CacheTag::WorkOrder(work_order_id));
    }
    unit.commit().await?;
    Ok(attachment.attachment_id)
}

pub(crate) async fn attachment_read(
    engine: &Inner,
    command: AttachmentRead,
) -> Result<AttachmentBytes, EngineError> {
    let attachment: Option<Attachment> = engine.database.read().await?.get(command.attachment_id).await?;
    let attachment = attachment.ok_or(EngineError::NotFound(Missing::Photo))?;
    let hash = BlobHash::parse(&attachment.blob).ok_or(EngineError::NotFound(Missing::Photo))?;
    let bytes = engine.blobs.get(hash)?.ok_or(EngineError::NotFound(Missing::Photo))?;
    Ok(AttachmentBytes { media_type: attachment.media_type, bytes_base64: STANDARD.encode(bytes) })
}

pub(crate) async fn signature_add(engine: &Inner, command: SignatureAdd) -> Result<Done, EngineError> {
    let meaning = required_text(&command.meaning, Input::SignatureMeaning, 200)?;
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order = recordable(&mut unit, command.work_order_id).await?;
    let signature = Signature {
        signature_id: unit.mint(),
        work_order_id: order.work_order_id,
        person_id,
        meaning,
        attachment_id: None,
        signed_at: unit.now,
    };
    unit.create(&signature).await?;
    changed(&mut unit, &order);
    unit.commit().await
}
