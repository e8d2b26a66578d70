//! What people and tests see of the ERP: a plain page at `/`, and everything as JSON at `/demo/state`.

use serde_json::{Value, json};

use super::literal::{date_ms, iso_text};
use super::store::Store;
use super::{Row, text};

/// All that was posted, and where orders and stock stand.
pub(super) fn state(store: &Store) -> Value {
    let all = |set: &str| store.rows(set).cloned().map(Value::Object).collect::<Vec<_>>();
    json!({
        "orders": all("MaintenanceOrder"),
        "texts": all("MaintenanceOrderLongText"),
        "confirmations": all("MaintOrderConfirmation"),
        "movements": all("A_MaterialDocumentItem"),
        "movement_headers": all("A_MaterialDocumentHeader"),
        "notifications": all("MaintenanceNotification"),
        "stock": all("A_MatlStkInAcctMod"),
    })
}

/// A table of the page: title, set, and its columns as heading and field.
type Table = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const TABLES: [Table; 6] = [
    (
        "Confirmations of labour",
        "MaintOrderConfirmation",
        &[
            ("Confirmation", "MaintOrderConf"),
            ("Order", "MaintenanceOrder"),
            ("Person", "PersonnelNumber"),
            ("Work", "ActualWorkQuantity"),
            ("Unit", "ActualWorkQuantityUnit"),
            ("Text", "ConfirmationText"),
            ("Posted", "PostingDate"),
        ],
    ),
    (
        "Goods movements",
        "A_MaterialDocumentItem",
        &[
            ("Document", "MaterialDocument"),
            ("Order", "ManufacturingOrder"),
            ("Material", "Material"),
            ("Movement", "GoodsMovementType"),
            ("Quantity", "QuantityInEntryUnit"),
            ("Unit", "EntryUnit"),
            ("From", "StorageLocation"),
        ],
    ),
    (
        "Notifications",
        "MaintenanceNotification",
        &[
            ("Notification", "MaintenanceNotification"),
            ("Object", "TechnicalObject"),
            ("Priority", "MaintPriority"),
            ("Text", "NotificationText"),
        ],
    ),
    (
        "Orders",
        "MaintenanceOrder",
        &[
            ("Order", "MaintenanceOrder"),
            ("Type", "MaintenanceOrderType"),
            ("What", "MaintenanceOrderDesc"),
            ("Equipment", "Equipment"),
            ("Phase", "MaintOrdProcessPhaseCode"),
            ("Due", "MaintOrdBasicEndDate"),
            ("Changed by", "LastChangeByUser"),
        ],
    ),
    (
        "Long texts of orders",
        "MaintenanceOrderLongText",
        &[
            ("Order", "MaintenanceOrder"),
            ("Kind", "TextObjectType"),
            ("Language", "Language"),
            ("Text", "MaintenanceOrderLongText"),
        ],
    ),
    (
        "Stock",
        "A_MatlStkInAcctMod",
        &[
            ("Material", "Material"),
            ("Location", "StorageLocation"),
            ("Bin", "WarehouseStorageBin"),
            ("On hand", "MatlWrhsStkQtyInMatlBaseUnit"),
            ("Unit", "MaterialBaseUnit"),
        ],
    ),
];

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:2rem;color:#111;background:#fff}\
    table{border-collapse:collapse;margin-bottom:2rem}td,th{text-align:left;padding:.25rem .75rem;\
    border-bottom:1px solid #bbb}h2{margin:1.5rem 0 .5rem}";

/// The page.
pub(super) fn page(store: &Store) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Demo ERP</title>\
         <style>{STYLE}</style><h1>The demo plant's ERP</h1>"
    );
    for (title, set, columns) in TABLES {
        let rows: Vec<&Row> = store.rows(set).collect();
        html.push_str(&format!("<h2>{title} ({})</h2><table><tr>", rows.len()));
        for (heading, _) in columns {
            html.push_str(&format!("<th>{heading}</th>"));
        }
        html.push_str("</tr>");
        for row in rows {
            html.push_str("<tr>");
            for (_, field) in columns {
                html.push_str(&format!("<td>{}</td>", cell(row, field)));
            }
            html.push_str("</tr>");
        }
        html.push_str("</table>");
    }
    html
}

fn cell(row: &Row, field: &str) -> String {
    let value = text(row, field).unwrap_or_default();
    let shown = match date_ms(value) {
        Some(ms) => iso_text(ms).chars().take(10).collect(),
        None => value.to_owned(),
    };
    shown.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
