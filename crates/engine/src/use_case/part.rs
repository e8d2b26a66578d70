//! Parts: what is on stock less what was used here since the ERP last said, who delivers, where they are used.

use std::collections::{HashMap, HashSet};

use millwright_local_db::Session;
use millwright_model::*;

use crate::EngineError;
use crate::engine::Inner;

pub(crate) async fn list(engine: &Inner, command: PartList) -> Result<Vec<PartOverview>, EngineError> {
    let mut session = engine.database.read().await?;
    if let Some(asset_id) = command.asset_id {
        return of_asset(&mut session, asset_id).await;
    }
    let parts = session.parts_containing(command.containing.trim(), 200).await?;
    let mut overviews = Vec::with_capacity(parts.len());
    for part in parts {
        overviews.push(overview(&mut session, part).await?);
    }
    Ok(overviews)
}

/// The parts an asset is known to use.
pub(crate) async fn of_asset(
    session: &mut Session,
    asset_id: AssetId,
) -> Result<Vec<PartOverview>, EngineError> {
    let mut overviews = Vec::new();
    for line in session.where_used_of_asset(asset_id).await? {
        if let Some(part) = session.get::<Part>(line.part_id).await? {
            overviews.push(overview(session, part).await?);
        }
    }
    Ok(overviews)
}

pub(crate) async fn overview(session: &mut Session, part: Part) -> Result<PartOverview, EngineError> {
    let stock = session.stock_of(part.part_id).await?;
    let said: i64 = stock.iter().map(|stock| stock.on_hand.thousandths).sum();
    let used = match stock.iter().map(|stock| stock.as_of).max() {
        Some(as_of) => session.used_since(part.part_id, as_of).await?,
        None => 0,
    };
    let place = stock.first().map(|stock| match &stock.bin {
        Some(bin) => format!("{}, {bin}", stock.location),
        None => stock.location.clone(),
    });
    Ok(PartOverview {
        on_hand: Quantity { thousandths: said - used, unit: part.unit.clone() },
        place,
        single_source: session.offers_of(part.part_id).await?.len() == 1,
        part,
    })
}

pub(crate) async fn show(engine: &Inner, command: PartShow) -> Result<PartView, EngineError> {
    let mut session = engine.database.read().await?;
    let part: Part = session.get(command.part_id).await?.ok_or(EngineError::NotFound(Missing::Part))?;
    let mut alternates = Vec::new();
    for part_id in &part.alternates {
        alternates.extend(session.get::<Part>(*part_id).await?);
    }
    let mut offers = Vec::new();
    for offer in session.offers_of(part.part_id).await? {
        let supplier: Option<Supplier> = session.get(offer.supplier_id).await?;
        offers.push(OfferView {
            supplier_name: supplier.map(|supplier| supplier.name).unwrap_or_default(),
            offer,
        });
    }
    let mut where_used = Vec::new();
    for line in session.where_used_of_part(part.part_id).await? {
        let asset: Option<Asset> = session.get(line.asset_id).await?;
        let (asset_code, asset_name) = asset.map(|asset| (asset.code, asset.name)).unwrap_or_default();
        where_used.push(WhereUsedView { where_used: line, asset_code, asset_name });
    }
    let stock = session.stock_of(part.part_id).await?;
    let joined = super::joining::joined_parts(&mut session, part.part_id).await?;
    Ok(PartView {
        overview: overview(&mut session, part).await?,
        stock,
        offers,
        where_used,
        alternates,
        joined,
    })
}

/// Who delivers parts, by name.
pub(crate) async fn suppliers(
    engine: &Inner,
    _command: SupplierList,
) -> Result<Vec<SupplierOverview>, EngineError> {
    let mut session = engine.database.read().await?;
    let offers = session.all::<Offer>().await?;
    let mut offered_by: HashMap<PartId, HashSet<SupplierId>> = HashMap::new();
    for offer in &offers {
        offered_by.entry(offer.part_id).or_default().insert(offer.supplier_id);
    }
    let mut overviews: Vec<SupplierOverview> = session
        .all::<Supplier>()
        .await?
        .into_iter()
        .map(|supplier| {
            let mine = offered_by.values().filter(|suppliers| suppliers.contains(&supplier.supplier_id));
            let (part_count, single_source_count) =
                mine.fold((0, 0), |(all, single), by| (all + 1, single + u32::from(by.len() == 1)));
            SupplierOverview { supplier, part_count, single_source_count }
        })
        .collect();
    overviews.sort_by(|one, other| {
        (&one.supplier.name, &one.supplier.number).cmp(&(&other.supplier.name, &other.supplier.number))
    });
    Ok(overviews)
}
