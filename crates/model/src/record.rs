//! What every kept record has in common: its entity name, its id, and its fields as ops carry them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A kind of record that ops speak of. The names are stored: they are never changed, only added to.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// [`crate::Asset`]
    Asset,
    /// [`crate::TagBinding`]
    TagBinding,
    /// [`crate::Label`]
    Label,
    /// [`crate::WorkOrder`]
    WorkOrder,
    /// [`crate::WorkStep`]
    WorkStep,
    /// [`crate::Labour`]
    Labour,
    /// [`crate::LabourTimer`]
    LabourTimer,
    /// [`crate::PartUse`]
    PartUse,
    /// [`crate::Note`]
    Note,
    /// [`crate::Attachment`]
    Attachment,
    /// [`crate::Signature`]
    Signature,
    /// [`crate::Reading`]
    Reading,
    /// [`crate::Request`]
    Request,
    /// [`crate::Part`]
    Part,
    /// [`crate::Supplier`]
    Supplier,
    /// [`crate::Offer`]
    Offer,
    /// [`crate::WhereUsed`]
    WhereUsed,
    /// [`crate::Stock`]
    Stock,
    /// [`crate::Person`]
    Person,
    /// [`crate::FindingCode`]
    FindingCode,
    /// [`crate::PlainConsent`]
    PlainConsent,
    /// [`crate::Alias`]
    Alias,
    /// [`crate::Device`]
    Device,
    /// [`crate::Downtime`]
    Downtime,
    /// [`crate::Skill`]
    Skill,
    /// [`crate::SkillLevel`]
    SkillLevel,
    /// [`crate::ShiftPattern`]
    ShiftPattern,
    /// [`crate::ShiftEntry`]
    ShiftEntry,
    /// [`crate::Handover`]
    Handover,
    /// [`crate::HandoverAcknowledgement`]
    HandoverAcknowledgement,
    /// [`crate::MaintenancePlan`]
    MaintenancePlan,
    /// [`crate::Guide`]
    Guide,
    /// [`crate::DocumentUpdate`]
    DocumentUpdate,
    /// [`crate::GuideRevision`]
    GuideRevision,
    /// [`crate::GuideRead`]
    GuideRead,
    /// [`crate::StepTime`]
    StepTime,
    /// [`crate::Fiducial`]
    Fiducial,
    /// [`crate::CameraProfile`]
    CameraProfile,
    /// [`crate::MachineModel`]
    MachineModel,
    /// [`crate::EnergySource`]
    EnergySource,
    /// [`crate::Scenario`]
    Scenario,
    /// [`crate::ScenarioBaseline`]
    ScenarioBaseline,
    /// [`crate::ScenarioDecision`]
    ScenarioDecision,
    /// [`crate::ScenarioOutcome`]
    ScenarioOutcome,
    /// [`crate::Signpost`]
    Signpost,
    /// [`crate::SignpostCrossing`]
    SignpostCrossing,
    /// [`crate::Workshop`]
    Workshop,
    /// [`crate::Exercise`]
    Exercise,
    /// [`crate::ExerciseRole`]
    ExerciseRole,
    /// [`crate::ExerciseInject`]
    ExerciseInject,
    /// [`crate::ExerciseMove`]
    ExerciseMove,
    /// [`crate::ExerciseEntry`]
    ExerciseEntry,
    /// [`crate::ExerciseAction`]
    ExerciseAction,
}

impl Entity {
    /// All of them, in the order in which their tables are rebuilt.
    pub const ALL: [Self; 53] = [
        Self::Person,
        Self::Asset,
        Self::TagBinding,
        Self::Label,
        Self::FindingCode,
        Self::Supplier,
        Self::Part,
        Self::Offer,
        Self::WhereUsed,
        Self::Stock,
        Self::Request,
        Self::WorkOrder,
        Self::WorkStep,
        Self::Labour,
        Self::LabourTimer,
        Self::PartUse,
        Self::Note,
        Self::Attachment,
        Self::Signature,
        Self::Reading,
        Self::PlainConsent,
        Self::Alias,
        Self::Device,
        Self::Downtime,
        Self::Skill,
        Self::SkillLevel,
        Self::ShiftPattern,
        Self::ShiftEntry,
        Self::Handover,
        Self::HandoverAcknowledgement,
        Self::MaintenancePlan,
        Self::Guide,
        Self::DocumentUpdate,
        Self::GuideRevision,
        Self::GuideRead,
        Self::StepTime,
        Self::Fiducial,
        Self::CameraProfile,
        Self::MachineModel,
        Self::EnergySource,
        Self::Scenario,
        Self::ScenarioBaseline,
        Self::ScenarioDecision,
        Self::ScenarioOutcome,
        Self::Signpost,
        Self::SignpostCrossing,
        Self::Workshop,
        Self::Exercise,
        Self::ExerciseRole,
        Self::ExerciseInject,
        Self::ExerciseMove,
        Self::ExerciseEntry,
        Self::ExerciseAction,
    ];

    /// The first format of ops that has records of this kind. A device that reads an older one is told nothing of them;
    /// a kind that comes later gets an arm of its own here, and [`crate::OP_FORMAT`] grows with it.
    pub fn since_format(self) -> u16 {
        match self {
            Self::Guide
            | Self::DocumentUpdate
            | Self::GuideRevision
            | Self::GuideRead
            | Self::StepTime
            | Self::Fiducial
            | Self::CameraProfile
            | Self::MachineModel
            | Self::EnergySource => 2,
            Self::Scenario
            | Self::ScenarioBaseline
            | Self::ScenarioDecision
            | Self::ScenarioOutcome
            | Self::Signpost
            | Self::SignpostCrossing
            | Self::Workshop
            | Self::Exercise
            | Self::ExerciseRole
            | Self::ExerciseInject
            | Self::ExerciseMove
            | Self::ExerciseEntry
            | Self::ExerciseAction => 3,
            Self::Asset
            | Self::TagBinding
            | Self::Label
            | Self::WorkOrder
            | Self::WorkStep
            | Self::Labour
            | Self::LabourTimer
            | Self::PartUse
            | Self::Note
            | Self::Attachment
            | Self::Signature
            | Self::Reading
            | Self::Request
            | Self::Part
            | Self::Supplier
            | Self::Offer
            | Self::WhereUsed
            | Self::Stock
            | Self::Person
            | Self::FindingCode
            | Self::PlainConsent
            | Self::Alias
            | Self::Device
            | Self::Downtime
            | Self::Skill
            | Self::SkillLevel
            | Self::ShiftPattern
            | Self::ShiftEntry
            | Self::Handover
            | Self::HandoverAcknowledgement
            | Self::MaintenancePlan => 1,
        }
    }

    /// The name it is stored under: also the name of its table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::TagBinding => "tag_binding",
            Self::Label => "label",
            Self::WorkOrder => "work_order",
            Self::WorkStep => "work_step",
            Self::Labour => "labour",
            Self::LabourTimer => "labour_timer",
            Self::PartUse => "part_use",
            Self::Note => "note",
            Self::Attachment => "attachment",
            Self::Signature => "signature",
            Self::Reading => "reading",
            Self::Request => "request",
            Self::Part => "part",
            Self::Supplier => "supplier",
            Self::Offer => "offer",
            Self::WhereUsed => "where_used",
            Self::Stock => "stock",
            Self::Person => "person",
            Self::FindingCode => "finding_code",
            Self::PlainConsent => "plain_consent",
            Self::Alias => "alias",
            Self::Device => "device",
            Self::Downtime => "downtime",
            Self::Skill => "skill",
            Self::SkillLevel => "skill_level",
            Self::ShiftPattern => "shift_pattern",
            Self::ShiftEntry => "shift_entry",
            Self::Handover => "handover",
            Self::HandoverAcknowledgement => "handover_acknowledgement",
            Self::MaintenancePlan => "maintenance_plan",
            Self::Guide => "guide",
            Self::DocumentUpdate => "document_update",
            Self::GuideRevision => "guide_revision",
            Self::GuideRead => "guide_read",
            Self::StepTime => "step_time",
            Self::Fiducial => "fiducial",
            Self::CameraProfile => "camera_profile",
            Self::MachineModel => "machine_model",
            Self::EnergySource => "energy_source",
            Self::Scenario => "scenario",
            Self::ScenarioBaseline => "scenario_baseline",
            Self::ScenarioDecision => "scenario_decision",
            Self::ScenarioOutcome => "scenario_outcome",
            Self::Signpost => "signpost",
            Self::SignpostCrossing => "signpost_crossing",
            Self::Workshop => "workshop",
            Self::Exercise => "exercise",
            Self::ExerciseRole => "exercise_role",
            Self::ExerciseInject => "exercise_inject",
            Self::ExerciseMove => "exercise_move",
            Self::ExerciseEntry => "exercise_entry",
            Self::ExerciseAction => "exercise_action",
        }
    }

    /// The entity of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| entity.as_str() == name)
    }
}

/// A record that is kept as a row and changed by ops. Its serde form is both: one field, one column.
pub trait Record: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The kind of record.
    const ENTITY: Entity;
    /// The name of the field that holds the id.
    const ID_FIELD: &'static str;
    /// Its id.
    fn record_id(&self) -> Uuid;
}

macro_rules! record {
    ($type:ident, $entity:ident, $id:ident) => {
        impl crate::Record for $type {
            const ENTITY: crate::Entity = crate::Entity::$entity;
            const ID_FIELD: &'static str = stringify!($id);
            fn record_id(&self) -> uuid::Uuid {
                self.$id.0
            }
        }
    };
}
pub(crate) use record;
