//! Four worlds: two figures that nobody knows at the ends of their ranges, and what each option comes to in them.

use std::collections::BTreeMap;

use millwright_methods::scenario::{Model, Watch, compare};
use millwright_model::*;

use super::run::{TRIALS_MAX, place_of, run_of, seven, text_of, tried, within};
use super::{convert, of_run, unfit};
use crate::EngineError;
use crate::engine::Inner;

pub(crate) async fn worlds_show(
    engine: &Inner,
    command: ScenarioWorldsShow,
) -> Result<Vec<ScenarioWorld>, EngineError> {
    let trials = within(command.trials, TRIALS_MAX)?;
    let text = text_of(engine, command.scenario_id).await?;
    let act = move || {
        let model = tried(&text, &command.tries)?;
        let (across, up) = (range(&model, &command.across)?, range(&model, &command.up)?);
        // As they stand on a page: what is high upwards comes first.
        let corners = [(false, true), (true, true), (false, false), (true, false)];
        let mut worlds = Vec::with_capacity(corners.len());
        for (is_across_high, is_up_high) in corners {
            let end = |(low, high): (f64, f64), is_high| if is_high { high } else { low };
            let (at_across, at_up) = (end(across, is_across_high), end(up, is_up_high));
            let mut tries = command.tries.clone();
            tries.extend([(&command.across, at_across), (&command.up, at_up)].map(|(name, value)| {
                ScenarioTry { name: name.clone(), answer: ScenarioAnswer::Figure { value } }
            }));
            let model = tried(&text, &tries)?;
            let place = place_of(&model, command.result.as_deref())?;
            let run = run_of(trials, BTreeMap::new());
            let found = compare(&model, place, &run, &Watch::default()).map_err(|fault| of_run(&fault))?;
            let decisions = model.decisions();
            let options = found.options.iter().filter_map(|option| {
                let figures = option.figures.get(place)?;
                let [_, p5, _, _, _, p95, _] = seven(figures);
                let choice = convert::choice(&decisions, &option.options);
                Some(ScenarioWorldOption { choice, mean: figures.mean, p5, p95 })
            });
            worlds.push(ScenarioWorld {
                is_across_high,
                is_up_high,
                across: at_across,
                up: at_up,
                about: about(&command.across, is_across_high, &command.up, is_up_high),
                options: options.collect(),
                best: found.best as u32,
            });
        }
        Ok(worlds)
    };
    tokio::task::spawn_blocking(act).await.map_err(EngineError::internal)?
}

/// What a world's story is kept under.
fn about(across: &str, is_across_high: bool, up: &str, is_up_high: bool) -> String {
    let end = |is_high| if is_high { "high" } else { "low" };
    format!("{across} {}, {up} {}", end(is_across_high), end(is_up_high))
}

/// The range of a figure.
fn range(model: &Model, name: &str) -> Result<(f64, f64), EngineError> {
    let question = model.questions().into_iter().find(|question| question.name == name);
    let question = question.ok_or_else(|| unfit(ScenarioFault::NoFigure { name: name.to_owned() }))?;
    match question.answer {
        millwright_methods::scenario::Answer::Between(low, high) => Ok((low, high)),
        _ => Err(unfit(ScenarioFault::NoRange { name: name.to_owned() })),
    }
}
