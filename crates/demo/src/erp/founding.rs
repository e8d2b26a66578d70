//! The records that stand in the ERP when the plant is founded. Dates are counted from the founding.

use std::collections::BTreeMap;

use millwright_model::{Quantity, TimestampMs};
use serde_json::{Value, json};

use super::Row;
use super::literal::date_text;
use super::rules::{PLANT, instant_text};
use super::schema::{FieldKind, set_named};
use crate::seed::{Seed, SeedOrder, SeedPart};

const DAY_MS: i64 = 86_400_000;
/// 9999-12-31, SAP's «for ever».
const FOR_EVER_MS: i64 = 253_402_214_400_000;
const PLANNER: &str = "PLANNER";

/// All records of the founding.
pub(super) fn rows(seed: &Seed, founded: TimestampMs) -> Vec<(&'static str, Row)> {
    // Master data is older than the first pull, so that nobody takes it for news.
    let long_ago = founded.plus_ms(-30 * DAY_MS);
    let mut rows = Vec::new();
    for place in &seed.places {
        rows.push(record(
            "FunctionalLocation",
            long_ago,
            json!({
                "FunctionalLocation": place.number,
                "FunctionalLocationName": place.name,
                "FunctionalLocationLabelName": place.code,
                "SuperiorFunctionalLocation": place.above.as_deref().unwrap_or_default(),
                "ABCIndicator": place.criticality,
            }),
        ));
    }
    for machine in &seed.machines {
        rows.push(record(
            "Equipment",
            long_ago,
            json!({
                "Equipment": machine.number,
                "ValidityEndDate": date_text(FOR_EVER_MS),
                "EquipmentName": machine.name,
                "EquipmentCategory": "M",
                "TechnicalObjectType": machine.class,
                "MaintenancePlant": PLANT,
                "ABCIndicator": machine.criticality,
                "FunctionalLocation": machine.place,
                "TechnicalIdentification": machine.code,
            }),
        ));
    }
    for person in &seed.people {
        let fields = json!({ "PersonWorkAgreement": person.number, "PersonFullName": person.name });
        rows.push(record("A_PersonWorkAgreement", long_ago, fields));
    }
    for supplier in &seed.suppliers {
        let fields = json!({ "Supplier": supplier.number, "SupplierName": supplier.name });
        rows.push(record("A_Supplier", long_ago, fields));
    }
    let mut record_number = 5_300_000_000_u64;
    for part in &seed.parts {
        rows.extend(part_rows(part, long_ago, &mut record_number));
    }
    let machines: BTreeMap<&str, (&str, &str)> = seed
        .machines
        .iter()
        .map(|machine| (machine.code.as_str(), (machine.number.as_str(), machine.place.as_str())))
        .collect();
    for order in &seed.orders {
        let (equipment, place) = match &order.machine {
            Some(code) => machines.get(code.as_str()).copied().unwrap_or_default(),
            None => ("", order.place.as_deref().unwrap_or_default()),
        };
        rows.extend(order_rows(order, equipment, place, founded));
    }
    rows
}

fn part_rows(part: &SeedPart, at: TimestampMs, record_number: &mut u64) -> Vec<(&'static str, Row)> {
    let product = json!({ "Product": part.number, "BaseUnit": part.unit });
    let description = json!({ "Product": part.number, "Language": "EN", "ProductDescription": part.name });
    let mut rows = vec![record("A_Product", at, product), record("A_ProductDescription", at, description)];
    for (location, bin, count) in &part.stock {
        let count = Quantity::parse_decimal(count, &part.unit).unwrap_or_default();
        rows.push(record(
            "A_MatlStkInAcctMod",
            at,
            json!({
                "Material": part.number,
                "Plant": PLANT,
                "StorageLocation": location,
                "WarehouseStorageBin": bin,
                "MaterialBaseUnit": part.unit,
                "MatlWrhsStkQtyInMatlBaseUnit": count.decimal(),
            }),
        ));
    }
    for (supplier, days, price) in &part.offers {
        *record_number += 1;
        rows.push(record(
            "A_PurchasingInfoRecord",
            at,
            json!({
                "PurchasingInfoRecord": record_number.to_string(),
                "Supplier": supplier,
                "Material": part.number,
                "MaterialPlannedDeliveryDurn": days.to_string(),
                "NetPriceAmount": price,
                "Currency": "EUR",
            }),
        ));
    }
    rows
}

fn order_rows(
    order: &SeedOrder,
    equipment: &str,
    place: &str,
    founded: TimestampMs,
) -> Vec<(&'static str, Row)> {
    let midnight = founded.0.div_euclid(DAY_MS) * DAY_MS;
    let day = |days: i64| date_text(midnight + days * DAY_MS);
    let changed = founded.plus_ms((order.start_in_days.min(0) - 1) * DAY_MS);
    let mut rows = vec![record(
        "MaintenanceOrder",
        changed,
        json!({
            "MaintenanceOrder": order.number,
            "MaintenanceOrderType": order.kind,
            "MaintenanceOrderDesc": order.title,
            "MaintPriority": order.priority,
            "MaintenancePlant": PLANT,
            "MaintenancePlanningPlant": PLANT,
            "MainWorkCenter": "MECH",
            "Equipment": equipment,
            "FunctionalLocation": place,
            "MaintOrdBasicStartDate": day(order.start_in_days),
            "MaintOrdBasicEndDate": day(order.due_in_days),
            "MaintOrdBasicEndDateTime": instant_text(TimestampMs(midnight + order.due_in_days * DAY_MS)),
            "MaintOrdBasicStartTime": order.start_time,
            "MaintOrdProcessPhaseCode": order.phase,
            "MaintOrdPersonResponsible": order.person.as_deref().unwrap_or_default(),
        }),
    )];
    for (title, number) in order.operations.iter().zip(1..) {
        rows.push(record("MaintenanceOrderOperation", changed, operation(&order.number, number, title)));
    }
    rows
}

/// An operation of an order; they are numbered in tens.
pub(super) fn operation(order: &str, number: usize, title: &str) -> Value {
    json!({
        "MaintenanceOrder": order,
        "MaintenanceOrderOperation": format!("{:04}", number * 10),
        "OperationDescription": title,
        "WorkCenter": "MECH",
        "OperationControlKey": "PM01",
    })
}

fn record(set: &'static str, changed: TimestampMs, fields: Value) -> (&'static str, Row) {
    (set, completed(set, changed, PLANNER, fields))
}

/// A record with every field of its set: those not given are empty, as at SAP.
pub(super) fn completed(set: &str, changed: TimestampMs, by: &str, fields: Value) -> Row {
    let mut row = match fields {
        Value::Object(fields) => fields,
        _ => Row::new(),
    };
    for field in set_named(set).map(|set| set.fields).unwrap_or_default() {
        let empty = match (field.name, field.kind) {
            ("LastChangeDateTime", _) => instant_text(changed),
            ("LastChangedByUser" | "LastChangeByUser", _) => Value::from(by),
            (_, FieldKind::Text(_)) => Value::from(""),
            (_, FieldKind::Decimal) => Value::from("0"),
            (_, FieldKind::Time) => Value::from("PT00H00M00S"),
            (_, FieldKind::Date | FieldKind::Instant) => Value::Null,
        };
        row.entry(field.name).or_insert(empty);
    }
    row
}
