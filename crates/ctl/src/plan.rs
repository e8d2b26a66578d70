//! Maintenance plans at a terminal.

use millwright_model::*;

use crate::cli::{PlanAct, PlanWords, UnitWord};
use crate::face::Face;
use crate::output::answer;
use crate::paper;
use crate::run::{find_asset, invalid};

pub(crate) async fn plan(face: &Face, json: bool, act: &PlanAct) -> Result<(), ApiError> {
    match act {
        PlanAct::List { asset } => {
            let asset_id = match asset {
                Some(code) => Some(find_asset(face, code).await?),
                None => None,
            };
            let plans = face.call(PlanList { asset_id }).await?;
            answer(json, "plan-list", &plans, |plans| plans.iter().map(plan_line).collect())
        }
        PlanAct::Save(words) => {
            let plan = written(face, words).await?;
            let done = face.call(PlanSave { plan }).await?;
            answer(json, "done", &done, |_done| vec!["Kept.".to_owned()])
        }
        PlanAct::Pdf { plan, words } => {
            let subject = PaperSubject::Plan { maintenance_plan_id: plan_id(plan)? };
            paper::write(face, json, subject, words).await
        }
        PlanAct::End { plan } => {
            let done = face.call(PlanEnd { maintenance_plan_id: plan_id(plan)? }).await?;
            answer(json, "done", &done, |_done| vec!["Ended.".to_owned()])
        }
        PlanAct::Read { asset, name, value, unit } => {
            let asset_id = find_asset(face, asset).await?;
            let reading = ReadingAdd { asset_id, name: name.clone(), value: *value, unit: unit.clone() };
            let done = face.call(reading).await?;
            answer(json, "done", &done, |_done| vec!["Recorded.".to_owned()])
        }
    }
}

fn plan_id(text: &str) -> Result<MaintenancePlanId, ApiError> {
    text.parse().map_err(|_not_an_id| invalid(format!("«{text}» is not the id of a plan")))
}

fn plan_line(view: &PlanView) -> String {
    let plan = &view.plan;
    let rhythm = match &plan.rhythm {
        PlanRhythm::Calendar { every, unit, .. } => format!("every {every} {}", unit.as_str()),
        PlanRhythm::Meter { every, .. } => {
            format!("every {every} {}", view.meter_unit.as_deref().unwrap_or_default())
        }
    };
    let stands = match (&view.open_order, view.next) {
        (Some(order), _) => format!("order {} is open", order.number()),
        (None, Some(due)) => format!("due {}", due.name()),
        (None, None) => "not due".to_owned(),
    };
    format!("{}\t{}\t{}\t{rhythm}\t{stands}", plan.maintenance_plan_id, view.asset_code, plan.title)
}

/// The plan that the words say. One that is changed keeps its checklist where no step is given.
async fn written(face: &Face, words: &PlanWords) -> Result<MaintenancePlan, ApiError> {
    let asset_id = find_asset(face, &words.asset).await?;
    let before = match &words.id {
        Some(id) => {
            let id = plan_id(id)?;
            let plans = face.call(PlanList { asset_id: None }).await?;
            let known = plans.into_iter().find(|view| view.plan.maintenance_plan_id == id);
            let known = known.ok_or_else(|| ApiError::new(Code::NotFound, "There is no such plan"))?;
            Some(known.plan)
        }
        None => None,
    };
    let priority = Priority::from_number(words.priority)
        .ok_or_else(|| invalid("the priority is a number from 1 (most urgent) to 4"))?;
    let new_steps: Vec<StepDraft> = words
        .step
        .iter()
        .map(|title| StepDraft { title: title.clone(), form: StepForm::Check, mandatory: false })
        .collect();
    let steps = match &before {
        Some(before) if new_steps.is_empty() => before.steps.clone(),
        _ => new_steps,
    };
    Ok(MaintenancePlan {
        maintenance_plan_id: before.as_ref().map(|plan| plan.maintenance_plan_id).unwrap_or_default(),
        asset_id,
        title: words.title.clone(),
        steps,
        priority,
        planned_minutes: before.as_ref().and_then(|plan| plan.planned_minutes),
        rhythm: rhythm(face, words, asset_id).await?,
        mode: if words.floating { PlanMode::Floating } else { PlanMode::Fixed },
        lead_days: words.lead_days,
        last_done_at: before.and_then(|plan| plan.last_done_at),
        ended_at: None,
    })
}

async fn rhythm(face: &Face, words: &PlanWords, asset_id: AssetId) -> Result<PlanRhythm, ApiError> {
    let source = if let Some(tag) = &words.tag {
        let tags = face.call(AssetShow { asset_id }).await?.tags;
        let found = tags.into_iter().find(|known| known.binding.name == *tag);
        let found = found.ok_or_else(|| {
            ApiError::new(Code::NotFound, format!("No tag «{tag}» is bound to {}", words.asset))
        })?;
        Some(MeterSource::Tag { tag_binding_id: found.binding.tag_binding_id })
    } else if let Some(meter) = &words.meter {
        let (name, unit) =
            meter.split_once('=').ok_or_else(|| invalid(format!("«{meter}» is not NAME=UNIT")))?;
        Some(MeterSource::Reading { name: name.to_owned(), unit: unit.to_owned() })
    } else {
        None
    };
    if let Some(source) = source {
        let (counted_from, ahead) = (words.counted_from, words.ahead);
        return Ok(PlanRhythm::Meter { every: words.every, source, counted_from, ahead });
    }
    let unit = match words.unit {
        Some(UnitWord::Day) => CalendarUnit::Day,
        Some(UnitWord::Week) => CalendarUnit::Week,
        Some(UnitWord::Month) | None => CalendarUnit::Month,
        Some(UnitWord::Year) => CalendarUnit::Year,
    };
    if words.every.fract() != 0.0 || words.every.abs() > 1e9 {
        return Err(invalid("the calendar counts in whole units"));
    }
    let first_due = match &words.first_due {
        Some(day) => CivilDate::try_from(day.clone()).map_err(invalid)?,
        None => return Err(invalid("say when it is due first: --first-due 2026-11-30")),
    };
    Ok(PlanRhythm::Calendar { every: words.every as i64, unit, first_due })
}
