//! Typed identifiers: one newtype over a UUID per kind of record. Minting is a port of the engine.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::parse_str(text).map(Self) }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self { id.0 }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self { Self(uuid) }
        }
    )+};
}

ids! {
    /// A place or machine in the ISA-95 tree.
    AssetId,
    /// A work order, from the ERP or local.
    WorkOrderId,
    /// One step of a work order's checklist.
    WorkStepId,
    /// One booking of labour.
    LabourId,
    /// A running or stopped labour timer.
    TimerId,
    /// One use (or return) of a part on an order.
    PartUseId,
    /// A note on an order or asset.
    NoteId,
    /// A photo or file on a record.
    AttachmentId,
    /// A signature given on an order.
    SignatureId,
    /// A value read by a person.
    ReadingId,
    /// A request raised from an asset.
    RequestId,
    /// A spare part or consumable.
    PartId,
    /// A supplier of parts.
    SupplierId,
    /// An offer: this supplier delivers this part.
    OfferId,
    /// A line of a where-used list.
    WhereUsedId,
    /// Stock of a part at a location.
    StockId,
    /// A person who acts.
    PersonId,
    /// A rule that binds a tag to an asset.
    TagBindingId,
    /// A code on a label, learnt for an asset.
    LabelId,
    /// A device that writes ops.
    DeviceId,
    /// A transaction of ops.
    TxnId,
    /// One op.
    OpId,
    /// One step of a delivery to an outside system.
    DeliveryId,
    /// A choice for found or done.
    FindingCodeId,
    /// A card that asks a person to choose between two values.
    ConflictId,
    /// A person's acceptance of a link that is not encrypted.
    PlainConsentId,
    /// Two records that were found equal: the id of the one that gave way.
    AliasId,
    /// A span in which a machine stood still.
    DowntimeId,
    /// Something a person can be able to do.
    SkillId,
    /// How well a person has a skill.
    SkillLevelId,
    /// When the plant's shifts begin.
    ShiftPatternId,
    /// A line of the shift log.
    ShiftEntryId,
    /// What one shift handed over to the next.
    HandoverId,
    /// That a person read an item of a hand-over.
    AcknowledgementId,
    /// Work that comes round on a machine.
    MaintenancePlanId,
    /// A token with which a program gives commands.
    TokenId,
    /// A receiver of changes.
    WebhookId,
    /// A guide.
    GuideId,
    /// A guide as it stood when it was handed in.
    GuideRevisionId,
    /// A task of a guide.
    GuideTaskId,
    /// A step of a guide.
    GuideStepId,
    /// That a person has read a revision.
    GuideReadId,
    /// How long a step took.
    StepTimeId,
    /// One step of the writing of a document.
    DocumentUpdateId,
    /// A fiducial on a machine.
    FiducialId,
    /// What a kind of camera sees by.
    CameraProfileId,
    /// A model of a machine.
    MachineModelId,
    /// A source of energy of a machine.
    EnergySourceId,
    /// A scenario.
    ScenarioId,
    /// A scenario's model as it was frozen.
    ScenarioBaselineId,
    /// What was decided in a scenario.
    ScenarioDecisionId,
    /// What came of a decision.
    ScenarioOutcomeId,
    /// A sign that a scenario comes true.
    SignpostId,
    /// That a signpost was crossed.
    SignpostCrossingId,
    /// A tabletop exercise.
    ExerciseId,
    /// A role in an exercise.
    ExerciseRoleId,
    /// Something that happens in an exercise.
    ExerciseInjectId,
    /// A move of an exercise's clock.
    ExerciseMoveId,
    /// A line of an exercise's log.
    ExerciseEntryId,
    /// What is to be improved after an exercise.
    ExerciseActionId,
}

pub(crate) use ids;
