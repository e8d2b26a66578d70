//! What a look knows of the rows without asking again. Of one that wrote, the next one goes on from what it knew at its
//! end: nobody else writes in between.

use std::collections::BTreeMap;

use millwright_model::{DeviceId, Entity, WebhookId};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::ChainHead;

/// What is known.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    /// Whether any record gave way to another one.
    pub(crate) aliases: Option<bool>,
    /// Small values.
    pub(crate) settings: BTreeMap<String, Option<String>>,
    /// The ends of devices' chains.
    pub(crate) heads: BTreeMap<DeviceId, ChainHead>,
    /// The last place of the node's order.
    pub(crate) ledger_head: Option<i64>,
    /// Which webhooks are told of which kinds of records.
    pub(crate) webhook_wishes: Option<Vec<(WebhookId, Vec<Entity>)>>,
    /// Rows that were read in this look, as fields.
    records: BTreeMap<(Entity, Uuid), Map<String, Json>>,
}

impl Learned {
    /// A row that was read and not written since.
    pub(crate) fn record(&self, entity: Entity, id: Uuid) -> Option<&Map<String, Json>> {
        self.records.get(&(entity, id))
    }

    /// A row was read.
    pub(crate) fn read(&mut self, entity: Entity, id: Uuid, fields: Map<String, Json>) {
        self.records.insert((entity, id), fields);
    }

    /// A row is written.
    pub(crate) fn forget_record(&mut self, entity: Entity, id: Uuid) {
        self.records.remove(&(entity, id));
    }

    /// Rows are written, whichever.
    pub(crate) fn forget_records(&mut self) {
        self.records.clear();
    }

    /// Anything may have changed: part of the look was taken back, or others wrote.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    /// What the next look that writes begins with. Rows are read again: they are many, and few are asked for twice.
    pub(crate) fn after_commit(mut self) -> Self {
        self.records.clear();
        self
    }
}
