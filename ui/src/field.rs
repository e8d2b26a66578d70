//! The fields of records and their values, in words: for history, conflict cards and whatever else shows a change.

use std::collections::BTreeMap;

use millwright_model::*;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::exercise_words;
use crate::figure;
use crate::guide_words;
use crate::scenario_words;
use crate::text;
use crate::words;

/// How a field is told to people.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldWord {
    /// By this name.
    Named(&'static str),
    /// Not at all: it only tells records apart.
    Hidden,
}

/// What a value is to people.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shown {
    /// Words.
    Words(String),
    /// An instant.
    Moment(TimestampMs),
    /// A day.
    Day(CivilDate),
}

/// What kind of record it is.
pub(crate) fn entity(entity: Entity) -> &'static str {
    match entity {
        Entity::WorkOrder => text::entity_work_order(),
        Entity::WorkStep => text::entity_work_step(),
        Entity::Labour => text::entity_labour(),
        Entity::LabourTimer => text::entity_labour_timer(),
        Entity::PartUse => text::entity_part_use(),
        Entity::Note => text::entity_note(),
        Entity::Attachment => text::entity_attachment(),
        Entity::Signature => text::entity_signature(),
        Entity::Reading => text::entity_reading(),
        Entity::Request => text::entity_request(),
        Entity::Asset => text::entity_asset(),
        Entity::TagBinding => text::entity_tag_binding(),
        Entity::Label => text::entity_label(),
        Entity::Part => text::entity_part(),
        Entity::Supplier => text::entity_supplier(),
        Entity::Offer => text::entity_offer(),
        Entity::WhereUsed => text::entity_where_used(),
        Entity::Stock => text::entity_stock(),
        Entity::Person => text::entity_person(),
        Entity::FindingCode => text::entity_finding_code(),
        Entity::PlainConsent => text::entity_plain_consent(),
        Entity::Alias => text::entity_alias(),
        Entity::Device => text::entity_device(),
        Entity::Downtime => text::entity_downtime(),
        Entity::Skill => text::entity_skill(),
        Entity::SkillLevel => text::entity_skill_level(),
        Entity::ShiftPattern => text::entity_shift_pattern(),
        Entity::ShiftEntry => text::entity_shift_entry(),
        Entity::Handover => text::entity_handover(),
        Entity::HandoverAcknowledgement => text::entity_handover_acknowledgement(),
        Entity::MaintenancePlan => text::entity_maintenance_plan(),
        Entity::Guide => text::entity_guide(),
        Entity::DocumentUpdate => text::entity_document_update(),
        Entity::GuideRevision => text::entity_guide_revision(),
        Entity::GuideRead => text::entity_guide_read(),
        Entity::StepTime => text::entity_step_time(),
        Entity::Fiducial => text::entity_fiducial(),
        Entity::CameraProfile => text::entity_camera_profile(),
        Entity::MachineModel => text::entity_machine_model(),
        Entity::EnergySource => text::entity_energy_source(),
        Entity::Scenario => text::entity_scenario(),
        Entity::ScenarioBaseline => text::entity_scenario_baseline(),
        Entity::ScenarioDecision => text::entity_scenario_decision(),
        Entity::ScenarioOutcome => text::entity_scenario_outcome(),
        Entity::Signpost => text::entity_signpost(),
        Entity::SignpostCrossing => text::entity_signpost_crossing(),
        Entity::Workshop => text::workshop(),
        Entity::Exercise => text::exercise(),
        Entity::ExerciseRole => text::entity_exercise_role(),
        Entity::ExerciseInject => text::entity_exercise_inject(),
        Entity::ExerciseMove => text::entity_exercise_move(),
        Entity::ExerciseEntry => text::entity_exercise_entry(),
        Entity::ExerciseAction => text::entity_exercise_action(),
    }
}

/// The name of a field; nothing for one that no record of this version has.
pub(crate) fn known(entity: Entity, name: &str) -> Option<FieldWord> {
    use FieldWord::{Hidden, Named};
    let own_id = match entity {
        Entity::LabourTimer => "timer_id".to_owned(),
        other => format!("{}_id", other.as_str()),
    };
    if name == own_id {
        return Some(Hidden);
    }
    Some(match name {
        "blob" | "sealed_name" | "sealed_erp_number" | "work_order_id" | "work_step_id" | "attachment_id"
        | "supplier_id" | "record_kind" | "winner_id" | "verifying_key" | "sealing_key" | "handover_id"
        | "item_id" | "about" | "document_id" | "bytes" | "guide_place" | "step_id" | "content_hash"
        | "draft_version" | "written_on" | "created_on" | "exercise_id" | "role_id" | "inject_id"
        | "entry_id" => Hidden,
        "door" => Named(text::field_door()),
        "held_on" => Named(text::field_held_on()),
        "level" if entity == Entity::SkillLevel => Named(text::field_skill_level()),
        "skill_id" => Named(text::entity_skill()),
        "valid_until" => Named(text::field_valid_until()),
        "from_at" => Named(text::field_from()),
        "to_at" => Named(text::field_to()),
        "reason_code" => Named(text::field_reason_code()),
        "reason_text" => Named(text::field_reason()),
        "erp_number" => Named(text::field_erp_number()),
        "local_number" => Named(text::field_local_number()),
        "title" => Named(text::field_title()),
        "description" => Named(text::field_description()),
        "work_kind" => Named(text::field_work_kind()),
        "asset_id" => Named(text::field_asset()),
        "request_id" => Named(text::field_request()),
        "status" => Named(text::field_status()),
        "status_reason" | "reason" => Named(text::field_reason()),
        "priority" => Named(text::field_priority()),
        "due_at" => Named(text::field_due()),
        "planned_start_at" => Named(text::field_planned_start()),
        "planned_minutes" => Named(text::field_planned_minutes()),
        "assignee_id" => Named(text::field_assignee()),
        "found_code" => Named(text::field_found_code()),
        "found_text" => Named(text::field_found()),
        "done_code" => Named(text::field_done_code()),
        "done_text" => Named(text::field_done()),
        "details_pending" => Named(text::field_details_pending()),
        "started_at" => Named(text::field_started()),
        "stopped_at" => Named(text::field_stopped()),
        "completed_at" => Named(text::field_completed()),
        "created_at" => Named(text::field_created()),
        "position" => Named(text::field_position()),
        "hint" => Named(text::field_hint()),
        "form" => Named(text::field_form()),
        "mandatory" => Named(text::field_mandatory()),
        "outcome" => Named(text::field_outcome()),
        "recorded_at" => Named(text::field_recorded()),
        "recorded_by" => Named(text::field_recorded_by()),
        "person_id" => Named(text::field_person()),
        "minutes" => Named(text::field_minutes()),
        "worked_on" => Named(text::field_worked_on()),
        "corrects" => Named(text::field_corrects()),
        "part_id" => Named(text::field_part()),
        "quantity" => Named(text::field_quantity()),
        "location" => Named(text::field_location()),
        "text" => Named(text::field_text()),
        "written_at" => Named(text::field_written()),
        "written_by" => Named(text::field_written_by()),
        "size_bytes" => Named(text::field_size()),
        "media_type" => Named(text::field_media_type()),
        "file_name" => Named(text::field_file_name()),
        "taken_at" => Named(text::field_taken()),
        "taken_by" => Named(text::field_taken_by()),
        "meaning" => Named(text::field_meaning()),
        "signed_at" => Named(text::field_signed()),
        "name" => Named(text::field_name()),
        "value" => Named(text::field_value()),
        "unit" => Named(text::field_unit()),
        "read_at" => Named(text::field_read()),
        "read_by" => Named(text::field_read_by()),
        "machine_down" => Named(text::field_machine_down()),
        "raised_at" => Named(text::field_raised()),
        "raised_by" => Named(text::field_raised_by()),
        "parent_id" => Named(text::field_parent()),
        "level" => Named(text::field_level()),
        "code" => Named(text::field_code()),
        "uns_path" => Named(text::field_uns_path()),
        "criticality" => Named(text::field_criticality()),
        "class" | "asset_class" => Named(text::field_class()),
        "retired_at" => Named(text::field_retired()),
        "series" => Named(text::field_series()),
        "usual_low" => Named(text::usual_from()),
        "usual_high" => Named(text::usual_to()),
        "limit_low" => Named(text::limit_from()),
        "limit_high" => Named(text::limit_to()),
        "silence_ms" => Named(text::field_silence()),
        "number" => Named(text::field_number()),
        "alternates" => Named(text::field_alternates()),
        "lead_time_days" => Named(text::field_lead_time()),
        "price_hundredths" => Named(text::field_price()),
        "currency" => Named(text::field_currency()),
        "place" => Named(text::field_place()),
        "bin" => Named(text::field_bin()),
        "on_hand" => Named(text::field_on_hand()),
        "as_of" => Named(text::field_as_of()),
        "language" => Named(text::field_language()),
        "left_at" => Named(text::field_left()),
        "finding_kind" => Named(text::field_finding_kind()),
        "target" => Named(text::field_target()),
        "host" => Named(text::field_host()),
        "accepted_at" => Named(text::field_accepted()),
        "accepted_by" => Named(text::field_accepted_by()),
        "scope" => Named(text::field_scope()),
        "joined_at" => Named(text::field_joined()),
        "revoked_at" => Named(text::field_revoked()),
        "revoked_reason" => Named(text::field_reason()),
        "ended_at" => Named(text::field_ended()),
        "role" => Named(text::field_role()),
        "hold_cause" => Named(text::field_hold_cause()),
        "plan_occasion" => Named(text::field_plan_occasion()),
        "continued" => Named(text::field_continued()),
        "reservation" => Named(text::field_reservation()),
        "taken" => Named(text::field_taken_on()),
        "passed_on" => Named(text::field_passed_on()),
        "shifts" => Named(text::field_shifts()),
        "entry_kind" => Named(text::field_entry_kind()),
        "shift_name" => Named(text::field_shift_name()),
        "shift_starts_at" => Named(text::field_shift_starts()),
        "shift_ends_at" => Named(text::field_shift_ends()),
        "given_at" => Named(text::field_given()),
        "given_by" => Named(text::field_given_by()),
        "items" => Named(text::field_items()),
        "acknowledged_at" => Named(text::field_acknowledged()),
        "steps" => Named(text::checklist()),
        "rhythm" => Named(text::field_rhythm()),
        "mode" => Named(text::field_mode()),
        "lead_days" => Named(text::field_lead()),
        "last_done_at" => Named(text::field_last_done()),
        "guide_revision_id" => Named(text::entity_guide_revision()),
        "guide_id" => Named(text::entity_guide()),
        "instrument" => Named(text::field_instrument()),
        "part" => Named(text::field_part()),
        "created_by" => Named(text::field_created_by()),
        "content" => Named(text::field_content()),
        "news" => Named(text::field_news()),
        "authors" => Named(text::field_authors()),
        "submitted_at" => Named(text::field_submitted()),
        "submitted_by" => Named(text::field_submitted_by()),
        "decided_at" => Named(text::field_decided()),
        "decided_by" => Named(text::field_decided_by()),
        "took_ms" => Named(text::field_took()),
        "family" => Named(text::field_family()),
        "size_m" => Named(text::field_label_size()),
        "bar_mm" => Named(text::field_bar()),
        "survey" => Named(text::field_survey()),
        "hung_at" => Named(text::field_hung()),
        "hung_by" => Named(text::field_hung_by()),
        "removed_at" => Named(text::field_removed()),
        "camera" => Named(text::field_camera()),
        "width_px" => Named(text::field_width()),
        "height_px" => Named(text::field_height()),
        "focus" => Named(text::field_focus()),
        "intrinsics_px" => Named(text::field_intrinsics()),
        "distortion" => Named(text::field_distortion()),
        "sigma_px" => Named(text::field_spread()),
        "residual_px" => Named(text::field_residual()),
        "coverage" => Named(text::field_coverage()),
        "picture_count" => Named(text::field_picture_count()),
        "made_at" => Named(text::field_made()),
        "made_by" => Named(text::field_made_by()),
        "parts" => Named(text::field_parts()),
        "triangle_count" => Named(text::field_triangles()),
        "brought_at" => Named(text::field_brought()),
        "brought_by" => Named(text::field_brought_by()),
        "energy" => Named(text::field_energy()),
        "tag_binding_id" => Named(text::entity_tag_binding()),
        "bound_by" => Named(text::field_bound_by()),
        "approved_by" => Named(text::field_approved_by()),
        "approved_at" => Named(text::field_approved()),
        "isolated_at" => Named(text::field_isolated_at()),
        "scenario_id" => Named(text::entity_scenario()),
        "scenario_decision_id" => Named(text::entity_scenario_decision()),
        "signpost_id" => Named(text::entity_signpost()),
        "choice" => Named(text::field_choice()),
        "expected" => Named(text::field_expected()),
        "owner" => Named(text::field_owner()),
        "review_on" => Named(text::field_review()),
        "result" => Named(text::field_result()),
        "came" => Named(text::field_came()),
        "share_below" => Named(text::field_share_below()),
        "is_within_ninety_percent" => Named(text::field_within()),
        "off" => Named(text::field_off()),
        "told_at" => Named(text::field_told()),
        "told_by" => Named(text::field_told_by()),
        "side" => Named(text::field_side()),
        "threshold" => Named(text::field_threshold()),
        "holds_ms" => Named(text::field_holds()),
        "set_at" => Named(text::field_set()),
        "set_by" => Named(text::field_set_by()),
        "crossed_at" => Named(text::field_crossed()),
        "seen_at" => Named(text::field_seen()),
        "seen_by" => Named(text::field_seen_by()),
        "planned_on" => Named(text::field_planned_on()),
        "objectives" => Named(text::field_objectives()),
        "at_ms" => Named(text::field_exercise_time()),
        "sender" => Named(text::field_sender()),
        "means" => Named(text::field_means()),
        "message" => Named(text::field_message()),
        "notes" => Named(text::field_exercise_notes()),
        "act" => Named(text::field_act()),
        "moved_at" => Named(text::field_moved()),
        "moved_by" => Named(text::field_moved_by()),
        "played_by" => Named(text::field_played_by()),
        "met" => Named(text::field_met()),
        "logged_at" => Named(text::field_logged()),
        "logged_by" => Named(text::field_logged_by()),
        "due" => Named(text::field_due_on()),
        "done_at" => Named(text::field_done_at()),
        "done_by" => Named(text::field_done_by()),
        _ => return None,
    })
}

/// The name of a field, also of one that only a newer version knows; nothing where it is not shown.
pub(crate) fn name(entity: Entity, name: &str) -> Option<&'static str> {
    match known(entity, name) {
        Some(FieldWord::Named(word)) => Some(word),
        Some(FieldWord::Hidden) => None,
        None => Some(text::field_other()),
    }
}

/// A value of a field. `names` says what people call the records that ids stand for.
pub(crate) fn value(entity: Entity, field: &str, value: &Json, names: &BTreeMap<String, String>) -> Shown {
    let words = |words: &str| Shown::Words(words.to_owned());
    if value.is_null() {
        return words(text::value_nothing());
    }
    let number = value.as_f64().unwrap_or_default();
    match field {
        "isolated_at" => words(value.as_str().unwrap_or_default()),
        _ if field.ends_with("_at") || field == "as_of" => match value.as_i64() {
            Some(at) => Shown::Moment(TimestampMs(at)),
            None => words(text::value_changed()),
        },
        "worked_on" | "valid_until" | "review_on" | "held_on" | "planned_on" | "due" => {
            read::<CivilDate>(value).map_or_else(|| words(text::value_changed()), Shown::Day)
        }
        "corrects" => words(text::yes()),
        _ if field.ends_with("_id") || field.ends_with("_by") => named(value, names),
        "alternates" => {
            let all: Vec<String> =
                value.as_array().into_iter().flatten().map(|one| as_text(named(one, names))).collect();
            Shown::Words(if all.is_empty() { text::value_nothing().to_owned() } else { all.join(", ") })
        }
        "hold_cause" => one_of(value, words::hold_cause),
        "plan_occasion" => match read::<PlanOccasion>(value).map(|occasion| occasion.due) {
            Some(OccasionDue::Day(day)) => Shown::Day(day),
            Some(OccasionDue::Meter(stand)) => Shown::Words(figure::plain(stand)),
            None => words(text::value_changed()),
        },
        "continued" => {
            one_of(value, |continued: Continued| words::whereabouts(&taken_from(&continued, names)))
        }
        "reservation" => {
            one_of(value, |reserved: Reservation| words::whereabouts(&at(reserved.by, reserved.on, names)))
        }
        "taken" => one_of(value, |taken: Taken| words::whereabouts(&at(taken.by, taken.on, names))),
        "passed_on" => one_of(value, |passed: PassedOn| words::whereabouts(&at(passed.by, passed.on, names))),
        "role" => one_of(value, words::role),
        "entry_kind" if entity == Entity::ExerciseEntry => one_of(value, exercise_words::entry_kind),
        "entry_kind" => one_of(value, words::entry_kind),
        "at_ms" => Shown::Words(exercise_words::time(number as i64)),
        "means" => one_of(value, exercise_words::means),
        "met" => one_of(value, exercise_words::met),
        "act" => one_of(value, exercise_words::act),
        "rhythm" => one_of(value, |rhythm: PlanRhythm| words::rhythm(&rhythm)),
        "mode" => one_of(value, words::plan_mode),
        "shifts" => one_of(value, |shifts: Vec<ShiftTime>| {
            shifts.iter().map(words::shift_time).collect::<Vec<_>>().join(", ")
        }),
        "items" => Shown::Words(figure::plain(value.as_array().map_or(0, Vec::len) as f64)),
        "steps" => one_of(value, |steps: Vec<StepDraft>| {
            let titles: Vec<String> = steps.into_iter().map(|step| step.title).collect();
            if titles.is_empty() { text::value_nothing().to_owned() } else { titles.join(", ") }
        }),
        "lead_days" => Shown::Words(text::span_days(number)),
        "energy" => one_of(value, guide_words::energy),
        "owner" => named(value, names),
        "side" => one_of(value, |side: SignpostSide| match side {
            SignpostSide::Above => text::signpost_side_above().to_owned(),
            SignpostSide::Below => text::signpost_side_below().to_owned(),
        }),
        "choice" => one_of(value, |choice: Vec<ScenarioChoice>| scenario_words::choice(&choice)),
        "took_ms" | "holds_ms" => Shown::Words(figure::span(number as i64)),
        "size_m" => Shown::Words(format!("{} mm", figure::plain(number * 1000.0))),
        "authors" => {
            let all: Vec<String> =
                value.as_array().into_iter().flatten().map(|one| as_text(named(one, names))).collect();
            Shown::Words(all.join(", "))
        }
        "status" if entity == Entity::GuideRevision => one_of(value, guide_words::revision_status),
        "status" if entity == Entity::Request => one_of(value, words::request_status),
        "status" => one_of(value, words::status),
        "priority" => one_of(value, words::priority),
        "work_kind" => one_of(value, words::work_kind),
        "level" if entity == Entity::SkillLevel => Shown::Words(figure::plain(number)),
        "level" => one_of(value, words::level),
        "criticality" => one_of(value, words::criticality),
        "finding_kind" => one_of(value, words::finding_kind),
        "target" => one_of(value, words::target),
        "form" => one_of(value, |form: StepForm| words::form(&form)),
        "outcome" => one_of(value, |outcome: StepOutcome| words::recorded(&outcome)),
        "quantity" | "on_hand" => one_of(value, |quantity: Quantity| {
            format!("{} {}", figure::amount(&quantity), figure::unit(&quantity.unit))
        }),
        "minutes" | "planned_minutes" => {
            Shown::Words(format!("{} {}", figure::plain(number), text::unit_minutes()))
        }
        "silence_ms" => Shown::Words(figure::span(number as i64)),
        "size_bytes" => Shown::Words(text::value_kilobytes((number / 1000.0).ceil())),
        "lead_time_days" => Shown::Words(text::span_days(number)),
        "price_hundredths" => Shown::Words(figure::fixed(number / 100.0, 2)),
        "unit" => Shown::Words(figure::unit(value.as_str().unwrap_or_default())),
        _ => match value {
            Json::String(said) if said.is_empty() => words(text::value_nothing()),
            Json::String(said) => words(said),
            Json::Bool(true) => words(text::yes()),
            Json::Bool(false) => words(text::no()),
            Json::Number(_) => Shown::Words(figure::plain(number)),
            Json::Null | Json::Array(_) | Json::Object(_) => words(text::value_changed()),
        },
    }
}

fn read<T: DeserializeOwned>(value: &Json) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

/// A value of a closed list in its words; one that only a newer version knows is just «changed».
fn one_of<T: DeserializeOwned, W: ToString>(value: &Json, say: impl Fn(T) -> W) -> Shown {
    Shown::Words(read(value).map_or_else(|| text::value_changed().to_owned(), |known| say(known).to_string()))
}

fn named(value: &Json, names: &BTreeMap<String, String>) -> Shown {
    let name = value.as_str().and_then(|id| names.get(id));
    Shown::Words(name.cloned().unwrap_or_else(|| text::value_gone().to_owned()))
}

/// A person at a device, by the names that are known.
fn at(person_id: PersonId, device_id: DeviceId, names: &BTreeMap<String, String>) -> Whereabouts {
    Whereabouts {
        person_name: names.get(&person_id.to_string()).cloned(),
        device_name: names.get(&device_id.to_string()).cloned(),
    }
}

fn taken_from(continued: &Continued, names: &BTreeMap<String, String>) -> Whereabouts {
    let called = |id: Option<String>| id.and_then(|id| names.get(&id).cloned());
    Whereabouts {
        person_name: called(continued.from_person.map(|person_id| person_id.to_string())),
        device_name: called(continued.from_device.map(|device_id| device_id.to_string())),
    }
}

fn as_text(shown: Shown) -> String {
    match shown {
        Shown::Words(words) => words,
        Shown::Moment(_) | Shown::Day(_) => String::new(),
    }
}
