//! Machines and places: the tree, one with all on it, and the rules that bind tags.

use std::collections::BTreeMap;

use millwright_model::*;

use super::{actor, joining, part, request, required_text, tag, work_order};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

pub(crate) async fn tree(engine: &Inner, _command: AssetTree) -> Result<Vec<AssetNode>, EngineError> {
    let mut session = engine.database.read().await?;
    let mut bindings: BTreeMap<AssetId, Vec<TagBinding>> = BTreeMap::new();
    for binding in session.tag_bindings().await? {
        bindings.entry(binding.asset_id).or_default().push(binding);
    }
    let open: BTreeMap<AssetId, i64> = session.open_orders_by_asset().await?.into_iter().collect();
    let node = |asset: Asset| AssetNode {
        tags: tag::states(engine, bindings.remove(&asset.asset_id).unwrap_or_default()),
        open_orders: open.get(&asset.asset_id).copied().unwrap_or_default(),
        asset,
    };
    Ok(session.assets().await?.into_iter().map(node).collect())
}

pub(crate) async fn show(engine: &Inner, command: AssetShow) -> Result<AssetView, EngineError> {
    let mut session = engine.database.read().await?;
    let asset: Asset = session.get(command.asset_id).await?.ok_or(EngineError::NotFound(Missing::Machine))?;
    let mut path = vec![asset.clone()];
    let mut above = asset.parent_id;
    while let (Some(asset_id), true) = (above, path.len() < 16) {
        let Some(place) = session.get::<Asset>(asset_id).await? else { break };
        above = place.parent_id;
        path.push(place);
    }
    path.reverse();
    // A link to an asset that gave way opens the one that stays.
    let asset_id = asset.asset_id;
    let filter = WorkOrderFilter { asset_id: Some(asset_id), limit: Some(50), ..Default::default() };
    let orders = session.work_orders(&filter).await?;
    let requests = session.requests_of_asset(asset_id).await?;
    Ok(AssetView {
        asset,
        path,
        tags: tag::states(engine, session.tag_bindings_of(asset_id).await?),
        orders: work_order::overviews(engine, &mut session, orders).await?,
        requests: request::overviews(engine, &mut session, requests).await?,
        parts: part::of_asset(&mut session, asset_id).await?,
        attachments: session.attachments_of_asset(asset_id).await?,
        joined: joining::joined_assets(&mut session, asset_id).await?,
    })
}

pub(crate) async fn tag_binding_save(engine: &Inner, command: TagBindingSave) -> Result<Done, EngineError> {
    let mut binding = command.binding;
    binding.name = required_text(&binding.name, Input::TagName, 80)?;
    let limits = [binding.usual_low, binding.usual_high, binding.limit_low, binding.limit_high];
    if limits.into_iter().flatten().any(|limit| !limit.is_finite()) {
        return Err(EngineError::Invalid(Refusal::LimitNotANumber));
    }
    if binding.silence_ms < 100 {
        return Err(EngineError::Invalid(Refusal::SilenceTooShort));
    }
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    unit.need::<Asset>(binding.asset_id, Missing::Machine).await?;
    if binding.tag_binding_id == TagBindingId::default() {
        binding.tag_binding_id = unit.mint();
        unit.create(&binding).await?;
    } else {
        let before: TagBinding = unit.need(binding.tag_binding_id, Missing::Tag).await?;
        unit.update(&before, &binding).await?;
    }
    bindings_changed(&mut unit, binding.asset_id);
    let done = unit.commit().await?;
    engine.live.load_bindings(&engine.database).await?;
    Ok(done)
}

pub(crate) async fn tag_binding_remove(
    engine: &Inner,
    command: TagBindingRemove,
) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let binding: TagBinding = unit.need(command.tag_binding_id, Missing::Tag).await?;
    unit.remove(&binding).await?;
    bindings_changed(&mut unit, binding.asset_id);
    let done = unit.commit().await?;
    engine.live.load_bindings(&engine.database).await?;
    Ok(done)
}

fn bindings_changed(unit: &mut Unit<'_>, asset_id: AssetId) {
    unit.stale(CacheTag::Assets);
    unit.stale(CacheTag::Asset(asset_id));
    unit.stale(CacheTag::Tags);
}
