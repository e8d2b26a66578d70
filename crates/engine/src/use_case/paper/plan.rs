//! A maintenance plan on paper: when it comes round, its checklist, and the orders that it raised.

use millwright_model::*;
use millwright_paper::Row;

use super::order::expected;
use super::voice::Voice;
use super::words::filled;
use super::{Told, facts, machine, order_columns, order_rows, row, section};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::plan;

pub(super) async fn told(engine: &Inner, voice: &Voice, id: MaintenancePlanId) -> Result<Told, EngineError> {
    let mut session = engine.database.read().await?;
    let record: MaintenancePlan = session.get(id).await?.ok_or(EngineError::NotFound(Missing::Plan))?;
    let orders = session.orders_of_plan(id).await?;
    drop(session);
    let view = plan::view(engine, record).await?;
    let (plan, language) = (&view.plan, voice.language);
    let unit = view.meter_unit.as_deref().unwrap_or_default();
    let mode = match plan.mode {
        PlanMode::Fixed => language.fixed(),
        PlanMode::Floating => language.floating(),
    };
    let lead = match &plan.rhythm {
        PlanRhythm::Calendar { .. } => {
            filled(language.days_ahead(), &[("count", &plan.lead_days.to_string())])
        }
        PlanRhythm::Meter { ahead, .. } => {
            filled(language.meter_ahead(), &[("amount", &voice.with_unit(*ahead, unit))])
        }
    };
    let mut blocks = vec![facts([
        (language.machine(), Some(machine(&view.asset_code, &view.asset_name))),
        (language.rhythm(), Some(rhythm(voice, &view))),
        (language.counted(), Some(mode.to_owned())),
        (language.lead(), Some(lead)),
        (language.priority(), Some(voice.priority(plan.priority).to_owned())),
        (language.planned_time(), plan.planned_minutes.map(|minutes| voice.minutes(minutes))),
        (language.last_done(), voice.moment_or_none(view.last_done_at)),
        (language.meter_stands(), view.meter.map(|stand| voice.with_unit(stand, unit))),
        (language.next_due(), view.next.map(|due| voice.occasion(due, unit))),
        (language.raised_on(), view.raised_on.map(|day| voice.day(day))),
    ])];
    let step = |(place, step): (usize, &StepDraft)| {
        let mandatory = if step.mandatory { language.mandatory() } else { "" };
        row([(place + 1).to_string(), step.title.clone(), expected(voice, &step.form), mandatory.to_owned()])
    };
    blocks.extend(section(
        language.steps(),
        [(language.step_number(), -0.8), (language.step(), 7.0), (language.expected(), 4.0), ("", 2.0)],
        plan.steps.iter().enumerate().map(step).collect(),
    ));
    let rows = order_rows(voice, orders.iter().rev());
    blocks.extend(section(language.orders_of_plan(), order_columns(language, language.when()), rows));
    let stem: String = plan.title.chars().take(60).collect();
    Ok(Told {
        stem: format!("plan-{}-{stem}", view.asset_code),
        name: format!("{} {}", language.plan(), view.asset_code),
        title: plan.title.clone(),
        standing: if plan.ended_at.is_some() { language.plan_ended() } else { language.plan_runs() }
            .to_owned(),
        blocks,
        single_page: false,
    })
}

/// A plan in the list of its machine.
pub(super) fn list_row(voice: &Voice, view: &PlanView) -> Row {
    let unit = view.meter_unit.as_deref().unwrap_or_default();
    let next = view.next.map(|due| voice.occasion(due, unit));
    let open = view.open_order.as_ref().map(|order| order.number().to_owned());
    row([view.plan.title.clone(), rhythm(voice, view), open.or(next).unwrap_or_default()])
}

/// When a plan comes round, in words.
fn rhythm(voice: &Voice, view: &PlanView) -> String {
    let language = voice.language;
    match &view.plan.rhythm {
        PlanRhythm::Calendar { every, unit, first_due } => {
            let every_words = match unit {
                CalendarUnit::Day => language.every_day(),
                CalendarUnit::Week => language.every_week(),
                CalendarUnit::Month => language.every_month(),
                CalendarUnit::Year => language.every_year(),
            };
            let rhythm = filled(every_words, &[("count", &every.to_string())]);
            filled(language.first_on(), &[("rhythm", &rhythm), ("day", &voice.day(*first_due))])
        }
        PlanRhythm::Meter { every, .. } => {
            let amount = voice.with_unit(*every, view.meter_unit.as_deref().unwrap_or_default());
            let meter = view.meter_name.as_deref().unwrap_or_default();
            filled(language.every_meter(), &[("amount", &amount), ("meter", meter)])
        }
    }
}
