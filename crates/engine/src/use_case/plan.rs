//! Maintenance plans: what comes round on a machine, how each stands, and the orders they raise.

use millwright_local_db::Session;
use millwright_model::*;
use uuid::Uuid;

use super::plan_due::{self, Next, Raised, Standing};
use super::work_order::{TITLE_CHARS, changed};
use super::{actor, date, meter, occasion_id, required_text, step};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

/// The rule that raises the orders of plans, as ops name it.
pub(crate) const RULE: &str = "maintenance_plan";
/// The longest that a plan's work may take: four days round the clock.
const MINUTES_MAX: i64 = 4 * 24 * 60;

/// A plan, the orders it raised and where it stands.
pub(crate) struct Known {
    pub(crate) plan: MaintenancePlan,
    pub(crate) standing: Standing,
    pub(crate) open_order: Option<WorkOrder>,
    last_done_at: Option<TimestampMs>,
    meter: Option<meter::Meter>,
}

/// How a plan stands now.
pub(crate) async fn known(
    engine: &Inner,
    session: &mut Session,
    plan: MaintenancePlan,
    zone: &str,
    now: TimestampMs,
) -> Result<Known, EngineError> {
    let source = match &plan.rhythm {
        PlanRhythm::Meter { source, .. } => Some(source),
        PlanRhythm::Calendar { .. } => None,
    };
    let meter = match source {
        Some(source) => meter::at(engine, session, plan.asset_id, source, now).await?,
        None => None,
    };
    let (mut raised, mut open_order, mut last_done_at) = (Vec::new(), None, plan.last_done_at);
    for order in session.orders_of_plan(plan.maintenance_plan_id).await? {
        let Some(occasion) = order.plan_occasion else { continue };
        let done = match order.status {
            WorkOrderStatus::Completed => {
                let at = order.completed_at.unwrap_or(order.created_at);
                last_done_at = last_done_at.max(Some(at));
                let stood = match source {
                    Some(source) => meter::at(engine, session, plan.asset_id, source, at).await?,
                    None => None,
                };
                let on = date::civil_date(at, zone);
                Some(plan_due::DoneOn { on, meter: stood.and_then(|meter| meter.stand) })
            }
            WorkOrderStatus::Cancelled => None,
            WorkOrderStatus::Planned
            | WorkOrderStatus::Released
            | WorkOrderStatus::InProgress
            | WorkOrderStatus::OnHold => {
                open_order = Some(order);
                None
            }
        };
        raised.push(Raised { due: occasion.due, done });
    }
    let standing = Standing {
        today: date::civil_date(now, zone),
        meter: meter.as_ref().and_then(|meter| meter.stand),
        done_before: plan.last_done_at.map(|at| date::civil_date(at, zone)),
        raised,
    };
    Ok(Known { plan, standing, open_order, last_done_at, meter })
}

pub(crate) async fn list(engine: &Inner, command: PlanList) -> Result<Vec<PlanView>, EngineError> {
    let now = engine.now();
    let mut session = engine.database.read().await?;
    let zone = date::plant_zone(&mut session).await?;
    let mut views = Vec::new();
    for plan in session.maintenance_plans(command.asset_id).await? {
        views.push(viewed(engine, &mut session, plan, &zone, now).await?);
    }
    // What has an order comes first, then what is due first.
    views.sort_by_key(|view| (view.open_order.is_none(), view.raised_on.is_none(), view.raised_on));
    Ok(views)
}

/// One plan as lists show it.
pub(crate) async fn view(engine: &Inner, plan: MaintenancePlan) -> Result<PlanView, EngineError> {
    let mut session = engine.database.read().await?;
    let zone = date::plant_zone(&mut session).await?;
    viewed(engine, &mut session, plan, &zone, engine.now()).await
}

async fn viewed(
    engine: &Inner,
    session: &mut Session,
    plan: MaintenancePlan,
    zone: &str,
    now: TimestampMs,
) -> Result<PlanView, EngineError> {
    let asset: Option<Asset> = session.get(plan.asset_id).await?;
    let (asset_code, asset_name) = asset.map(|asset| (asset.code, asset.name)).unwrap_or_default();
    let known = known(engine, session, plan, zone, now).await?;
    let next = match &known.open_order {
        Some(_) => None,
        None => plan_due::next(&known.plan, &known.standing).map(|next| next.due),
    };
    let raised_on = match next {
        Some(OccasionDue::Day(day)) => Some(plan_due::raised_on(&known.plan, day)),
        Some(OccasionDue::Meter(_)) | None => None,
    };
    let (meter_name, meter_unit) =
        known.meter.map(|meter| (Some(meter.name), Some(meter.unit))).unwrap_or_default();
    Ok(PlanView {
        asset_code,
        asset_name,
        next,
        raised_on,
        last_done_at: known.last_done_at,
        meter: known.standing.meter,
        meter_unit,
        meter_name,
        open_order: known.open_order,
        plan: known.plan,
    })
}

pub(crate) async fn save(engine: &Inner, command: PlanSave) -> Result<Done, EngineError> {
    let mut plan = command.plan;
    plan.title = required_text(&plan.title, Input::Title, TITLE_CHARS)?;
    if plan.steps.len() > step::STEPS_MAX {
        return Err(EngineError::Invalid(Refusal::TooManySteps { limit: step::STEPS_MAX as u64 }));
    }
    plan.steps = plan.steps.into_iter().map(step::checked).collect::<Result<Vec<_>, _>>()?;
    if let Some(minutes) = plan.planned_minutes
        && !(1..=MINUTES_MAX).contains(&minutes)
    {
        return Err(EngineError::Invalid(Refusal::MinutesAtOnce { minutes, limit: MINUTES_MAX }));
    }
    if !(0..=MaintenancePlan::LEAD_DAYS_MAX).contains(&plan.lead_days) {
        let limit = MaintenancePlan::LEAD_DAYS_MAX as u64;
        return Err(EngineError::Invalid(Refusal::LeadUnfit { limit }));
    }
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    plan.rhythm = checked_rhythm(&mut unit, plan.rhythm).await?;
    let asset: Asset = unit.need(plan.asset_id, Missing::Machine).await?;
    plan.asset_id = asset.asset_id;
    if plan.maintenance_plan_id == MaintenancePlanId::default() {
        plan.maintenance_plan_id = unit.mint();
        plan.ended_at = None;
        unit.create(&plan).await?;
    } else {
        let before: MaintenancePlan = unit.need(plan.maintenance_plan_id, Missing::Plan).await?;
        if before.ended_at.is_some() {
            return Err(EngineError::Precondition(Refusal::PlanEnded));
        }
        plan.ended_at = None;
        unit.update(&before, &plan).await?;
    }
    plans_changed(&mut unit, plan.asset_id);
    unit.commit().await
}

/// The rhythm, if it ever comes round.
async fn checked_rhythm(session: &mut Session, rhythm: PlanRhythm) -> Result<PlanRhythm, EngineError> {
    let unfit = |limit| Err(EngineError::Invalid(Refusal::RhythmUnfit { limit }));
    match rhythm {
        PlanRhythm::Calendar { every, .. } => {
            if !(1..=PlanRhythm::EVERY_MAX).contains(&every) {
                return unfit(PlanRhythm::EVERY_MAX as u64);
            }
            Ok(rhythm)
        }
        PlanRhythm::Meter { every, source, counted_from, ahead } => {
            let within = |number: f64| number.is_finite() && number.abs() <= PlanRhythm::METER_MAX;
            // Beyond a million occasions a mark and the next one could become the same number.
            let often = (counted_from.abs() / every).abs() <= 1e6;
            let fits = within(every) && within(counted_from) && every > 0.0 && often;
            if !fits || !(0.0..every).contains(&ahead) {
                return unfit(PlanRhythm::METER_MAX as u64);
            }
            let source = match source {
                MeterSource::Tag { tag_binding_id } => {
                    let binding: Option<TagBinding> = session.get(tag_binding_id).await?;
                    binding.ok_or(EngineError::NotFound(Missing::Tag))?;
                    MeterSource::Tag { tag_binding_id }
                }
                MeterSource::Reading { name, unit } => MeterSource::Reading {
                    name: required_text(&name, Input::MeterName, meter::NAME_CHARS)?,
                    unit: required_text(&unit, Input::Unit, meter::UNIT_CHARS)?,
                },
            };
            Ok(PlanRhythm::Meter { every, source, counted_from, ahead })
        }
    }
}

pub(crate) async fn end(engine: &Inner, command: PlanEnd) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let plan: MaintenancePlan = unit.need(command.maintenance_plan_id, Missing::Plan).await?;
    if plan.ended_at.is_some() {
        return Err(EngineError::Precondition(Refusal::PlanEnded));
    }
    let after = MaintenancePlan { ended_at: Some(unit.now), ..plan.clone() };
    unit.update(&plan, &after).await?;
    plans_changed(&mut unit, plan.asset_id);
    unit.commit().await
}

fn plans_changed(unit: &mut Unit<'_>, asset_id: AssetId) {
    unit.stale(CacheTag::Plans);
    unit.stale(CacheTag::Asset(asset_id));
}

/// Raises the orders that are due. Each is a transaction of its own; one that is there already stays as it is.
pub(crate) async fn raise_due(engine: &Inner) -> Result<(), EngineError> {
    let now = engine.now();
    let mut session = engine.database.read().await?;
    let zone = date::plant_zone(&mut session).await?;
    // A plan that can still be undone raises nothing: its order would outlive it.
    let held = session.plans_held(now).await?;
    let mut due = Vec::new();
    for plan in session.maintenance_plans(None).await? {
        if held.contains(&plan.maintenance_plan_id) {
            continue;
        }
        let known = known(engine, &mut session, plan, &zone, now).await?;
        if known.open_order.is_some() {
            continue;
        }
        if let Some(next) = plan_due::next(&known.plan, &known.standing)
            && plan_due::is_time(&known.plan, next.due, &known.standing)
        {
            due.push((known.plan, next));
        }
    }
    drop(session);
    for (plan, next) in due {
        raise(engine, plan, next, &zone).await?;
    }
    Ok(())
}

async fn raise(engine: &Inner, plan: MaintenancePlan, next: Next, zone: &str) -> Result<(), EngineError> {
    let plan_id = plan.maintenance_plan_id;
    let work_order_id = WorkOrderId(occasion_id(RULE, &plan_id.to_string(), &next.occasion));
    let mut unit = Unit::begin(engine, Actor::rule(RULE)).await?;
    let asset: Option<Asset> = unit.get(plan.asset_id).await?;
    let in_use = asset.is_some_and(|asset| asset.retired_at.is_none());
    // Also one that was removed: the same occasion does not come twice.
    if !in_use || unit.fields(Entity::WorkOrder, work_order_id.0).await?.is_some() {
        return Ok(());
    }
    let due_on = match next.due {
        OccasionDue::Day(day) => day,
        OccasionDue::Meter(_) => {
            let today = date::civil_date(unit.now, zone);
            today.plus_days(plan.lead_days).unwrap_or(today)
        }
    };
    let number = unit.session.next_number("work_order_counter").await?;
    let order = WorkOrder {
        work_order_id,
        erp_number: None,
        local_number: Some(format!("{}-{number}", engine.device.code())),
        title: plan.title,
        description: String::new(),
        work_kind: WorkKind::Preventive,
        asset_id: Some(plan.asset_id),
        request_id: None,
        status: WorkOrderStatus::Released,
        status_reason: None,
        priority: plan.priority,
        due_at: Some(date::instant(due_on, PlantTime::LAST_SECOND_MS, zone)),
        planned_start_at: None,
        planned_minutes: plan.planned_minutes,
        assignee_id: None,
        found_code: None,
        found_text: None,
        done_code: None,
        done_text: None,
        details_pending: false,
        started_at: None,
        completed_at: None,
        created_at: unit.now,
        hold_cause: None,
        plan_occasion: Some(PlanOccasion { maintenance_plan_id: plan_id, due: next.due }),
        continued: None,
        reservation: None,
        taken: None,
        passed_on: None,
        guide_revision_id: None,
    };
    unit.create(&order).await?;
    for (place, draft) in plan.steps.into_iter().enumerate() {
        let position = place as i64 + 1;
        let id = Uuid::new_v5(&work_order_id.0, format!("step {position}").as_bytes());
        unit.create(&step::of_draft(WorkStepId(id), work_order_id, position, draft)).await?;
    }
    changed(&mut unit, &order);
    unit.stale(CacheTag::Plans);
    unit.stale(CacheTag::Shift);
    unit.commit().await?;
    Ok(())
}
