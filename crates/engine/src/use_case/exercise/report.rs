//! The after-action report: what was to happen, what did, what was missing, and who does what about it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_model::*;
use serde::Serialize;

use super::show;
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::paper;

/// What the JSON file says of itself: the number grows when a field changes its meaning or goes.
const FORMAT: &str = "millwright-after-action-report/1";

#[derive(Serialize)]
struct File<'r> {
    format: &'static str,
    report: &'r ExerciseReport,
}

pub(crate) async fn report_write(
    engine: &Inner,
    command: ExerciseReportWrite,
) -> Result<FileBytes, EngineError> {
    let ExerciseReportWrite { exercise_id, form, language } = command;
    let report = report_of(engine, exercise_id).await?;
    let bytes_base64 = match form {
        ExerciseReportForm::Pdf => {
            let subject = PaperSubject::Exercise { exercise_id };
            paper::record(engine, RecordPaper { subject, language }).await?.bytes_base64
        }
        ExerciseReportForm::Markdown => {
            STANDARD.encode(paper::exercise_markdown(engine, &report, language).await?)
        }
        ExerciseReportForm::Json => {
            let file = File { format: FORMAT, report: &report };
            STANDARD.encode(serde_json::to_string_pretty(&file)? + "\n")
        }
    };
    let file_name = format!("{}.{}", paper::exercise_stem(&report), form.suffix());
    Ok(FileBytes { file_name, rows: report.injects.len() as u64, bytes_base64 })
}

/// The report of an exercise as it stands.
pub(crate) async fn report_of(
    engine: &Inner,
    exercise_id: ExerciseId,
) -> Result<ExerciseReport, EngineError> {
    let view = show(engine, ExerciseShow { exercise_id }).await?;
    let plant = engine.database.read().await?.setting("plant_name").await?.unwrap_or_default();
    Ok(report(&view, plant, engine.now()))
}

fn report(view: &ExerciseView, plant: String, now: TimestampMs) -> ExerciseReport {
    let entries = |kind| view.standing(kind).map(|entry| told(view, entry)).collect();
    let name = |person_id| view.name(person_id).map(str::to_owned);
    ExerciseReport {
        title: view.exercise.title.clone(),
        scenario: view.scenario_name.clone(),
        scenario_id: view.exercise.scenario_id,
        exercise_id: view.exercise.exercise_id,
        plant,
        made_at: now,
        state: view.clock.state,
        planned_on: view.exercise.planned_on,
        started_at: view.clock.started_at,
        ended_at: view.clock.ended_at,
        lasted_ms: view.clock.reading_ms(now),
        objectives: view
            .exercise
            .objectives
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        roles: view
            .roles
            .iter()
            .map(|role| ReportRole { name: role.name.clone(), played_by: name(role.person_id) })
            .collect(),
        injects: view.injects.iter().enumerate().map(|(place, one)| inject(view, place, one, now)).collect(),
        decisions: entries(ExerciseEntryKind::Decision),
        strengths: entries(ExerciseEntryKind::Strength),
        to_improve: entries(ExerciseEntryKind::Improve),
        notes: entries(ExerciseEntryKind::Note),
        actions: view
            .actions
            .iter()
            .map(|action| ReportAction {
                text: action.text.clone(),
                owner: name(action.owner),
                due: action.due,
                done_at: action.done_at,
                because: view
                    .log
                    .iter()
                    .find(|entry| Some(entry.exercise_entry_id) == action.entry_id)
                    .map(|entry| entry.text.clone()),
            })
            .collect(),
    }
}

fn inject(view: &ExerciseView, place: usize, inject: &ExerciseInject, now: TimestampMs) -> ReportInject {
    let id = inject.exercise_inject_id;
    ReportInject {
        number: place as u32 + 1,
        at_ms: inject.at_ms,
        sender: inject.sender.clone(),
        role: view.role(inject.role_id).map(|role| role.name.clone()).unwrap_or_default(),
        message: inject.message.clone(),
        expected: inject.expected.clone(),
        came: view.clock.has_come(inject, now),
        responses: view.responses(id).map(|entry| told(view, entry)).collect(),
        met: view.met(id),
    }
}

fn told(view: &ExerciseView, entry: &ExerciseEntry) -> ReportEntry {
    let name = |person_id| view.name(person_id).map(str::to_owned);
    ReportEntry {
        at_ms: entry.at_ms,
        text: entry.text.clone(),
        role: entry.role_id.and_then(|role_id| view.role(role_id)).map(|role| role.name.clone()),
        played_by: name(entry.played_by),
        met: entry.met,
        inject_number: entry.inject_id.and_then(|id| view.inject(id)).map(|(number, _)| number as u32),
        logged_by: name(entry.logged_by),
    }
}
