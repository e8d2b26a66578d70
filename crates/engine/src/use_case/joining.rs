//! Two records that are one thing: one gives way, and whatever named it means the other one from then on.

use millwright_local_db::Session;
use millwright_model::*;

use super::actor;
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

/// Deeper than any tree of places: a circle.
const DEPTH_MAX: usize = 64;

/// A kind of record that people find twice.
trait Joinable: Record {
    /// What one is called in messages.
    const WHAT: Missing;
    /// What people call it: code or number.
    fn code(&self) -> &str;
    /// What it is.
    fn name(&self) -> &str;
    /// Both, for messages.
    fn label(&self) -> String {
        format!("{} {}", self.code(), self.name())
    }
    /// Itself, with what only `other` knew.
    fn completed_by(&self, other: &Self) -> Self;
    /// Why the two cannot be one, where that shows in the records.
    fn differs(&self, other: &Self) -> Option<Refusal>;
}

impl Joinable for Asset {
    const WHAT: Missing = Missing::Machine;

    fn code(&self) -> &str {
        &self.code
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn completed_by(&self, other: &Self) -> Self {
        Self {
            parent_id: self.parent_id.or(other.parent_id),
            uns_path: self.uns_path.clone().or_else(|| other.uns_path.clone()),
            class: self.class.clone().or_else(|| other.class.clone()),
            // The more careful of the two judgements stands.
            criticality: self.criticality.min(other.criticality),
            ..self.clone()
        }
    }

    fn differs(&self, other: &Self) -> Option<Refusal> {
        (self.level != other.level)
            .then(|| Refusal::JoinLevels { gives_way: self.label(), stays: other.label() })
    }
}

impl Joinable for Part {
    const WHAT: Missing = Missing::Part;

    fn code(&self) -> &str {
        &self.number
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn completed_by(&self, other: &Self) -> Self {
        let mut alternates = self.alternates.clone();
        alternates.extend(other.alternates.iter().filter(|part| !self.alternates.contains(part)));
        alternates.retain(|part| *part != self.part_id && *part != other.part_id);
        Self { alternates, ..self.clone() }
    }

    fn differs(&self, other: &Self) -> Option<Refusal> {
        (self.unit != other.unit).then(|| Refusal::OtherUnit {
            part: other.label(),
            unit: other.unit.clone(),
            given: self.unit.clone(),
        })
    }
}

pub(crate) async fn asset_join(engine: &Inner, command: AssetJoin) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let (gives_way, stays) = both::<Asset>(&mut unit, command.asset_id.0, command.into.0).await?;
    for (below, above) in [(&gives_way, &stays), (&stays, &gives_way)] {
        if stands_below(&mut unit, below, above.asset_id).await? {
            let refusal = Refusal::JoinBelow { below: below.label(), above: above.label() };
            return Err(EngineError::Precondition(refusal));
        }
    }
    join(&mut unit, &gives_way, &stays).await?;
    // The old code stays on its plate: whoever scans or types it finds the machine.
    if unit.label_by_code(&gives_way.code).await?.is_none() {
        let label = Label { label_id: unit.mint(), code: gives_way.code.clone(), asset_id: stays.asset_id };
        unit.create(&label).await?;
    }
    unit.stale(CacheTag::Asset(gives_way.asset_id));
    unit.stale(CacheTag::Asset(stays.asset_id));
    commit(engine, unit).await
}

pub(crate) async fn asset_separate(engine: &Inner, command: AssetSeparate) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let (asset, stood_for_it) = separate::<Asset>(&mut unit, AliasId(command.asset_id.0)).await?;
    if let Some(label) = unit.label_by_code(&asset.code).await?
        && label.asset_id.0 == stood_for_it
    {
        unit.remove(&label).await?;
    }
    unit.stale(CacheTag::Asset(asset.asset_id));
    unit.stale(CacheTag::Asset(AssetId(stood_for_it)));
    commit(engine, unit).await
}

pub(crate) async fn part_join(engine: &Inner, command: PartJoin) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let (gives_way, stays) = both::<Part>(&mut unit, command.part_id.0, command.into.0).await?;
    join(&mut unit, &gives_way, &stays).await?;
    commit(engine, unit).await
}

pub(crate) async fn part_separate(engine: &Inner, command: PartSeparate) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    separate::<Part>(&mut unit, AliasId(command.part_id.0)).await?;
    commit(engine, unit).await
}

/// The records that were found to be this one, by what people called them.
async fn joined<R: Joinable>(session: &mut Session, stays: uuid::Uuid) -> Result<Vec<Joined>, EngineError> {
    let mut joined = Vec::new();
    for alias in session.aliases_of(stays).await? {
        if let Some(record) = gone::<R>(session, alias.alias_id).await? {
            let (code, name) = (record.code().to_owned(), record.name().to_owned());
            joined.push(Joined { alias_id: alias.alias_id, code, name });
        }
    }
    Ok(joined)
}

/// The assets that were found to be this one.
pub(crate) async fn joined_assets(session: &mut Session, stays: AssetId) -> Result<Vec<Joined>, EngineError> {
    joined::<Asset>(session, stays.0).await
}

/// The parts that were found to be this one.
pub(crate) async fn joined_parts(session: &mut Session, stays: PartId) -> Result<Vec<Joined>, EngineError> {
    joined::<Part>(session, stays.0).await
}

/// A record as it was when it gave way.
async fn gone<R: Joinable>(session: &mut Session, alias_id: AliasId) -> Result<Option<R>, EngineError> {
    let fields = session.fields(R::ENTITY, alias_id.0).await?;
    Ok(fields.map(|fields| serde_json::from_value(fields.into())).transpose()?)
}

/// Both records, if they can be one.
async fn both<R: Joinable>(
    unit: &mut Unit<'_>,
    gives_way: uuid::Uuid,
    stays: uuid::Uuid,
) -> Result<(R, R), EngineError> {
    let gives_way: R = unit.need(gives_way, R::WHAT).await?;
    let stays: R = unit.need(stays, R::WHAT).await?;
    if gives_way.record_id() == stays.record_id() {
        return Err(EngineError::Invalid(Refusal::JoinedAlready { code: gives_way.code().to_owned() }));
    }
    if let Some(difference) = gives_way.differs(&stays) {
        return Err(EngineError::Precondition(difference));
    }
    // What the ERP knows must stay: it will go on speaking of it.
    if unit.comes_from_outside(R::ENTITY, gives_way.record_id()).await? {
        let both_there = unit.comes_from_outside(R::ENTITY, stays.record_id()).await?;
        let (gives_way, stays) = (gives_way.label(), stays.label());
        return Err(EngineError::Precondition(if both_there {
            Refusal::JoinBothInErp { gives_way, stays }
        } else {
            Refusal::JoinKeepsErp { gives_way, stays }
        }));
    }
    Ok((gives_way, stays))
}

async fn join<R: Joinable>(unit: &mut Unit<'_>, gives_way: &R, stays: &R) -> Result<(), EngineError> {
    let alias = Alias {
        alias_id: AliasId(gives_way.record_id()),
        record_kind: R::ENTITY,
        winner_id: stays.record_id(),
    };
    unit.create(&alias).await?;
    // Read again: what named the other one (an alternate, say) may have been led to this one.
    let stays: R = unit.need(stays.record_id(), R::WHAT).await?;
    let completed = stays.completed_by(gives_way);
    unit.update(&stays, &completed).await?;
    unit.remove(gives_way).await?;
    Ok(())
}

/// The record as it was when it gave way, and the one that stood for it.
async fn separate<R: Joinable>(
    unit: &mut Unit<'_>,
    alias_id: AliasId,
) -> Result<(R, uuid::Uuid), EngineError> {
    let alias = unit.alias(alias_id).await?.filter(|alias| alias.record_kind == R::ENTITY);
    let alias = alias.ok_or(EngineError::NotFound(R::WHAT))?;
    let stood_for_it = unit.stands_for(alias_id.0).await?;
    unit.remove(&alias).await?;
    let record: R = gone(unit, alias_id).await?.ok_or(EngineError::NotFound(R::WHAT))?;
    unit.create(&record).await?;
    Ok((record, stood_for_it))
}

async fn stands_below(session: &mut Session, asset: &Asset, above: AssetId) -> Result<bool, EngineError> {
    let mut next = asset.parent_id;
    for _ in 0..DEPTH_MAX {
        let Some(parent) = next else { return Ok(false) };
        if parent == above {
            return Ok(true);
        }
        next = session.get::<Asset>(parent).await?.and_then(|place| place.parent_id);
    }
    Ok(false)
}

async fn commit(engine: &Inner, mut unit: Unit<'_>) -> Result<Done, EngineError> {
    for tag in [CacheTag::Assets, CacheTag::WorkOrders, CacheTag::Requests, CacheTag::Parts, CacheTag::Tags] {
        unit.stale(tag);
    }
    let done = unit.commit().await?;
    engine.live.load_bindings(&engine.database).await?;
    Ok(done)
}
