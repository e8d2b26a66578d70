//! The mapping file: which of our words is which service, set, field and code at an OData server.

use std::collections::BTreeMap;

use millwright_model::{AssetLevel, Priority, WorkKind, WorkOrderStatus};
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

/// Which version of OData the server speaks.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Version 2, as SAP's released maintenance services speak it.
    V2,
    /// Version 4.
    V4,
}

/// How an instant is written in a `$filter` of version 2: depends on the field's type in `$metadata`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstantLiteral {
    /// `datetimeoffset'2026-11-23T08:00:00Z'`.
    #[default]
    Datetimeoffset,
    /// `datetime'2026-11-23T08:00:00'`.
    Datetime,
}

/// Field values that only the ERP wants.
pub(crate) type Defaults = BTreeMap<String, Value>;

/// A whole mapping file. `Mapping::load` reads and checks one.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub(crate) version: u32,
    pub(crate) protocol: Protocol,
    #[serde(default)]
    pub(crate) instant_literal: InstantLiteral,
    /// How far before the newest change seen a pull starts again, for clocks and transactions that lag.
    #[serde(default = "five_minutes")]
    pub(crate) overlap_seconds: u32,
    #[serde(default = "two_hundred")]
    pub(crate) page_size: u32,
    #[serde(default)]
    pub(crate) asset: Vec<AssetSource>,
    pub(crate) work_order: OrderMapping,
    pub(crate) request: Option<RequestMapping>,
    pub(crate) labour: Option<LabourMapping>,
    pub(crate) movement: Option<MovementMapping>,
    pub(crate) part: Option<PartSource>,
    pub(crate) stock: Option<StockSource>,
    pub(crate) supplier: Option<SupplierSource>,
    pub(crate) person: Option<PersonSource>,
}

fn five_minutes() -> u32 {
    300
}

fn two_hundred() -> u32 {
    200
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssetSource {
    /// The first part of the keys of its records (`equipment:10000001`).
    pub name: String,
    pub service: String,
    pub set: String,
    pub key: String,
    pub filter: Option<String>,
    pub changed_at: Option<String>,
    pub deleted_flag: Option<String>,
    pub code: Option<String>,
    pub title: String,
    pub criticality: Option<String>,
    pub class: Option<String>,
    pub level: AssetLevel,
    #[serde(default)]
    pub parents: Vec<ParentField>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ParentField {
    pub field: String,
    pub asset: String,
}

/// Where an asset goes in a record: its field, and what else must be set with it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssetTarget {
    pub field: String,
    #[serde(default)]
    pub also: Defaults,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderMapping {
    pub service: String,
    pub set: String,
    pub key: String,
    pub filter: Option<String>,
    pub expand: Option<String>,
    pub changed_at: Option<String>,
    pub changed_by: Option<String>,
    pub deleted_flag: Option<String>,
    pub title: String,
    #[serde(default = "forty")]
    pub title_length: usize,
    pub description: Option<String>,
    /// The field of the order that takes what was found and done.
    pub closing_text: Option<Spanned<String>>,
    /// The set of texts that takes it, where the order has no field for it.
    pub closing_texts: Option<TextSet>,
    pub kind: Option<String>,
    pub priority: Option<String>,
    pub status: String,
    /// The day until which it is to be done.
    pub due_date: Option<String>,
    /// The time of that day; midnight, at either end, is none.
    pub due_time: Option<Spanned<String>>,
    /// The instant. Where there is one, it is what is written, and the two above are only read.
    pub due_at: Option<String>,
    pub start_date: Option<String>,
    pub start_time: Option<String>,
    pub assignee: Option<String>,
    #[serde(default)]
    pub assets: BTreeMap<String, AssetTarget>,
    pub operations: Option<OperationFields>,
    #[serde(default)]
    pub kinds: BTreeMap<String, WorkKind>,
    #[serde(default)]
    pub priorities: BTreeMap<String, Priority>,
    pub statuses: BTreeMap<WorkOrderStatusName, StatusMapping>,
    pub create: Option<CreateSettings>,
}

/// A set of texts below the orders.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextSet {
    /// The set, where a text is read and changed by its key.
    pub set: String,
    /// The navigation of an order by which a text is made.
    pub path: String,
    /// The part of a text's key that names the order.
    pub order: String,
    /// The rest of the key: which of an order's texts it is.
    #[serde(default)]
    pub which: BTreeMap<String, String>,
    /// The field of the text itself.
    pub text: Spanned<String>,
}

fn forty() -> usize {
    40
}

/// The name of a status as a key of a table.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WorkOrderStatusName {
    Planned,
    Released,
    InProgress,
    OnHold,
    Completed,
    Cancelled,
}

impl WorkOrderStatusName {
    pub(crate) fn status(self) -> WorkOrderStatus {
        match self {
            Self::Planned => WorkOrderStatus::Planned,
            Self::Released => WorkOrderStatus::Released,
            Self::InProgress => WorkOrderStatus::InProgress,
            Self::OnHold => WorkOrderStatus::OnHold,
            Self::Completed => WorkOrderStatus::Completed,
            Self::Cancelled => WorkOrderStatus::Cancelled,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusMapping {
    /// The ERP's codes that mean this status.
    #[serde(default)]
    pub codes: Vec<String>,
    /// The function import or action that moves an order here; without one the move is not told to the ERP.
    pub action: Option<String>,
    /// Version 4: the action is bound to the order instead of taking its key as a parameter.
    #[serde(default)]
    pub bound: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OperationFields {
    pub path: String,
    pub key: String,
    pub title: String,
}

/// What every created record has in common.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateSettings {
    /// The field that carries our key and can be searched.
    pub own_key: Option<String>,
    #[serde(default = "thirty_six")]
    pub own_key_length: usize,
    #[serde(default)]
    pub defaults: Defaults,
    /// Fields without which the ERP refuses the record.
    #[serde(default)]
    pub required: Vec<String>,
}

fn thirty_six() -> usize {
    36
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestMapping {
    pub service: String,
    pub set: String,
    pub key: String,
    pub title: String,
    #[serde(default = "forty")]
    pub title_length: usize,
    pub text: Option<String>,
    pub priority: Option<String>,
    pub started_date: Option<String>,
    pub started_time: Option<String>,
    #[serde(default)]
    pub assets: BTreeMap<String, AssetTarget>,
    pub create: CreateSettings,
}

/// What labour is counted in at the ERP.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WorkUnit {
    Minutes,
    Hours,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LabourMapping {
    pub service: String,
    pub set: String,
    pub key: String,
    pub order: String,
    pub person: Option<String>,
    pub work: String,
    pub work_unit: Option<String>,
    pub counted_in: WorkUnit,
    pub unit_code: String,
    pub on: String,
    pub text: Option<String>,
    #[serde(default = "forty")]
    pub text_length: usize,
    pub create: CreateSettings,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MovementMapping {
    pub service: String,
    pub set: String,
    pub key: Vec<String>,
    pub on: Vec<String>,
    pub items: String,
    pub order: String,
    pub part: String,
    pub quantity: String,
    pub unit: Option<String>,
    pub movement_type: String,
    pub issue: String,
    pub give_back: String,
    /// The fields that a location key (`1010/0001`) is split into.
    pub location: Vec<String>,
    /// The field of an item for the bin.
    pub bin: Option<String>,
    /// Where parts come from when nobody said.
    pub default_location: Option<String>,
    #[serde(default)]
    pub item_defaults: Defaults,
    pub create: CreateSettings,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartSource {
    pub service: String,
    pub set: String,
    pub key: String,
    pub filter: Option<String>,
    pub expand: Option<String>,
    pub changed_at: Option<String>,
    pub deleted_flag: Option<String>,
    /// A field, or a field of a child (`to_Description/ProductDescription`).
    pub name: String,
    pub unit: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StockSource {
    pub service: String,
    pub set: String,
    pub filter: Option<String>,
    pub part: String,
    pub location: Vec<String>,
    pub bin: Option<String>,
    pub quantity: String,
    pub unit: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SupplierSource {
    pub service: String,
    pub set: String,
    pub key: String,
    pub filter: Option<String>,
    pub changed_at: Option<String>,
    pub name: String,
    pub offers: Option<OfferSource>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferSource {
    pub service: String,
    pub set: String,
    pub supplier: String,
    pub part: String,
    pub lead_time_days: String,
    pub price: Option<String>,
    pub currency: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonSource {
    pub service: String,
    pub set: String,
    pub key: String,
    pub filter: Option<String>,
    pub name: String,
}

impl OrderMapping {
    /// Our status of one of the ERP's codes.
    pub(crate) fn status_of(&self, code: &str) -> Option<WorkOrderStatus> {
        self.statuses
            .iter()
            .find(|(_, mapping)| mapping.codes.iter().any(|known| known == code))
            .map(|(name, _)| name.status())
    }

    pub(crate) fn status_mapping(&self, status: WorkOrderStatus) -> Option<&StatusMapping> {
        self.statuses.iter().find(|(name, _)| name.status() == status).map(|(_, mapping)| mapping)
    }

    /// The field of the time of day until which it is to be done.
    pub(crate) fn due_time(&self) -> Option<&String> {
        self.due_time.as_ref().map(Spanned::get_ref)
    }

    /// Our priority of one of the ERP's codes, or of none.
    pub(crate) fn priority_of(&self, code: Option<&str>) -> Priority {
        code.and_then(|code| self.priorities.get(code).copied()).unwrap_or_default()
    }

    /// The field of the order that takes what was found and done.
    pub(crate) fn closing_field(&self) -> Option<&String> {
        self.closing_text.as_ref().map(Spanned::get_ref)
    }

    /// Whether what was found and done can be told.
    pub(crate) fn takes_closing_text(&self) -> bool {
        self.closing_text.is_some() || self.closing_texts.is_some()
    }

    /// The ERP's code of a priority.
    pub(crate) fn priority_code(&self, priority: Priority) -> Option<&str> {
        self.priorities.iter().find(|(_, ours)| **ours == priority).map(|(code, _)| code.as_str())
    }
}
