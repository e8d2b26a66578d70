//! Labels that say where: hung on machines, measured, surveyed, and looked up inside what is in hand.

use std::collections::{BTreeMap, BTreeSet};

use millwright_local_db::Session;
use millwright_model::*;

use super::guide::{not_now, unfit};
use super::work_order::path_above;
use super::{actor, required_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

const NAME_CHARS: usize = 100;
/// The smallest and the largest label, in millimetres between its corners.
const SIZE_MM: (f64, f64) = (8.0, 2_000.0);
/// What a printer makes of a bar of 100 mm; beyond it somebody read the rule wrong.
const BAR_MM: (f64, f64) = (80.0, 120.0);
/// How far up the tree of machines two labels can be seen together: within one line or cell.
const SEEN_TOGETHER: AssetLevel = AssetLevel::Line;
/// Deeper than any plant's tree.
const DEPTH_MAX: usize = 64;

pub(crate) async fn list(engine: &Inner, command: FiducialList) -> Result<Vec<Fiducial>, EngineError> {
    Ok(engine.database.read().await?.fiducials_of(command.asset_id).await?)
}

pub(crate) async fn hang(engine: &Inner, command: FiducialHang) -> Result<FiducialId, EngineError> {
    let name = required_text(&command.name, Input::LabelName, NAME_CHARS)?;
    let (low_mm, high_mm) = SIZE_MM;
    if !(low_mm..=high_mm).contains(&command.size_mm) {
        return Err(unfit(GuideFault::SizeUnfit { low_mm, high_mm }));
    }
    let family = command.family;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let asset: Asset = unit.need(command.asset_id, Missing::Machine).await?;
    let neighbours = seen_together(&mut unit, &asset).await?;
    let number = match command.number {
        Some(number) => {
            let last = u64::from(family.id_count() - 1);
            if !(0..i64::from(family.id_count())).contains(&number) {
                return Err(unfit(GuideFault::NoSuchNumber { family: family.as_str().to_owned(), last }));
            }
            if let Some(machine) = holder(&mut unit, &neighbours, family, number).await? {
                return Err(not_now(GuideFault::NumberTwice { number, machine }));
            }
            number
        }
        None => free_number(&mut unit, &neighbours, family).await?,
    };
    let fiducial = Fiducial {
        fiducial_id: unit.mint(),
        asset_id: asset.asset_id,
        family,
        number,
        size_m: command.size_mm / 1_000.0,
        name,
        bar_mm: None,
        survey: None,
        hung_at: unit.now,
        hung_by: engine.person(),
        removed_at: None,
    };
    unit.create(&fiducial).await?;
    stale(&mut unit, asset.asset_id);
    unit.commit().await?;
    Ok(fiducial.fiducial_id)
}

fn stale(unit: &mut Unit<'_>, asset_id: AssetId) {
    unit.stale(CacheTag::Guides);
    unit.stale(CacheTag::Asset(asset_id));
}

/// The machines whose labels a camera may see together with those of `asset`: all of its line or cell; where the tree
/// has none above it, those beside it.
async fn seen_together(session: &mut Session, asset: &Asset) -> Result<BTreeSet<AssetId>, EngineError> {
    let assets: BTreeMap<AssetId, Asset> =
        session.assets().await?.into_iter().map(|asset| (asset.asset_id, asset)).collect();
    let mut top = asset.parent_id.unwrap_or(asset.asset_id);
    let mut here = asset.asset_id;
    for _ in 0..DEPTH_MAX {
        let Some(known) = assets.get(&here) else { break };
        if known.level <= SEEN_TOGETHER {
            top = here;
            break;
        }
        let Some(parent) = known.parent_id else { break };
        here = parent;
    }
    Ok(below(&assets, top))
}

/// An asset and everything below it.
fn below(assets: &BTreeMap<AssetId, Asset>, top: AssetId) -> BTreeSet<AssetId> {
    let mut found = BTreeSet::from([top]);
    for _ in 0..DEPTH_MAX {
        let more: Vec<AssetId> = assets
            .values()
            .filter(|asset| asset.parent_id.is_some_and(|parent| found.contains(&parent)))
            .map(|asset| asset.asset_id)
            .filter(|asset| !found.contains(asset))
            .collect();
        if more.is_empty() {
            break;
        }
        found.extend(more);
    }
    found
}

/// The machine among `neighbours` on which a number hangs, by its code.
async fn holder(
    session: &mut Session,
    neighbours: &BTreeSet<AssetId>,
    family: FiducialFamily,
    number: i64,
) -> Result<Option<String>, EngineError> {
    let hanging = session.fiducials_with(family, number).await?;
    let Some(near) = hanging.iter().find(|fiducial| neighbours.contains(&fiducial.asset_id)) else {
        return Ok(None);
    };
    Ok(session.get::<Asset>(near.asset_id).await?.map(|asset| asset.code))
}

/// The lowest number that hangs nowhere near.
async fn free_number(
    session: &mut Session,
    neighbours: &BTreeSet<AssetId>,
    family: FiducialFamily,
) -> Result<i64, EngineError> {
    let mut taken = BTreeSet::new();
    for asset_id in neighbours {
        let hanging = session.fiducials_of(*asset_id).await?;
        taken.extend(hanging.iter().filter(|one| one.family == family).map(|one| one.number));
    }
    let free = (0..i64::from(family.id_count())).find(|number| !taken.contains(number));
    free.ok_or_else(|| {
        let limit = u64::from(family.id_count());
        not_now(GuideFault::TooMany { what: "labels of one family near each other".to_owned(), limit })
    })
}

pub(crate) async fn measure(engine: &Inner, command: FiducialMeasure) -> Result<Done, EngineError> {
    if !(BAR_MM.0..=BAR_MM.1).contains(&command.bar_mm) {
        return Err(unfit(GuideFault::BarUnfit { bar_mm: command.bar_mm }));
    }
    change(engine, command.fiducial_id, |fiducial, _now| fiducial.bar_mm = Some(command.bar_mm)).await
}

pub(crate) async fn remove(engine: &Inner, command: FiducialRemove) -> Result<Done, EngineError> {
    change(engine, command.fiducial_id, |fiducial, now| {
        fiducial.removed_at = fiducial.removed_at.or(Some(now))
    })
    .await
}

async fn change(
    engine: &Inner,
    fiducial_id: FiducialId,
    act: impl FnOnce(&mut Fiducial, TimestampMs),
) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let before: Fiducial = unit.need(fiducial_id, Missing::Fiducial).await?;
    let mut after = before.clone();
    act(&mut after, unit.now);
    unit.update(&before, &after).await?;
    stale(&mut unit, before.asset_id);
    unit.commit().await
}

pub(crate) async fn survey(engine: &Inner, command: FiducialSurvey) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    unit.need::<Asset>(command.asset_id, Missing::Machine).await?;
    for found in &command.found {
        let is_spread = found.sigma.iter().all(|sigma| sigma.is_finite() && *sigma >= 0.0 && *sigma <= 10.0);
        if !found.machine_from_label.is_sound() || !is_spread {
            return Err(unfit(GuideFault::NotANumber { what: "Where a label hangs".to_owned() }));
        }
        let before: Fiducial = unit.need(found.fiducial_id, Missing::Fiducial).await?;
        if before.asset_id != command.asset_id {
            return Err(EngineError::NotFound(Missing::Fiducial));
        }
        let survey = Survey {
            machine_from_label: found.machine_from_label,
            sigma: found.sigma,
            surveyed_at: unit.now,
            surveyed_by: engine.person(),
        };
        let after = Fiducial { survey: Some(survey), ..before.clone() };
        unit.update(&before, &after).await?;
    }
    stale(&mut unit, command.asset_id);
    unit.commit().await
}

pub(crate) async fn find(
    engine: &Inner,
    command: FiducialFind,
) -> Result<Vec<FiducialCandidate>, EngineError> {
    let mut session = engine.database.read().await?;
    let assets: BTreeMap<AssetId, Asset> =
        session.assets().await?.into_iter().map(|asset| (asset.asset_id, asset)).collect();
    let within = match command.within {
        Some(asset_id) => {
            let asset = assets.get(&asset_id).ok_or(EngineError::NotFound(Missing::Machine))?;
            Some(if asset.level <= SEEN_TOGETHER {
                below(&assets, asset_id)
            } else {
                seen_together(&mut session, asset).await?
            })
        }
        None => None,
    };
    let mut candidates = Vec::new();
    for fiducial in session.fiducials_with(command.family, command.number).await? {
        if within.as_ref().is_some_and(|within| !within.contains(&fiducial.asset_id)) {
            continue;
        }
        let Some(asset) = assets.get(&fiducial.asset_id).cloned() else { continue };
        let path = path_above(&asset, &assets);
        candidates.push(FiducialCandidate { fiducial, asset, path });
    }
    Ok(candidates)
}
