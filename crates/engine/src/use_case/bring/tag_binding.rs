//! Tag bindings in files: a machine, a series, what people call it, its band and its limits.

use std::collections::BTreeMap;

use millwright_model::*;
use millwright_sheet::Value;

use super::Desk;
use super::books::{CODE_CHARS, Machines, grouped, is_seen};
use super::line::{Fault, Line, Read, number_cell, text_cell, whole_cell};
use super::plan::{Plan, Seen};
use crate::EngineError;

/// So long may a tag's name be, as on its sheet.
const NAME_CHARS: usize = 80;
/// So long may the name of a series be.
const SERIES_CHARS: usize = 1_000;
/// The shortest silence that is stale, in seconds.
const SILENCE_LEAST_S: f64 = 0.1;
/// A month of silence, in seconds.
const SILENCE_MOST_S: f64 = 2_678_400.0;
/// Silence that is stale where nobody says otherwise, as on the sheet.
const SILENCE_MS: i64 = 60_000;
/// The kinds of series, by how their names begin.
const PROTOCOLS: [&str; 2] = ["uns:", "spb:"];

pub(super) async fn plan(
    desk: &mut Desk<'_>,
    lines: &[Line<'_>],
    plan: &mut Plan,
) -> Result<(), EngineError> {
    let machines = Machines::here(desk).await?;
    let here = grouped(desk.session.tag_bindings().await?, |one| one.asset_id);
    let mut seen = Seen::default();
    for line in lines {
        match read(line, &machines, &here, &mut seen) {
            Ok((before, mut after)) => {
                if before.is_none() {
                    after.tag_binding_id = desk.mint();
                }
                let label = format!("{} · {}", machines.code(Some(after.asset_id)), after.name);
                plan.take(line.row, &label, before, after, |one| cells(one, &machines));
            }
            Err(fault) => plan.refuse(line, fault),
        }
    }
    Ok(())
}

fn read<'h>(
    line: &Line<'_>,
    machines: &Machines,
    here: &'h BTreeMap<AssetId, Vec<TagBinding>>,
    seen: &mut Seen,
) -> Read<(Option<&'h TagBinding>, TagBinding)> {
    let asset_id = machines.needed(line, DataField::Asset)?;
    let series = line.needed(DataField::Series, SERIES_CHARS)?;
    if !PROTOCOLS.iter().any(|protocol| series.starts_with(protocol)) {
        let known = PROTOCOLS.map(|protocol| format!("{protocol}…")).to_vec();
        return Err(Fault::at(DataField::Series, RowFault::NotOneOf { given: series, known }));
    }
    seen.once(line, &[machines.code(Some(asset_id)), &series])?;
    let of_asset = here.get(&asset_id).map(Vec::as_slice).unwrap_or_default();
    let before = of_asset.iter().find(|one| one.series.0 == series);
    let number = |field: DataField, of: fn(&TagBinding) -> Option<f64>| {
        line.or_kept(field, before.and_then(of), |line| line.number(field))
    };
    let after = TagBinding {
        tag_binding_id: before.map(|one| one.tag_binding_id).unwrap_or_default(),
        asset_id,
        name: line.needed(DataField::Name, NAME_CHARS)?,
        unit: line
            .or_kept(DataField::Unit, before.map(|one| one.unit.clone()), |line| {
                line.text(DataField::Unit, CODE_CHARS)
            })?
            .unwrap_or_default(),
        usual_low: number(DataField::UsualLow, |one| one.usual_low)?,
        usual_high: number(DataField::UsualHigh, |one| one.usual_high)?,
        limit_low: number(DataField::LimitLow, |one| one.limit_low)?,
        limit_high: number(DataField::LimitHigh, |one| one.limit_high)?,
        silence_ms: silence(line)?.or(before.map(|one| one.silence_ms)).unwrap_or(SILENCE_MS),
        position: line
            .whole(DataField::Position, 0, 100_000)?
            .unwrap_or_else(|| before.map_or(of_asset.len() as i64 + 1, |one| one.position)),
        series: SeriesKey(series),
    };
    for (low, high, field) in [
        (after.usual_low, after.usual_high, DataField::UsualHigh),
        (after.limit_low, after.limit_high, DataField::LimitHigh),
    ] {
        if let (Some(low), Some(high)) = (low, high)
            && low > high
        {
            let why = RowFault::Crossed { low: low.to_string(), high: high.to_string() };
            return Err(Fault::at(field, why));
        }
    }
    Ok((before, after))
}

fn silence(line: &Line<'_>) -> Read<Option<i64>> {
    let Some(seconds) = line.number(DataField::SilenceS)? else { return Ok(None) };
    if !(SILENCE_LEAST_S..=SILENCE_MOST_S).contains(&seconds) {
        let (least, most) = (SILENCE_LEAST_S.to_string(), SILENCE_MOST_S.to_string());
        let why = RowFault::OutOfBounds { given: seconds.to_string(), least, most };
        return Err(Fault::at(DataField::SilenceS, why));
    }
    Ok(Some((seconds * 1000.0).round() as i64))
}

fn cells(one: &TagBinding, machines: &Machines) -> Vec<Value> {
    vec![
        machines.cell(Some(one.asset_id)),
        text_cell(&one.series.0),
        text_cell(&one.name),
        text_cell(&one.unit),
        number_cell(one.usual_low),
        number_cell(one.usual_high),
        number_cell(one.limit_low),
        number_cell(one.limit_high),
        Value::Number(one.silence_ms as f64 / 1000.0),
        whole_cell(one.position),
    ]
}

pub(super) async fn rows(desk: &mut Desk<'_>, seen: &DataSeen) -> Result<Vec<Vec<Value>>, EngineError> {
    let machines = Machines::here(desk).await?;
    let mut here = desk.session.tag_bindings().await?;
    here.retain(|one| is_seen(seen, &[machines.code(Some(one.asset_id)), &one.name, &one.series.0]));
    here.sort_by_key(|one| (machines.code(Some(one.asset_id)).to_owned(), one.position, one.name.clone()));
    Ok(here.iter().map(|one| cells(one, &machines)).collect())
}
