//! Workshops in words.

use millwright_model::{
    BoardFrame, FrameKind, PairKind, WeighingMethod, WorkshopFault, WorkshopNeeds, WorkshopPerson,
    WorkshopPhase,
};

use crate::text;

/// Where a workshop stands.
pub(crate) fn phase(phase: WorkshopPhase) -> &'static str {
    match phase {
        WorkshopPhase::Collect => text::workshop_phase_collect(),
        WorkshopPhase::Reveal => text::workshop_phase_reveal(),
        WorkshopPhase::Cluster => text::workshop_phase_cluster(),
        WorkshopPhase::Vote => text::workshop_phase_vote(),
        WorkshopPhase::Weigh => text::workshop_phase_weigh(),
        WorkshopPhase::Pair => text::workshop_phase_pair(),
        WorkshopPhase::Act => text::workshop_phase_act(),
    }
}

/// What people do while it stands there.
pub(crate) fn phase_hint(phase: WorkshopPhase) -> &'static str {
    match phase {
        WorkshopPhase::Collect => text::workshop_hint_collect(),
        WorkshopPhase::Reveal => text::workshop_hint_reveal(),
        WorkshopPhase::Cluster => text::workshop_hint_cluster(),
        WorkshopPhase::Vote => text::workshop_hint_vote(),
        WorkshopPhase::Weigh => text::workshop_hint_weigh(),
        WorkshopPhase::Pair => text::workshop_hint_pair(),
        WorkshopPhase::Act => text::workshop_hint_act(),
    }
}

/// What a frame is called.
pub(crate) fn frame(frame: &BoardFrame) -> String {
    match frame.kind {
        FrameKind::Other => frame.title.clone(),
        kind => kind_name(kind).to_owned(),
    }
}

/// What one of the four is called; another one by its key.
pub(crate) fn frame_of_key(key: &str) -> String {
    match FrameKind::of(key) {
        FrameKind::Other => key.to_owned(),
        kind => kind_name(kind).to_owned(),
    }
}

fn kind_name(kind: FrameKind) -> &'static str {
    match kind {
        FrameKind::Strengths => text::workshop_strengths(),
        FrameKind::Weaknesses => text::workshop_weaknesses(),
        FrameKind::Opportunities => text::workshop_opportunities(),
        FrameKind::Threats => text::workshop_threats(),
        FrameKind::Other => "",
    }
}

/// What belongs in a frame.
pub(crate) fn frame_hint(kind: FrameKind) -> &'static str {
    match kind {
        FrameKind::Strengths => text::workshop_inside_helps(),
        FrameKind::Weaknesses => text::workshop_inside_hurts(),
        FrameKind::Opportunities => text::workshop_outside_helps(),
        FrameKind::Threats => text::workshop_outside_hurts(),
        FrameKind::Other => "",
    }
}

/// Who takes part, by name; a guest by their number.
pub(crate) fn person(one: &WorkshopPerson) -> String {
    match (&one.name, one.guest_number) {
        (Some(name), _) => name.clone(),
        (None, Some(number)) => text::workshop_guest_number(number),
        (None, None) => text::person_unnamed().to_owned(),
    }
}

/// A way of weighing.
pub(crate) fn method(method: WeighingMethod) -> &'static str {
    match method {
        WeighingMethod::Points => text::workshop_by_points(),
        WeighingMethod::Rank => text::workshop_by_rank(),
        WeighingMethod::Pairs => text::workshop_by_pairs(),
    }
}

/// What meets in a pair.
pub(crate) fn pair_kind(kind: PairKind) -> &'static str {
    match kind {
        PairKind::StrengthOpportunity => text::workshop_pair_so(),
        PairKind::StrengthThreat => text::workshop_pair_st(),
        PairKind::WeaknessOpportunity => text::workshop_pair_wo(),
        PairKind::WeaknessThreat => text::workshop_pair_wt(),
    }
}

fn needs(needs: WorkshopNeeds) -> &'static str {
    match needs {
        WorkshopNeeds::Device => text::workshop_device_not_let_in(),
        WorkshopNeeds::Facilitator => text::workshop_needs_facilitator(),
        WorkshopNeeds::Member => text::workshop_needs_member(),
        WorkshopNeeds::Author => text::workshop_needs_author(),
    }
}

/// Why something was refused.
pub(crate) fn fault(fault: &WorkshopFault) -> String {
    match fault {
        WorkshopFault::NotHereYet => text::workshop_not_here_yet().to_owned(),
        WorkshopFault::Ended => text::workshop_has_ended().to_owned(),
        WorkshopFault::NotLetIn => text::workshop_not_let_in().to_owned(),
        WorkshopFault::DeviceNotLetIn => text::workshop_device_not_let_in().to_owned(),
        WorkshopFault::NoRight { needed } => needs(*needed).to_owned(),
        WorkshopFault::NotNow { phase: at } => text::workshop_not_now(phase(*at)),
        WorkshopFault::Locked { frame } => text::workshop_locked(frame_of_key(frame)),
        WorkshopFault::NotThere { .. } => text::workshop_not_there().to_owned(),
        WorkshopFault::ThereAlready { .. } => text::workshop_there_already().to_owned(),
        WorkshopFault::NoVotesLeft { left, .. } => text::workshop_no_votes_left(left),
        WorkshopFault::Full { limit, .. } => text::workshop_full(limit),
        WorkshopFault::Unfit { reason, .. } => text::workshop_unfit(reason),
        WorkshopFault::Unreadable { reason } => text::workshop_unreadable(reason),
        WorkshopFault::NoDoor => text::workshop_no_door().to_owned(),
        WorkshopFault::DoorRefused { address, reason } => text::workshop_door_refused(address, reason),
        WorkshopFault::NotOurAddress { address } => text::workshop_not_our_address(address),
        WorkshopFault::NoGuest => text::workshop_no_guest().to_owned(),
    }
}
