//! Which records a device holds: those of its areas, and all that belong to no area.

use std::collections::BTreeSet;

use millwright_local_db::Session;
use millwright_model::{Asset, AssetId, Entity, Scope, WorkOrder, WorkOrderId};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::EngineError;

/// Deeper than any plant's tree: a circle of parents ends here.
const DEPTH_MAX: usize = 64;

/// Judges records against one scope, as the rows stand.
pub(crate) struct ScopeView {
    scope: Scope,
    /// The areas and everything above them, which the tree needs to be drawn.
    above: BTreeSet<AssetId>,
}

impl ScopeView {
    pub(crate) async fn of(session: &mut Session, scope: &Scope) -> Result<Self, EngineError> {
        let mut above = BTreeSet::new();
        for area in &scope.areas {
            above.extend(ancestors(session, *area).await?);
        }
        Ok(Self { scope: scope.clone(), above })
    }

    pub(crate) fn is_whole_plant(&self) -> bool {
        self.scope.is_whole_plant()
    }

    /// Whether a record with these fields is in scope.
    pub(crate) async fn holds(
        &self,
        session: &mut Session,
        entity: Entity,
        id: Uuid,
        fields: &Map<String, Json>,
    ) -> Result<bool, EngineError> {
        if self.is_whole_plant() {
            return Ok(true);
        }
        match asset_behind(session, entity, id, fields).await? {
            None => Ok(true),
            Some(asset) => self.holds_asset(session, asset).await,
        }
    }

    async fn holds_asset(&self, session: &mut Session, asset: AssetId) -> Result<bool, EngineError> {
        if self.above.contains(&asset) {
            return Ok(true);
        }
        let line = ancestors(session, asset).await?;
        Ok(line.iter().any(|ancestor| self.scope.areas.contains(ancestor)))
    }
}

/// An asset and everything above it.
async fn ancestors(session: &mut Session, asset: AssetId) -> Result<Vec<AssetId>, EngineError> {
    let mut line = vec![asset];
    while let Some(here) = line.last().copied().filter(|_| line.len() < DEPTH_MAX) {
        match session.get::<Asset>(here).await?.and_then(|asset| asset.parent_id) {
            Some(parent) if !line.contains(&parent) => line.push(parent),
            _ => break,
        }
    }
    Ok(line)
}

/// The asset that a record belongs to; nothing for one that belongs to no place.
async fn asset_behind(
    session: &mut Session,
    entity: Entity,
    id: Uuid,
    fields: &Map<String, Json>,
) -> Result<Option<AssetId>, EngineError> {
    let named =
        |field: &str| fields.get(field).and_then(Json::as_str).and_then(|text| text.parse::<Uuid>().ok());
    let order = match entity {
        Entity::Asset => return Ok(Some(AssetId(id))),
        Entity::TagBinding
        | Entity::Label
        | Entity::WhereUsed
        | Entity::Request
        | Entity::Reading
        | Entity::Downtime
        | Entity::WorkOrder => return Ok(named("asset_id").map(AssetId)),
        Entity::MaintenancePlan | Entity::Fiducial | Entity::EnergySource => {
            return Ok(named("asset_id").map(AssetId));
        }
        Entity::StepTime => named("work_order_id"),
        Entity::Note | Entity::Attachment | Entity::ShiftEntry => match named("asset_id") {
            Some(asset) => return Ok(Some(AssetId(asset))),
            None => named("work_order_id"),
        },
        Entity::WorkStep | Entity::Labour | Entity::LabourTimer | Entity::PartUse | Entity::Signature => {
            named("work_order_id")
        }
        Entity::Part
        | Entity::Supplier
        | Entity::Offer
        | Entity::Stock
        | Entity::Person
        | Entity::FindingCode
        | Entity::PlainConsent
        | Entity::Alias
        | Entity::Device
        | Entity::ShiftPattern
        | Entity::Handover
        | Entity::HandoverAcknowledgement
        | Entity::Skill
        | Entity::SkillLevel
        | Entity::Guide
        | Entity::DocumentUpdate
        | Entity::GuideRevision
        | Entity::GuideRead
        | Entity::CameraProfile
        | Entity::MachineModel
        | Entity::Scenario
        | Entity::ScenarioBaseline
        | Entity::ScenarioDecision
        | Entity::ScenarioOutcome
        | Entity::Signpost
        | Entity::SignpostCrossing
        | Entity::Workshop
        | Entity::Exercise
        | Entity::ExerciseRole
        | Entity::ExerciseInject
        | Entity::ExerciseMove
        | Entity::ExerciseEntry
        | Entity::ExerciseAction => return Ok(None),
    };
    let Some(order) = order else { return Ok(None) };
    Ok(session.get::<WorkOrder>(WorkOrderId(order)).await?.and_then(|order| order.asset_id))
}
