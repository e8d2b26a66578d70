//! Two records that a person found to be one thing.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::record::record;
use crate::{AliasId, Entity};

/// One record gave way to another one: whoever names it means the other one from now on.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// The record that gave way.
    pub alias_id: AliasId,
    /// What both are.
    pub record_kind: Entity,
    /// The record that stays.
    pub winner_id: Uuid,
}
record!(Alias, Alias, alias_id);
