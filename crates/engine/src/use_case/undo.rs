//! Undo while a transaction is held: a compensating transaction, and nothing ever leaves of either.

use millwright_model::*;

use super::actor;
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::{Unit, is_held};

pub(crate) async fn undo(engine: &Inner, command: TxnUndo) -> Result<(), EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let stored = unit.txn(command.txn_id).await?.ok_or(EngineError::NotFound(Missing::Change))?;
    let held = stored.held_until.is_some_and(|until| is_held(until, unit.now));
    if !held {
        return Err(EngineError::Precondition(Refusal::UndoTooLate));
    }
    if unit.changed_since(command.txn_id).await? {
        return Err(EngineError::Precondition(Refusal::UndoBuiltUpon));
    }
    let deliveries = unit.deliveries_of_txn(command.txn_id).await?;
    if deliveries.iter().any(|delivery| delivery.state != DeliveryState::Waiting) {
        return Err(EngineError::Precondition(Refusal::UndoUnderWay));
    }
    let txn = stored.txn()?;
    unit.undoes = Some(txn.txn_id);
    for op in txn.ops.iter().rev() {
        let kind = match op.kind {
            OpKind::Create => OpKind::Delete,
            OpKind::Update => OpKind::Update,
            OpKind::Delete => OpKind::Create,
        };
        let back = |change: &FieldChange| FieldChange { from: change.to.clone(), to: change.from.clone() };
        let fields = op.fields.iter().map(|(name, change)| (name.clone(), back(change))).collect();
        unit.add(op.entity, op.entity_id, kind, fields).await?;
        unit.stale(match op.entity {
            Entity::Asset | Entity::TagBinding | Entity::Label | Entity::Alias | Entity::Downtime => {
                CacheTag::Assets
            }
            Entity::Request => CacheTag::Requests,
            Entity::Part | Entity::Supplier | Entity::Offer | Entity::WhereUsed | Entity::Stock => {
                CacheTag::Parts
            }
            Entity::Person | Entity::Skill | Entity::SkillLevel => CacheTag::People,
            Entity::WorkOrder => CacheTag::WorkOrder(WorkOrderId(op.entity_id)),
            Entity::WorkStep
            | Entity::Labour
            | Entity::LabourTimer
            | Entity::PartUse
            | Entity::Note
            | Entity::Attachment
            | Entity::Signature
            | Entity::Reading
            | Entity::FindingCode => CacheTag::WorkOrders,
            Entity::PlainConsent | Entity::Device => CacheTag::Settings,
            Entity::ShiftPattern
            | Entity::ShiftEntry
            | Entity::Handover
            | Entity::HandoverAcknowledgement => CacheTag::Shift,
            Entity::MaintenancePlan => CacheTag::Plans,
            Entity::Guide
            | Entity::DocumentUpdate
            | Entity::GuideRevision
            | Entity::GuideRead
            | Entity::StepTime
            | Entity::Fiducial
            | Entity::CameraProfile
            | Entity::MachineModel
            | Entity::EnergySource => CacheTag::Guides,
            Entity::Scenario
            | Entity::ScenarioBaseline
            | Entity::ScenarioDecision
            | Entity::ScenarioOutcome
            | Entity::Signpost
            | Entity::SignpostCrossing => CacheTag::Scenarios,
            Entity::Workshop => CacheTag::Workshops,
            Entity::Exercise
            | Entity::ExerciseRole
            | Entity::ExerciseInject
            | Entity::ExerciseMove
            | Entity::ExerciseEntry
            | Entity::ExerciseAction => CacheTag::Exercises,
        });
        if let Some(work_order_id) =
            op.fields.get("work_order_id").and_then(|change| change.to.as_str()?.parse().ok())
        {
            unit.stale(CacheTag::WorkOrder(work_order_id));
        }
    }
    let now = unit.now;
    for delivery in deliveries {
        unit.session
            .settle_delivery(
                delivery.delivery_id,
                DeliveryState::Discarded,
                None,
                Some(&Trouble::new(Cause::Undone, "undone before it left")),
                now,
            )
            .await?;
    }
    unit.session.unplan_webhook_events(command.txn_id).await?;
    if let Some(decision) = &txn.decides {
        unit.session.reopen_conflict(decision.conflict_id).await?;
        // What the decision took the place of is tried again, and comes back as it stood.
        for delivery_id in &decision.supersedes {
            let superseded = unit.delivery(*delivery_id).await?;
            if superseded.is_some_and(|row| row.delivery.state == DeliveryState::Discarded) {
                unit.session.postpone_delivery(*delivery_id, DeliveryState::Waiting, None, now, now).await?;
            }
        }
        unit.stale(CacheTag::Sync);
    }
    unit.session.end_hold(command.txn_id).await?;
    unit.stale(CacheTag::WorkOrders);
    unit.stale(CacheTag::Shift);
    unit.stale(CacheTag::Plans);
    let changes_people = txn.ops.iter().any(|op| op.entity == Entity::Person);
    let binds_tags = txn.ops.iter().any(|op| matches!(op.entity, Entity::TagBinding | Entity::Alias));
    unit.commit().await?;
    if changes_people {
        engine.people.load(&mut engine.database.read().await?, &engine.vault).await?;
        engine.tell_stale([CacheTag::People].into());
    }
    if binds_tags {
        engine.live.load_bindings(&engine.database).await?;
    }
    Ok(())
}
