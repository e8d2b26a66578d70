//! What a planned step holds: everything needed to send it, except keys that are not known yet.

use std::collections::BTreeMap;

use millwright_model::{ExternalKind, Need, PlannedStep, StepLabel, WorkOrderStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::edit::OrderEdit;
use super::mapping::AssetTarget;
use crate::reference::Reference;
use crate::{KeyLookup, PlanError};

const FORMAT_VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Envelope {
    version: u32,
    instruction: Instruction,
}

/// What a step does at the server. Written at planning, so that a changed mapping does not change a step that
/// may have been sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Instruction {
    Create(Create),
    AppendText(OrderChange),
    MoveStatus(OrderChange),
    EditOrder(OrderEdit),
}

/// A record to be created, found again by our key in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Create {
    pub service: String,
    pub set: String,
    /// The fields of its key at the server.
    pub key: Vec<String>,
    pub own_key_field: String,
    pub own_key: String,
    pub fields: Map<String, Value>,
    /// Children that are created with it: where they stand, and their fields.
    pub items: Option<(String, Vec<Map<String, Value>>)>,
    pub slots: Vec<Slot>,
    /// The record of ours that gets a key by this.
    pub makes: (ExternalKind, Uuid),
}

/// A change of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OrderChange {
    pub order: Reference,
    /// What people call the order.
    pub number: String,
    pub from: WorkOrderStatus,
    pub to: WorkOrderStatus,
    /// What was found and done.
    pub text: String,
}

/// A place in a record that takes the key of another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Slot {
    /// Which child, or the record itself.
    pub item: Option<usize>,
    pub reference: Reference,
    pub fill: Fill,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fill {
    Field(String),
    /// By the source that the asset came from.
    Asset(BTreeMap<String, AssetTarget>),
}

impl Create {
    /// The body to send, all keys filled in.
    pub fn body(&self, keys: &dyn KeyLookup) -> Result<Value, String> {
        let mut fields = self.fields.clone();
        let mut items = self.items.clone();
        for slot in &self.slots {
            let key = slot.reference.resolve(keys)?;
            let target = match (slot.item, &mut items) {
                (None, _) => &mut fields,
                (Some(index), Some((_, list))) => list
                    .get_mut(index)
                    .ok_or("the stored step is damaged: it names a line it does not have")?,
                (Some(_), None) => {
                    return Err("the stored step is damaged: it names a line it does not have".into());
                }
            };
            match &slot.fill {
                Fill::Field(field) => {
                    target.insert(field.clone(), Value::String(key));
                }
                Fill::Asset(targets) => {
                    let (source, key) = key.split_once(':').unwrap_or(("", &key));
                    let Some(place) = targets.get(source) else {
                        return Err(format!(
                            "the mapping has no field for an asset of «{source}» in «{}»",
                            self.set
                        ));
                    };
                    target.insert(place.field.clone(), Value::String(key.to_owned()));
                    target.extend(place.also.iter().map(|(name, value)| (name.clone(), value.clone())));
                }
            }
        }
        if let Some((path, list)) = items {
            fields.insert(path, Value::Array(list.into_iter().map(Value::Object).collect()));
        }
        Ok(Value::Object(fields))
    }
}

impl Instruction {
    /// The step that carries this instruction.
    pub fn into_step(self, step_key: String, label: StepLabel) -> Result<PlannedStep, PlanError> {
        let mut needs: Vec<Need> = match &self {
            Self::Create(create) => create.slots.iter().filter_map(|slot| slot.reference.need()).collect(),
            Self::AppendText(change) | Self::MoveStatus(change) => change.order.need().into_iter().collect(),
            Self::EditOrder(edit) => edit.order.need().into_iter().collect(),
        };
        needs.dedup();
        let bytes = serde_json::to_vec(&Envelope { version: FORMAT_VERSION, instruction: self })
            .map_err(|error| PlanError::DoesNotFit(format!("The step cannot be written down: {error}.")))?;
        Ok(PlannedStep { step_key, label, bytes, needs })
    }

    /// Reads the instruction of a step.
    pub fn of(step: &PlannedStep) -> Result<Self, String> {
        let envelope: Envelope = serde_json::from_slice(&step.bytes)
            .map_err(|error| format!("the stored step is not one of the OData connector: {error}"))?;
        if envelope.version != FORMAT_VERSION {
            return Err(format!("the stored step is of format {}, which is newer", envelope.version));
        }
        Ok(envelope.instruction)
    }
}
