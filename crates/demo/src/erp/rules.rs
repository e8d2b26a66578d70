//! What the ERP does with what it is told: it numbers documents, moves orders along and moves stock.

use millwright_model::{CivilDate, Quantity, TimestampMs};
use serde_json::Value;

use super::founding::{completed, operation};
use super::literal::{date_ms, date_text};
use super::schema::{Access, EntitySet, FieldKind, set_named};
use super::store::{Change, Store, key_of};
use super::{Refusal, Row, text};

/// The plant at the ERP.
pub(super) const PLANT: &str = "1010";
const CREATED: &str = "00";
const RELEASED: &str = "02";
const TECHNICALLY_COMPLETE: &str = "03";

/// Who asks, and when.
#[derive(Copy, Clone, Debug)]
pub(super) struct Asking<'a> {
    pub user: &'a str,
    pub now: TimestampMs,
}

/// `/Date(…+0000)/`, as instants with an offset are written.
pub(super) fn instant_text(at: TimestampMs) -> Value {
    Value::String(format!("/Date({}+0000)/", at.0))
}

/// A new record with all that comes with it; the first of the change is the record itself.
pub(super) fn create(
    store: &Store,
    set: &'static EntitySet,
    body: Row,
    asking: Asking<'_>,
) -> Result<Change, Refusal> {
    let mut body = body;
    // What is created with a record is the first that it leads to.
    let children = match set.navigation.first().and_then(|navigation| body.remove(navigation.name)) {
        None => Vec::new(),
        Some(children) => child_rows(children)?,
    };
    check_fields(set, &body)?;
    let row = completed(set.name, asking.now, asking.user, Value::Object(body));
    match set.name {
        "MaintenanceOrder" => create_order(store, row, children, asking),
        "MaintenanceNotification" => create_notification(store, row),
        "MaintOrderConfirmation" => create_confirmation(store, row),
        "A_MaterialDocumentHeader" => create_movement(store, row, children, asking),
        other => Err(Refusal::new(405, &format!("{other} cannot be created here."))),
    }
}

/// A record below another one: the texts of an order are made so.
pub(super) fn create_below(
    store: &Store,
    parent: &Row,
    set: &'static EntitySet,
    mut body: Row,
    asking: Asking<'_>,
) -> Result<Change, Refusal> {
    if set.access != Access::Change {
        return Err(Refusal::new(405, &format!("{} cannot be made here.", set.name)));
    }
    check_fields(set, &body)?;
    for key in set.keys {
        if let Some(above) = parent.get(*key) {
            body.insert((*key).to_owned(), above.clone());
        }
        if text(&body, key).is_none() {
            return Err(Refusal::bad(&format!("{} needs its {key}.", set.name)));
        }
    }
    let row = completed(set.name, asking.now, asking.user, Value::Object(body));
    if store.row(set.name, &key_of(set, &row)).is_some() {
        return Err(Refusal::bad(&format!("{} is there already.", set.name)));
    }
    Ok(vec![(set.name, row)])
}

fn child_rows(children: Value) -> Result<Vec<Row>, Refusal> {
    let list = match children {
        Value::Array(list) => list,
        Value::Object(mut wrapped) => match wrapped.remove("results") {
            Some(Value::Array(list)) => list,
            _ => return Err(Refusal::bad("The items are no list.")),
        },
        _ => return Err(Refusal::bad("The items are no list.")),
    };
    let rows = list.into_iter().map(|child| match child {
        Value::Object(row) => Ok(row),
        _ => Err(Refusal::bad("An item is no record.")),
    });
    rows.collect()
}

/// Refuses unknown fields and values of another type, as a gateway does.
fn check_fields(set: &EntitySet, body: &Row) -> Result<(), Refusal> {
    for (name, value) in body {
        let Some(field) = set.field(name) else {
            return Err(Refusal::bad(&format!("Property {name} is invalid in {}.", set.name)));
        };
        let fits = match (field.kind, value) {
            (FieldKind::Text(length), Value::String(text)) => text.chars().count() <= length,
            (FieldKind::Date | FieldKind::Instant, Value::String(text)) => date_ms(text).is_some(),
            (FieldKind::Date | FieldKind::Instant, Value::Null) => true,
            (FieldKind::Time, Value::String(text)) => text.starts_with("PT"),
            (FieldKind::Decimal, Value::String(text)) => Quantity::parse_decimal(text, "").is_some(),
            _ => false,
        };
        if !fits {
            return Err(Refusal::bad(&format!("Property {name} has an invalid value: {value}.")));
        }
    }
    Ok(())
}

fn create_order(
    store: &Store,
    mut row: Row,
    children: Vec<Row>,
    asking: Asking<'_>,
) -> Result<Change, Refusal> {
    if let Some(equipment) = text(&row, "Equipment") {
        let machine = store.rows("Equipment").find(|machine| text(machine, "Equipment") == Some(equipment));
        let Some(machine) = machine else {
            return Err(Refusal::bad(&format!("Equipment {equipment} does not exist.")));
        };
        let place = machine.get("FunctionalLocation").cloned().unwrap_or_default();
        row.insert("FunctionalLocation".to_owned(), place);
    } else if let Some(place) = text(&row, "FunctionalLocation")
        && store.row_of("FunctionalLocation", place).is_none()
    {
        return Err(Refusal::bad(&format!("Functional location {place} does not exist.")));
    }
    set_end(&mut row);
    let number = store.next_number("MaintenanceOrder", "MaintenanceOrder", 7, 4_000_001);
    // This plant's order type for faults is customised to «release immediately».
    let phase = if text(&row, "MaintenanceOrderType") == Some("PM01") { RELEASED } else { CREATED };
    row.insert("MaintenanceOrder".to_owned(), number.clone().into());
    row.insert("MaintOrdProcessPhaseCode".to_owned(), phase.into());
    let title = text(&row, "MaintenanceOrderDesc").unwrap_or_default().to_owned();
    let titles: Vec<String> = if children.is_empty() {
        vec![title]
    } else {
        let named = children.iter().map(|child| text(child, "OperationDescription").unwrap_or_default());
        named.map(str::to_owned).collect()
    };
    let mut change = vec![("MaintenanceOrder", row)];
    for (title, place) in titles.iter().zip(1..) {
        let fields = operation(&number, place, title);
        let set = "MaintenanceOrderOperation";
        change.push((set, completed(set, asking.now, asking.user, fields)));
    }
    Ok(change)
}

fn create_notification(store: &Store, mut row: Row) -> Result<Change, Refusal> {
    let object = text(&row, "TechnicalObject").unwrap_or_default();
    let known = match text(&row, "TechObjIsEquipOrFuncnlLoc") {
        Some("EAMS_FL") => store.row_of("FunctionalLocation", object).is_some(),
        _ => store.rows("Equipment").any(|machine| text(machine, "Equipment") == Some(object)),
    };
    if !known {
        return Err(Refusal::bad(&format!("Technical object «{object}» does not exist.")));
    }
    let number = store.next_number("MaintenanceNotification", "MaintenanceNotification", 8, 10_000_251);
    row.insert("MaintenanceNotification".to_owned(), number.into());
    Ok(vec![("MaintenanceNotification", row)])
}

fn create_confirmation(store: &Store, mut row: Row) -> Result<Change, Refusal> {
    let number = text(&row, "MaintenanceOrder").unwrap_or_default();
    let order = the_order(store, number)?;
    let phase = text(order, "MaintOrdProcessPhaseCode").unwrap_or_default();
    if phase != RELEASED && phase != TECHNICALLY_COMPLETE {
        return Err(Refusal::bad(&format!("Order {number} is in phase {phase}: it takes no confirmation.")));
    }
    let operation = text(&row, "MaintenanceOrderOperation").unwrap_or_default();
    if store.row("MaintenanceOrderOperation", &[number.to_owned(), operation.to_owned()]).is_none() {
        return Err(Refusal::bad(&format!("Order {number} has no operation {operation}.")));
    }
    if let Some(person) = text(&row, "PersonnelNumber")
        && store.row_of("A_PersonWorkAgreement", person).is_none()
    {
        return Err(Refusal::bad(&format!("Personnel number {person} does not exist.")));
    }
    let confirmation = store.next_number("MaintOrderConfirmation", "MaintOrderConf", 10, 1);
    row.insert("MaintOrderConf".to_owned(), confirmation.into());
    Ok(vec![("MaintOrderConfirmation", row)])
}

fn create_movement(
    store: &Store,
    mut row: Row,
    children: Vec<Row>,
    asking: Asking<'_>,
) -> Result<Change, Refusal> {
    if children.is_empty() {
        return Err(Refusal::bad("A goods movement needs an item."));
    }
    let posted_ms = text(&row, "PostingDate").and_then(date_ms).unwrap_or(asking.now.0);
    let days = i32::try_from(posted_ms.div_euclid(86_400_000)).unwrap_or(0);
    let (year, _, _) = CivilDate::from_days(days).ymd();
    let number = store.next_number("A_MaterialDocumentHeader", "MaterialDocument", 10, 4_900_000_001);
    row.insert("MaterialDocumentYear".to_owned(), year.to_string().into());
    row.insert("MaterialDocument".to_owned(), number.clone().into());
    let mut change: Change = vec![("A_MaterialDocumentHeader", row)];
    let mut stock: Vec<Row> = Vec::new();
    let item_set = set_named("A_MaterialDocumentItem").ok_or_else(|| Refusal::new(500, "No items."))?;
    for (mut item, place) in children.into_iter().zip(1..) {
        check_fields(item_set, &item)?;
        item.insert("MaterialDocumentYear".to_owned(), year.to_string().into());
        item.insert("MaterialDocument".to_owned(), number.clone().into());
        item.insert("MaterialDocumentItem".to_owned(), format!("{place:04}").into());
        move_stock(store, &item, &mut stock)?;
        let item = completed(item_set.name, asking.now, asking.user, Value::Object(item));
        change.push((item_set.name, item));
    }
    change.extend(stock.into_iter().map(|row| ("A_MatlStkInAcctMod", row)));
    Ok(change)
}

/// Moves the stock of one item, on top of what earlier items of the document moved.
fn move_stock(store: &Store, item: &Row, moved: &mut Vec<Row>) -> Result<(), Refusal> {
    let field = |name: &str| text(item, name).unwrap_or_default().to_owned();
    if let Some(order) = text(item, "ManufacturingOrder") {
        the_order(store, order)?;
    }
    let key = [field("Material"), field("Plant"), field("StorageLocation")];
    let same = |row: &Row| {
        ["Material", "Plant", "StorageLocation"]
            .iter()
            .zip(&key)
            .all(|(name, value)| text(row, name).unwrap_or_default() == value)
    };
    let place = match moved.iter().position(same) {
        Some(place) => place,
        None => {
            let Some(row) = store.row("A_MatlStkInAcctMod", &key) else {
                let [material, plant, location] = &key;
                return Err(Refusal::bad(&format!("Material {material} is not kept at {plant}/{location}.")));
            };
            moved.push(row.clone());
            moved.len() - 1
        }
    };
    let Some(row) = moved.get_mut(place) else { return Ok(()) };
    let unit = text(row, "MaterialBaseUnit").unwrap_or_default().to_owned();
    if field("EntryUnit") != unit {
        return Err(Refusal::bad(&format!("{} is counted in {unit}.", field("Material"))));
    }
    let number = |text: &str| Quantity::parse_decimal(text, &unit).unwrap_or_default();
    let quantity = number(&field("QuantityInEntryUnit"));
    let held = number(text(row, "MatlWrhsStkQtyInMatlBaseUnit").unwrap_or_default());
    let signed = match field("GoodsMovementType").as_str() {
        "261" => -quantity.thousandths,
        "262" => quantity.thousandths,
        other => return Err(Refusal::bad(&format!("Movement type {other} is not allowed."))),
    };
    if quantity.thousandths <= 0 {
        return Err(Refusal::bad("A goods movement needs a quantity above zero."));
    }
    let left = Quantity { thousandths: held.thousandths.saturating_add(signed), unit: unit.clone() };
    if left.thousandths < 0 {
        let short = left.negated();
        return Err(Refusal::bad(&format!("Deficit of {}: {short}.", field("Material"))));
    }
    row.insert("MatlWrhsStkQtyInMatlBaseUnit".to_owned(), left.decimal().into());
    Ok(())
}

fn the_order<'a>(store: &'a Store, number: &str) -> Result<&'a Row, Refusal> {
    store
        .row_of("MaintenanceOrder", number)
        .ok_or_else(|| Refusal::bad(&format!("Maintenance order {number} does not exist.")))
}

/// The record with changed fields. The key, the phase and the fields that follow others do not change this way.
pub(super) fn update(
    set: &'static EntitySet,
    before: &Row,
    body: Row,
    asking: Asking<'_>,
) -> Result<Change, Refusal> {
    check_fields(set, &body)?;
    let mut row = before.clone();
    let fixed = [
        "MaintOrdProcessPhaseCode",
        "MaintOrdBasicEndDate",
        "MaintOrdBasicEndTime",
        "LastChangeDateTime",
        "LastChangeByUser",
    ];
    let ends_elsewhere = body.contains_key("MaintOrdBasicEndDateTime");
    for (name, value) in body {
        if !fixed.contains(&name.as_str()) && !set.keys.contains(&name.as_str()) {
            row.insert(name, value);
        }
    }
    if ends_elsewhere {
        set_end(&mut row);
    }
    if set.version.is_some() {
        touch(&mut row, asking);
    }
    Ok(vec![(set.name, row)])
}

/// As at SAP, day and time of the end follow the instant, by this plant's clock, and cannot be written themselves.
fn set_end(row: &mut Row) {
    const DAY_MS: i64 = 86_400_000;
    let end = text(row, "MaintOrdBasicEndDateTime").and_then(date_ms);
    let day = end.map_or(Value::Null, |end| date_text(end.div_euclid(DAY_MS) * DAY_MS));
    let seconds = end.unwrap_or(0).rem_euclid(DAY_MS) / 1000;
    let time = format!("PT{:02}H{:02}M{:02}S", seconds / 3600, seconds / 60 % 60, seconds % 60);
    row.insert("MaintOrdBasicEndDate".to_owned(), day);
    row.insert("MaintOrdBasicEndTime".to_owned(), time.into());
}

/// The order after an action.
pub(super) fn act(action: &str, order: &Row, asking: Asking<'_>) -> Result<Change, Refusal> {
    let (from, to): (&[&str], &str) = match action {
        "ReleaseMaintenanceOrder" => (&[CREATED, "01"], RELEASED),
        "SetMaintOrdToTechCompleted" => (&[RELEASED], TECHNICALLY_COMPLETE),
        other => return Err(Refusal::not_found(&format!("The action {other}"))),
    };
    let phase = text(order, "MaintOrdProcessPhaseCode").unwrap_or_default();
    if !from.contains(&phase) {
        let number = text(order, "MaintenanceOrder").unwrap_or_default();
        return Err(Refusal::bad(&format!("Order {number} is in phase {phase}: {action} is not allowed.")));
    }
    let mut row = order.clone();
    row.insert("MaintOrdProcessPhaseCode".to_owned(), to.into());
    touch(&mut row, asking);
    Ok(vec![("MaintenanceOrder", row)])
}

/// Every change has a later time than the one before, whatever the clock says: it is the version.
fn touch(row: &mut Row, asking: Asking<'_>) {
    let before = text(row, "LastChangeDateTime").and_then(date_ms).unwrap_or(0);
    let at = TimestampMs(asking.now.0.max(before + 1));
    row.insert("LastChangeDateTime".to_owned(), instant_text(at));
    row.insert("LastChangeByUser".to_owned(), asking.user.into());
}
