//! Sources of energy of machines, and the tags that show them: bound by one person, agreed on by another.

use millwright_model::*;

use super::guide::{not_now, unfit};
use super::{actor, required_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

const TEXT_CHARS: usize = 200;

pub(crate) async fn list(
    engine: &Inner,
    command: EnergySourceList,
) -> Result<Vec<EnergySource>, EngineError> {
    Ok(engine.database.read().await?.energy_sources_of(command.asset_id).await?)
}

pub(crate) async fn save(engine: &Inner, command: EnergySourceSave) -> Result<EnergySourceId, EngineError> {
    let name = required_text(&command.name, Input::EnergySourceName, TEXT_CHARS)?;
    let isolated_at = required_text(&command.isolated_at, Input::IsolatedAt, TEXT_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    unit.need::<Asset>(command.asset_id, Missing::Machine).await?;
    if let Some(tag) = command.tag_binding_id {
        let tag: TagBinding = unit.need(tag, Missing::Tag).await?;
        if tag.asset_id != command.asset_id {
            return Err(unfit(GuideFault::TagElsewhere));
        }
    }
    let before: Option<EnergySource> = match command.energy_source_id {
        Some(id) => Some(unit.need(id, Missing::EnergySource).await?),
        None => None,
    };
    let same_tag = before.as_ref().is_some_and(|before| before.tag_binding_id == command.tag_binding_id);
    let kept = before.clone().filter(|_| same_tag);
    let after = EnergySource {
        energy_source_id: before.as_ref().map_or_else(|| unit.mint(), |before| before.energy_source_id),
        asset_id: command.asset_id,
        name,
        energy: command.energy,
        tag_binding_id: command.tag_binding_id,
        // A tag that is bound anew wants a second look anew.
        bound_by: match &kept {
            Some(kept) => kept.bound_by,
            None => command.tag_binding_id.and(engine.person()),
        },
        approved_by: kept.as_ref().and_then(|kept| kept.approved_by),
        approved_at: kept.as_ref().and_then(|kept| kept.approved_at),
        isolated_at,
        ended_at: None,
    };
    match &before {
        Some(before) if before.asset_id != after.asset_id => {
            return Err(EngineError::NotFound(Missing::EnergySource));
        }
        Some(before) => drop(unit.update(before, &after).await?),
        None => drop(unit.create(&after).await?),
    }
    stale(&mut unit, after.asset_id);
    unit.commit().await?;
    Ok(after.energy_source_id)
}

pub(crate) async fn approve(engine: &Inner, command: EnergySourceApprove) -> Result<Done, EngineError> {
    let person = engine.person().ok_or(EngineError::NoActor)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let source: EnergySource = unit.need(command.energy_source_id, Missing::EnergySource).await?;
    if source.tag_binding_id.is_none() {
        return Err(not_now(GuideFault::NoTag { source_name: source.name }));
    }
    if source.bound_by == Some(person) {
        return Err(not_now(GuideFault::OwnBinding { source_name: source.name }));
    }
    let approved = EnergySource { approved_by: Some(person), approved_at: Some(unit.now), ..source.clone() };
    unit.update(&source, &approved).await?;
    stale(&mut unit, source.asset_id);
    unit.commit().await
}

pub(crate) async fn end(engine: &Inner, command: EnergySourceEnd) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let source: EnergySource = unit.need(command.energy_source_id, Missing::EnergySource).await?;
    let ended = EnergySource { ended_at: source.ended_at.or(Some(unit.now)), ..source.clone() };
    unit.update(&source, &ended).await?;
    stale(&mut unit, source.asset_id);
    unit.commit().await
}

fn stale(unit: &mut Unit<'_>, asset_id: AssetId) {
    unit.stale(CacheTag::Guides);
    unit.stale(CacheTag::Asset(asset_id));
}
