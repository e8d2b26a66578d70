//! The model of a scenario as its updates make it: begun, read, and written by several people.

use millwright_documents::{DocumentError, ScenarioDraft};
use millwright_local_db::Session;
use millwright_methods::scenario::{self as language, Fault, Model};
use millwright_model::*;

use super::wrong::wrong;
use super::{convert, not_now, of_document, of_model, show, template, unfit};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::document::{self, writer};
use crate::use_case::{actor, required_text};

/// The most changes of one writing.
const EDITS_MAX: usize = 200;
/// How many figures that are told twice are looked past.
const TWICE_MAX: usize = 50;

/// The document of a scenario.
pub(super) async fn document(
    session: &mut Session,
    scenario_id: ScenarioId,
) -> Result<(ScenarioDraft, Vec<DocumentUpdate>), EngineError> {
    let updates = session.updates_of_document(scenario_id.0).await?;
    let draft = of_updates(&updates)?;
    Ok((draft, updates))
}

/// The document that some updates make.
pub(super) fn of_updates<'u>(
    updates: impl IntoIterator<Item = &'u DocumentUpdate>,
) -> Result<ScenarioDraft, EngineError> {
    let bytes = document::decoded(updates).map_err(of_document)?;
    ScenarioDraft::of_updates(bytes.iter().map(Vec::as_slice)).map_err(of_document)
}

/// A model's text as far as it can be read.
pub(super) struct Reading {
    /// The model, without the lines that tell again what another tells.
    pub(super) model: Option<Model>,
    /// Its text, with those lines empty.
    pub(super) text: String,
    /// What is wrong beyond that.
    pub(super) fault: Option<ScenarioTextFault>,
    /// The lines that were left out: the figure, and which line.
    left_out: Vec<(String, usize)>,
    raw: Vec<String>,
}

impl Reading {
    /// Reads a text. Two people may have told the same figure without knowing of each other: the first stands until
    /// somebody chooses.
    pub(super) fn of(text: &str) -> Self {
        let raw: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut lines = raw.clone();
        let mut left_out: Vec<(String, usize)> = Vec::new();
        loop {
            let effective = joined(&lines);
            let fault = match Model::read(&effective) {
                Ok(model) => return Self { model: Some(model), text: effective, fault: None, left_out, raw },
                Err(fault) => fault,
            };
            let line = fault.place.line;
            if let Fault::NameTaken(name) = &fault.fault
                && left_out.len() < TWICE_MAX
                && lines.iter().take(line.saturating_sub(1)).any(|line| tells(line, name))
                && let Some(again) = lines.get_mut(line.saturating_sub(1))
                && !again.is_empty()
            {
                again.clear();
                left_out.push((name.clone(), line));
                continue;
            }
            let told = ScenarioTextFault {
                line: u32::try_from(line).unwrap_or(u32::MAX),
                column: u32::try_from(fault.place.column).unwrap_or(u32::MAX),
                name: lines.get(line.saturating_sub(1)).and_then(|line| figure_of(line)),
                says: fault.fault.to_string(),
                wrong: Box::new(wrong(&fault.fault)),
            };
            return Self { model: None, text: effective, fault: Some(told), left_out, raw };
        }
    }

    /// The model.
    ///
    /// # Errors
    /// When the text cannot be read: with its place.
    pub(super) fn model(&self) -> Result<&Model, EngineError> {
        self.model.as_ref().ok_or_else(|| match &self.fault {
            Some(fault) => not_now(ScenarioFault::TextUnfit {
                line: fault.line,
                column: fault.column,
                says: fault.says.clone(),
                wrong: fault.wrong.clone(),
            }),
            None => EngineError::internal("a model that was not read has no fault"),
        })
    }

    /// Figures that are told more than once, with the lines that tell them.
    pub(super) fn twice(&self) -> Vec<ScenarioTwice> {
        let mut told: Vec<ScenarioTwice> = Vec::new();
        for (name, _) in &self.left_out {
            if told.iter().any(|twice| twice.name == *name) {
                continue;
            }
            let lines = self.raw.iter().enumerate().filter(|(_, line)| tells(line, name));
            let lines = lines.map(|(at, line)| (at as u32 + 1, line.clone())).collect();
            told.push(ScenarioTwice { name: name.clone(), lines });
        }
        told
    }

    /// The text with a changed one in place of the effective one: lines that were left out are there again, but for
    /// those that tell `settled`.
    fn with(&self, changed: &str, settled: &str) -> String {
        let mut lines: Vec<String> = changed.lines().map(str::to_owned).collect();
        let same_length = lines.len() == self.raw.len();
        for (name, line) in self.left_out.iter().filter(|(name, _)| name != settled) {
            let Some(says) = self.raw.get(line - 1) else { continue };
            match lines.get_mut(line - 1).filter(|line| same_length && line.is_empty()) {
                Some(empty) => empty.clone_from(says),
                None => lines.push(says.clone()),
            }
            debug_assert!(tells(says, name), "a line that was left out tells its figure");
        }
        joined(&lines)
    }
}

fn joined(lines: &[String]) -> String {
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// The figure that a line tells.
fn figure_of(line: &str) -> Option<String> {
    let mut words = line.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    let first = words.next().filter(|word| !word.is_empty())?;
    let is_kind = matches!(first, "result" | "stock" | "decision" | "disruption" | "index" | "unit");
    let name = if is_kind { words.find(|word| !word.is_empty())? } else { first };
    Some(name.to_owned())
}

/// Whether a line tells a figure.
fn tells(line: &str, name: &str) -> bool {
    figure_of(line.trim_start()).is_some_and(|told| told == name)
}

pub(crate) async fn begin(engine: &Inner, command: ScenarioCreate) -> Result<ScenarioId, EngineError> {
    let actor = actor(engine)?;
    let text = match (&command.template, command.text) {
        (Some(key), None) => template::text(key, &command.language)?.to_owned(),
        (None, Some(text)) => text,
        (None, None) | (Some(_), Some(_)) => return Err(unfit(ScenarioFault::NoBeginning)),
    };
    let model = Model::read(&text).map_err(|fault| of_model(&fault))?;
    let name = command.name.unwrap_or_else(|| model.title().to_owned());
    let name = required_text(&name, Input::ScenarioName, Scenario::NAME_CHARS)?;
    let mut unit = Unit::begin(engine, actor).await?;
    let scenario = Scenario {
        scenario_id: unit.mint(),
        name,
        language: command.language,
        created_at: unit.now,
        created_by: engine.person(),
        ended_at: None,
    };
    unit.create(&scenario).await?;
    let id: DocumentUpdateId = unit.mint();
    let (_, update) = ScenarioDraft::begin(&text, writer(id)).map_err(of_document)?;
    document::fits(&update).map_err(of_document)?;
    document::keep(&mut unit, id, scenario.scenario_id.0, &update, CacheTag::Scenarios).await?;
    unit.commit().await?;
    Ok(scenario.scenario_id)
}

pub(crate) async fn rename(engine: &Inner, command: ScenarioRename) -> Result<Done, EngineError> {
    let name = required_text(&command.name, Input::ScenarioName, Scenario::NAME_CHARS)?;
    change(engine, command.scenario_id, |scenario, _| Scenario { name, ..scenario }).await
}

pub(crate) async fn end(engine: &Inner, command: ScenarioEnd) -> Result<Done, EngineError> {
    let away = |scenario: Scenario, now| Scenario { ended_at: scenario.ended_at.or(Some(now)), ..scenario };
    change(engine, command.scenario_id, away).await
}

async fn change(
    engine: &Inner,
    scenario_id: ScenarioId,
    to: impl FnOnce(Scenario, TimestampMs) -> Scenario,
) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let scenario: Scenario = unit.need(scenario_id, Missing::Scenario).await?;
    let changed = to(scenario.clone(), unit.now);
    unit.update(&scenario, &changed).await?;
    unit.stale(CacheTag::Scenarios);
    unit.commit().await
}

pub(crate) async fn write(engine: &Inner, command: ScenarioWrite) -> Result<ScenarioView, EngineError> {
    if command.edits.len() > EDITS_MAX {
        let limit = EDITS_MAX as u64;
        return Err(unfit(ScenarioFault::TooMany { what: "changes at once".to_owned(), limit }));
    }
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let scenario: Scenario = unit.need(command.scenario_id, Missing::Scenario).await?;
    let (mut draft, _) = document(&mut unit, scenario.scenario_id).await?;
    for edit in &command.edits {
        let id: DocumentUpdateId = unit.mint();
        let update = apply(engine, &mut draft, edit, writer(id), unit.now)?;
        if let Some(update) = update {
            document::fits(&update).map_err(of_document)?;
            document::keep(&mut unit, id, scenario.scenario_id.0, &update, CacheTag::Scenarios).await?;
        }
    }
    let (draft, updates) = document(&mut unit, scenario.scenario_id).await?;
    let view = show::view(engine, &mut unit, scenario, &draft, &updates).await?;
    unit.commit().await?;
    Ok(view)
}

fn apply(
    engine: &Inner,
    draft: &mut ScenarioDraft,
    edit: &ScenarioEdit,
    peer: u64,
    now: TimestampMs,
) -> Result<Option<Vec<u8>>, EngineError> {
    let now_here = draft.version();
    let written = |draft: &mut ScenarioDraft, text: &str| draft.write_text(&now_here, text, peer);
    let update = match edit {
        ScenarioEdit::Answer { name, answer, origin } => {
            let reading = Reading::of(&draft.text());
            need_question(&reading, name)?;
            let origin = origin.clone().unwrap_or_else(|| convert::said_by(engine.person(), now));
            let origin = convert::origin(&origin);
            let changed = language::answer(&reading.text, name, &convert::answer(answer), Some(origin))
                .map_err(|fault| of_model(&fault))?;
            written(draft, &reading.with(&changed, name))
        }
        ScenarioEdit::Value { name, formula } => {
            let reading = Reading::of(&draft.text());
            let changed =
                language::set_value(&reading.text, name, formula).map_err(|fault| of_model(&fault))?;
            written(draft, &reading.with(&changed, name))
        }
        ScenarioEdit::Define { name, says } => {
            let reading = Reading::of(&draft.text());
            let changed =
                language::define_figure(&reading.text, name, says).map_err(|fault| of_model(&fault))?;
            written(draft, &reading.with(&changed, name))
        }
        ScenarioEdit::Add { says } => {
            let reading = Reading::of(&draft.text());
            let changed = language::add_figure(&reading.text, says).map_err(|fault| of_model(&fault))?;
            written(draft, &reading.with(&changed, ""))
        }
        ScenarioEdit::Rename { name, to } => {
            let reading = Reading::of(&draft.text());
            let changed =
                language::rename_figure(&reading.text, name, to).map_err(|fault| of_model(&fault))?;
            draft.rename(&reading.with(&changed, name), name, to, peer)
        }
        ScenarioEdit::Remove { name } => {
            let reading = Reading::of(&draft.text());
            let changed = language::remove_figure(&reading.text, name).map_err(|fault| of_model(&fault))?;
            written(draft, &reading.with(&changed, name))
        }
        ScenarioEdit::Place { name, at } => draft.place(name, *at, peer),
        ScenarioEdit::KeepLine { name, says } => {
            let text = draft.text();
            if !text.lines().any(|line| line == says && tells(line, name)) {
                return Err(not_now(ScenarioFault::NoFigure { name: name.clone() }));
            }
            let mut is_kept = false;
            let lines: Vec<String> = text
                .lines()
                .filter(|line| {
                    !tells(line, name) || (*line == says && !std::mem::replace(&mut is_kept, true))
                })
                .map(str::to_owned)
                .collect();
            written(draft, &joined(&lines))
        }
        ScenarioEdit::Text { version, text } => {
            Model::read(text).map_err(|fault| of_model(&fault))?;
            let seen = document::version_of(version).map_err(of_document)?;
            draft.write_text(&seen, text, peer)
        }
        ScenarioEdit::Drive { name, driver } => {
            need_question(&Reading::of(&draft.text()), name)?;
            draft.drive(name, driver.as_ref(), peer)
        }
        ScenarioEdit::Narrative { about, text } => draft.tell(about, text, peer),
    };
    update.map_err(|error: DocumentError| of_document(error))
}

fn need_question(reading: &Reading, name: &str) -> Result<(), EngineError> {
    if reading.model()?.questions().iter().any(|question| question.name == name) {
        return Ok(());
    }
    Err(unfit(ScenarioFault::NoFigure { name: name.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWICE: &str = "model \"M\"\na = 1 asked \"How many?\"\na = 2 asked \"How many?\"\nb = 3 asked \"And?\"\nresult c = a + b\n";

    #[test]
    fn a_figure_that_is_told_twice_stands_as_it_was_told_first_and_both_are_shown() {
        let reading = Reading::of(TWICE);
        assert!(reading.model.is_some(), "{:?}", reading.fault);
        let twice = reading.twice();
        let lines: Vec<u32> =
            twice.iter().flat_map(|twice| twice.lines.iter().map(|(line, _)| *line)).collect();
        assert_eq!(lines, [2, 3]);
    }

    #[test]
    fn answering_something_else_keeps_both_and_answering_it_keeps_the_answer() {
        let reading = Reading::of(TWICE);
        let other = reading.with(&reading.text.replace("b = 3", "b = 4"), "b");
        assert!(other.contains("a = 1") && other.contains("a = 2") && other.contains("b = 4"), "{other}");
        let settled = reading.with(&reading.text.replace("a = 1", "a = 7"), "a");
        assert!(settled.contains("a = 7") && !settled.contains("a = 2"), "{settled}");
    }

    #[test]
    fn a_fault_names_its_line_and_figure() {
        let reading = Reading::of("model \"M\"\na = 1 kg\nresult c = a + 1 h\n");
        let fault = reading.fault.map(|fault| (fault.line, fault.name));
        assert_eq!(fault, Some((3, Some("c".to_owned()))));
    }
}
