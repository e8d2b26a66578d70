//! Pulling from Tryton, model by model, in pages by id.

use std::collections::BTreeMap;

use millwright_model::{
    AssetLevel, Criticality, ErpAsset, ErpPart, ErpPerson, ErpRecord, ErpStock, ErpWorkOrder, Priority,
    PullPage, Quantity, TimestampMs, WorkKind, WorkOrderId,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::TrytonErp;
use super::push::COMMENT_MARK;
use super::rpc::{instant_json, instant_of, minutes_of};
use crate::ErpError;

const CURSOR_VERSION: u32 = 1;

/// What is pulled, in the order in which it refers to each other.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    #[default]
    Lots,
    Employees,
    Products,
    Stock,
    Orders,
}

impl Source {
    fn next(self) -> Option<Self> {
        match self {
            Self::Lots => Some(Self::Employees),
            Self::Employees => Some(Self::Products),
            Self::Products => Some(Self::Stock),
            Self::Stock => Some(Self::Orders),
            Self::Orders => None,
        }
    }

    fn model(self) -> &'static str {
        match self {
            Self::Lots => "stock.lot",
            Self::Employees => "company.employee",
            Self::Products | Self::Stock => "product.product",
            Self::Orders => "project.work",
        }
    }

    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Lots => &["number", "product.rec_name", "write_date", "create_date"],
            Self::Employees => &["rec_name", "party.code", "write_date", "create_date"],
            Self::Products => &["code", "template.name", "default_uom.symbol", "write_date", "create_date"],
            Self::Stock => &["quantity", "default_uom.symbol"],
            Self::Orders => &[
                "number",
                "name",
                "comment",
                "status.name",
                "parent.name",
                "effort_duration",
                "write_uid.rec_name",
                "_timestamp",
                "write_date",
                "create_date",
            ],
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    version: u32,
    source: Source,
    after_id: i64,
    /// The server's clock at the first page of this model.
    began_ms: Option<i64>,
    newest_ms: Option<i64>,
    since_ms: BTreeMap<Source, i64>,
    /// Rows within the overlap and their last change, so that they are not delivered twice.
    seen: BTreeMap<Source, BTreeMap<i64, i64>>,
    seeing: BTreeMap<i64, i64>,
}

impl TrytonErp {
    pub(crate) async fn pull_page(&self, cursor: Option<&str>) -> Result<PullPage, ErpError> {
        let mut cursor = match cursor {
            None => Cursor { version: CURSOR_VERSION, ..Cursor::default() },
            Some(text) => serde_json::from_str(text)
                .ok()
                .filter(|cursor: &Cursor| cursor.version == CURSOR_VERSION)
                .ok_or_else(|| {
                    ErpError::BadInput(
                        "The stored place of the pull is not one of this connector.".to_owned(),
                    )
                })?,
        };
        let source = cursor.source;
        let (rows, server_ms) = self.page_of(&cursor).await?;
        cursor.began_ms = cursor.began_ms.or(server_ms);
        let full = rows.len() >= usize::try_from(self.config.page_size).unwrap_or(usize::MAX);
        cursor.after_id = rows.last().and_then(|row| row.get("id")?.as_i64()).unwrap_or(cursor.after_id);
        let fresh: Vec<Value> = rows.into_iter().filter(|row| cursor.is_fresh(row)).collect();
        let mut findings = Vec::new();
        let records = match source {
            Source::Lots => fresh.iter().filter_map(asset).collect(),
            Source::Employees => fresh.iter().filter_map(employee).collect(),
            Source::Products => fresh.iter().filter_map(part).collect(),
            Source::Stock => self.stock_of(&fresh).await?,
            Source::Orders => self.orders(&fresh, &mut findings).await?,
        };
        let mut more = true;
        if !full {
            cursor.finish(server_ms, i64::from(self.config.overlap_seconds) * 1000);
            match source.next() {
                Some(next) => cursor.source = next,
                None => {
                    cursor.source = Source::default();
                    more = false;
                }
            }
        }
        let next_cursor = serde_json::to_string(&cursor).map_err(|error| {
            ErpError::BadInput(format!("The place of the pull cannot be stored: {error}"))
        })?;
        Ok(PullPage { records, next_cursor, more, findings })
    }

    /// The next rows by id: rows that change while we read keep their place.
    async fn page_of(&self, cursor: &Cursor) -> Result<(Vec<Value>, Option<i64>), ErpError> {
        let source = cursor.source;
        let mut domain = vec![json!(["id", ">", cursor.after_id])];
        match source {
            Source::Orders => domain.push(json!(["type", "=", "task"])),
            Source::Products | Source::Stock => domain.push(json!(["type", "=", "goods"])),
            Source::Lots | Source::Employees => {}
        }
        if let Some(since) = cursor.since_ms.get(&source) {
            let since = instant_json(TimestampMs(*since));
            domain.push(json!(["OR", ["write_date", ">=", since], ["create_date", ">=", since]]));
        }
        let order = json!([["id", "ASC"]]);
        let params =
            vec![Value::Array(domain), json!(0), json!(self.config.page_size), order, json!(source.fields())];
        let call = format!("model.{}.search_read", source.model());
        let called = self.rpc.call(&call, params, json!({})).await?;
        match called.result {
            Value::Array(rows) => Ok((rows, called.server_ms)),
            _ => Err(ErpError::NotUnderstood(format!("Tryton answers no rows for «{}».", source.model()))),
        }
    }

    /// What each warehouse has of these products. Zero is said too, or an empty shelf would look full for ever.
    async fn stock_of(&self, products: &[Value]) -> Result<Vec<ErpRecord>, ErpError> {
        if products.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&Value> = products.iter().filter_map(|row| row.get("id")).collect();
        let warehouses = json!([["type", "=", "warehouse"]]);
        let fields = ["storage_location", "storage_location.name"];
        let warehouses = self.rpc.search_read("stock.location", warehouses, 1000, &fields, json!({})).await?;
        let mut records = Vec::new();
        for warehouse in &warehouses {
            let Some(location) = warehouse.get("storage_location").and_then(Value::as_i64) else { continue };
            let name = nested(warehouse, "storage_location.", "name").unwrap_or_default();
            let context = json!({"locations": [location], "with_childs": true});
            let fields = Source::Stock.fields();
            let domain = json!([["id", "in", ids]]);
            let rows = self
                .rpc
                .search_read("product.product", domain, self.config.page_size, fields, context)
                .await?;
            for row in rows {
                let unit = nested(&row, "default_uom.", "symbol").unwrap_or_default();
                let quantity = row.get("quantity").and_then(Value::as_f64).filter(|count| count.abs() < 1e12);
                let (Some(id), Some(count)) = (row.get("id").and_then(Value::as_i64), quantity) else {
                    continue;
                };
                records.push(ErpRecord::Stock(ErpStock {
                    part_key: id.to_string(),
                    location_key: location.to_string(),
                    location: name.clone(),
                    bin: None,
                    on_hand: Quantity { thousandths: (count * 1000.0).round() as i64, unit },
                }));
            }
        }
        Ok(records)
    }

    async fn orders(&self, rows: &[Value], findings: &mut Vec<String>) -> Result<Vec<ErpRecord>, ErpError> {
        let projects: Vec<String> = rows.iter().filter_map(|row| nested(row, "parent.", "name")).collect();
        let domain = json!([["number", "in", projects]]);
        // A project whose name is no machine's number is only a project.
        let machines = if projects.is_empty() {
            Vec::new()
        } else {
            self.rpc.search_read("stock.lot", domain, 10_000, &["number"], json!({})).await?
        };
        let machines: Vec<String> = machines.iter().filter_map(|row| text(row, "number")).collect();
        let mut records = Vec::new();
        for row in rows {
            let Some(key) = row.get("id").and_then(Value::as_i64).map(|id| id.to_string()) else { continue };
            let status = nested(row, "status.", "name").unwrap_or_default();
            let Some(ours) = self.status_of(&status) else {
                findings.push(format!("project.work {key}: the status «{status}» is not mapped"));
                continue;
            };
            let comment = text(row, "comment").unwrap_or_default();
            let our_id = comment
                .lines()
                .find_map(|line| line.trim().strip_prefix(COMMENT_MARK)?.trim().parse::<WorkOrderId>().ok());
            let description: Vec<&str> =
                comment.lines().filter(|line| !line.trim().starts_with(COMMENT_MARK)).collect();
            records.push(ErpRecord::WorkOrder(ErpWorkOrder {
                number: text(row, "number").unwrap_or_else(|| key.clone()),
                our_id,
                title: text(row, "name").unwrap_or_default(),
                description: description.join("\n"),
                work_kind: WorkKind::Corrective,
                asset_key: nested(row, "parent.", "name").filter(|name| machines.contains(name)),
                status: ours,
                // A task has no place for these: `has_order_field` says so, and nobody asks what stands here.
                priority: Priority::Medium,
                due: None,
                planned_start: None,
                planned_minutes: row.get("effort_duration").and_then(minutes_of),
                assignee_key: None,
                operations: Vec::new(),
                version: text(row, "_timestamp"),
                changed_by: nested(row, "write_uid.", "rec_name"),
                key,
            }));
        }
        Ok(records)
    }
}

impl Cursor {
    /// Whether a row was not delivered before in this state.
    fn is_fresh(&mut self, row: &Value) -> bool {
        let changed =
            row.get("write_date").and_then(instant_of).or_else(|| instant_of(row.get("create_date")?));
        let (Some(changed), Some(id)) = (changed, row.get("id").and_then(Value::as_i64)) else { return true };
        self.newest_ms = self.newest_ms.max(Some(changed.0));
        self.seeing.insert(id, changed.0);
        self.seen.get(&self.source).and_then(|seen| seen.get(&id)) != Some(&changed.0)
    }

    /// The model is read to its end: from where the next run starts.
    fn finish(&mut self, server_ms: Option<i64>, overlap_ms: i64) {
        let seeing = std::mem::take(&mut self.seeing);
        let began_ms = self.began_ms.take();
        // Rows may have changed on a page already read, for as long as the reading took.
        let took_ms = server_ms.zip(began_ms).map_or(0, |(now, began)| now.saturating_sub(began).max(0));
        if let Some(newest) = self.newest_ms.take() {
            let since = newest.saturating_sub(overlap_ms).saturating_sub(took_ms);
            let since = self.since_ms.get(&self.source).copied().unwrap_or(since).max(since);
            self.since_ms.insert(self.source, since);
            let overlap = seeing.into_iter().filter(|(_, changed_ms)| *changed_ms >= since).collect();
            self.seen.insert(self.source, overlap);
        }
        self.after_id = 0;
    }
}

/// Every kind of row, for the fuzz target.
pub(crate) fn fuzzed_row(row: &Value) {
    let _read = (asset(row).is_some(), employee(row).is_some(), part(row).is_some());
}

fn text(row: &Value, field: &str) -> Option<String> {
    row.get(field)?.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A field of a record that a row refers to: Tryton answers it under the name with a point.
fn nested(row: &Value, relation: &str, field: &str) -> Option<String> {
    text(row.get(relation)?, field)
}

fn key_of(row: &Value) -> Option<String> {
    row.get("id")?.as_i64().map(|id| id.to_string())
}

fn asset(row: &Value) -> Option<ErpRecord> {
    let number = text(row, "number")?;
    Some(ErpRecord::Asset(ErpAsset {
        key: number.clone(),
        parent_key: None,
        code: number,
        name: nested(row, "product.", "rec_name").unwrap_or_default(),
        level: AssetLevel::Machine,
        criticality: Criticality::C,
        class: None,
    }))
}

fn employee(row: &Value) -> Option<ErpRecord> {
    let key = key_of(row)?;
    let number = nested(row, "party.", "code").unwrap_or_else(|| key.clone());
    Some(ErpRecord::Person(ErpPerson { key, number, name: text(row, "rec_name")? }))
}

fn part(row: &Value) -> Option<ErpRecord> {
    let key = key_of(row)?;
    Some(ErpRecord::Part(ErpPart {
        number: text(row, "code").unwrap_or_else(|| key.clone()),
        name: nested(row, "template.", "name")?,
        unit: nested(row, "default_uom.", "symbol").unwrap_or_default(),
        key,
    }))
}
