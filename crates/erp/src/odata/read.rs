//! From rows of a server to records in our words.

use millwright_model::{
    Criticality, ErpAsset, ErpDeleted, ErpOffer, ErpOperation, ErpPart, ErpPerson, ErpRecord, ErpStock,
    ErpSupplier, ErpTime, ErpWorkOrder, ExternalKind, StepForm, WorkKind, WorkOrderId,
};
use serde_json::Value;

use super::dialect::{DAY_MS, Dialect, date, instant, quantity, text, time_ms};
use super::mapping::{
    AssetSource, Mapping, OfferSource, OrderMapping, PartSource, PersonSource, StockSource, SupplierSource,
};
use super::mapping_check::own_key_id;

/// How the rows of a set are read.
pub(crate) enum RowReader<'a> {
    Asset(&'a AssetSource),
    WorkOrder(&'a OrderMapping),
    Part(&'a PartSource),
    Stock(&'a StockSource),
    Supplier(&'a SupplierSource),
    Person(&'a PersonSource),
}

impl RowReader<'_> {
    /// The record of a row, or what is wrong with it.
    pub fn read(&self, mapping: &Mapping, dialect: Dialect, row: &Value) -> Result<ErpRecord, String> {
        match self {
            Self::Asset(source) => asset(source, row),
            Self::WorkOrder(order) => work_order(mapping, order, dialect, row),
            Self::Part(source) => part(source, dialect, row),
            Self::Stock(source) => stock(source, row),
            Self::Supplier(source) => Ok(ErpRecord::Supplier(ErpSupplier {
                key: needed(row, &source.key)?,
                number: needed(row, &source.key)?,
                name: text(row, &source.name).unwrap_or_default(),
                offers: Vec::new(),
            })),
            Self::Person(source) => Ok(ErpRecord::Person(ErpPerson {
                key: needed(row, &source.key)?,
                number: needed(row, &source.key)?,
                name: needed(row, &source.name)?,
            })),
        }
    }
}

/// A row as every reader sees it, for the fuzz target.
pub(crate) fn fuzzed_row(mapping: &Mapping, dialect: Dialect, row: &Value) {
    let mut readers = vec![RowReader::WorkOrder(&mapping.work_order)];
    readers.extend(mapping.asset.iter().map(RowReader::Asset));
    readers.extend(mapping.part.iter().map(RowReader::Part));
    readers.extend(mapping.stock.iter().map(RowReader::Stock));
    readers.extend(mapping.supplier.iter().map(RowReader::Supplier));
    readers.extend(mapping.person.iter().map(RowReader::Person));
    for reader in readers {
        let _read_or_refused = reader.read(mapping, dialect, row).is_ok();
    }
}

fn needed(row: &Value, field: &str) -> Result<String, String> {
    text(row, field).ok_or_else(|| format!("«{field}» is empty"))
}

fn optional(row: &Value, field: Option<&String>) -> Option<String> {
    field.and_then(|field| text(row, field))
}

fn is_deleted(row: &Value, flag: Option<&String>) -> bool {
    optional(row, flag).is_some_and(|flag| matches!(flag.as_str(), "true" | "X" | "1"))
}

fn asset(source: &AssetSource, row: &Value) -> Result<ErpRecord, String> {
    let number = needed(row, &source.key)?;
    let key = format!("{}:{number}", source.name);
    if is_deleted(row, source.deleted_flag.as_ref()) {
        return Ok(ErpRecord::Deleted(ErpDeleted { record_kind: ExternalKind::Asset, key }));
    }
    let parent_key = source
        .parents
        .iter()
        .find_map(|parent| text(row, &parent.field).map(|key| format!("{}:{key}", parent.asset)));
    let criticality = match optional(row, source.criticality.as_ref()).as_deref() {
        Some("A") => Criticality::A,
        Some("B") => Criticality::B,
        _ => Criticality::C,
    };
    Ok(ErpRecord::Asset(ErpAsset {
        key,
        parent_key,
        code: optional(row, source.code.as_ref()).unwrap_or(number),
        name: text(row, &source.title).unwrap_or_default(),
        level: source.level,
        criticality,
        class: optional(row, source.class.as_ref()),
    }))
}

fn work_order(
    mapping: &Mapping,
    order: &OrderMapping,
    dialect: Dialect,
    row: &Value,
) -> Result<ErpRecord, String> {
    let key = needed(row, &order.key)?;
    if is_deleted(row, order.deleted_flag.as_ref()) {
        return Ok(ErpRecord::Deleted(ErpDeleted { record_kind: ExternalKind::WorkOrder, key }));
    }
    let code = needed(row, &order.status)?;
    let status = order
        .status_of(&code)
        .ok_or_else(|| format!("the status «{code}» is not in [work_order.statuses] of the mapping"))?;
    // The mapping's order of sources is from the whole to the part: the last that is set is the machine itself.
    let asset_key = mapping.asset.iter().rev().find_map(|source| {
        let target = order.assets.get(&source.name)?;
        text(row, &target.field).map(|key| format!("{}:{key}", source.name))
    });
    let operations = order.operations.as_ref().map_or_else(Vec::new, |fields| {
        let rows = dialect.children(row, &fields.path).iter();
        let named = rows.filter_map(|child| Some((text(child, &fields.key)?, text(child, &fields.title))));
        named
            .zip(1..)
            .map(|((operation, title), position)| ErpOperation {
                key: format!("{key}/{operation}"),
                position,
                title: title.unwrap_or(operation),
                form: StepForm::Check,
            })
            .collect()
    });
    let own_key = order.create.as_ref().and_then(|create| create.own_key.as_ref());
    let kind = optional(row, order.kind.as_ref()).and_then(|code| order.kinds.get(&code).copied());
    let priority = order.priority_of(optional(row, order.priority.as_ref()).as_deref());
    Ok(ErpRecord::WorkOrder(ErpWorkOrder {
        number: key.clone(),
        our_id: optional(row, own_key).and_then(|own| own_key_id(&own)).map(WorkOrderId),
        title: text(row, &order.title).unwrap_or_default(),
        description: optional(row, order.description.as_ref()).unwrap_or_default(),
        work_kind: kind.unwrap_or(WorkKind::Corrective),
        asset_key,
        status,
        priority,
        due: due_of(order, row),
        planned_start: day_and_time(row, order.start_date.as_ref(), order.start_time.as_ref()),
        planned_minutes: None,
        assignee_key: optional(row, order.assignee.as_ref()),
        operations,
        version: dialect.etag(row).map(str::to_owned),
        changed_by: optional(row, order.changed_by.as_ref()),
        key,
    }))
}

/// Until when an order is to be done. The instant is the exact word, unless the time of day says that there is none.
pub(super) fn due_of(order: &OrderMapping, row: &Value) -> Option<ErpTime> {
    let at = order.due_at.as_ref().and_then(|field| instant(row.get(field)?)).map(|at| ErpTime::At { at });
    let day = day_and_time(row, order.due_date.as_ref(), order.due_time());
    let says_midnight = || {
        let said = order.due_time().and_then(|field| time_ms(row.get(field)?));
        said.is_some() && matches!(day, Some(ErpTime::Day { .. }))
    };
    if at.is_none() || says_midnight() { day } else { at }
}

/// A day, and the time of it where there is one: midnight, at either end, is none.
fn day_and_time(row: &Value, date_field: Option<&String>, time_field: Option<&String>) -> Option<ErpTime> {
    let day = date_field.and_then(|field| date(row.get(field)?))?;
    let time_ms = time_field.and_then(|field| time_ms(row.get(field)?));
    Some(match time_ms.filter(|time_ms| (1..DAY_MS).contains(time_ms)) {
        Some(time_ms) => ErpTime::TimeOfDay { day, time_ms },
        None => ErpTime::Day { day },
    })
}

fn part(source: &PartSource, dialect: Dialect, row: &Value) -> Result<ErpRecord, String> {
    let key = needed(row, &source.key)?;
    if is_deleted(row, source.deleted_flag.as_ref()) {
        return Ok(ErpRecord::Deleted(ErpDeleted { record_kind: ExternalKind::Part, key }));
    }
    let name = match source.name.split_once('/') {
        Some((path, field)) => dialect.children(row, path).iter().find_map(|child| text(child, field)),
        None => text(row, &source.name),
    };
    Ok(ErpRecord::Part(ErpPart {
        number: key.clone(),
        name: name.unwrap_or_else(|| key.clone()),
        unit: needed(row, &source.unit)?,
        key,
    }))
}

fn stock(source: &StockSource, row: &Value) -> Result<ErpRecord, String> {
    let places: Result<Vec<String>, String> =
        source.location.iter().map(|field| needed(row, field)).collect();
    let location_key = places?.join("/");
    let unit = needed(row, &source.unit)?;
    let on_hand = row
        .get(&source.quantity)
        .and_then(|value| quantity(value, &unit))
        .ok_or_else(|| format!("«{}» is not a quantity that fits", source.quantity))?;
    Ok(ErpRecord::Stock(ErpStock {
        part_key: needed(row, &source.part)?,
        location: location_key.clone(),
        location_key,
        bin: optional(row, source.bin.as_ref()),
        on_hand,
    }))
}

/// Adds an offer to its supplier.
pub(crate) fn add_offer(mapping: &OfferSource, row: &Value, suppliers: &mut [ErpRecord]) {
    let (Some(supplier_key), Some(part_key)) = (text(row, &mapping.supplier), text(row, &mapping.part))
    else {
        return;
    };
    let whole_days = row.get(&mapping.lead_time_days).and_then(|value| quantity(value, "d"));
    let price = mapping.price.as_ref().and_then(|field| quantity(row.get(field)?, ""));
    let offer = ErpOffer {
        part_key,
        lead_time_days: whole_days.map_or(0, |days| days.thousandths / 1000),
        price_hundredths: price.map(|price| (price.thousandths + 5).div_euclid(10)),
        currency: mapping.currency.as_ref().and_then(|field| text(row, field)),
    };
    for record in suppliers {
        if let ErpRecord::Supplier(supplier) = record
            && supplier.key == supplier_key
        {
            supplier.offers.push(offer);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::mapping_check::SAP_V2;
    use super::*;

    #[test]
    fn stock_says_its_bin_where_the_mapping_names_the_field() {
        let row = json!({"Material": "S45", "Plant": "1010", "StorageLocation": "0001", "Bin": "C-14",
            "MaterialBaseUnit": "EA", "MatlWrhsStkQtyInMatlBaseUnit": "2"});
        let text = SAP_V2.replace("[stock]\n", "[stock]\nbin = \"Bin\"\n");
        for (text, expected) in [(SAP_V2, None), (text.as_str(), Some("C-14"))] {
            let (mapping, _) = Mapping::load(text).unwrap();
            let read = stock(mapping.stock.as_ref().unwrap(), &row).unwrap();
            let ErpRecord::Stock(stock) = read else { panic!("{read:?}") };
            assert_eq!(stock.bin.as_deref(), expected);
        }
    }
}
