//! What looking for codes and words answers.

use serde::{Deserialize, Serialize};

use crate::*;

/// The kinds of code that are read off a picture.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// QR code (ISO/IEC 18004).
    Qr,
    /// Data Matrix (ISO/IEC 16022).
    DataMatrix,
    /// Code 128 (ISO/IEC 15417).
    Code128,
}

/// A code read off a picture.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeFound {
    /// What kind it is.
    pub kind: CodeKind,
    /// What it says.
    pub text: String,
}

/// What a scanned code means.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ScanFinding {
    /// An asset, and the order on it to go on with, if there is just one.
    Asset {
        /// The asset.
        asset: Asset,
        /// The order to go on with.
        open_order: Option<WorkOrderId>,
    },
    /// An order.
    WorkOrder {
        /// Which.
        work_order_id: WorkOrderId,
    },
    /// A part.
    Part {
        /// Which.
        part_id: PartId,
    },
    /// Several could be meant.
    Candidates {
        /// They.
        hits: Vec<SearchHit>,
    },
    /// Nobody knows it: ask once which asset it hangs on.
    Unknown {
        /// The code as read.
        code: String,
    },
}

/// What a search found.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchHit {
    /// What it is.
    pub target: SearchTarget,
    /// Its first line.
    pub title: String,
    /// Its second line.
    pub detail: String,
}

/// Where a search hit leads.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SearchTarget {
    /// An asset.
    Asset {
        /// Which.
        id: AssetId,
    },
    /// An order.
    WorkOrder {
        /// Which.
        id: WorkOrderId,
    },
    /// A part.
    Part {
        /// Which.
        id: PartId,
    },
    /// A person.
    Person {
        /// Who.
        id: PersonId,
    },
    /// A tag.
    Tag {
        /// Its series.
        series: SeriesKey,
        /// The asset it is bound to.
        asset_id: Option<AssetId>,
    },
}
