//! The closed lists of the model in words.

use millwright_model::*;

use crate::figure;
use crate::text;

/// How urgent.
pub(crate) fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Emergency => text::priority_emergency(),
        Priority::High => text::priority_high(),
        Priority::Medium => text::priority_medium(),
        Priority::Low => text::priority_low(),
    }
}

/// Where an order stands.
pub(crate) fn status(status: WorkOrderStatus) -> &'static str {
    match status {
        WorkOrderStatus::Planned => text::status_planned(),
        WorkOrderStatus::Released => text::status_released(),
        WorkOrderStatus::InProgress => text::status_in_progress(),
        WorkOrderStatus::OnHold => text::status_on_hold(),
        WorkOrderStatus::Completed => text::status_completed(),
        WorkOrderStatus::Cancelled => text::status_cancelled(),
    }
}

/// What kind of work.
pub(crate) fn work_kind(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::Corrective => text::kind_corrective(),
        WorkKind::Preventive => text::kind_preventive(),
        WorkKind::Inspection => text::kind_inspection(),
    }
}

/// Why a value is not current.
pub(crate) fn stale(reason: StaleReason) -> &'static str {
    match reason {
        StaleReason::Death => text::stale_death(),
        StaleReason::Silence => text::stale_silence(),
        StaleReason::LinkLost => text::stale_link_lost(),
        StaleReason::AgeUnknown => text::stale_age_unknown(),
    }
}

/// How a tag stands.
pub(crate) fn condition(condition: TagCondition) -> &'static str {
    match condition {
        TagCondition::Normal => text::condition_normal(),
        TagCondition::Unusual => text::condition_unusual(),
        TagCondition::BeyondLimit => text::condition_limit(),
        TagCondition::Stale => text::condition_stale(),
        TagCondition::NotGood => text::condition_not_good(),
        TagCondition::Silent => text::condition_silent(),
    }
}

/// Where a delivery stands.
pub(crate) fn delivery(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => text::delivery_waiting(),
        DeliveryState::Sending => text::delivery_sending(),
        DeliveryState::Unknown => text::delivery_unknown(),
        DeliveryState::Done => text::delivery_done(),
        DeliveryState::Conflict => text::delivery_conflict(),
        DeliveryState::Rejected => text::delivery_rejected(),
        DeliveryState::Discarded => text::delivery_discarded(),
    }
}

/// Where a delivery goes.
pub(crate) fn target(target: DeliveryTarget) -> &'static str {
    match target {
        DeliveryTarget::Erp => text::target_erp(),
        DeliveryTarget::Broker => text::target_broker(),
    }
}

/// Where a request stands.
pub(crate) fn request_status(status: RequestStatus) -> &'static str {
    match status {
        RequestStatus::New => text::request_new(),
        RequestStatus::Ordered => text::request_ordered(),
        RequestStatus::Declined => text::request_declined(),
    }
}

/// How much hangs on a machine.
pub(crate) fn criticality(criticality: Criticality) -> String {
    text::criticality(match criticality {
        Criticality::A => "A",
        Criticality::B => "B",
        Criticality::C => "C",
    })
}

/// A live value without its unit.
pub(crate) fn value(value: Option<&Value>) -> String {
    match value {
        Some(Value::Float(number)) => figure::measured(*number),
        Some(Value::Int(number)) => figure::plain(*number as f64),
        Some(Value::Bool(true)) => text::value_on().to_owned(),
        Some(Value::Bool(false)) => text::value_off().to_owned(),
        Some(Value::Text(text)) => text.clone(),
        None => "–".to_owned(),
    }
}

/// What was recorded on a step.
pub(crate) fn outcome(outcome: &StepOutcome, form: &StepForm) -> String {
    match outcome {
        StepOutcome::Checked => text::outcome_checked().to_owned(),
        StepOutcome::Passed => text::outcome_passed().to_owned(),
        StepOutcome::Failed { remark } => text::outcome_failed(remark),
        StepOutcome::Measured { value, in_limits } => {
            let (decimals, unit) = match form {
                StepForm::Measurement { decimals, unit, .. } => (usize::from(*decimals), figure::unit(unit)),
                _ => (2, String::new()),
            };
            let figure = format!("{} {unit}", figure::fixed(*value, decimals));
            if *in_limits { figure } else { text::outcome_beyond(figure) }
        }
        StepOutcome::Written { text } => text.clone(),
        StepOutcome::Chosen { option } => option.clone(),
        StepOutcome::Photographed { .. } => text::outcome_photographed().to_owned(),
        StepOutcome::Skipped { reason } => text::outcome_skipped(reason),
    }
}

/// The band or limits of a tag in words, where it has any.
pub(crate) fn usual(binding: &TagBinding) -> Option<String> {
    let unit = figure::unit(&binding.unit);
    match (binding.usual_low, binding.usual_high) {
        (Some(low), Some(high)) => Some(text::usual_between(figure::plain(low), figure::plain(high), unit)),
        (None, Some(high)) => Some(text::usual_below(figure::plain(high), unit)),
        (Some(low), None) => Some(text::usual_above(figure::plain(low), unit)),
        (None, None) => None,
    }
}

/// A value of a conflict or a history entry, as kept in JSON.
pub(crate) fn json(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "–".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Bool(true) => text::yes().to_owned(),
        serde_json::Value::Bool(false) => text::no().to_owned(),
        serde_json::Value::Number(number) => number.to_string(),
        other => other.to_string(),
    }
}
