//! Stock in files: how many of a part are at a location and bin, as counted.

use std::collections::BTreeMap;

use millwright_model::*;
use millwright_sheet::Value;

use super::Desk;
use super::books::{NAME_CHARS, Parts, grouped, is_seen, same_unit};
use super::line::{Fault, Line, Read, instant_cell, optional_cell, quantity_cell, text_cell};
use super::plan::{Plan, Seen};
use crate::EngineError;

pub(super) async fn plan(
    desk: &mut Desk<'_>,
    lines: &[Line<'_>],
    plan: &mut Plan,
) -> Result<(), EngineError> {
    let parts = Parts::here(desk).await?;
    let here = grouped(desk.session.all::<Stock>().await?, |one| one.part_id);
    let mut seen = Seen::default();
    for line in lines {
        let (before, mut after, counted) = match read(line, &parts, &here, &mut seen) {
            Ok(read) => read,
            Err(fault) => {
                plan.refuse(line, fault);
                continue;
            }
        };
        if before.is_none() {
            after.stock_id = desk.mint();
        }
        after.as_of = match (counted, before) {
            (Some(counted), _) => counted,
            // A count that says no more than is known, while nothing was taken since, is no news.
            (None, Some(before))
                if before.on_hand == after.on_hand
                    && desk.session.used_since(before.part_id, before.as_of).await? == 0 =>
            {
                before.as_of
            }
            (None, _) => desk.now,
        };
        let label = format!("{} · {}", parts.number(after.part_id), after.location);
        let zone = &desk.zone;
        plan.take(line.row, &label, before, after, |one| cells(one, &parts, zone));
    }
    Ok(())
}

fn read<'h>(
    line: &Line<'_>,
    parts: &Parts,
    here: &'h BTreeMap<PartId, Vec<Stock>>,
    seen: &mut Seen,
) -> Read<(Option<&'h Stock>, Stock, Option<TimestampMs>)> {
    let part = parts.needed(line, DataField::Part)?;
    let location = line.needed(DataField::Location, NAME_CHARS)?;
    same_unit(line, part)?;
    let on_hand =
        line.quantity(DataField::OnHand, &part.unit)?.ok_or(Fault::at(DataField::OnHand, RowFault::Empty))?;
    let given_bin = line.text(DataField::Bin, NAME_CHARS)?;
    let of_part = here.get(&part.part_id).map(Vec::as_slice).unwrap_or_default();
    let same_place = |one: &&Stock| one.location == location;
    let before = if line.has(DataField::Bin) {
        of_part.iter().find(|one| same_place(one) && one.bin == given_bin)
    } else {
        let mut found = of_part.iter().filter(same_place);
        match (found.next(), found.next()) {
            (one, None) => one,
            (_, Some(_)) => {
                return Err(Fault::at(DataField::Location, RowFault::Several { given: location }));
            }
        }
    };
    let bin = if line.has(DataField::Bin) { given_bin } else { before.and_then(|one| one.bin.clone()) };
    seen.once(line, &[&part.number, &location, bin.as_deref().unwrap_or_default()])?;
    let counted = line.instant(DataField::AsOf, before.map(|one| one.as_of), false)?;
    let stock_id = before.map(|one| one.stock_id).unwrap_or_default();
    let as_of = TimestampMs::default();
    let after = Stock { stock_id, part_id: part.part_id, location, bin, on_hand, as_of };
    Ok((before, after, counted))
}

fn cells(stock: &Stock, parts: &Parts, zone: &str) -> Vec<Value> {
    vec![
        text_cell(parts.number(stock.part_id)),
        text_cell(&stock.location),
        optional_cell(stock.bin.as_deref()),
        quantity_cell(&stock.on_hand),
        text_cell(&stock.on_hand.unit),
        instant_cell(Some(stock.as_of), zone),
    ]
}

pub(super) async fn rows(desk: &mut Desk<'_>, seen: &DataSeen) -> Result<Vec<Vec<Value>>, EngineError> {
    let parts = Parts::here(desk).await?;
    let mut here: Vec<Stock> = desk.session.all().await?;
    here.retain(|one| is_seen(seen, &[parts.number(one.part_id), &one.location]));
    here.sort_by_key(|one| (parts.number(one.part_id).to_owned(), one.location.clone(), one.bin.clone()));
    Ok(here.iter().map(|one| cells(one, &parts, &desk.zone)).collect())
}
