//! Where-used lists in files: a part, a machine, how many, and where on it.

use std::collections::BTreeMap;

use millwright_model::*;
use millwright_sheet::Value;

use super::Desk;
use super::books::{Machines, NAME_CHARS, Parts, grouped, is_seen, same_unit};
use super::line::{Fault, Line, Read, optional_cell, quantity_cell, text_cell};
use super::plan::{Plan, Seen};
use crate::EngineError;

pub(super) async fn plan(
    desk: &mut Desk<'_>,
    lines: &[Line<'_>],
    plan: &mut Plan,
) -> Result<(), EngineError> {
    let (machines, parts) = (Machines::here(desk).await?, Parts::here(desk).await?);
    let here = grouped(desk.session.all::<WhereUsed>().await?, |one| (one.part_id, one.asset_id));
    let mut seen = Seen::default();
    for line in lines {
        match read(line, &machines, &parts, &here, &mut seen) {
            Ok((before, mut after)) => {
                if before.is_none() {
                    after.where_used_id = desk.mint();
                }
                let label =
                    format!("{} · {}", parts.number(after.part_id), machines.code(Some(after.asset_id)));
                plan.take(line.row, &label, before, after, |one| cells(one, &machines, &parts));
            }
            Err(fault) => plan.refuse(line, fault),
        }
    }
    Ok(())
}

fn read<'h>(
    line: &Line<'_>,
    machines: &Machines,
    parts: &Parts,
    here: &'h BTreeMap<(PartId, AssetId), Vec<WhereUsed>>,
    seen: &mut Seen,
) -> Read<(Option<&'h WhereUsed>, WhereUsed)> {
    let part = parts.needed(line, DataField::Part)?;
    let asset_id = machines.needed(line, DataField::Asset)?;
    same_unit(line, part)?;
    let quantity = line
        .quantity(DataField::Quantity, &part.unit)?
        .ok_or(Fault::at(DataField::Quantity, RowFault::Empty))?;
    let place = line.text(DataField::Place, NAME_CHARS)?;
    let of_pair = here.get(&(part.part_id, asset_id)).map(Vec::as_slice).unwrap_or_default();
    let before = if line.has(DataField::Place) {
        of_pair.iter().find(|one| one.place == place)
    } else {
        let mut found = of_pair.iter();
        match (found.next(), found.next()) {
            (one, None) => one,
            (_, Some(_)) => {
                return Err(Fault::at(DataField::Asset, RowFault::Several { given: part.number.clone() }));
            }
        }
    };
    let place = if line.has(DataField::Place) { place } else { before.and_then(|one| one.place.clone()) };
    seen.once(line, &[&part.number, machines.code(Some(asset_id)), place.as_deref().unwrap_or_default()])?;
    let where_used_id = before.map(|one| one.where_used_id).unwrap_or_default();
    Ok((before, WhereUsed { where_used_id, part_id: part.part_id, asset_id, quantity, place }))
}

fn cells(one: &WhereUsed, machines: &Machines, parts: &Parts) -> Vec<Value> {
    vec![
        text_cell(parts.number(one.part_id)),
        machines.cell(Some(one.asset_id)),
        quantity_cell(&one.quantity),
        text_cell(&one.quantity.unit),
        optional_cell(one.place.as_deref()),
    ]
}

pub(super) async fn rows(desk: &mut Desk<'_>, seen: &DataSeen) -> Result<Vec<Vec<Value>>, EngineError> {
    let (machines, parts) = (Machines::here(desk).await?, Parts::here(desk).await?);
    let mut here: Vec<WhereUsed> = desk.session.all().await?;
    here.retain(|one| is_seen(seen, &[parts.number(one.part_id), machines.code(Some(one.asset_id))]));
    let key = |one: &WhereUsed| {
        (
            machines.code(Some(one.asset_id)).to_owned(),
            parts.number(one.part_id).to_owned(),
            one.place.clone(),
        )
    };
    here.sort_by_key(key);
    Ok(here.iter().map(|one| cells(one, &machines, &parts)).collect())
}
