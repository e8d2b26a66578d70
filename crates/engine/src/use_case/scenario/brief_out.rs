//! A scenario as a file: its brief, and its assumptions out and in again.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_methods::scenario::{Model, Watch, at_medians};
use millwright_model::*;

use super::run::{chosen, influences_show, run, run_of, text_of};
use super::{draft, of_model, show, unfit};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::brief::{
    BriefFault, Occasion, Reader, brief, bring_assumptions, json, markdown, pdf, pptx, write_assumptions,
};

/// The trials that a brief is written of.
const TRIALS: u32 = 100_000;
/// The trials for what moves its result.
const INFLUENCE_TRIALS: u32 = 4_000;

pub(crate) async fn brief_write(
    engine: &Inner,
    command: ScenarioBriefWrite,
) -> Result<FileBytes, EngineError> {
    let ScenarioBriefWrite { scenario_id, form, language } = command;
    let view = show::show(engine, ScenarioShow { scenario_id }).await?;
    let reader = reader(engine, language).await?;
    let name: String =
        view.scenario.name.chars().map(|sign| if sign.is_alphanumeric() { sign } else { '-' }).collect();
    let file_name = format!("{name}.{}", form.suffix());
    let rows = view.questions.len() as u64;
    let bytes = if form == BriefForm::Xlsx {
        write_assumptions(&view.questions, &reader).map_err(not_written)?
    } else {
        let whole = whole(engine, &view).await?;
        let write = move || match form {
            BriefForm::Pdf => pdf(&whole, &reader).map(|written| written.bytes),
            BriefForm::Pptx => pptx(&whole, &reader).map(|written| written.bytes),
            BriefForm::Markdown => Ok(markdown(&whole, &reader).into_bytes()),
            BriefForm::Json | BriefForm::Xlsx => json(&whole).map(String::into_bytes),
        };
        let written = tokio::task::spawn_blocking(write).await.map_err(EngineError::internal)?;
        written.map_err(not_written)?
    };
    Ok(FileBytes { file_name, rows, bytes_base64: STANDARD.encode(bytes) })
}

/// The brief of a scenario as it stands.
async fn whole(engine: &Inner, view: &ScenarioView) -> Result<ScenarioBrief, EngineError> {
    let scenario_id = view.scenario.scenario_id;
    let picture =
        run(engine, ScenarioRun { scenario_id, tries: vec![], trials: TRIALS, result: None }).await?;
    let best = picture.options.get(picture.best as usize);
    let choice = best.map(|option| option.choice.clone()).unwrap_or_default();
    let asked = ScenarioInfluences {
        scenario_id,
        tries: vec![],
        trials: INFLUENCE_TRIALS,
        result: None,
        choice: choice.clone(),
    };
    let influences = influences_show(engine, asked).await?;
    let text = text_of(engine, scenario_id).await?;
    let middle = move || {
        let model = Model::read(&text).map_err(|fault| of_model(&fault))?;
        let run = run_of(1, chosen(&model, &choice).unwrap_or_else(|_fault| BTreeMap::new()));
        Ok::<_, EngineError>(at_medians(&model, 0, &run, &Watch::default()).ok())
    };
    let at_medians = tokio::task::spawn_blocking(middle).await.map_err(EngineError::internal)??;
    let plant: String = engine.database.read().await?.setting("plant_name").await?.unwrap_or_default();
    Ok(brief(view, picture, influences, Occasion { plant, made_at: engine.now(), at_medians }))
}

/// The language that is asked for, else that of whoever asks, and the plant's clock.
async fn reader(engine: &Inner, language: Option<String>) -> Result<Reader, EngineError> {
    let settings = crate::settings::kept(&mut engine.database.read().await?).await?;
    let holder = engine.person().and_then(|person_id| engine.people.get(person_id));
    let language = language.or(holder.map(|holder| holder.language)).unwrap_or(settings.language);
    Ok(Reader { language, zone: settings.plant_zone })
}

fn not_written(fault: BriefFault) -> EngineError {
    let fault = FileFault::NotWritten { reason: fault.to_string() };
    EngineError::Invalid(Refusal::FileRefused { fault })
}

pub(crate) async fn assumptions_bring(
    engine: &Inner,
    command: ScenarioAssumptionsBring,
) -> Result<ScenarioSheetReport, EngineError> {
    let ScenarioAssumptionsBring { scenario_id, bytes_base64, dry_run } = command;
    let unreadable = |reason: String| unfit(ScenarioFault::Unreadable { reason });
    let bytes = STANDARD.decode(&bytes_base64).map_err(|error| unreadable(error.to_string()))?;
    let view = show::show(engine, ScenarioShow { scenario_id }).await?;
    let text = text_of(engine, scenario_id).await?;
    let reader = reader(engine, None).await?;
    let read = move || bring_assumptions(&text, &view.questions, &bytes, &reader);
    let brought = tokio::task::spawn_blocking(read).await.map_err(EngineError::internal)?;
    let brought = brought.map_err(|fault| unreadable(fault.to_string()))?;
    if !dry_run && brought.report.refused.is_empty() && !brought.edits.is_empty() {
        draft::write(engine, ScenarioWrite { scenario_id, edits: brought.edits }).await?;
    }
    Ok(brought.report)
}
