//! Finding things: what a scanned code means, learning a code, and the one search.

use millwright_local_db::{FoundRecord, Session, plain_code};
use millwright_model::*;

use super::{actor, required_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

/// The longest code that a label or scanner may give.
const CODE_CHARS: usize = 200;
const HITS_MAX: i64 = 40;

pub(crate) async fn scan_resolve(engine: &Inner, command: ScanResolve) -> Result<ScanFinding, EngineError> {
    let code = required_text(&command.code, Input::Code, CODE_CHARS)?;
    let mut session = engine.database.read().await?;
    if let Some(label) = session.label_by_code(&code).await?
        && let Some(asset) = session.get::<Asset>(label.asset_id).await?
    {
        return asset_found(&mut session, asset).await;
    }
    let exact: Vec<FoundRecord> =
        session.search(&code, HITS_MAX).await?.into_iter().filter(|hit| hit.rank == 0).collect();
    match exact.as_slice() {
        [] => Ok(ScanFinding::Unknown { code }),
        [hit] => match hit.entity {
            Entity::WorkOrder => Ok(ScanFinding::WorkOrder { work_order_id: WorkOrderId(hit.id) }),
            Entity::Part => Ok(ScanFinding::Part { part_id: PartId(hit.id) }),
            _ => match session.get::<Asset>(hit.id).await? {
                Some(asset) => asset_found(&mut session, asset).await,
                None => Ok(ScanFinding::Unknown { code }),
            },
        },
        several => {
            let mut hits = Vec::new();
            for found in several {
                hits.extend(described(engine, &mut session, found).await?.map(|(hit, _)| hit));
            }
            Ok(ScanFinding::Candidates { hits })
        }
    }
}

async fn asset_found(session: &mut Session, asset: Asset) -> Result<ScanFinding, EngineError> {
    let filter = WorkOrderFilter {
        open_only: true,
        asset_id: Some(asset.asset_id),
        limit: Some(2),
        ..Default::default()
    };
    let open = session.work_orders(&filter).await?;
    let open_order = match open.as_slice() {
        [order] => Some(order.work_order_id),
        _ => None,
    };
    Ok(ScanFinding::Asset { asset, open_order })
}

pub(crate) async fn label_learn(engine: &Inner, command: LabelLearn) -> Result<Done, EngineError> {
    let code = required_text(&command.code, Input::Code, CODE_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    unit.need::<Asset>(command.asset_id, Missing::Machine).await?;
    match unit.label_by_code(&code).await? {
        Some(before) => {
            let after = Label { asset_id: command.asset_id, ..before.clone() };
            unit.update(&before, &after).await?;
        }
        None => {
            let label = Label { label_id: unit.mint(), code, asset_id: command.asset_id };
            unit.create(&label).await?;
        }
    }
    unit.stale(CacheTag::Asset(command.asset_id));
    unit.commit().await
}

pub(crate) async fn search(engine: &Inner, command: Search) -> Result<Vec<SearchHit>, EngineError> {
    let typed: String = command.text.chars().take(CODE_CHARS).collect();
    let mut session = engine.database.read().await?;
    let mut ranked: Vec<((u8, u8), SearchHit)> = Vec::new();
    for found in session.search(&typed, HITS_MAX).await? {
        if let Some((hit, nearness)) = described(engine, &mut session, &found).await? {
            ranked.push(((found.rank, nearness), hit));
        }
    }
    // Names of people are only in memory, so they are searched there.
    let plain = plain_code(&typed);
    for person in engine.people.all() {
        let Some(name) = person.name.filter(|name| !plain.is_empty() && plain_code(name).contains(&plain))
        else {
            continue;
        };
        let hit = SearchHit {
            target: SearchTarget::Person { id: person.person_id },
            title: name,
            detail: person.erp_number.unwrap_or_default(),
        };
        ranked.push(((2, 1), hit));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    Ok(ranked.into_iter().map(|(_, hit)| hit).collect())
}

/// A found record in two lines, and how near it is: mine and critical come first among equals.
async fn described(
    engine: &Inner,
    session: &mut Session,
    found: &FoundRecord,
) -> Result<Option<(SearchHit, u8)>, EngineError> {
    match found.entity {
        Entity::Asset => {
            let Some(asset) = session.get::<Asset>(found.id).await? else { return Ok(None) };
            let nearness = match asset.criticality {
                Criticality::A => 0,
                Criticality::B => 1,
                Criticality::C => 2,
            };
            let hit = SearchHit {
                target: SearchTarget::Asset { id: asset.asset_id },
                title: asset.code,
                detail: asset.name,
            };
            Ok(Some((hit, nearness)))
        }
        Entity::WorkOrder => {
            let Some(order) = session.get::<WorkOrder>(found.id).await? else { return Ok(None) };
            let mine = order.assignee_id.is_some() && order.assignee_id == engine.person();
            let nearness = match (order.status.is_open(), mine) {
                (true, true) => 0,
                (true, false) => 1,
                (false, _) => 3,
            };
            let hit = SearchHit {
                target: SearchTarget::WorkOrder { id: order.work_order_id },
                title: order.title.clone(),
                detail: order.number().to_owned(),
            };
            Ok(Some((hit, nearness)))
        }
        Entity::Part => {
            let Some(part) = session.get::<Part>(found.id).await? else { return Ok(None) };
            Ok(Some((
                SearchHit {
                    target: SearchTarget::Part { id: part.part_id },
                    title: part.name,
                    detail: part.number,
                },
                2,
            )))
        }
        Entity::TagBinding => {
            let Some(binding) = session.get::<TagBinding>(found.id).await? else { return Ok(None) };
            let asset: Option<Asset> = session.get(binding.asset_id).await?;
            let target = SearchTarget::Tag { series: binding.series, asset_id: Some(binding.asset_id) };
            Ok(Some((
                SearchHit {
                    target,
                    title: binding.name,
                    detail: asset.map(|asset| asset.code).unwrap_or_default(),
                },
                2,
            )))
        }
        _ => Ok(None),
    }
}
