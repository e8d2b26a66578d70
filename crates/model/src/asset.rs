//! Assets (the ISA-95 tree), the labels on them and the rules that bind live tags to them.

use serde::{Deserialize, Serialize};

use crate::record::record;
use crate::{AssetId, LabelId, SeriesKey, TagBindingId, TimestampMs};

/// A level of the ISA-95 equipment hierarchy (IEC 62264-1).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssetLevel {
    /// The enterprise.
    Enterprise,
    /// A site.
    Site,
    /// An area of a site.
    Area,
    /// A line or process cell.
    Line,
    /// A machine or unit.
    Machine,
    /// A component of a machine.
    Component,
}

/// How much hangs on an asset.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criticality {
    /// It stops the plant or harms people.
    A,
    /// It costs output.
    B,
    /// It can wait.
    #[default]
    C,
}

/// A place or a machine.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asset {
    /// Its id.
    pub asset_id: AssetId,
    /// The place or machine it is part of.
    pub parent_id: Option<AssetId>,
    /// Its level.
    pub level: AssetLevel,
    /// What the plant calls it (`P-101A`): unique.
    pub code: String,
    /// What it is (`Cooling water pump`).
    pub name: String,
    /// Its number at the ERP.
    pub erp_number: Option<String>,
    /// Its path in the unified namespace, without the contract.
    pub uns_path: Option<String>,
    /// How much hangs on it.
    pub criticality: Criticality,
    /// The kind of machine (`centrifugal pump`), for finding codes and guides.
    pub class: Option<String>,
    /// When it was taken out of use; it stays for its history.
    pub retired_at: Option<TimestampMs>,
}
record!(Asset, Asset, asset_id);

/// The rule that shows a tag on an asset.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TagBinding {
    /// Its id.
    pub tag_binding_id: TagBindingId,
    /// The asset.
    pub asset_id: AssetId,
    /// The series.
    pub series: SeriesKey,
    /// What people call the tag (`Vibration`).
    pub name: String,
    /// The display unit's UCUM code (`mm/s`).
    pub unit: String,
    /// The lower end of the usual band, in `unit`.
    pub usual_low: Option<f64>,
    /// The upper end of the usual band, in `unit`.
    pub usual_high: Option<f64>,
    /// The lower limit, in `unit`: below it the tag is abnormal.
    pub limit_low: Option<f64>,
    /// The upper limit, in `unit`: above it the tag is abnormal.
    pub limit_high: Option<f64>,
    /// Silence longer than this is stale.
    pub silence_ms: i64,
    /// Its place among the tags of the asset.
    pub position: i64,
}
record!(TagBinding, TagBinding, tag_binding_id);

/// A code that a label, scanner or badge gives, and the asset it was learnt for.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// Its id.
    pub label_id: LabelId,
    /// The code as scanned.
    pub code: String,
    /// The asset it hangs on.
    pub asset_id: AssetId,
}
record!(Label, Label, label_id);
