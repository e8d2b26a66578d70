//! What an ERP tells us: records as they were pulled, keyed by the ERP's own keys.

use serde::{Deserialize, Serialize};

use crate::{
    AssetLevel, CivilDate, Criticality, Priority, Quantity, StepForm, TimestampMs, WorkKind, WorkOrderId,
    WorkOrderStatus,
};

/// A record pulled from an ERP, in our words but with the ERP's keys.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ErpRecord {
    /// A machine or place.
    Asset(ErpAsset),
    /// An order with its operations.
    WorkOrder(ErpWorkOrder),
    /// A part.
    Part(ErpPart),
    /// Stock of a part at a location.
    Stock(ErpStock),
    /// A supplier and what it offers.
    Supplier(ErpSupplier),
    /// A person who can be booked.
    Person(ErpPerson),
    /// A record that is gone at the ERP.
    Deleted(ErpDeleted),
}

/// A machine or place at the ERP.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErpAsset {
    /// The ERP's key.
    pub key: String,
    /// The key of the place or machine it is part of.
    pub parent_key: Option<String>,
    /// What the plant calls it.
    pub code: String,
    /// What it is.
    pub name: String,
    /// Its level.
    pub level: AssetLevel,
    /// How much hangs on it.
    pub criticality: Criticality,
    /// The kind of machine.
    pub class: Option<String>,
}

/// An order at the ERP.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErpWorkOrder {
    /// The ERP's key.
    pub key: String,
    /// The number people see.
    pub number: String,
    /// Our own key, where the ERP carries one for this order.
    pub our_id: Option<WorkOrderId>,
    /// One line of what is to be done.
    pub title: String,
    /// More on it.
    pub description: String,
    /// What kind of work it is.
    pub work_kind: WorkKind,
    /// The key of the machine.
    pub asset_key: Option<String>,
    /// Where it stands.
    pub status: WorkOrderStatus,
    /// How urgent it is.
    pub priority: Priority,
    /// When it should be done.
    pub due: Option<ErpTime>,
    /// The planned start.
    pub planned_start: Option<ErpTime>,
    /// How long it is planned to take.
    pub planned_minutes: Option<i64>,
    /// The key of the person who is to do it.
    pub assignee_key: Option<String>,
    /// Its operations, in order.
    pub operations: Vec<ErpOperation>,
    /// The ERP's own mark of this version (ETag, timestamp), needed to change it.
    pub version: Option<String>,
    /// Who changed it last, where the ERP says so.
    pub changed_by: Option<String>,
}

/// A time as an ERP says it. Days and times of day are those of the plant, whose zone no adapter knows.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "known", rename_all = "snake_case")]
pub enum ErpTime {
    /// An instant.
    At {
        /// The instant.
        at: TimestampMs,
    },
    /// A day as a whole.
    Day {
        /// The day.
        day: CivilDate,
    },
    /// A day and a time of it.
    TimeOfDay {
        /// The day.
        day: CivilDate,
        /// Milliseconds since midnight.
        time_ms: i64,
    },
}

/// An operation of an order.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErpOperation {
    /// The ERP's key.
    pub key: String,
    /// Its place, from 1.
    pub position: i64,
    /// What is to be done.
    pub title: String,
    /// What it asks for.
    pub form: StepForm,
}

/// A part at the ERP.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErpPart {
    /// The ERP's key.
    pub key: String,
    /// The number people see.
    pub number: String,
    /// What it is.
    pub name: String,
    /// The unit it is counted in.
    pub unit: String,
}

/// Stock at the ERP.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErpStock {
    /// The key of the part.
    pub part_key: String,
    /// The key of the location.
    pub location_key: String,
    /// The location's name.
    pub location: String,
    /// The bin in it.
    pub bin: Option<String>,
    /// How many.
    pub on_hand: Quantity,
}

/// A supplier at the ERP.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErpSupplier {
    /// The ERP's key.
    pub key: String,
    /// The number people see.
    pub number: String,
    /// Its name.
    pub name: String,
    /// What it delivers.
    pub offers: Vec<ErpOffer>,
}

/// What a supplier offers.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErpOffer {
    /// The key of the part.
    pub part_key: String,
    /// Days from order to delivery.
    pub lead_time_days: i64,
    /// Price of one unit in hundredths of `currency`.
    pub price_hundredths: Option<i64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
}

/// A person at the ERP.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErpPerson {
    /// The ERP's key.
    pub key: String,
    /// The number people see.
    pub number: String,
    /// Their name.
    pub name: String,
}

/// A record that is gone.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErpDeleted {
    /// What it was.
    pub record_kind: crate::ExternalKind,
    /// The ERP's key.
    pub key: String,
}

/// One page of a pull. The cursor is stored in the transaction that stores the page.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PullPage {
    /// The records.
    pub records: Vec<ErpRecord>,
    /// Where to go on; opaque to everyone but the adapter.
    pub next_cursor: String,
    /// Whether there is more now.
    pub more: bool,
    /// Records that could not be read, named, with the reason.
    pub findings: Vec<String>,
}
