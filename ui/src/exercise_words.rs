//! Tabletop exercises in words.

use millwright_model::{
    ExerciseAct, ExerciseEntryKind, ExerciseFault, ExerciseState, ExerciseView, InjectMeans, InjectMet,
};

use crate::figure;
use crate::text;

/// Where an exercise stands.
pub(crate) fn state(state: ExerciseState) -> &'static str {
    match state {
        ExerciseState::Planned => text::exercise_state_planned(),
        ExerciseState::Running => text::exercise_state_running(),
        ExerciseState::Paused => text::exercise_state_paused(),
        ExerciseState::Ended => text::exercise_state_ended(),
    }
}

/// By which means an inject comes.
pub(crate) fn means(means: InjectMeans) -> &'static str {
    match means {
        InjectMeans::InPerson => text::inject_in_person(),
        InjectMeans::Phone => text::inject_phone(),
        InjectMeans::Mail => text::inject_mail(),
        InjectMeans::News => text::inject_news(),
        InjectMeans::System => text::inject_system(),
    }
}

/// How an inject was met.
pub(crate) fn met(met: InjectMet) -> &'static str {
    match met {
        InjectMet::AsExpected => text::met_as_expected(),
        InjectMet::Better => text::met_better(),
        InjectMet::Partly => text::met_partly(),
        InjectMet::NotMet => text::met_not(),
    }
}

/// The look of how an inject was met: what is missing stands out.
pub(crate) fn met_look(met: Option<InjectMet>) -> &'static str {
    match met {
        Some(InjectMet::AsExpected | InjectMet::Better) => "tag",
        Some(InjectMet::Partly) => "tag notice",
        Some(InjectMet::NotMet) => "tag high",
        None => "tag",
    }
}

/// How something is called in tests.
pub(crate) fn met_key(met: InjectMet) -> &'static str {
    match met {
        InjectMet::AsExpected => "as-expected",
        InjectMet::Better => "better",
        InjectMet::Partly => "partly",
        InjectMet::NotMet => "not",
    }
}

/// What an entry of the log is.
pub(crate) fn entry_kind(kind: ExerciseEntryKind) -> &'static str {
    match kind {
        ExerciseEntryKind::Response => text::exercise_entry_response(),
        ExerciseEntryKind::Decision => text::exercise_entry_decision(),
        ExerciseEntryKind::Strength => text::exercise_entry_strength(),
        ExerciseEntryKind::Improve => text::exercise_entry_improve(),
        ExerciseEntryKind::Note => text::exercise_entry_note(),
    }
}

/// How a kind of entry is called in tests.
pub(crate) fn entry_key(kind: ExerciseEntryKind) -> &'static str {
    match kind {
        ExerciseEntryKind::Response => "response",
        ExerciseEntryKind::Decision => "decision",
        ExerciseEntryKind::Strength => "strength",
        ExerciseEntryKind::Improve => "improve",
        ExerciseEntryKind::Note => "note",
    }
}

/// What was done with a clock.
pub(crate) fn act(act: ExerciseAct) -> String {
    match act {
        ExerciseAct::Start => text::act_started().to_owned(),
        ExerciseAct::Pause => text::act_paused().to_owned(),
        ExerciseAct::Resume => text::act_resumed().to_owned(),
        ExerciseAct::Speed { percent } => text::act_speed(percent),
        ExerciseAct::Jump { to_ms } => text::act_jumped(time(to_ms)),
        ExerciseAct::End => text::act_ended().to_owned(),
    }
}

/// Exercise time as lists show it: `0:25`.
pub(crate) fn time(at_ms: i64) -> String {
    let minutes = (at_ms / 60_000).max(0);
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// Exercise time as the clock shows it: `0:25:09`.
pub(crate) fn clock(at_ms: i64) -> String {
    let seconds = (at_ms / 1000).max(0);
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// What a role is called.
pub(crate) fn role(view: &ExerciseView, role_id: millwright_model::ExerciseRoleId) -> String {
    view.role(role_id).map_or_else(|| text::exercise_gone_role().to_owned(), |role| role.name.clone())
}

/// Why something is refused.
pub(crate) fn fault(fault: &ExerciseFault) -> String {
    match fault {
        ExerciseFault::NoTemplate { key } => text::exercise_no_template(key),
        ExerciseFault::NotStarted => text::exercise_not_begun().to_owned(),
        ExerciseFault::StartedAlready => text::exercise_started_already().to_owned(),
        ExerciseFault::PausedAlready => text::exercise_paused_already().to_owned(),
        ExerciseFault::RunsAlready => text::exercise_runs_already().to_owned(),
        ExerciseFault::Ended => text::exercise_over().to_owned(),
        ExerciseFault::SpeedUnfit { least, most } => text::exercise_speed_unfit(least, most),
        ExerciseFault::TimeUnfit => text::exercise_time_unfit().to_owned(),
        ExerciseFault::TimePassed => text::exercise_time_passed().to_owned(),
        ExerciseFault::InjectCame => text::exercise_inject_came().to_owned(),
        ExerciseFault::InjectNotCome => text::exercise_inject_not_come().to_owned(),
        ExerciseFault::ResponseUnfit => text::exercise_response_unfit().to_owned(),
        ExerciseFault::RoleInUse { count } => text::exercise_role_in_use(count),
        ExerciseFault::AnotherExercise => text::exercise_another().to_owned(),
        ExerciseFault::TooMany { limit, .. } => text::exercise_too_many(figure::grouped(*limit)),
    }
}
