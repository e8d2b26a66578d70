//! Machines and places in files: the tree, with parents in any order.

use std::collections::BTreeMap;

use millwright_model::*;
use millwright_sheet::Value;

use super::Desk;
use super::books::{CODE_CHARS, Machines, NAME_CHARS, is_seen};
use super::line::{Fault, Line, Read, optional_cell, text_cell};
use super::plan::{Plan, Seen};
use crate::EngineError;

/// The levels of the tree, as files name them.
pub(super) const LEVELS: &[(&str, &[&str], AssetLevel)] = &[
    ("enterprise", &["Unternehmen"], AssetLevel::Enterprise),
    ("site", &["Werk", "Standort"], AssetLevel::Site),
    ("area", &["Bereich"], AssetLevel::Area),
    ("line", &["Linie"], AssetLevel::Line),
    ("machine", &["Maschine"], AssetLevel::Machine),
    ("component", &["Komponente", "Baugruppe"], AssetLevel::Component),
];

const CRITICALITIES: &[(&str, &[&str], Criticality)] =
    &[("A", &[], Criticality::A), ("B", &[], Criticality::B), ("C", &[], Criticality::C)];

/// A row that was read, its parent not yet found.
struct Draft<'l, 't> {
    line: &'l Line<'t>,
    asset: Asset,
    /// The code of its parent; nothing for none.
    parent: Option<String>,
}

pub(super) async fn plan(
    desk: &mut Desk<'_>,
    lines: &[Line<'_>],
    plan: &mut Plan,
) -> Result<(), EngineError> {
    let machines = Machines::here(desk).await?;
    let mut seen = Seen::default();
    let mut drafts: BTreeMap<String, Draft<'_, '_>> = BTreeMap::new();
    for line in lines {
        match read(line, &machines, &mut seen) {
            Ok((mut asset, parent)) => {
                if asset.asset_id == AssetId::default() {
                    asset.asset_id = desk.mint();
                }
                drafts.insert(asset.code.clone(), Draft { line, asset, parent });
            }
            Err(fault) => plan.refuse(line, fault),
        }
    }
    // A row whose parent is refused is refused with it, and so on down the tree.
    loop {
        let faults: Vec<(String, Fault)> = drafts
            .iter()
            .filter_map(|(code, draft)| Some((code.clone(), misplaced(draft, &drafts, &machines)?)))
            .collect();
        if faults.is_empty() {
            break;
        }
        for (code, fault) in faults {
            if let Some(draft) = drafts.remove(&code) {
                plan.refuse(draft.line, fault);
            }
        }
    }
    let ids: BTreeMap<String, AssetId> =
        drafts.iter().map(|(code, draft)| (code.clone(), draft.asset.asset_id)).collect();
    let codes: BTreeMap<AssetId, String> = ids.iter().map(|(code, id)| (*id, code.clone())).collect();
    for (code, draft) in drafts {
        let parent_id = draft.parent.as_ref().and_then(|code| ids.get(code).copied().or(machines.id(code)));
        let after = Asset { parent_id, ..draft.asset };
        let row_of = |asset: &Asset| {
            let parent = asset.parent_id.and_then(|id| codes.get(&id)).map(String::as_str);
            cells(asset, parent.unwrap_or_else(|| machines.code(asset.parent_id)))
        };
        plan.take(draft.line.row, &code, machines.by_code(&code), after, row_of);
    }
    Ok(())
}

fn read(line: &Line<'_>, machines: &Machines, seen: &mut Seen) -> Read<(Asset, Option<String>)> {
    let code = line.needed(DataField::Code, CODE_CHARS)?;
    seen.once(line, &[&code])?;
    if let Some(stays) = machines.behind_label(&code) {
        let why = RowFault::GaveWay { given: code.clone(), stays: stays.to_owned() };
        return Err(Fault::at(DataField::Code, why));
    }
    let before = machines.by_code(&code);
    let kept = |of: fn(&Asset) -> &Option<String>| before.and_then(|before| of(before).clone());
    let optional = |field: DataField, of: fn(&Asset) -> &Option<String>| {
        line.or_kept(field, kept(of), |line| line.text(field, NAME_CHARS))
    };
    let level = line.one_of(DataField::Level, LEVELS)?.ok_or(Fault::at(DataField::Level, RowFault::Empty))?;
    let was = before.map(|before| before.criticality).unwrap_or_default();
    let asset = Asset {
        asset_id: before.map(|before| before.asset_id).unwrap_or_default(),
        parent_id: None,
        level,
        name: line.needed(DataField::Name, NAME_CHARS)?,
        erp_number: optional(DataField::ErpNumber, |asset| &asset.erp_number)?,
        uns_path: optional(DataField::UnsPath, |asset| &asset.uns_path)?,
        criticality: line.one_of(DataField::Criticality, CRITICALITIES)?.unwrap_or(was),
        class: optional(DataField::Class, |asset| &asset.class)?,
        retired_at: before.and_then(|before| before.retired_at),
        code,
    };
    let parent_was = before.and_then(|before| before.parent_id).map(|id| machines.code(Some(id)).to_owned());
    let parent =
        line.or_kept(DataField::Parent, parent_was, |line| line.text(DataField::Parent, CODE_CHARS))?;
    Ok((asset, parent.filter(|parent| !parent.is_empty())))
}

/// Why a row has no place in the tree.
fn misplaced(
    draft: &Draft<'_, '_>,
    drafts: &BTreeMap<String, Draft<'_, '_>>,
    machines: &Machines,
) -> Option<Fault> {
    let parent = draft.parent.as_ref()?;
    if !drafts.contains_key(parent) && machines.id(parent).is_none() {
        let why = RowFault::NotHere { given: parent.clone(), what: Missing::Machine };
        return Some(Fault::at(DataField::Parent, why));
    }
    let mut above = Some(parent.clone());
    let mut steps = 0;
    while let Some(code) = above {
        steps += 1;
        if code == draft.asset.code || steps > 64 {
            return Some(Fault::at(DataField::Parent, RowFault::Circle { given: parent.clone() }));
        }
        above = match drafts.get(&code) {
            Some(draft) => draft.parent.clone(),
            None => {
                let stays = machines.id(&code).map(|id| machines.code(Some(id)).to_owned());
                let asset = stays.as_deref().and_then(|code| machines.by_code(code));
                asset.and_then(|asset| asset.parent_id).map(|id| machines.code(Some(id)).to_owned())
            }
        };
        above = above.filter(|code| !code.is_empty());
    }
    None
}

fn cells(asset: &Asset, parent: &str) -> Vec<Value> {
    let level = LEVELS.iter().find(|(_, _, level)| *level == asset.level).map(|(name, _, _)| *name);
    let criticality =
        CRITICALITIES.iter().find(|(_, _, one)| *one == asset.criticality).map(|(name, _, _)| *name);
    vec![
        text_cell(&asset.code),
        text_cell(&asset.name),
        optional_cell(level),
        text_cell(parent),
        optional_cell(asset.erp_number.as_deref()),
        optional_cell(asset.uns_path.as_deref()),
        optional_cell(criticality),
        optional_cell(asset.class.as_deref()),
    ]
}

pub(super) async fn rows(desk: &mut Desk<'_>, seen: &DataSeen) -> Result<Vec<Vec<Value>>, EngineError> {
    let machines = Machines::here(desk).await?;
    let in_use = machines.all().filter(|asset| asset.retired_at.is_none());
    let wanted = in_use.filter(|asset| is_seen(seen, &[&asset.code, &asset.name]));
    Ok(wanted.map(|asset| cells(asset, machines.code(asset.parent_id))).collect())
}
