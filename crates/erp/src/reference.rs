//! A record of ours in a planned step, and its key at the ERP: known at planning, or learned by the time of sending.

use millwright_model::{AssetId, ExternalKind, ExternalRef, Need, PartId, PersonId, RequestId, WorkOrderId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::KeyLookup;

/// Ids of records that have keys at an ERP.
pub(crate) trait KeyedId: Copy {
    const KIND: ExternalKind;
    fn uuid(self) -> Uuid;
}

macro_rules! keyed {
    ($($id:ident => $kind:ident),+ $(,)?) => {$(
        impl KeyedId for $id {
            const KIND: ExternalKind = ExternalKind::$kind;
            fn uuid(self) -> Uuid {
                self.0
            }
        }
    )+};
}

keyed! {
    AssetId => Asset,
    PartId => Part,
    PersonId => Person,
    RequestId => Request,
    WorkOrderId => WorkOrder,
}

/// A record of ours, and its key at the server where that was known at planning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reference {
    pub kind: ExternalKind,
    pub id: Uuid,
    pub known: Option<String>,
}

impl Reference {
    pub fn of<Id: KeyedId>(reference: &ExternalRef<Id>) -> Self {
        Self { kind: Id::KIND, id: reference.id.uuid(), known: reference.external_key.clone() }
    }

    /// Its key, or a sentence on what is missing.
    pub fn resolve(&self, keys: &dyn KeyLookup) -> Result<String, String> {
        // A key learned since planning is newer than the one planned with.
        keys.external_key(self.kind, self.id)
            .or_else(|| self.known.clone())
            .ok_or_else(|| format!("the {} {} has no key at the ERP yet", self.kind.as_str(), self.id))
    }

    pub fn need(&self) -> Option<Need> {
        self.known.is_none().then_some(Need { kind: self.kind, id: self.id })
    }
}
