//! How long the plant lives without each of its suppliers.

use serde::{Deserialize, Serialize};

use crate::{ScenarioPart, SupplierId};

/// Every supplier, the one whose failing would hurt the longest first.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupplyRisk {
    /// For so many days each is taken to be gone, one at a time.
    pub outage_days: u32,
    /// The suppliers.
    pub suppliers: Vec<SupplierRisk>,
}

/// What happens when a supplier is gone.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupplierRisk {
    /// Which.
    pub supplier_id: SupplierId,
    /// Its number.
    pub number: String,
    /// What it is called.
    pub name: String,
    /// For so many days nothing of it is missed (time to survive); nothing where that is for longer than is looked ahead, or
    /// where no stock and use is known.
    pub survives_days: Option<f64>,
    /// For so many of the days that it is gone something is missed.
    pub short_days: f64,
    /// The number of the part that runs out first.
    pub runs_out: Option<String>,
    /// Its parts: what is missed the longest first, what nothing can be said of last.
    pub parts: Vec<SupplyRiskPart>,
}

impl SupplierRisk {
    /// How many of its parts nothing can be said of: no stock, or no use within a year, is known.
    pub fn unknown_count(&self) -> usize {
        self.parts.iter().filter(|part| part.lasts_days.is_none()).count()
    }
}

/// A part of a supplier that is gone.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupplyRiskPart {
    /// Which, with its stock, use and machines.
    pub part: ScenarioPart,
    /// For so many days the stock lasts; nothing where no stock, or no use, is known.
    pub lasts_days: Option<f64>,
    /// After so many days somebody else delivers; nothing where nobody else offers it.
    pub elsewhere_days: Option<i64>,
    /// For so many days it is missed.
    pub short_days: f64,
    /// Whether another part can take its place that is there, or that others offer.
    pub has_substitute: bool,
}
