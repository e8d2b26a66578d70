//! Downtimes in files: a machine, from when to when, and why.

use std::collections::BTreeMap;

use millwright_model::*;
use millwright_sheet::Value;

use super::Desk;
use super::books::{CODE_CHARS, Machines, NAME_CHARS, grouped, is_seen};
use super::line::{Fault, Line, Read, instant_cell, optional_cell, shown};
use super::plan::{Known, Plan, Seen};
use crate::EngineError;

/// What downtimes name.
struct Books {
    machines: Machines,
    codes: Known,
    here: BTreeMap<AssetId, Vec<Downtime>>,
    zone: String,
    recorded_by: Option<PersonId>,
}

impl Books {
    async fn here(desk: &mut Desk<'_>) -> Result<Self, EngineError> {
        let codes: Vec<FindingCode> = desk.session.all().await?;
        let found = codes.into_iter().filter(|code| code.finding_kind == FindingKind::Found);
        Ok(Self {
            codes: found.map(|code| code.code).collect(),
            here: grouped(desk.session.all::<Downtime>().await?, |one| one.asset_id),
            machines: Machines::here(desk).await?,
            zone: desk.zone.clone(),
            recorded_by: desk.engine.person(),
        })
    }

    fn cells(&self, one: &Downtime) -> Vec<Value> {
        vec![
            self.machines.cell(Some(one.asset_id)),
            instant_cell(Some(one.from_at), &self.zone),
            instant_cell(one.to_at, &self.zone),
            optional_cell(one.reason_code.as_deref()),
            optional_cell(one.reason_text.as_deref()),
        ]
    }

    fn read(&self, line: &Line<'_>, seen: &mut Seen) -> Read<(Option<&Downtime>, Downtime)> {
        let asset_id = self.machines.needed(line, DataField::Asset)?;
        let from = line.instant(DataField::From, None, false)?;
        let from = from.ok_or(Fault::at(DataField::From, RowFault::Empty))?;
        seen.once(line, &[self.machines.code(Some(asset_id)), &(from.0 / 1000).to_string()])?;
        // A time in a file is one to the second.
        let of_asset = self.here.get(&asset_id).map(Vec::as_slice).unwrap_or_default();
        let before = of_asset.iter().find(|one| one.from_at.0 / 1000 == from.0 / 1000);
        let to_was = before.and_then(|one| one.to_at);
        let to_at = line.or_kept(DataField::To, to_was, |line| line.instant(DataField::To, to_was, false))?;
        let code_was = before.and_then(|one| one.reason_code.clone());
        let reason_code = line.or_kept(DataField::ReasonCode, code_was, |line| self.code(line))?;
        let text_was = before.and_then(|one| one.reason_text.clone());
        let reason_text =
            line.or_kept(DataField::Reason, text_was, |line| line.lines(DataField::Reason, 4_000))?;
        let from_at = before.map_or(from, |one| one.from_at);
        if let Some(to) = to_at
            && to < from_at
        {
            let said = |at: TimestampMs| shown(&instant_cell(Some(at), &self.zone));
            let why = RowFault::Crossed { low: said(from_at), high: said(to) };
            return Err(Fault::at(DataField::To, why));
        }
        let downtime_id = before.map(|one| one.downtime_id).unwrap_or_default();
        let recorded_by = before.map_or(self.recorded_by, |one| one.recorded_by);
        Ok((
            before,
            Downtime { downtime_id, asset_id, from_at, to_at, reason_code, reason_text, recorded_by },
        ))
    }

    fn code(&self, line: &Line<'_>) -> Read<Option<String>> {
        let Some(given) = line.text(DataField::ReasonCode, CODE_CHARS)? else { return Ok(None) };
        if self.codes.contains(&given) {
            return Ok(Some(given));
        }
        let known = self.codes.iter().take(20).cloned().collect();
        Err(Fault::at(DataField::ReasonCode, RowFault::NotOneOf { given, known }))
    }
}

pub(super) async fn plan(
    desk: &mut Desk<'_>,
    lines: &[Line<'_>],
    plan: &mut Plan,
) -> Result<(), EngineError> {
    let books = Books::here(desk).await?;
    let mut seen = Seen::default();
    for line in lines {
        match books.read(line, &mut seen) {
            Ok((before, mut after)) => {
                if before.is_none() {
                    after.downtime_id = desk.mint();
                }
                let from = shown(&instant_cell(Some(after.from_at), &books.zone));
                let label: String = format!("{} · {from}", books.machines.code(Some(after.asset_id)));
                let label: String = label.chars().take(NAME_CHARS).collect();
                plan.take(line.row, &label, before, after, |one| books.cells(one));
            }
            Err(fault) => plan.refuse(line, fault),
        }
    }
    Ok(())
}

pub(super) async fn rows(desk: &mut Desk<'_>, seen: &DataSeen) -> Result<Vec<Vec<Value>>, EngineError> {
    let books = Books::here(desk).await?;
    let mut here: Vec<&Downtime> = books.here.values().flatten().collect();
    here.retain(|one| is_seen(seen, &[books.machines.code(Some(one.asset_id))]));
    here.sort_by_key(|one| (one.from_at, one.downtime_id));
    Ok(here.into_iter().map(|one| books.cells(one)).collect())
}
