//! Parts in files: number, name, unit, and what can take their place.

use std::collections::BTreeMap;

use millwright_model::*;
use millwright_sheet::Value;

use super::Desk;
use super::books::{CODE_CHARS, NAME_CHARS, Parts, is_seen, same_unit};
use super::line::{Fault, Line, Read, text_cell};
use super::plan::{Plan, Seen};
use crate::EngineError;

/// What stands between numbers of alternates.
const BETWEEN: char = '|';

struct Draft<'l, 't> {
    line: &'l Line<'t>,
    part: Part,
    /// Numbers of alternates; nothing where the file does not speak of them.
    alternates: Option<Vec<String>>,
}

pub(super) async fn plan(
    desk: &mut Desk<'_>,
    lines: &[Line<'_>],
    plan: &mut Plan,
) -> Result<(), EngineError> {
    let parts = Parts::here(desk).await?;
    let mut seen = Seen::default();
    let mut drafts: BTreeMap<String, Draft<'_, '_>> = BTreeMap::new();
    for line in lines {
        match read(line, &parts, &mut seen) {
            Ok((mut part, alternates)) => {
                if part.part_id == PartId::default() {
                    part.part_id = desk.mint();
                }
                drafts.insert(part.number.clone(), Draft { line, part, alternates });
            }
            Err(fault) => plan.refuse(line, fault),
        }
    }
    // What a refused row would have brought can be nobody's alternate.
    let found = loop {
        let mut found: BTreeMap<String, Vec<PartId>> = BTreeMap::new();
        let mut faults: Vec<(String, Fault)> = Vec::new();
        for (number, draft) in &drafts {
            match alternates(draft, &drafts, &parts) {
                Ok(ids) => {
                    found.insert(number.clone(), ids);
                }
                Err(fault) => faults.push((number.clone(), fault)),
            }
        }
        if faults.is_empty() {
            break found;
        }
        for (number, fault) in faults {
            if let Some(draft) = drafts.remove(&number) {
                plan.refuse(draft.line, fault);
            }
        }
    };
    let numbers: BTreeMap<PartId, String> =
        drafts.iter().map(|(number, draft)| (draft.part.part_id, number.clone())).collect();
    for (number, draft) in drafts {
        let alternates = found.get(&number).cloned().unwrap_or_default();
        let after = Part { alternates, ..draft.part };
        let number_of = |id: PartId| numbers.get(&id).map_or_else(|| parts.number(id), String::as_str);
        let before = parts.by_number(DataField::Number, &number).ok().flatten();
        plan.take(draft.line.row, &number, before, after, |part| cells(part, number_of));
    }
    Ok(())
}

fn read(line: &Line<'_>, parts: &Parts, seen: &mut Seen) -> Read<(Part, Option<Vec<String>>)> {
    let number = line.needed(DataField::Number, CODE_CHARS)?;
    seen.once(line, &[&number])?;
    if let Some(stays) = parts.behind(&number) {
        let why = RowFault::GaveWay { given: number.clone(), stays: stays.to_owned() };
        return Err(Fault::at(DataField::Number, why));
    }
    let before = parts.by_number(DataField::Number, &number)?;
    let unit = line.needed(DataField::Unit, 20)?;
    if let Some(before) = before {
        // Stock, uses and where-used lists count in it.
        same_unit(line, before)?;
    }
    let alternates = if line.has(DataField::Alternates) {
        let text = line.text(DataField::Alternates, 2_000)?.unwrap_or_default();
        let numbers = text.split(BETWEEN).map(str::trim).filter(|number| !number.is_empty());
        Some(numbers.map(str::to_owned).collect())
    } else {
        None
    };
    let part = Part {
        part_id: before.map(|before| before.part_id).unwrap_or_default(),
        name: line.needed(DataField::Name, NAME_CHARS)?,
        unit,
        alternates: before.map(|before| before.alternates.clone()).unwrap_or_default(),
        number,
    };
    Ok((part, alternates))
}

fn alternates(
    draft: &Draft<'_, '_>,
    drafts: &BTreeMap<String, Draft<'_, '_>>,
    parts: &Parts,
) -> Read<Vec<PartId>> {
    let Some(numbers) = &draft.alternates else { return Ok(draft.part.alternates.clone()) };
    let mut ids = Vec::new();
    for number in numbers {
        let id = match drafts.get(number) {
            Some(draft) => draft.part.part_id,
            None => parts.find(DataField::Alternates, number)?.part_id,
        };
        if id == draft.part.part_id {
            return Err(Fault::at(DataField::Alternates, RowFault::Circle { given: number.clone() }));
        }
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

fn cells<'n>(part: &Part, number_of: impl Fn(PartId) -> &'n str) -> Vec<Value> {
    let between = format!(" {BETWEEN} ");
    let alternates: Vec<&str> = part.alternates.iter().map(|id| number_of(*id)).collect();
    vec![
        text_cell(&part.number),
        text_cell(&part.name),
        text_cell(&part.unit),
        text_cell(&alternates.join(&between)),
    ]
}

pub(super) async fn rows(desk: &mut Desk<'_>, seen: &DataSeen) -> Result<Vec<Vec<Value>>, EngineError> {
    let parts = Parts::here(desk).await?;
    let wanted = parts.all().filter(|part| is_seen(seen, &[&part.number, &part.name]));
    Ok(wanted.map(|part| cells(part, |id| parts.number(id))).collect())
}
