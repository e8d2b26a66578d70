//! The closed lists of the model in words.

use millwright_model::*;

use crate::condition;
use crate::data_words;
use crate::exercise_words;
use crate::figure;
use crate::guide_words;
use crate::scenario_words;
use crate::text;
use crate::trouble::why;
use crate::workshop_words;

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

/// A person at a device.
pub(crate) fn whereabouts(who: &Whereabouts) -> String {
    let name = who.person_name.clone().unwrap_or_else(|| text::person_unnamed().to_owned());
    match &who.device_name {
        Some(device) => text::who_at(name, device),
        None => name,
    }
}

/// What an interrupted order waits for.
pub(crate) fn hold_cause(cause: HoldCause) -> &'static str {
    match cause {
        HoldCause::Part => text::hold_part(),
        HoldCause::Production => text::hold_production(),
        HoldCause::Help => text::hold_help(),
        HoldCause::ShiftEnd => text::hold_shift(),
    }
}

/// The cause behind a reason that was tapped; nothing for words of the person's own.
pub(crate) fn hold_cause_of(reason: &str) -> Option<HoldCause> {
    [HoldCause::Part, HoldCause::Production, HoldCause::Help, HoldCause::ShiftEnd]
        .into_iter()
        .find(|cause| hold_cause(*cause) == reason)
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
        DeliveryTarget::Mail => text::target_mail(),
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

/// What a person sees to.
pub(crate) fn role(role: PersonRole) -> &'static str {
    match role {
        PersonRole::Technician => text::role_technician(),
        PersonRole::Supervisor => text::role_supervisor(),
    }
}

/// What a line of the shift log is about.
pub(crate) fn entry_kind(kind: ShiftEntryKind) -> &'static str {
    match kind {
        ShiftEntryKind::Note => text::entry_note(),
        ShiftEntryKind::Fault => text::entry_fault(),
        ShiftEntryKind::Watch => text::entry_watch(),
        ShiftEntryKind::Safety => text::entry_safety(),
        ShiftEntryKind::Done => text::entry_done(),
    }
}

/// What a shift is called: those that come with the app in the person's language, the plant's own as they are.
pub(crate) fn shift_name(name: &str) -> String {
    match name {
        "Early" => text::shift_early().to_owned(),
        "Late" => text::shift_late().to_owned(),
        "Night" => text::shift_night().to_owned(),
        own => own.to_owned(),
    }
}

/// A shift and when it begins.
pub(crate) fn shift_time(shift: &ShiftTime) -> String {
    text::shift_from(shift_name(&shift.name), clock(shift.starts_min))
}

/// Minutes since midnight as a clock shows them.
pub(crate) fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// What happened in a shift.
pub(crate) fn happening(happening: &ShiftHappening) -> String {
    match happening {
        ShiftHappening::Said { text } => text.clone(),
        ShiftHappening::OrderStarted => text::happened_started().to_owned(),
        ShiftHappening::OrderHeld { reason, .. } => text::happened_held(reason),
        ShiftHappening::OrderCompleted { details_pending: true, .. } => text::happened_later().to_owned(),
        ShiftHappening::OrderCompleted { words, .. } if words.is_empty() => text::happened_done().to_owned(),
        ShiftHappening::OrderCompleted { words, .. } => text::happened_done_words(words),
        ShiftHappening::OrderCancelled { reason } => text::happened_cancelled(reason),
        ShiftHappening::StillOpen { status: stands } => text::happened_open(status(*stands)),
        ShiftHappening::StepSkipped { step, reason, mandatory: true } => {
            text::happened_skipped_mandatory(step, reason)
        }
        ShiftHappening::StepSkipped { step, reason, mandatory: false } => {
            text::happened_skipped(step, reason)
        }
        ShiftHappening::ReadingBeyond { step, value, unit } => {
            text::happened_beyond(step, figure::plain(*value), figure::unit(unit))
        }
        ShiftHappening::RequestRaised { text, machine_down: true } => text::happened_request_down(text),
        ShiftHappening::RequestRaised { text, machine_down: false } => text::happened_request(text),
        ShiftHappening::PlanRaised => text::happened_plan().to_owned(),
        ShiftHappening::Written { entry_kind: kind, text, .. } if text.is_empty() => {
            entry_kind(*kind).to_owned()
        }
        ShiftHappening::Written { entry_kind: ShiftEntryKind::Note, text, .. } => text.clone(),
        ShiftHappening::Written { entry_kind: kind, text, .. } => {
            text::happened_written(entry_kind(*kind), text)
        }
        ShiftHappening::TagStale { tag, .. } => text::asks_silent(tag),
    }
}

/// A unit of the calendar, so many of it.
pub(crate) fn calendar_unit(unit: CalendarUnit, count: i64) -> String {
    match unit {
        CalendarUnit::Day => text::every_days(count),
        CalendarUnit::Week => text::every_weeks(count),
        CalendarUnit::Month => text::every_months(count),
        CalendarUnit::Year => text::every_years(count),
    }
}

/// When work comes round.
pub(crate) fn rhythm(rhythm: &PlanRhythm) -> String {
    match rhythm {
        PlanRhythm::Calendar { every, unit, .. } => calendar_unit(*unit, *every),
        PlanRhythm::Meter { every, source, .. } => match source {
            MeterSource::Reading { name, unit } => {
                text::every_on_meter(figure::plain(*every), figure::unit(unit), name)
            }
            MeterSource::Tag { .. } => text::every_on_tag(figure::plain(*every)),
        },
    }
}

/// What the next occasion of a plan is counted from.
pub(crate) fn plan_mode(mode: PlanMode) -> &'static str {
    match mode {
        PlanMode::Fixed => text::plan_fixed(),
        PlanMode::Floating => text::plan_floating(),
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

/// How old a live value is, and what else is to be known before it is believed.
pub(crate) fn live_age(binding: &TagBinding, live: Option<&LiveValue>, now: TimestampMs) -> String {
    let Some(live) = live else { return text::never_heard().to_owned() };
    let age = text::ago(figure::span(now.since_ms(live.sample.at())));
    match condition::stale(binding, live, now) {
        Some(reason) => format!("{age} · {}", stale(reason)),
        None if live.sample.quality != Quality::Good => format!("{age} · {}", text::condition_not_good()),
        None => age,
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
        StepOutcome::Signed { .. } => text::outcome_signed().to_owned(),
        StepOutcome::TriedOut { shown: Some(proof), .. } => {
            text::outcome_tried_shown(figure::plain(proof.value), figure::unit(&proof.unit))
        }
        StepOutcome::TriedOut { shown: None, .. } => text::outcome_tried_by_two().to_owned(),
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
        StepForm::Signature { meaning } => text::asks_signature(meaning),
        StepForm::TryOut { .. } => text::asks_try_out().to_owned(),
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
        StepForm::Signature { .. } => text::step_kind_signature(),
        StepForm::TryOut { .. } => text::step_kind_try_out(),
    };
    match form {
        StepForm::Measurement { .. } => format!("{kind}, {}", asks(form)),
        StepForm::Choice { options } => format!("{kind}: {}", options.join(", ")),
        StepForm::Signature { meaning } => format!("{kind}: {meaning}"),
        StepForm::Check
        | StepForm::Inspection
        | StepForm::Text
        | StepForm::Photo
        | StepForm::TryOut { .. } => kind.to_owned(),
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
        StepLabel::SendMail { to, subject } => text::does_send_mail(to, subject),
        StepLabel::Words { text } => text.clone(),
    }
}

/// Why a command failed.
pub(crate) fn error(error: &ApiError) -> String {
    match (&error.refusal, error.code) {
        (Some(refusal), _) => refused(refusal),
        (None, Code::Internal) => text::error_internal(&error.message),
        (None, _) => error.message.clone(),
    }
}

/// What was refused, and what to do about it.
pub(crate) fn refused(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Empty { input } => text::refused_empty(input_name(*input)),
        Refusal::TooLong { input, count, limit } => text::refused_too_long(input_name(*input), count, limit),
        Refusal::NotHere { what } => text::refused_not_here(missing(*what)),
        Refusal::NobodyPicked => text::refused_nobody().to_owned(),
        Refusal::NoWebhookSecret => text::refused_no_webhook_secret().to_owned(),
        Refusal::NotForPrograms { command } => text::refused_not_for_programs(command),
        Refusal::ExistsAlready { what } => text::refused_exists(what),
        Refusal::DiskFull => text::refused_disk_full().to_owned(),
        Refusal::DiskFailed => text::refused_disk_failed().to_owned(),
        Refusal::DiskReserveFreed => text::refused_disk_reserve().to_owned(),
        // Without the key no window opens: who reads this reads a log, and its words.
        Refusal::Key { fault } => text::refused_key(fault),
        Refusal::OrderCancelled { order } => text::refused_order_cancelled(order),
        Refusal::OrderClosed { order } => text::refused_order_closed(order),
        Refusal::NoSuchMove { order, from, to } => text::refused_move(order, status(*from), status(*to)),
        Refusal::OrderNotEdited { order, status: stands } => text::refused_not_edited(order, status(*stands)),
        Refusal::StepsToDo { steps } => text::refused_steps_to_do(steps.join("; ")),
        Refusal::TooManySteps { limit } => text::refused_too_many_steps(limit),
        Refusal::StepUnfit { step, fault } => text::refused_step(step, step_fault(fault)),
        Refusal::Guide { fault } => guide_words::fault(fault),
        Refusal::Scenario { fault } => scenario_words::fault(fault),
        Refusal::WhatIf { fault } => what_if_fault(fault),
        Refusal::Workshop { fault } => workshop_words::fault(fault),
        Refusal::Exercise { fault } => exercise_words::fault(fault),
        Refusal::TryOutAlone => text::refused_try_out_alone().to_owned(),
        Refusal::StepRecorded { position } => text::refused_step_recorded(position),
        Refusal::StepOfErp { position } => text::refused_step_of_erp(position),
        Refusal::AnswerUnfit => text::refused_answer().to_owned(),
        Refusal::ReadingNotANumber => text::refused_reading().to_owned(),
        Refusal::QuantityUnusable { quantity } => {
            text::refused_quantity(figure::amount(quantity), figure::unit(&quantity.unit))
        }
        Refusal::WholePieces { part } => text::refused_whole_pieces(part),
        Refusal::OtherUnit { part, unit, given } => {
            text::refused_other_unit(part, figure::unit(unit), figure::unit(given))
        }
        Refusal::NoTimer => text::refused_no_timer().to_owned(),
        Refusal::MinutesAtOnce { minutes, limit } => text::refused_minutes_at_once(minutes, limit),
        Refusal::MinutesUnbookable { minutes } => text::refused_minutes(minutes),
        Refusal::NoFirstBooking => text::refused_no_first_booking().to_owned(),
        Refusal::NoFirstUse => text::refused_no_first_use().to_owned(),
        Refusal::MoreThanUsed { used } => {
            text::refused_more_than_used(figure::amount(used), figure::unit(&used.unit))
        }
        Refusal::RequestAnswered => text::refused_answered().to_owned(),
        Refusal::UndoTooLate => text::refused_undo_late().to_owned(),
        Refusal::UndoBuiltUpon => text::refused_undo_built_upon().to_owned(),
        Refusal::UndoUnderWay => text::refused_undo_under_way().to_owned(),
        Refusal::NothingToRetry => text::refused_retry().to_owned(),
        Refusal::NotGivenUp => text::refused_give_up().to_owned(),
        Refusal::DecidedAlready => text::refused_decided().to_owned(),
        Refusal::FileBroken { reason } => text::refused_file_broken(reason),
        Refusal::FileSize { bytes: 0, .. } => text::refused_file_empty().to_owned(),
        Refusal::FileSize { bytes, limit } | Refusal::ImportTooLarge { bytes, limit } => {
            text::refused_file_size(bytes.div_ceil(MEGABYTE), limit / MEGABYTE)
        }
        Refusal::PictureTooLarge { side_px } => text::refused_picture_large(side_px),
        Refusal::PictureBroken { reason } | Refusal::PictureUnfit { reason } => text::refused_picture(reason),
        Refusal::KeptDays { limit } => text::refused_kept_days(limit),
        Refusal::KeptSize { limit_gib } => text::refused_kept_size(limit_gib),
        Refusal::JoinedAlready { code } => text::refused_joined(code),
        Refusal::JoinLevels { gives_way, stays } => text::refused_join_levels(gives_way, stays),
        Refusal::JoinBelow { below, above } => text::refused_join_below(below, above),
        Refusal::JoinKeepsErp { gives_way, stays } => text::refused_join_keeps_erp(gives_way, stays),
        Refusal::JoinBothInErp { gives_way, stays } => text::refused_join_both(gives_way, stays),
        Refusal::LineSaysNothing => text::refused_line().to_owned(),
        Refusal::ShiftsUnfit { limit } => text::refused_shifts(limit),
        Refusal::ShiftNotBegun => text::refused_shift_ahead().to_owned(),
        Refusal::HandoverTooLong { limit } => text::refused_handover_long(limit),
        Refusal::RhythmUnfit { limit } => text::refused_rhythm(figure::grouped(*limit)),
        Refusal::LeadUnfit { limit } => text::refused_lead(limit),
        Refusal::PlanEnded => text::refused_plan_ended().to_owned(),
        Refusal::LimitNotANumber => text::refused_limit().to_owned(),
        Refusal::SilenceTooShort => text::refused_silence(figure::plain(0.1)),
        Refusal::TooManyWatched { limit } => text::refused_watched(limit),
        Refusal::SpanReversed => text::refused_span().to_owned(),
        Refusal::ColumnsUnfit { missing, unknown, known } if unknown.is_empty() => {
            text::refused_columns_missing(missing.join(", "), known)
        }
        Refusal::ColumnsUnfit { missing, unknown, known } if missing.is_empty() => {
            text::refused_columns_unknown(unknown.join(", "), known)
        }
        Refusal::ColumnsUnfit { missing, unknown, known } => {
            text::refused_columns_both(missing.join(", "), unknown.join(", "), known)
        }
        Refusal::FileRefused { fault } => data_words::file_fault(fault),
        Refusal::ErpNumberTaken { number } => text::refused_number_taken(number),
        Refusal::ZoneUnknown { zone } => text::refused_zone(zone),
        Refusal::FolderOfPlant => text::refused_folder().to_owned(),
        Refusal::DemoStaysDemo => text::refused_demo_stays().to_owned(),
        Refusal::DemoStaysApart => text::refused_demo_apart().to_owned(),
        Refusal::NoDemoPlant => text::refused_no_demo().to_owned(),
        Refusal::DemoNotStarted { program: _, reason } | Refusal::DemoNotReady { reason } => {
            text::refused_demo_start(reason)
        }
        Refusal::NoErp => text::refused_no_erp().to_owned(),
        Refusal::LetterUnreadable { reason } => text::refused_letter_unreadable(reason),
        Refusal::LetterForged => text::refused_letter_forged().to_owned(),
        Refusal::LetterForAnother => text::refused_letter_for_another().to_owned(),
        Refusal::BringCancelled => text::bring_cancelled().to_owned(),
        Refusal::LetterBeforeFirstStart => text::refused_letter_before_first_start().to_owned(),
        Refusal::LedgerElsewhere => text::refused_ledger_elsewhere().to_owned(),
        Refusal::NoLedger => text::refused_no_ledger().to_owned(),
        Refusal::Ledger { said } => text::refused_ledger(said),
        Refusal::ReservedByAnother { who, until: _ } => text::refused_reserved(who),
        Refusal::TakenByAnother { who } => text::refused_taken_on(who),
        Refusal::AsksNobody => text::refused_asks_nobody().to_owned(),
        Refusal::NotToReserve => text::refused_not_to_reserve().to_owned(),
        Refusal::InAnotherTeam => text::refused_in_team().to_owned(),
        Refusal::RestoredFromAnotherTeam => text::refused_restored_elsewhere().to_owned(),
        Refusal::NoTeam => text::refused_no_team().to_owned(),
        Refusal::NoNode => text::refused_no_node().to_owned(),
        Refusal::Node { said } => text::refused_node(said),
        Refusal::InvitationBroken => text::refused_invitation().to_owned(),
        Refusal::Erp { trouble, said, cause } => match trouble {
            ErpTrouble::OutOfReach => text::refused_erp_reach(why(cause, said)),
            ErpTrouble::Login => text::refused_erp_login(why(cause, said)),
            ErpTrouble::NotUnderstood => text::refused_erp_words(said),
            ErpTrouble::Settings => text::refused_erp_settings(said),
        },
        Refusal::NotAnAddress { address, reason } => text::refused_address(address, reason),
        Refusal::DatabaseMissing => text::refused_database().to_owned(),
        Refusal::MappingUnfit { reason } => text::refused_mapping(reason),
        Refusal::BrokerSettings { reason } => text::refused_broker(reason),
        Refusal::TagsOutOfBounds { limit } => text::refused_tags(figure::grouped(*limit)),
        Refusal::Broker { cause, said } => text::refused_broker_reach(why(cause, said)),
        Refusal::Mail { trouble, said, cause } => match trouble {
            MailTrouble::OutOfReach => text::refused_mail_reach(why(cause, said)),
            MailTrouble::NotSecured => text::refused_mail_secured(why(cause, said)),
            MailTrouble::Login => text::refused_mail_login(why(cause, said)),
            MailTrouble::NotNow => text::refused_mail_later(said),
            MailTrouble::Refused => text::refused_mail_for_good(said),
            MailTrouble::Settings => text::refused_mail_settings(said),
            MailTrouble::AnswerLost => text::refused_mail_lost(said),
        },
        Refusal::NotAKey => text::refused_key_file().to_owned(),
        Refusal::NotEncrypted { host } => text::refused_not_encrypted(host),
        Refusal::PasswordInTheOpen { host } => text::refused_password(host),
    }
}

/// Why a message or value of the plant is refused.
pub(crate) fn message_fault(fault: &MessageFault) -> String {
    match fault {
        MessageFault::TopicTooLong { bytes, limit } => text::message_topic_long(bytes, limit),
        MessageFault::NotUtf8 { line, column } => text::message_not_utf8(line, column),
        MessageFault::NotJson { reason, line, column } => text::message_not_json(line, column, reason),
        MessageFault::TooLarge { bytes, limit } => {
            text::message_too_large(figure::grouped(*bytes), figure::grouped(*limit))
        }
        MessageFault::LeftOut { bytes } => text::message_left_out(figure::grouped(*bytes)),
        MessageFault::Sparkplug { said } => text::message_sparkplug(said),
        MessageFault::TooManyTags { limit } => text::message_too_many(figure::grouped(*limit)),
    }
}

const MEGABYTE: u64 = 1024 * 1024;

fn input_name(input: Input) -> &'static str {
    match input {
        Input::Title => text::input_title(),
        Input::Description => text::input_description(),
        Input::Reason => text::input_reason(),
        Input::Fault => text::input_fault(),
        Input::Text => text::input_text(),
        Input::Note => text::input_note(),
        Input::FileName => text::input_file_name(),
        Input::MediaType => text::input_media_type(),
        Input::SignatureMeaning => text::input_signature(),
        Input::Found => text::input_found(),
        Input::Done => text::input_done(),
        Input::Step => text::input_step(),
        Input::Unit => text::input_unit(),
        Input::Choice => text::input_choice(),
        Input::PlantName => text::input_plant_name(),
        Input::WebhookEntities => text::input_webhook_entities(),
        Input::TokenName => text::input_token_name(),
        Input::DeviceName => text::input_device_name(),
        Input::PersonName => text::input_person_name(),
        Input::Code => text::input_code(),
        Input::GuideName => text::input_guide_name(),
        Input::GuideNews => text::input_guide_news(),
        Input::ScenarioName => text::input_scenario_name(),
        Input::SignpostName => text::input_signpost_name(),
        Input::ExerciseObjectives => text::input_exercise_objectives(),
        Input::ExerciseRole => text::input_exercise_role(),
        Input::InjectSender => text::input_inject_sender(),
        Input::InjectMessage => text::input_inject_message(),
        Input::InjectExpected => text::input_inject_expected(),
        Input::InjectNotes => text::input_inject_notes(),
        Input::ExerciseEntry => text::input_exercise_entry(),
        Input::ExerciseAction => text::input_exercise_action(),
        Input::AssetClass => text::input_asset_class(),
        Input::LabelName => text::input_label_name(),
        Input::EnergySourceName => text::input_energy_source_name(),
        Input::IsolatedAt => text::input_isolated_at(),
        Input::CameraName => text::input_camera_name(),
        Input::Instrument => text::input_instrument(),
        Input::Part => text::input_part(),
        Input::TagName => text::input_tag_name(),
        Input::ShiftName => text::input_shift_name(),
        Input::ShiftLine => text::input_shift_line(),
        Input::Handover => text::input_handover(),
        Input::MeterName => text::input_meter_name(),
    }
}

fn missing(what: Missing) -> &'static str {
    match what {
        Missing::Order => text::missing_order(),
        Missing::Guide => text::missing_guide(),
        Missing::Revision => text::missing_revision(),
        Missing::Fiducial => text::missing_fiducial(),
        Missing::CameraProfile => text::missing_camera_profile(),
        Missing::Model => text::missing_model(),
        Missing::EnergySource => text::missing_energy_source(),
        Missing::Workshop => text::missing_workshop(),
        Missing::Machine => text::missing_machine(),
        Missing::Request => text::missing_request(),
        Missing::Person => text::missing_person(),
        Missing::Change => text::missing_change(),
        Missing::Delivery => text::missing_delivery(),
        Missing::Device => text::missing_device(),
        Missing::Card => text::missing_card(),
        Missing::Record => text::missing_record(),
        Missing::Photo => text::missing_photo(),
        Missing::Step => text::missing_step(),
        Missing::Part => text::missing_part(),
        Missing::Supplier => text::missing_supplier(),
        Missing::Booking => text::missing_booking(),
        Missing::Use => text::missing_use(),
        Missing::Tag => text::missing_tag(),
        Missing::Skill => text::missing_skill(),
        Missing::Handover => text::missing_handover(),
        Missing::Line => text::missing_line(),
        Missing::Plan => text::missing_plan(),
        Missing::Token => text::missing_token(),
        Missing::Webhook => text::missing_webhook(),
        Missing::Scenario => text::missing_scenario(),
        Missing::ScenarioDecision => text::missing_scenario_decision(),
        Missing::Signpost => text::missing_signpost(),
        Missing::Exercise => text::missing_exercise(),
        Missing::ExerciseRole => text::missing_exercise_role(),
        Missing::ExerciseInject => text::missing_exercise_inject(),
        Missing::ExerciseEntry => text::missing_exercise_entry(),
        Missing::ExerciseAction => text::missing_exercise_action(),
    }
}

fn step_fault(fault: &StepFault) -> String {
    match fault {
        StepFault::LimitNotANumber => text::fault_limit().to_owned(),
        StepFault::LimitsCrossed { low, high } => {
            text::fault_limits_crossed(figure::plain(*low), figure::plain(*high))
        }
        StepFault::TooManyDecimals { limit } => text::fault_decimals(limit),
        StepFault::ChoiceTwice { option } => text::fault_choice_twice(option),
        StepFault::ChoiceCount { limit, count } => text::fault_choice_count(limit, count),
    }
}

/// Why a line is not tried out.
fn what_if_fault(fault: &WhatIfFault) -> String {
    match fault {
        WhatIfFault::NoMachines => text::what_if_no_machines().to_owned(),
        WhatIfFault::TooManyMachines { limit } => text::what_if_too_many(limit),
        WhatIfFault::Unfit { place, must } => text::what_if_unfit(place, must),
        WhatIfFault::Overtaken => text::what_if_overtaken().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_the_list_is_said_in_our_words_and_all_else_in_its_own() {
        let listed = ApiError::refused(Code::Invalid, Refusal::Empty { input: Input::Reason });
        assert_eq!(error(&listed), text::refused_empty(text::input_reason()));
        let inside = ApiError::new(Code::Internal, "the database refused: 11");
        assert_eq!(error(&inside), text::error_internal("the database refused: 11"));
        let other = ApiError::new(Code::Unreachable, "the owner's answer broke off");
        assert_eq!(error(&other), "the owner's answer broke off");
    }

    #[test]
    fn shifts_that_come_with_the_app_are_said_and_the_plants_own_stay() {
        let usual: Vec<String> = ShiftTime::usual().iter().map(shift_time).collect();
        assert_eq!(usual, ["Early from 06:00", "Late from 14:00", "Night from 22:00"]);
        assert_eq!(shift_name("Conti A"), "Conti A");
    }

    #[test]
    fn a_reason_that_was_tapped_has_its_cause() {
        assert_eq!(hold_cause_of(text::hold_part()), Some(HoldCause::Part));
        assert_eq!(hold_cause_of("The forklift is gone"), None);
    }

    #[test]
    fn what_happened_in_a_shift_is_said_whole() {
        let skipped = |mandatory| ShiftHappening::StepSkipped {
            step: "Lock".to_owned(),
            reason: "no time".to_owned(),
            mandatory,
        };
        assert_ne!(happening(&skipped(true)), happening(&skipped(false)));
        let written = |kind, text: &str| ShiftHappening::Written {
            entry_kind: kind,
            text: text.to_owned(),
            attachment_id: None,
        };
        assert_eq!(happening(&written(ShiftEntryKind::Note, "Runs warm")), "Runs warm");
        assert_eq!(happening(&written(ShiftEntryKind::Safety, "")), entry_kind(ShiftEntryKind::Safety));
        let beyond = ShiftHappening::ReadingBeyond { step: "Run-out".into(), value: 0.08, unit: "mm".into() };
        assert!(happening(&beyond).contains("0.08 mm"), "{}", happening(&beyond));
    }

    #[test]
    fn columns_are_named_where_they_are_wrong() {
        let columns = |missing: &[&str], unknown: &[&str]| {
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            refused(&Refusal::ColumnsUnfit {
                missing: owned(missing),
                unknown: owned(unknown),
                known: "code, name, level".to_owned(),
            })
        };
        assert!(columns(&["code"], &["kode"]).contains("code. Not known: kode."));
        assert!(!columns(&["code"], &[]).contains("Not known"));
        assert!(!columns(&[], &["kode"]).contains("Missing"));
    }
}
