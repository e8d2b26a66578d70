//! Steps of a checklist as people write them: on a new order, added later, changed or removed before they are recorded.

use millwright_local_db::Session;
use millwright_model::*;

use super::recording::recordable;
use super::work_order::{TITLE_CHARS, changed};
use super::{actor, required_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

/// How many steps an order can be made with.
pub(crate) const STEPS_MAX: usize = 200;
const OPTIONS_MAX: usize = 12;
const OPTION_CHARS: usize = 80;
const UNIT_CHARS: usize = 20;
const DECIMALS_MAX: u8 = 6;

/// The draft, if it can be a step; refused with the field that is wrong.
pub(crate) fn checked(draft: StepDraft) -> Result<StepDraft, EngineError> {
    let title = required_text(&draft.title, Input::Step, TITLE_CHARS)?;
    let unfit = |fault| Err(EngineError::Invalid(Refusal::StepUnfit { step: title.clone(), fault }));
    let form = match draft.form {
        StepForm::Measurement { unit, low, high, decimals } => {
            let unit = required_text(&unit, Input::Unit, UNIT_CHARS)?;
            if [low, high].into_iter().flatten().any(|limit| !limit.is_finite()) {
                return unfit(StepFault::LimitNotANumber);
            }
            if let (Some(low), Some(high)) = (low, high)
                && low > high
            {
                return unfit(StepFault::LimitsCrossed { low, high });
            }
            if decimals > DECIMALS_MAX {
                return unfit(StepFault::TooManyDecimals { limit: DECIMALS_MAX });
            }
            StepForm::Measurement { unit, low, high, decimals }
        }
        StepForm::Choice { options } => {
            let mut kept: Vec<String> = Vec::new();
            for option in &options {
                let option = required_text(option, Input::Choice, OPTION_CHARS)?;
                if kept.contains(&option) {
                    return unfit(StepFault::ChoiceTwice { option });
                }
                kept.push(option);
            }
            if !(2..=OPTIONS_MAX).contains(&kept.len()) {
                let (limit, count) = (OPTIONS_MAX as u64, kept.len() as u64);
                return unfit(StepFault::ChoiceCount { limit, count });
            }
            StepForm::Choice { options: kept }
        }
        StepForm::Signature { meaning } => {
            StepForm::Signature { meaning: required_text(&meaning, Input::SignatureMeaning, TITLE_CHARS)? }
        }
        form @ (StepForm::Check
        | StepForm::Inspection
        | StepForm::Text
        | StepForm::Photo
        | StepForm::TryOut { .. }) => form,
    };
    Ok(StepDraft { title, form, mandatory: draft.mandatory })
}

/// The step that a checked draft becomes.
pub(crate) fn of_draft(
    work_step_id: WorkStepId,
    work_order_id: WorkOrderId,
    position: i64,
    draft: StepDraft,
) -> WorkStep {
    WorkStep {
        work_step_id,
        work_order_id,
        position,
        title: draft.title,
        hint: None,
        form: draft.form,
        mandatory: draft.mandatory,
        outcome: None,
        recorded_at: None,
        recorded_by: None,
        instrument: None,
        guide_place: None,
    }
}

pub(crate) async fn add(engine: &Inner, command: WorkStepAdd) -> Result<WorkStepId, EngineError> {
    let draft = checked(command.draft)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order = recordable(&mut unit, command.work_order_id).await?;
    let steps = unit.work_steps_of(order.work_order_id).await?;
    let position = steps.iter().map(|step| step.position).max().unwrap_or(0) + 1;
    let step = of_draft(unit.mint(), order.work_order_id, position, draft);
    unit.create(&step).await?;
    changed(&mut unit, &order);
    unit.commit().await?;
    Ok(step.work_step_id)
}

pub(crate) async fn edit(engine: &Inner, command: WorkStepEdit) -> Result<Done, EngineError> {
    let draft = checked(command.draft)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let (step, order) = changeable(&mut unit, command.work_step_id).await?;
    let after = WorkStep { title: draft.title, form: draft.form, mandatory: draft.mandatory, ..step.clone() };
    unit.update(&step, &after).await?;
    changed(&mut unit, &order);
    unit.commit().await
}

pub(crate) async fn remove(engine: &Inner, command: WorkStepRemove) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let (step, order) = changeable(&mut unit, command.work_step_id).await?;
    unit.remove(&step).await?;
    changed(&mut unit, &order);
    unit.commit().await
}

/// A step that people may still write anew, and its order.
async fn changeable(
    unit: &mut Unit<'_>,
    work_step_id: WorkStepId,
) -> Result<(WorkStep, WorkOrder), EngineError> {
    let step: WorkStep = unit.need(work_step_id, Missing::Step).await?;
    let order = recordable(unit, step.work_order_id).await?;
    match fixed(unit, &step, &order).await? {
        Some(refusal) => Err(EngineError::Precondition(refusal)),
        None => Ok((step, order)),
    }
}

/// Why a step stays as it is; nothing for one of an open order, made here, and not recorded.
pub(crate) async fn fixed(
    session: &mut Session,
    step: &WorkStep,
    order: &WorkOrder,
) -> Result<Option<Refusal>, EngineError> {
    let position = step.position;
    if step.outcome.is_some() {
        return Ok(Some(Refusal::StepRecorded { position }));
    }
    if session.comes_from_outside(Entity::WorkStep, step.work_step_id.0).await? {
        return Ok(Some(Refusal::StepOfErp { position }));
    }
    let closed = || Refusal::OrderClosed { order: order.number().to_owned() };
    Ok((!order.status.is_open()).then(closed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(form: StepForm) -> StepDraft {
        StepDraft { title: " Run-out ".into(), form, mandatory: true }
    }

    #[test]
    fn a_step_that_nobody_could_answer_is_refused() {
        let measurement =
            |low, high, decimals| StepForm::Measurement { unit: "mm".into(), low, high, decimals };
        for form in [
            measurement(Some(2.0), Some(1.0), 1),
            measurement(Some(f64::NAN), None, 1),
            measurement(None, None, 12),
            StepForm::Measurement { unit: " ".into(), low: None, high: None, decimals: 0 },
            StepForm::Choice { options: vec!["only one".into()] },
            StepForm::Choice { options: vec!["a".into(), " a".into()] },
            StepForm::Choice { options: vec!["a".into(), " ".into()] },
        ] {
            assert!(matches!(checked(draft(form.clone())), Err(EngineError::Invalid(_))), "{form:?}");
        }
        let kept = checked(draft(measurement(None, Some(0.05), 2))).unwrap();
        assert_eq!(kept.title, "Run-out");
    }
}
