//! The projected tables: one file each, with its columns and the questions asked of it.

use millwright_model::Entity;

mod alias;
mod asset;
mod attachment;
mod camera_profile;
mod device;
mod document_update;
mod downtime;
mod energy_source;
mod exercise;
mod exercise_action;
mod exercise_entry;
mod exercise_inject;
mod exercise_move;
mod exercise_role;
mod fiducial;
mod finding_code;
mod guide;
mod guide_read;
mod guide_revision;
mod handover;
mod handover_acknowledgement;
mod label;
mod labour;
mod labour_timer;
mod machine_model;
mod maintenance_plan;
mod note;
mod offer;
mod part;
mod part_use;
mod person;
mod plain_consent;
mod reading;
mod request;
mod scenario;
mod scenario_baseline;
mod scenario_decision;
mod scenario_outcome;
mod shift_entry;
mod shift_pattern;
mod signature;
mod signpost;
mod signpost_crossing;
mod skill;
mod skill_level;
mod step_time;
mod stock;
mod supplier;
mod tag_binding;
mod where_used;
mod work_order;
mod work_step;
mod workshop;

/// How a column keeps a field of a record's serde form.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A JSON string.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Real,
    /// A yes or no, as 0 and 1.
    Boolean,
    /// An object or array, as JSON text.
    Json,
    /// The id of a record that may have given way to another one: the row holds the one that stays.
    Reference,
    /// An array of such ids, as JSON text.
    References,
}

/// A projected table: named like its entity; the first column is the id.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) entity: Entity,
    pub(crate) columns: &'static [(&'static str, Kind)],
}

/// The table of an entity.
pub(crate) fn table_of(entity: Entity) -> &'static Table {
    match entity {
        Entity::Alias => &alias::TABLE,
        Entity::Asset => &asset::TABLE,
        Entity::Attachment => &attachment::TABLE,
        Entity::Device => &device::TABLE,
        Entity::Downtime => &downtime::TABLE,
        Entity::FindingCode => &finding_code::TABLE,
        Entity::Handover => &handover::TABLE,
        Entity::HandoverAcknowledgement => &handover_acknowledgement::TABLE,
        Entity::Label => &label::TABLE,
        Entity::Labour => &labour::TABLE,
        Entity::LabourTimer => &labour_timer::TABLE,
        Entity::MaintenancePlan => &maintenance_plan::TABLE,
        Entity::Note => &note::TABLE,
        Entity::Offer => &offer::TABLE,
        Entity::Part => &part::TABLE,
        Entity::PartUse => &part_use::TABLE,
        Entity::Person => &person::TABLE,
        Entity::PlainConsent => &plain_consent::TABLE,
        Entity::Reading => &reading::TABLE,
        Entity::Request => &request::TABLE,
        Entity::ShiftEntry => &shift_entry::TABLE,
        Entity::ShiftPattern => &shift_pattern::TABLE,
        Entity::Signature => &signature::TABLE,
        Entity::Skill => &skill::TABLE,
        Entity::SkillLevel => &skill_level::TABLE,
        Entity::Stock => &stock::TABLE,
        Entity::Supplier => &supplier::TABLE,
        Entity::TagBinding => &tag_binding::TABLE,
        Entity::WhereUsed => &where_used::TABLE,
        Entity::WorkOrder => &work_order::TABLE,
        Entity::Guide => &guide::TABLE,
        Entity::DocumentUpdate => &document_update::TABLE,
        Entity::GuideRevision => &guide_revision::TABLE,
        Entity::GuideRead => &guide_read::TABLE,
        Entity::StepTime => &step_time::TABLE,
        Entity::Fiducial => &fiducial::TABLE,
        Entity::CameraProfile => &camera_profile::TABLE,
        Entity::MachineModel => &machine_model::TABLE,
        Entity::EnergySource => &energy_source::TABLE,
        Entity::Scenario => &scenario::TABLE,
        Entity::ScenarioBaseline => &scenario_baseline::TABLE,
        Entity::ScenarioDecision => &scenario_decision::TABLE,
        Entity::ScenarioOutcome => &scenario_outcome::TABLE,
        Entity::Signpost => &signpost::TABLE,
        Entity::SignpostCrossing => &signpost_crossing::TABLE,
        Entity::WorkStep => &work_step::TABLE,
        Entity::Workshop => &workshop::TABLE,
        Entity::Exercise => &exercise::TABLE,
        Entity::ExerciseRole => &exercise_role::TABLE,
        Entity::ExerciseInject => &exercise_inject::TABLE,
        Entity::ExerciseMove => &exercise_move::TABLE,
        Entity::ExerciseEntry => &exercise_entry::TABLE,
        Entity::ExerciseAction => &exercise_action::TABLE,
    }
}

impl Table {
    /// The name of the id column.
    pub(crate) fn id_column(&self) -> &'static str {
        self.columns.first().map_or("rowid", |(name, _)| name)
    }
}
