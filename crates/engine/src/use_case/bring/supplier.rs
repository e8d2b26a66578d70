//! Suppliers in files: one row per part that each of them offers, or one without a part.

use std::collections::BTreeMap;

use millwright_model::*;
use millwright_sheet::Value;

use super::Desk;
use super::books::{CODE_CHARS, NAME_CHARS, Parts, grouped, is_seen};
use super::line::{Fault, Line, Read, optional_cell, text_cell, whole_cell};
use super::plan::{Plan, Seen, Taken};
use crate::EngineError;

/// The currencies of ISO 4217 that are in use.
const CURRENCIES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD \
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD \
    HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD \
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG \
    QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD \
    TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// Ten years from order to delivery.
const LEAD_TIME_MAX_DAYS: i64 = 3_650;

pub(super) async fn plan(
    desk: &mut Desk<'_>,
    lines: &[Line<'_>],
    plan: &mut Plan,
) -> Result<(), EngineError> {
    let parts = Parts::here(desk).await?;
    let by_number = grouped(desk.session.all::<Supplier>().await?, |supplier| supplier.number.clone());
    let offers = grouped(desk.session.all::<Offer>().await?, |offer| (offer.part_id, offer.supplier_id));
    let mut seen = Seen::default();
    // Suppliers as the file says they are, with the row that said so first.
    let mut said: BTreeMap<String, (u32, Supplier)> = BTreeMap::new();
    for line in lines {
        let outcome = read(line, &parts, &by_number, &offers, &said, &mut seen);
        let (before, mut supplier, offer_before, offer) = match outcome {
            Ok(read) => read,
            Err(fault) => {
                plan.refuse(line, fault);
                continue;
            }
        };
        let first = !said.contains_key(&supplier.number);
        if supplier.supplier_id == SupplierId::default() {
            supplier.supplier_id = desk.mint();
        }
        said.entry(supplier.number.clone()).or_insert_with(|| (line.row, supplier.clone()));
        let offer = offer.map(|offer| Offer {
            supplier_id: supplier.supplier_id,
            offer_id: if offer_before.is_none() { desk.mint() } else { offer.offer_id },
            ..offer
        });
        let cells_before = cells(before.as_ref().unwrap_or(&supplier), offer_before, &parts);
        let cells_after = cells(&supplier, offer.as_ref(), &parts);
        let is_new = if offer.is_some() { offer_before.is_none() } else { before.is_none() && first };
        let changed = (first && before.as_ref().is_some_and(|before| *before != supplier))
            || offer_before != offer.as_ref();
        let what = match (is_new, changed) {
            (true, _) => Taken::New,
            (false, true) => Taken::Changed(plan.differences(&cells_before, &cells_after)),
            (false, false) => Taken::Same,
        };
        plan.count(line.row, &format!("{} {}", supplier.number, supplier.name), what);
        if first {
            plan.write_also(before, supplier);
        }
        if let Some(offer) = offer {
            plan.write_also(offer_before.cloned(), offer);
        }
    }
    Ok(())
}

type Row<'o> = (Option<Supplier>, Supplier, Option<&'o Offer>, Option<Offer>);

fn read<'o>(
    line: &Line<'_>,
    parts: &Parts,
    by_number: &BTreeMap<String, Vec<Supplier>>,
    offers: &'o BTreeMap<(PartId, SupplierId), Vec<Offer>>,
    said: &BTreeMap<String, (u32, Supplier)>,
    seen: &mut Seen,
) -> Read<Row<'o>> {
    let number = line.needed(DataField::Supplier, CODE_CHARS)?;
    let name = line.needed(DataField::SupplierName, NAME_CHARS)?;
    let part = parts.named(line, DataField::Part)?;
    seen.once(line, &[&number, part.map(|part| part.number.as_str()).unwrap_or_default()])?;
    let before = match by_number.get(&number).map(Vec::as_slice) {
        None | Some([]) => None,
        Some([supplier]) => Some(supplier.clone()),
        Some(_) => return Err(Fault::at(DataField::Supplier, RowFault::Several { given: number })),
    };
    let supplier_id = match (said.get(&number), &before) {
        (Some((first, earlier)), _) if earlier.name != name => {
            let why = RowFault::Differs { given: name, first: *first };
            return Err(Fault::at(DataField::SupplierName, why));
        }
        (Some((_, earlier)), _) => earlier.supplier_id,
        (None, Some(before)) => before.supplier_id,
        (None, None) => SupplierId::default(),
    };
    let supplier = Supplier { supplier_id, number, name };
    let Some(part) = part else {
        for field in [DataField::LeadTimeDays, DataField::Price, DataField::Currency] {
            if line.text(field, CODE_CHARS)?.is_some() {
                // A price of nothing.
                return Err(Fault::at(DataField::Part, RowFault::Empty));
            }
        }
        return Ok((before, supplier, None, None));
    };
    let offer_before = offers.get(&(part.part_id, supplier_id)).and_then(|offers| offers.first());
    let lead_was = offer_before.map(|offer| offer.lead_time_days);
    let lead_time_days = line
        .or_kept(DataField::LeadTimeDays, lead_was, |line| {
            line.whole(DataField::LeadTimeDays, 0, LEAD_TIME_MAX_DAYS)
        })?
        .ok_or(Fault::at(DataField::LeadTimeDays, RowFault::Empty))?;
    let price_was = offer_before.and_then(|offer| offer.price_hundredths);
    let price_hundredths =
        line.or_kept(DataField::Price, price_was, |line| line.hundredths(DataField::Price))?;
    let currency_was = offer_before.and_then(|offer| offer.currency.clone());
    let currency = line.or_kept(DataField::Currency, currency_was, currency)?;
    if price_hundredths.is_some() && currency.is_none() {
        return Err(Fault::at(DataField::Currency, RowFault::Empty));
    }
    let offer = Offer {
        offer_id: offer_before.map(|offer| offer.offer_id).unwrap_or_default(),
        part_id: part.part_id,
        supplier_id,
        lead_time_days,
        price_hundredths,
        currency,
    };
    Ok((before, supplier, offer_before, Some(offer)))
}

fn currency(line: &Line<'_>) -> Read<Option<String>> {
    let Some(given) = line.text(DataField::Currency, CODE_CHARS)? else { return Ok(None) };
    if CURRENCIES.split_whitespace().any(|code| code == given) {
        return Ok(Some(given));
    }
    let known = ["EUR", "USD", "GBP", "CHF", "…"].map(str::to_owned).to_vec();
    Err(Fault::at(DataField::Currency, RowFault::NotOneOf { given, known }))
}

fn cells(supplier: &Supplier, offer: Option<&Offer>, parts: &Parts) -> Vec<Value> {
    let price = offer.and_then(|offer| offer.price_hundredths);
    vec![
        text_cell(&supplier.number),
        text_cell(&supplier.name),
        optional_cell(offer.map(|offer| parts.number(offer.part_id))),
        offer.map_or(Value::Empty, |offer| whole_cell(offer.lead_time_days)),
        price.map_or(Value::Empty, |price| Value::Number(price as f64 / 100.0)),
        optional_cell(offer.and_then(|offer| offer.currency.as_deref())),
    ]
}

pub(super) async fn rows(desk: &mut Desk<'_>, seen: &DataSeen) -> Result<Vec<Vec<Value>>, EngineError> {
    let parts = Parts::here(desk).await?;
    let mut suppliers: Vec<Supplier> = desk.session.all().await?;
    suppliers.retain(|supplier| is_seen(seen, &[&supplier.number, &supplier.name]));
    suppliers.sort_by(|one, other| one.number.cmp(&other.number));
    let mut by_supplier = grouped(desk.session.all::<Offer>().await?, |offer| offer.supplier_id);
    let mut rows = Vec::new();
    for supplier in &suppliers {
        let mut offers = by_supplier.remove(&supplier.supplier_id).unwrap_or_default();
        offers.sort_by_key(|offer| parts.number(offer.part_id).to_owned());
        if offers.is_empty() {
            rows.push(cells(supplier, None, &parts));
        }
        rows.extend(offers.iter().map(|offer| cells(supplier, Some(offer), &parts)));
    }
    Ok(rows)
}
