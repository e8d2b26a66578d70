//! A line as it stands now: its machines by their codes, how they break by the standstills that were recorded, who looks after
//! them by their plans, which of them stand still, and the plant's shifts. What nobody knows is a round figure, and says so.

use millwright_local_db::Session;
use millwright_model::*;

use super::unfit;
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::date;
use crate::use_case::shift_time::Shifts;

/// Standstills of so many days say how a machine breaks.
const DAYS: u32 = 180;
const HOUR_MS: f64 = 3_600_000.0;
const DAY_H: f64 = 24.0;
/// Fewer standstills say too little.
const STANDSTILLS_MIN: usize = 3;
/// What is assumed where nobody knows.
const CYCLE_S: f64 = 60.0;
const TIME_TO_FAILURE_H: f64 = 100.0;
const REPAIR_H: f64 = 1.0;
const TAKES_H: f64 = 1.0;
const BUFFER: u32 = 10;

pub(crate) async fn lines(engine: &Inner, _command: WhatIfLines) -> Result<Vec<WhatIfLine>, EngineError> {
    let assets = engine.database.read().await?.assets().await?;
    let machines = |line: &Asset| machines_of(&assets, line.asset_id).len();
    Ok(assets
        .iter()
        .filter(|asset| asset.level == AssetLevel::Line)
        .map(|line| WhatIfLine {
            line_id: line.asset_id,
            code: line.code.clone(),
            name: line.name.clone(),
            machine_count: u32::try_from(machines(line)).unwrap_or(u32::MAX),
        })
        .collect())
}

/// The machines right below a line, by their codes.
fn machines_of(assets: &[Asset], line_id: AssetId) -> Vec<&Asset> {
    let of = |asset: &&Asset| asset.parent_id == Some(line_id) && asset.level == AssetLevel::Machine;
    assets.iter().filter(of).collect()
}

pub(crate) async fn fork_show(engine: &Inner, command: LineForkShow) -> Result<LineFork, EngineError> {
    let mut session = engine.database.read().await?;
    let now = engine.now();
    let assets = session.assets().await?;
    let line = assets.iter().find(|asset| asset.asset_id == command.line_id);
    let line = line.ok_or(EngineError::NotFound(Missing::Machine))?;
    let found = machines_of(&assets, line.asset_id);
    if found.is_empty() {
        return Err(unfit(WhatIfFault::NoMachines));
    }
    if found.len() > LineFork::MACHINES_MAX {
        let limit = LineFork::MACHINES_MAX as u64;
        return Err(unfit(WhatIfFault::TooManyMachines { limit }));
    }
    let shifts = Shifts::kept(&mut session).await?;
    let zone = date::plant_zone(&mut session).await?;
    let mut machines = Vec::with_capacity(found.len());
    for asset in found {
        machines.push(machine(engine, &mut session, asset, now, &zone).await?);
    }
    let buffers = vec![ForkedBuffer { capacity: BUFFER, holds: BUFFER / 2 }; machines.len() - 1];
    let begins_at_h = date::plant_time(now, &zone).time_ms as f64 / HOUR_MS;
    Ok(LineFork {
        line_id: line.asset_id,
        name: line.name.clone(),
        taken_at: now,
        machines,
        buffers,
        shifts: shifts_of(&shifts.pattern),
        begins_at_h,
        crews: None,
        costs: ForkedCosts::default(),
    })
}

/// The plant's shifts in hours of the day; all of them work.
fn shifts_of(pattern: &[ShiftTime]) -> Vec<ForkedShift> {
    let hour = |shift: &ShiftTime| shift.starts_min as f64 / 60.0;
    let next = |place: usize| pattern.get((place + 1) % pattern.len()).map_or(0.0, hour);
    let forked = |(place, shift): (usize, &ShiftTime)| ForkedShift {
        name: shift.name.clone(),
        from_h: hour(shift),
        to_h: next(place),
        works: true,
    };
    pattern.iter().enumerate().map(forked).collect()
}

async fn machine(
    engine: &Inner,
    session: &mut Session,
    asset: &Asset,
    now: TimestampMs,
    zone: &str,
) -> Result<ForkedMachine, EngineError> {
    let since = now.plus_ms(-i64::from(DAYS) * 24 * 3_600_000);
    let standstills = session.standstills_of_asset(asset.asset_id, since).await?;
    let (time_to_failure_h, repair_h) = breaks(&standstills, now);
    let plans = session.maintenance_plans(Some(asset.asset_id)).await?;
    let maintenance = plans.iter().find_map(|plan| looked_after(plan, now, zone));
    let open = standstills.iter().filter(|standstill| standstill.to_at.is_none());
    let tags = session.tag_bindings_of(asset.asset_id).await?;
    let heard = tags.iter().find_map(|tag| cycle_by(engine, tag));
    Ok(ForkedMachine {
        asset_id: asset.asset_id,
        name: asset.name.clone(),
        cycle_time_s: heard.unwrap_or_else(|| ForkedFigure::assumed(CYCLE_S)),
        time_to_failure_h,
        repair_h,
        scrap_share: ForkedFigure::assumed(0.0),
        maintenance,
        stands_since: open.map(|standstill| standstill.from_at).min(),
    })
}

/// How long a machine works from repair to failure, and how long a repair takes: the hours it did not stand, and those that it
/// did, over how often it stood.
fn breaks(standstills: &[Downtime], now: TimestampMs) -> (ForkedFigure, ForkedFigure) {
    let ended: Vec<f64> = standstills
        .iter()
        .filter_map(|standstill| Some(standstill.to_at?.since_ms(standstill.from_at) as f64 / HOUR_MS))
        .filter(|hours| *hours > 0.0)
        .collect();
    if ended.len() < STANDSTILLS_MIN {
        return (ForkedFigure::assumed(TIME_TO_FAILURE_H), ForkedFigure::assumed(REPAIR_H));
    }
    let count = ended.len();
    let first = standstills.iter().map(|standstill| standstill.from_at).min().unwrap_or(now);
    // Records may begin later than the days that are looked at.
    let looked_at_h = (now.since_ms(first) as f64 / HOUR_MS).max(1.0);
    let stood_h: f64 = ended.iter().sum();
    let days = ((looked_at_h / DAY_H).ceil() as u32).clamp(1, DAYS);
    let from = ForkedFrom::Standstills { count: u32::try_from(count).unwrap_or(u32::MAX), days };
    let up_h = (looked_at_h - stood_h).max(0.1) / count as f64;
    let figure = |value: f64| ForkedFigure { value, from: from.clone() };
    (figure(up_h), figure(stood_h / count as f64))
}

/// Planned work of a plan that goes by the calendar.
fn looked_after(plan: &MaintenancePlan, now: TimestampMs, zone: &str) -> Option<ForkedMaintenance> {
    let PlanRhythm::Calendar { every, unit, first_due } = plan.rhythm else { return None };
    let from = ForkedFrom::Plan { title: plan.title.clone() };
    let period_h = f64::from(unit.after(first_due, every)?.days() - first_due.days()) * DAY_H;
    let first_h = date::instant(first_due, 8 * 3_600_000, zone).since_ms(now) as f64 / HOUR_MS;
    let first_after_h = if first_h >= 0.0 { first_h } else { first_h.rem_euclid(period_h) };
    let takes_h = match plan.planned_minutes {
        Some(minutes) if minutes > 0 => ForkedFigure { value: minutes as f64 / 60.0, from: from.clone() },
        _ => ForkedFigure::assumed(TAKES_H),
    };
    Some(ForkedMaintenance { every_h: ForkedFigure { value: period_h, from }, first_after_h, takes_h })
}

/// A cycle time that the machine tells itself: a tag in seconds, or in pieces a minute or an hour.
fn cycle_by(engine: &Inner, tag: &TagBinding) -> Option<ForkedFigure> {
    let per_piece_s = |value: f64| match tag.unit.as_str() {
        "s" if tag.name.to_lowercase().contains("cycle") || tag.name.to_lowercase().contains("takt") => {
            Some(value)
        }
        "pcs/min" | "1/min{pcs}" => Some(60.0 / value),
        "pcs/h" => Some(3_600.0 / value),
        _ => None,
    };
    let last = engine.live.get(&tag.series).filter(|last| last.stale.is_none())?;
    let value = last.sample.value.as_ref()?.as_f64()?;
    let cycle_s = per_piece_s(value).filter(|cycle_s| cycle_s.is_finite() && *cycle_s > 0.0)?;
    let from = ForkedFrom::Tag {
        name: tag.name.clone(),
        at: last.sample.source_at.unwrap_or(last.sample.received_at),
    };
    Some(ForkedFigure { value: cycle_s, from })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn standstill(from_h: i64, to_h: Option<i64>) -> Downtime {
        let at = |hours: i64| TimestampMs(hours * 3_600_000);
        Downtime {
            downtime_id: DowntimeId(Uuid::from_u128(1)),
            asset_id: AssetId(Uuid::from_u128(2)),
            from_at: at(from_h),
            to_at: to_h.map(at),
            reason_code: None,
            reason_text: None,
            recorded_by: None,
        }
    }

    #[test]
    fn standstills_say_how_a_machine_breaks_and_two_of_them_too_little() {
        let now = TimestampMs(100 * 3_600_000);
        let three = [standstill(0, Some(2)), standstill(40, Some(43)), standstill(80, Some(84))];
        let (up, repair) = breaks(&three, now);
        assert_eq!((up.value, repair.value), ((100.0 - 9.0) / 3.0, 3.0));
        assert_eq!(up.from, ForkedFrom::Standstills { count: 3, days: 5 });
        assert_eq!(breaks(&three[..2], now).0.from, ForkedFrom::Assumption);
        let with_open = [&three[..], &[standstill(99, None)]].concat();
        assert_eq!(
            breaks(&with_open, now).1.value,
            3.0,
            "one that goes on says nothing of how long it takes"
        );
    }

    #[test]
    fn shifts_end_where_the_next_begins() {
        let shifts = shifts_of(&ShiftTime::usual());
        let spans: Vec<(f64, f64)> = shifts.iter().map(|shift| (shift.from_h, shift.to_h)).collect();
        assert_eq!(spans, [(6.0, 14.0), (14.0, 22.0), (22.0, 6.0)]);
    }
}
