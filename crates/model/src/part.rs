//! Spare parts: what they are, who delivers them, where they are used and how many are there.

use serde::{Deserialize, Serialize};

use crate::record::record;
use crate::{AssetId, OfferId, PartId, Quantity, StockId, SupplierId, TimestampMs, WhereUsedId};

/// A spare part or consumable.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Its id.
    pub part_id: PartId,
    /// Its number at the ERP.
    pub number: String,
    /// What it is.
    pub name: String,
    /// The unit it is counted in.
    pub unit: String,
    /// Parts that can take its place.
    pub alternates: Vec<PartId>,
}
record!(Part, Part, part_id);

/// Who delivers parts.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Supplier {
    /// Its id.
    pub supplier_id: SupplierId,
    /// Its number at the ERP.
    pub number: String,
    /// Its name.
    pub name: String,
}
record!(Supplier, Supplier, supplier_id);

/// This supplier delivers this part. A part with one offer is single-sourced.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// Its id.
    pub offer_id: OfferId,
    /// The part.
    pub part_id: PartId,
    /// The supplier.
    pub supplier_id: SupplierId,
    /// Days from order to delivery.
    pub lead_time_days: i64,
    /// Price of one unit in hundredths of `currency`.
    pub price_hundredths: Option<i64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
}
record!(Offer, Offer, offer_id);

/// A part that an asset needs.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhereUsed {
    /// Its id.
    pub where_used_id: WhereUsedId,
    /// The part.
    pub part_id: PartId,
    /// The asset.
    pub asset_id: AssetId,
    /// How many are built in.
    pub quantity: Quantity,
    /// Where on the machine.
    pub place: Option<String>,
}
record!(WhereUsed, WhereUsed, where_used_id);

/// How many of a part are at a location, as the ERP last said.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stock {
    /// Its id.
    pub stock_id: StockId,
    /// The part.
    pub part_id: PartId,
    /// The location, by name.
    pub location: String,
    /// The bin in it.
    pub bin: Option<String>,
    /// How many, as the ERP said.
    pub on_hand: Quantity,
    /// When it said so.
    pub as_of: TimestampMs,
}
record!(Stock, Stock, stock_id);
