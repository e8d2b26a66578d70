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

/// A level of the tree of machines and places.
pub(crate) fn level(level: AssetLevel) -> &'static str {
    match level {
        AssetLevel::Enterprise => text::level_enterprise(),
        AssetLevel::Site => text::level_site(),
        AssetLevel::Area => text::level_area(),
        AssetLevel::Line => text::level_line(),
        AssetLevel::Machine => text::level_machine(),
        AssetLevel::Component => text::level_component(),
    }
}

/// Whether a code says what was found or what was done.
pub(crate) fn finding_kind(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Found => text::kind_found(),
        FindingKind::Done => text::kind_done(),
    }
}

/// What a step asks for; nothing for a tick.
pub(crate) fn asks(form: &StepForm) -> String {
    match form {
        StepForm::Check => String::new(),
        StepForm::Inspection => text::asks_inspection().to_owned(),
        StepForm::Measurement { unit, low, high, .. } => {
            let unit = figure::unit(unit);
            match (low, high) {
                (Some(low), Some(high)) => {
                    text::limits_between(figure::plain(*low), figure::plain(*high), unit)
                }
                (None, Some(high)) => text::limit_high(figure::plain(*high), unit),
                (Some(low), None) => text::limit_low(figure::plain(*low), unit),
                (None, None) => text::asks_measurement(unit),
            }
        }
        StepForm::Text => text::asks_text().to_owned(),
        StepForm::Choice { .. } => text::asks_choice().to_owned(),
        StepForm::Photo => text::asks_photo().to_owned(),
    }
}

/// The kind of a step and what it asks for.
pub(crate) fn form(form: &StepForm) -> String {
    let kind = match form {
        StepForm::Check => text::step_kind_check(),
        StepForm::Inspection => text::step_kind_inspection(),
        StepForm::Measurement { .. } => text::step_kind_number(),
        StepForm::Text => text::step_kind_text(),
        StepForm::Choice { .. } => text::step_kind_choice(),
        StepForm::Photo => text::step_kind_photo(),
    };
    match form {
        StepForm::Measurement { .. } => format!("{kind}, {}", asks(form)),
        StepForm::Choice { options } => format!("{kind}: {}", options.join(", ")),
        StepForm::Check | StepForm::Inspection | StepForm::Text | StepForm::Photo => kind.to_owned(),
    }
}

/// What was recorded on a step, where its form is not at hand.
pub(crate) fn recorded(outcome_kept: &StepOutcome) -> String {
    match outcome_kept {
        StepOutcome::Measured { value, in_limits } => {
            let figure = figure::plain(*value);
            if *in_limits { figure } else { text::outcome_beyond(figure) }
        }
        other => outcome(other, &StepForm::Check),
    }
}

/// What a step of a delivery does.
pub(crate) fn does(label: &StepLabel) -> String {
    match label {
        StepLabel::CreateOrder { order } => text::does_create_order(order),
        StepLabel::ChangeOrder { order } => text::does_change_order(order),
        StepLabel::WriteFindings { order } => text::does_write_findings(order),
        StepLabel::SetStatus { order, to } => text::does_set_status(order, status(*to)),
        StepLabel::BookLabour { order, minutes } => text::does_book_labour(minutes, order),
        StepLabel::CorrectLabour { order, previous_minutes, minutes } => {
            text::does_correct_labour(order, previous_minutes, minutes)
        }
        StepLabel::IssueParts { order, lines } => text::does_issue_parts(lines, order),
        StepLabel::ReturnParts { order, lines } => text::does_return_parts(lines, order),
        StepLabel::MoveStock { order } => text::does_move_stock(order),
        StepLabel::ReportFault { asset } => text::does_report_fault(asset),
        StepLabel::TellEvent { entity, kind } => {
            let entity = crate::field::entity(*entity);
            match kind {
                OpKind::Create => text::does_tell_created(entity),
                OpKind::Update => text::does_tell_changed(entity),
                OpKind::Delete => text::does_tell_removed(entity),
            }
        }
        StepLabel::Words { text } => text.clone(),
    }
}
