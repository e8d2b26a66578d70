//! Low-rate pushes: what became stale. Views refetch from the store; live values take their own channel.

use serde::{Deserialize, Serialize};

use crate::{AssetId, LiveValue, WorkOrderId};

/// A part of what views show that may have changed.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "tag", content = "id", rename_all = "snake_case")]
pub enum CacheTag {
    /// Lists of orders.
    WorkOrders,
    /// One order and all on it.
    WorkOrder(WorkOrderId),
    /// The tree of assets.
    Assets,
    /// One asset and all on it.
    Asset(AssetId),
    /// Requests.
    Requests,
    /// Parts, suppliers and stock.
    Parts,
    /// People, and who is picked.
    People,
    /// Links, deliveries, conflicts: the sync state.
    Sync,
    /// Settings and connections.
    Settings,
    /// The list of tags (not their values).
    Tags,
    /// The shift log, hand-overs and what is unread of them.
    Shift,
    /// Maintenance plans.
    Plans,
    /// Alerts: which there are, and who hears of them.
    Alerts,
    /// Guides, their drafts and revisions, and what guidance needs: labels, cameras, models, sources of energy.
    Guides,
    /// Scenarios, their decisions and signposts.
    Scenarios,
    /// Workshops and their boards.
    Workshops,
    /// Tabletop exercises, their logs and actions.
    Exercises,
}

/// What the engine tells its shell.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "payload", rename_all = "snake_case")]
pub enum Event {
    /// These parts of the views are stale.
    Changed(Vec<CacheTag>),
    /// Live values, coalesced: newest per series.
    Live(Vec<LiveValue>),
}
