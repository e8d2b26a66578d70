//! What is said about guides, labels and sources of energy.

use millwright_model::{EnergyKind, GuideFault, Hazard, HeldStep, Protection, Quality, RevisionStatus};

use crate::figure;
use crate::text;

/// Where a revision stands.
pub(crate) fn revision_status(status: RevisionStatus) -> &'static str {
    match status {
        RevisionStatus::InReview => text::revision_in_review(),
        RevisionStatus::Approved => text::revision_approved(),
        RevisionStatus::Returned => text::revision_returned(),
        RevisionStatus::Withdrawn => text::revision_withdrawn(),
    }
}

/// A kind of energy.
pub(crate) fn energy(kind: EnergyKind) -> &'static str {
    match kind {
        EnergyKind::Electrical => text::energy_electrical(),
        EnergyKind::Motion => text::energy_motion(),
        EnergyKind::Pneumatic => text::energy_pneumatic(),
        EnergyKind::Hydraulic => text::energy_hydraulic(),
        EnergyKind::Thermal => text::energy_thermal(),
        EnergyKind::Gravity => text::energy_gravity(),
        EnergyKind::Spring => text::energy_spring(),
    }
}

/// What can hurt.
pub(crate) fn hazard(hazard: Hazard) -> &'static str {
    match hazard {
        Hazard::General => text::hazard_general(),
        Hazard::Explosive => text::hazard_explosive(),
        Hazard::Laser => text::hazard_laser(),
        Hazard::MagneticField => text::hazard_magnetic_field(),
        Hazard::Drop => text::hazard_drop(),
        Hazard::Slippery => text::hazard_slippery(),
        Hazard::Electricity => text::hazard_electricity(),
        Hazard::SuspendedLoad => text::hazard_suspended_load(),
        Hazard::Toxic => text::hazard_toxic(),
        Hazard::HotSurface => text::hazard_hot_surface(),
        Hazard::AutomaticStart => text::hazard_automatic_start(),
        Hazard::Crushing => text::hazard_crushing(),
        Hazard::Flammable => text::hazard_flammable(),
        Hazard::SharpElement => text::hazard_sharp_element(),
        Hazard::Corrosive => text::hazard_corrosive(),
        Hazard::CrushingOfHands => text::hazard_crushing_of_hands(),
        Hazard::CounterRotatingRollers => text::hazard_counter_rotating_rollers(),
        Hazard::PressurizedCylinder => text::hazard_pressurized_cylinder(),
    }
}

/// What is worn.
pub(crate) fn protection(worn: Protection) -> &'static str {
    match worn {
        Protection::Ears => text::wear_ears(),
        Protection::Eyes => text::wear_eyes(),
        Protection::Footwear => text::wear_footwear(),
        Protection::Gloves => text::wear_gloves(),
        Protection::Clothing => text::wear_clothing(),
        Protection::FaceShield => text::wear_face_shield(),
        Protection::Head => text::wear_head(),
        Protection::Mask => text::wear_mask(),
        Protection::Breathing => text::wear_breathing(),
        Protection::Harness => text::wear_harness(),
    }
}

/// Why the plant's word is not enough for a step.
pub(crate) fn held(because: HeldStep) -> String {
    match because {
        HeldStep::NotBound => text::held_not_bound().to_owned(),
        HeldStep::NeverHeard => text::held_never_heard().to_owned(),
        HeldStep::QualityNot { quality: Quality::Bad } => text::held_bad().to_owned(),
        HeldStep::QualityNot { .. } => text::held_uncertain().to_owned(),
        HeldStep::Simulated => text::held_simulated().to_owned(),
        HeldStep::TooOld { age_ms } => text::held_too_old(figure::span(age_ms.max(0))),
        HeldStep::OutOfTolerance { value } => text::held_out(figure::plain(value)),
        HeldStep::NotLongEnough { held_ms } => text::held_not_long(figure::fixed(held_ms as f64 / 1000.0, 0)),
        HeldStep::NeverMoved => text::held_never_moved().to_owned(),
    }
}

/// What was refused about a guide.
pub(crate) fn fault(fault: &GuideFault) -> String {
    match fault {
        GuideFault::NotApproved { guide } => text::guide_not_approved(guide),
        GuideFault::NoSteps => text::guide_no_steps().to_owned(),
        GuideFault::NothingNew { number } => text::guide_nothing_new(number),
        GuideFault::InReview { number } => text::guide_still_in_review(number),
        GuideFault::Decided { number } => text::guide_decided(number),
        GuideFault::OwnWork => text::guide_own_work().to_owned(),
        GuideFault::DraftUnreadable { reason } => text::guide_draft_unreadable(reason),
        GuideFault::NotInDraft { what } => text::guide_not_in_draft(what),
        GuideFault::TooMany { what, limit } => text::guide_too_many(limit, what),
        GuideFault::StepUnfit { step, reason } => text::guide_step_unfit(step, reason),
        GuideFault::OrderGuided { order } => text::guide_order_guided(order),
        GuideFault::NoSuchNumber { family, last } => text::guide_no_such_number(family, last),
        GuideFault::NumberTwice { number, machine } => text::guide_number_twice(number, machine),
        GuideFault::SizeUnfit { low_mm, high_mm } => {
            text::guide_size_unfit(figure::plain(*low_mm), figure::plain(*high_mm))
        }
        GuideFault::BarUnfit { bar_mm } => text::guide_bar_unfit(figure::plain(*bar_mm)),
        GuideFault::NotANumber { what } => text::guide_not_a_number(what),
        GuideFault::ModelUnfit { reason } => text::guide_model_unfit(reason),
        GuideFault::ManualUnfit { reason } => text::guide_manual_unfit(reason),
        GuideFault::FileUnfit { reason } => text::guide_file_unfit(reason),
        GuideFault::NoTag { source_name } => text::guide_no_tag(source_name),
        GuideFault::OwnBinding { source_name } => text::guide_own_binding(source_name),
        GuideFault::TagElsewhere => text::guide_tag_elsewhere().to_owned(),
        GuideFault::LabelUnfit { reason } => text::guide_label_unfit(reason),
        GuideFault::NoSight => text::guide_no_sight().to_owned(),
        GuideFault::SightUnfit { reason } => text::guide_sight_unfit(reason),
        GuideFault::NoPose { reason } => text::guide_no_pose(reason),
        GuideFault::NotMeasured { reason } => text::guide_not_measured(reason),
    }
}
