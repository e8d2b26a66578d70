//! How long the plant lives without each of its suppliers: from stock, use and other offers, by the method of
//! `millwright_methods::supply`.

use std::collections::{BTreeMap, HashMap};

use millwright_methods::supply;
use millwright_model::*;

use super::fill::{Known, WEEKS, as_told, of_part};
use super::unfit;
use crate::EngineError;
use crate::engine::Inner;

/// As far as is looked ahead.
const OUTAGE_MAX_DAYS: u32 = supply::HORIZON_D as u32;
/// Where stock lies: what never goes down here.
const HERE: &str = "here";
/// The supplier that is gone.
const GONE: &str = "gone";
/// All others together: each part has lanes of its own.
const ELSEWHERE: &str = "elsewhere";
const WEEK_DAYS: f64 = 7.0;

pub(crate) async fn supply_risk_show(
    engine: &Inner,
    command: SupplyRiskShow,
) -> Result<SupplyRisk, EngineError> {
    let outage_days = command.outage_days;
    if outage_days > OUTAGE_MAX_DAYS {
        let limit = u64::from(OUTAGE_MAX_DAYS);
        return Err(unfit(ScenarioFault::TooMany { what: "days".to_owned(), limit }));
    }
    let now = engine.now();
    let mut session = engine.database.read().await?;
    let suppliers = session.all::<Supplier>().await?;
    let names: HashMap<SupplierId, String> =
        suppliers.iter().map(|one| (one.supplier_id, one.name.clone())).collect();
    let mut parts_of: BTreeMap<SupplierId, Vec<PartId>> = BTreeMap::new();
    for offer in session.all::<Offer>().await? {
        let parts = parts_of.entry(offer.supplier_id).or_default();
        if !parts.contains(&offer.part_id) {
            parts.push(offer.part_id);
        }
    }
    let mut told = Vec::with_capacity(suppliers.len());
    for supplier in suppliers {
        let mut known = Vec::new();
        for part_id in parts_of.remove(&supplier.supplier_id).unwrap_or_default() {
            let Some(part) = session.get::<Part>(part_id).await? else { continue };
            known.push(of_part(&mut session, part, Some(supplier.supplier_id), &names, now).await?);
        }
        told.push(without(&supplier, known, f64::from(outage_days))?);
    }
    told.sort_by(|one, other| {
        let survives = |risk: &SupplierRisk| risk.survives_days.unwrap_or(f64::INFINITY);
        other.short_days.total_cmp(&one.short_days).then(survives(one).total_cmp(&survives(other)))
    });
    Ok(SupplyRisk { outage_days, suppliers: told })
}

/// What happens when this supplier is gone for so many days.
fn without(supplier: &Supplier, known: Vec<Known>, outage_days: f64) -> Result<SupplierRisk, EngineError> {
    let network = network(&known, outage_days);
    let risks = supply::risks(&network, &|| false)
        .map_err(|stopped| EngineError::internal(format!("the network of a supplier: {stopped}")))?;
    let gone = risks.into_iter().find(|risk| risk.site == GONE);
    let mut parts: Vec<SupplyRiskPart> = known.into_iter().map(|known| part(known, outage_days)).collect();
    parts.sort_by(|one, other| {
        let lasts = |part: &SupplyRiskPart| part.lasts_days.unwrap_or(f64::INFINITY);
        other.short_days.total_cmp(&one.short_days).then(lasts(one).total_cmp(&lasts(other)))
    });
    let gone = gone.as_ref();
    Ok(SupplierRisk {
        supplier_id: supplier.supplier_id,
        number: supplier.number.clone(),
        name: supplier.name.clone(),
        survives_days: gone.and_then(|risk| risk.time_to_survive_d),
        short_days: days_short(&parts),
        runs_out: gone.and_then(|risk| {
            let first =
                parts.iter().find(|risk_of| Some(risk_of.part.part_id.to_string()) == risk.runs_out)?;
            Some(first.part.number.clone())
        }),
        parts,
    })
}

/// On how many days at least one of the parts is missed.
fn days_short(parts: &[SupplyRiskPart]) -> f64 {
    let stretch = |part: &SupplyRiskPart| {
        let from = part.lasts_days.filter(|_| part.short_days > 0.0)?;
        Some((from, from + part.short_days))
    };
    let mut stretches: Vec<(f64, f64)> = parts.iter().filter_map(stretch).collect();
    stretches.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut days, mut until) = (0.0, f64::NEG_INFINITY);
    for (from, to) in stretches {
        days += (to - from.max(until)).max(0.0);
        until = until.max(to);
    }
    days
}

/// What is used of each part in a day, where stock and use are known.
fn used_per_day(known: &Known) -> Option<f64> {
    let per_day = known.used_thousandths as f64 / 1_000.0 / (WEEKS as f64 * WEEK_DAYS);
    (known.on_hand.is_some() && per_day > 0.0).then_some(per_day)
}

fn on_hand(known: &Known) -> f64 {
    known.on_hand.as_ref().map_or(0.0, |quantity| quantity.thousandths.max(0) as f64 / 1_000.0)
}

/// The supplier's parts, with what is there and who else offers them after how long.
fn network(known: &[Known], outage_days: f64) -> supply::Network {
    let site = |name: &str, time_to_recover_d: f64| supply::Site { name: name.to_owned(), time_to_recover_d };
    let sites = vec![site(GONE, outage_days), site(HERE, 0.0), site(ELSEWHERE, 0.0)];
    let mut parts = Vec::new();
    for known in known {
        let Some(demand_per_d) = used_per_day(known) else { continue };
        let mut lanes = vec![supply::Lane { site: GONE.to_owned(), capacity_per_d: None, lead_time_d: 0.0 }];
        if let Some(days) = elsewhere_days(known) {
            // One is enough: no offer says how much can be had.
            let site = ELSEWHERE.to_owned();
            lanes.push(supply::Lane { site, capacity_per_d: None, lead_time_d: days as f64 });
        }
        parts.push(supply::Part {
            // Two parts may have one number.
            name: known.part.part_id.to_string(),
            demand_per_d,
            margin_per_unit: 0.0,
            stocks: vec![supply::Stock { site: HERE.to_owned(), units: on_hand(known) }],
            components: vec![],
            lanes,
        });
    }
    supply::Network { sites, parts }
}

/// After how many days the first of all others delivers.
fn elsewhere_days(known: &Known) -> Option<i64> {
    known.others.iter().map(|(_, days)| (*days).max(0)).min()
}

fn part(known: Known, outage_days: f64) -> SupplyRiskPart {
    let lasts_days = used_per_day(&known).map(|per_day| on_hand(&known) / per_day);
    let elsewhere_days = elsewhere_days(&known);
    let back_days = elsewhere_days.map_or(outage_days, |days| outage_days.min(days as f64));
    SupplyRiskPart {
        short_days: lasts_days.map_or(0.0, |lasts| (back_days - lasts).max(0.0)),
        lasts_days,
        elsewhere_days,
        has_substitute: known.has_substitute,
        part: as_told(known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(number: &str, on_hand: Option<i64>, used: i64, others: &[i64]) -> Known {
        let pieces = |count: i64| Quantity { thousandths: count * 1_000, unit: "pcs".to_owned() };
        Known {
            part: Part {
                part_id: PartId(uuid::Uuid::from_u128(number.bytes().map(u128::from).sum())),
                number: number.to_owned(),
                name: number.to_owned(),
                unit: "pcs".to_owned(),
                alternates: vec![],
            },
            on_hand: on_hand.map(pieces),
            used_thousandths: used * 1_000,
            others: others.iter().map(|days| (String::new(), *days)).collect(),
            has_substitute: false,
            machines: vec![],
        }
    }

    fn supplier() -> Supplier {
        Supplier {
            supplier_id: SupplierId(uuid::Uuid::from_u128(1)),
            number: "1".to_owned(),
            name: "One".to_owned(),
        }
    }

    #[test]
    fn days_on_which_something_is_missed_are_counted_once() {
        // 52 a week: the first lasts 7 days and comes from elsewhere after 17, the second lasts 14 and comes after 24.
        let weekly = 52 * 52;
        let parts = vec![known("A", Some(52), weekly, &[17]), known("B", Some(104), weekly, &[24, 60])];
        let risk = without(&supplier(), parts, 90.0).unwrap();
        assert!((risk.short_days - 17.0).abs() < 1e-9, "{risk:?}");
        assert!((risk.survives_days.unwrap() - 7.0).abs() < 1e-6, "{risk:?}");
        assert_eq!(risk.runs_out.as_deref(), Some("A"));
    }

    #[test]
    fn what_others_deliver_before_it_runs_out_is_not_missed() {
        let risk = without(&supplier(), vec![known("A", Some(30), 364, &[21])], 90.0).unwrap();
        assert_eq!((risk.short_days, risk.survives_days), (0.0, None));
    }

    #[test]
    fn nothing_is_said_of_a_part_whose_stock_or_use_is_unknown() {
        let parts = vec![known("A", None, 100, &[]), known("BB", Some(3), 0, &[])];
        let risk = without(&supplier(), parts, 90.0).unwrap();
        assert_eq!((risk.unknown_count(), risk.short_days, risk.survives_days), (2, 0.0, None));
    }
}
