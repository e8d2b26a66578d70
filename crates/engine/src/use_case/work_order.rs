//! Orders: lists, one with all on it, and its way along the state machine.

use std::collections::BTreeMap;

use millwright_local_db::Session;
use millwright_model::*;

use super::{actor, elsewhere, guide, notice, optional_text, request, required_text, reserving, step};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

pub(crate) const TITLE_CHARS: usize = 120;
pub(crate) const TEXT_CHARS: usize = 4_000;

pub(crate) async fn list(
    engine: &Inner,
    command: WorkOrderList,
) -> Result<Vec<WorkOrderOverview>, EngineError> {
    let mut session = engine.database.read().await?;
    let orders = session.work_orders(&command.filter).await?;
    overviews(engine, &mut session, orders).await
}

/// Orders as lists show them.
pub(crate) async fn overviews(
    engine: &Inner,
    session: &mut Session,
    orders: Vec<WorkOrder>,
) -> Result<Vec<WorkOrderOverview>, EngineError> {
    let ids: Vec<WorkOrderId> = orders.iter().map(|order| order.work_order_id).collect();
    let counts: BTreeMap<WorkOrderId, (i64, i64)> =
        session.step_counts(&ids).await?.into_iter().map(|(id, done, all)| (id, (done, all))).collect();
    let assets: BTreeMap<AssetId, Asset> =
        session.assets().await?.into_iter().map(|asset| (asset.asset_id, asset)).collect();
    let overview = |order: WorkOrder| {
        let asset = order.asset_id.and_then(|asset_id| assets.get(&asset_id));
        let (steps_done, steps) = counts.get(&order.work_order_id).copied().unwrap_or_default();
        WorkOrderOverview {
            asset_code: asset.map(|asset| asset.code.clone()),
            asset_name: asset.map(|asset| asset.name.clone()),
            asset_path: asset.map(|asset| path_above(asset, &assets)),
            criticality: asset.map(|asset| asset.criticality),
            assignee_name: engine.people.name(order.assignee_id),
            steps_done,
            steps,
            order,
        }
    };
    Ok(orders.into_iter().map(overview).collect())
}

/// The places above an asset, from below the site down, as people say them.
pub(crate) fn path_above(asset: &Asset, assets: &BTreeMap<AssetId, Asset>) -> String {
    let mut names = Vec::new();
    let mut above = asset.parent_id;
    // A ring in the tree (bad master data) must not keep us here.
    for _ in 0..8 {
        let Some(place) = above.and_then(|asset_id| assets.get(&asset_id)) else { break };
        if place.level > AssetLevel::Site {
            names.push(place.name.clone());
        }
        above = place.parent_id;
    }
    names.reverse();
    names.join(" / ")
}

pub(crate) async fn show(engine: &Inner, command: WorkOrderShow) -> Result<WorkOrderView, EngineError> {
    let mut session = engine.database.read().await?;
    let order: WorkOrder =
        session.get(command.work_order_id).await?.ok_or(EngineError::NotFound(Missing::Order))?;
    let id = order.work_order_id;
    let steps = session.work_steps_of(id).await?;
    let labour = session.labour_of(id).await?;
    let asset: Option<Asset> = match order.asset_id {
        Some(asset_id) => session.get(asset_id).await?,
        None => None,
    };
    let class = asset.as_ref().and_then(|asset| asset.class.as_deref());
    let person = engine.person();
    let timer = session.running_timers(id).await?.into_iter().find(|timer| Some(timer.person_id) == person);
    let attachments = session.attachments_of(id).await?;
    let missing_to_close = guide::missing_of(&mut session, &order, &steps).await?;
    let step_views = step_views(engine, &mut session, &order, steps).await?;
    let mut parts = Vec::new();
    for part_use in session.part_uses_of(id).await? {
        let part: Option<Part> = session.get(part_use.part_id).await?;
        let (number, name) = part.map(|part| (part.number, part.name)).unwrap_or_default();
        parts.push(PartUseView { part_use, number, name });
    }
    let suggested_parts = match order.asset_id {
        Some(asset_id) => super::part::of_asset(&mut session, asset_id).await?,
        None => Vec::new(),
    };
    let tags = match order.asset_id {
        Some(asset_id) => super::tag::states(engine, session.tag_bindings_of(asset_id).await?),
        None => Vec::new(),
    };
    let notes = session.notes_of(id).await?;
    let signatures = session.signatures_of(id).await?;
    let found_choices = session.finding_codes(FindingKind::Found, class).await?;
    let done_choices = session.finding_codes(FindingKind::Done, class).await?;
    let deliveries = session.deliveries_of(id.0).await?;
    let answered: Option<Request> = match order.request_id {
        Some(request_id) => session.get(request_id).await?,
        None => None,
    };
    let request = request::overviews(engine, &mut session, answered.into_iter().collect()).await?.pop();
    let hand = elsewhere::hand_view(engine, &mut session, &order).await?;
    let reservation = reserving::view(engine, &mut session, &order).await?;
    let notices = notice::unseen(engine, &mut session, Some(id)).await?;
    let overview = overviews(engine, &mut session, vec![order])
        .await?
        .pop()
        .ok_or(EngineError::NotFound(Missing::Order))?;
    Ok(WorkOrderView {
        overview,
        steps: step_views,
        labour_minutes: labour.iter().map(|booking| booking.minutes).sum(),
        labour: labour
            .into_iter()
            .map(|labour| LabourView { person_name: engine.people.name(Some(labour.person_id)), labour })
            .collect(),
        timer,
        parts,
        suggested_parts,
        notes: notes
            .into_iter()
            .map(|note| NoteView { written_by_name: engine.people.name(note.written_by), note })
            .collect(),
        photos_only_here: attachments.len() as i64,
        attachments,
        signatures: signatures
            .into_iter()
            .map(|signature| SignatureView {
                person_name: engine.people.name(Some(signature.person_id)),
                signature,
            })
            .collect(),
        tags,
        found_choices,
        done_choices,
        missing_to_close,
        deliveries,
        request,
        hand,
        reservation,
        notices,
    })
}

pub(crate) async fn step_views(
    engine: &Inner,
    session: &mut Session,
    order: &WorkOrder,
    steps: Vec<WorkStep>,
) -> Result<Vec<StepView>, EngineError> {
    let before = match session.previous_work_order(order).await? {
        Some(previous) => session.work_steps_of(previous.work_order_id).await?,
        None => Vec::new(),
    };
    let last_time = |title: &str| {
        before.iter().filter(|step| step.title == title).find_map(|step| match step.outcome {
            Some(StepOutcome::Measured { value, .. }) => Some(value),
            _ => None,
        })
    };
    let mut views = Vec::with_capacity(steps.len());
    for step in steps {
        views.push(StepView {
            recorded_by_name: engine.people.name(step.recorded_by),
            last_time: last_time(&step.title),
            changeable: step::fixed(session, &step, order).await?.is_none(),
            step,
        });
    }
    Ok(views)
}

/// What still stands in the way of closing with all details, in words.
pub(crate) fn missing_to_close(steps: &[WorkStep]) -> Vec<String> {
    steps
        .iter()
        .filter(|step| step.mandatory && step.outcome.is_none())
        .map(|step| format!("{}. {}", step.position, step.title))
        .collect()
}

pub(crate) async fn create(engine: &Inner, command: WorkOrderCreate) -> Result<WorkOrderId, EngineError> {
    let title = required_text(&command.title, Input::Title, TITLE_CHARS)?;
    let description = optional_text(&command.description, Input::Description, TEXT_CHARS)?;
    known_person(engine, command.assignee_id)?;
    if command.steps.len() > step::STEPS_MAX {
        return Err(EngineError::Invalid(Refusal::TooManySteps { limit: step::STEPS_MAX as u64 }));
    }
    let drafts = command.steps.into_iter().map(step::checked).collect::<Result<Vec<_>, _>>()?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    if let Some(asset_id) = command.asset_id {
        unit.need::<Asset>(asset_id, Missing::Machine).await?;
    }
    let number = unit.session.next_number("work_order_counter").await?;
    let order = WorkOrder {
        work_order_id: unit.mint(),
        erp_number: None,
        local_number: Some(format!("{}-{number}", engine.device.code())),
        title,
        description,
        work_kind: WorkKind::Corrective,
        asset_id: command.asset_id,
        request_id: command.request_id,
        status: WorkOrderStatus::Released,
        status_reason: None,
        priority: command.priority,
        due_at: command.due_at,
        planned_start_at: None,
        planned_minutes: None,
        assignee_id: command.assignee_id,
        found_code: None,
        found_text: None,
        done_code: None,
        done_text: None,
        details_pending: false,
        started_at: None,
        completed_at: None,
        created_at: unit.now,
        hold_cause: None,
        plan_occasion: None,
        continued: None,
        reservation: None,
        taken: None,
        passed_on: None,
        guide_revision_id: None,
    };
    unit.create(&order).await?;
    for (place, draft) in drafts.into_iter().enumerate() {
        let step = step::of_draft(unit.mint(), order.work_order_id, place as i64 + 1, draft);
        unit.create(&step).await?;
    }
    if let Some(request_id) = command.request_id {
        let request: Request = unit.need(request_id, Missing::Request).await?;
        if request.status != RequestStatus::New {
            return Err(EngineError::Precondition(Refusal::RequestAnswered));
        }
        let answered = Request { status: RequestStatus::Ordered, ..request.clone() };
        unit.update(&request, &answered).await?;
        unit.stale(CacheTag::Requests);
    }
    changed(&mut unit, &order);
    unit.commit().await?;
    Ok(order.work_order_id)
}

/// Refuses a person whom this device does not know.
pub(crate) fn known_person(engine: &Inner, person_id: Option<PersonId>) -> Result<(), EngineError> {
    match person_id {
        Some(person_id) if engine.people.get(person_id).is_none() => {
            Err(EngineError::NotFound(Missing::Person))
        }
        _ => Ok(()),
    }
}

/// Says that an order and the lists that show it are stale.
pub(crate) fn changed(unit: &mut Unit<'_>, order: &WorkOrder) {
    unit.stale(CacheTag::WorkOrders);
    unit.stale(CacheTag::WorkOrder(order.work_order_id));
    // What happens to an order is a line of the shift log.
    unit.stale(CacheTag::Shift);
    if order.plan_occasion.is_some() {
        unit.stale(CacheTag::Plans);
    }
    if let Some(asset_id) = order.asset_id {
        unit.stale(CacheTag::Asset(asset_id));
    }
}

/// The order, moved to `to` where the state machine allows it.
pub(crate) fn moved(
    order: &WorkOrder,
    to: WorkOrderStatus,
    reason: Option<String>,
) -> Result<WorkOrder, EngineError> {
    if !order.status.may_become(to) {
        let (order, from) = (order.number().to_owned(), order.status);
        return Err(EngineError::Precondition(Refusal::NoSuchMove { order, from, to }));
    }
    Ok(WorkOrder { status: to, status_reason: reason, hold_cause: None, ..order.clone() })
}

pub(crate) async fn start(engine: &Inner, command: WorkOrderStart) -> Result<Done, EngineError> {
    let actor = actor(engine)?;
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    let mut unit = Unit::begin(engine, actor).await?;
    let order: WorkOrder = unit.need(command.work_order_id, Missing::Order).await?;
    let mut after = moved(&order, WorkOrderStatus::InProgress, None)?;
    reserving::may_begin(&mut unit, &order, person_id).await?;
    after.reservation = None;
    after.started_at = after.started_at.or(Some(unit.now));
    after.assignee_id = after.assignee_id.or(Some(person_id));
    unit.update(&order, &after).await?;
    super::recording::begin_timer(&mut unit, order.work_order_id, person_id).await?;
    changed(&mut unit, &after);
    unit.commit().await
}

pub(crate) async fn hold(engine: &Inner, command: WorkOrderHold) -> Result<Done, EngineError> {
    let reason = required_text(&command.reason, Input::Reason, TEXT_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order: WorkOrder = unit.need(command.work_order_id, Missing::Order).await?;
    let mut after = moved(&order, WorkOrderStatus::OnHold, Some(reason))?;
    after.hold_cause = command.cause;
    unit.update(&order, &after).await?;
    super::recording::book_running_timers(&mut unit, &order).await?;
    changed(&mut unit, &after);
    unit.commit().await
}

pub(crate) async fn cancel(engine: &Inner, command: WorkOrderCancel) -> Result<Done, EngineError> {
    let reason = required_text(&command.reason, Input::Reason, TEXT_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order: WorkOrder = unit.need(command.work_order_id, Missing::Order).await?;
    let after = moved(&order, WorkOrderStatus::Cancelled, Some(reason))?;
    unit.update(&order, &after).await?;
    super::recording::book_running_timers(&mut unit, &order).await?;
    changed(&mut unit, &after);
    unit.commit().await
}

pub(crate) async fn assign(engine: &Inner, command: WorkOrderAssign) -> Result<Done, EngineError> {
    known_person(engine, command.assignee_id)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order: WorkOrder = unit.need(command.work_order_id, Missing::Order).await?;
    let after = WorkOrder { assignee_id: command.assignee_id, ..order.clone() };
    unit.update(&order, &after).await?;
    changed(&mut unit, &after);
    unit.commit().await
}

pub(crate) async fn edit(engine: &Inner, command: WorkOrderEdit) -> Result<Done, EngineError> {
    let title = required_text(&command.title, Input::Title, TITLE_CHARS)?;
    let description = optional_text(&command.description, Input::Description, TEXT_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order: WorkOrder = unit.need(command.work_order_id, Missing::Order).await?;
    if !order.status.is_open() {
        let (order, status) = (order.number().to_owned(), order.status);
        return Err(EngineError::Precondition(Refusal::OrderNotEdited { order, status }));
    }
    if command.assignee_id != order.assignee_id {
        known_person(engine, command.assignee_id)?;
    }
    if let Some(asset_id) = command.asset_id {
        unit.need::<Asset>(asset_id, Missing::Machine).await?;
    }
    let after = WorkOrder {
        title,
        description,
        priority: command.priority,
        due_at: command.due_at,
        assignee_id: command.assignee_id,
        asset_id: command.asset_id,
        ..order.clone()
    };
    unit.update(&order, &after).await?;
    changed(&mut unit, &order);
    changed(&mut unit, &after);
    unit.commit().await
}
