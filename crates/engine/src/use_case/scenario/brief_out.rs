//! A scenario as a file: its brief, and its assumptions out and in again.

use std::collections::BTreeMap;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_methods::scenario::{Model, RunFault, Watch, at_medians, compare, influences};
use millwright_model::*;

use super::run::{chosen, picture, run_of, text_of, told_influences};
use super::{draft, of_model, of_run, show, unfit};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::brief::{
    BriefFault, Occasion, Reader, brief, bring_assumptions, json, markdown, pdf, pptx, write_assumptions,
};

/// The trials that a brief is written of.
const TRIALS: usize = 100_000;
/// The trials for what moves its result.
const INFLUENCE_TRIALS: usize = 4_000;
/// The result that it is about: the model's first.
const RESULT: usize = 0;

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
    let bytes = match form {
        BriefForm::Pdf => {
            of_brief(engine, &view, move |brief| pdf(brief, &reader).map(|written| written.bytes)).await?
        }
        BriefForm::Pptx => {
            of_brief(engine, &view, move |brief| pptx(brief, &reader).map(|written| written.bytes)).await?
        }
        BriefForm::Markdown => {
            of_brief(engine, &view, move |brief| Ok(markdown(brief, &reader).into_bytes())).await?
        }
        BriefForm::Json => of_brief(engine, &view, |brief| json(brief).map(String::into_bytes)).await?,
        BriefForm::Xlsx => write_assumptions(&view.questions, &reader).map_err(not_written)?,
    };
    Ok(FileBytes { file_name, rows, bytes_base64: STANDARD.encode(bytes) })
}

/// Reckons the brief of a scenario as it stands and writes it, off the threads that answer people. A slider that moves
/// meanwhile does not end it.
async fn of_brief(
    engine: &Inner,
    view: &ScenarioView,
    write: impl FnOnce(&ScenarioBrief) -> Result<Vec<u8>, BriefFault> + Send + 'static,
) -> Result<Vec<u8>, EngineError> {
    let text = text_of(engine, view.scenario.scenario_id).await?;
    let plant: String = engine.database.read().await?.setting("plant_name").await?.unwrap_or_default();
    let (view, made_at) = (view.clone(), engine.now());
    let act = move || {
        let began = Instant::now();
        let (model, watch) = (Model::read(&text).map_err(|fault| of_model(&fault))?, Watch::default());
        let told = |fault: RunFault| of_run(&fault);
        let comparison = compare(&model, RESULT, &run_of(TRIALS, BTreeMap::new()), &watch).map_err(told)?;
        let picture = picture(&model, RESULT, &comparison, began);
        let best = picture.options.get(picture.best as usize);
        let choice = chosen(&model, &best.map(|option| option.choice.clone()).unwrap_or_default())?;
        let run = run_of(INFLUENCE_TRIALS, choice);
        let found = influences(&model, RESULT, &run, &watch).map_err(told)?;
        let at_medians = Some(at_medians(&model, RESULT, &run, &watch).map_err(told)?);
        let whole =
            brief(&view, picture, told_influences(&model, found), Occasion { plant, made_at, at_medians });
        write(&whole).map_err(not_written)
    };
    tokio::task::spawn_blocking(act).await.map_err(EngineError::internal)?
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
