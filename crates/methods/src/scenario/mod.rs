//! Models of scenarios: a language that people can read and compare, and what comes of many trials.
//!
//! A model is text: figures with units, ranges and distributions, decisions, disruptions, stocks that change in the course of
//! time, and the results that it is asked for. [`Model::read`] checks all of it (names, units, indexes, circles), and a
//! fault says at which place; [`Model::run`] runs trials, with the same bits on every machine and under every number of
//! threads. `docs/model-language.md` is its reference.

mod build;
mod chance;
mod changes;
mod column;
mod diagram;
mod distribution;
mod edit;
mod fault;
mod format;
mod meaning;
mod options;
mod outcome;
mod parse;
mod program;
mod quantile;
mod question;
mod run;
mod score;
mod sensitivity;
mod session;
mod syntax;
mod token;
mod unit;
mod value;

use std::collections::BTreeMap;

pub use build::TIME_STEPS_MAX;
pub use changes::{Change, changes};
pub use diagram::{Figure, FigureKind};
pub use edit::{add_figure, define_figure, remove_figure, rename_figure};
pub use fault::{Counted, Expected, Fault, Found, ModelFault, Place, RangeFault, Takes, Wanted};
pub use options::{Comparison, OptionFigures, compare, compare_in};
pub use outcome::{Figures, PERCENTILES};
pub use parse::{LIST_MAX, STATEMENTS_MAX};
pub use question::{Answer, Question, answer, set_value};
pub use run::{BLOCK, Run, RunFault, Spread, TRIALS_MAX, Watch};
pub use score::{Score, score};
pub use sensitivity::{Influence, at_medians, influences};
pub use session::Session;
pub use syntax::{Better, Origin, OriginKind};
pub use token::TEXT_MAX_BYTES;
pub use unit::{Dimension, Unit};

use build::Built;
use syntax::{Says, Written};

/// A model that was read and checked.
#[derive(Clone, Debug)]
pub struct Model {
    written: Written,
    built: Built,
}

/// What is to be decided in a model.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Decision {
    /// Its name.
    pub name: String,
    /// Its options, as they are called.
    pub options: Vec<String>,
}

impl Model {
    /// Reads and checks a model.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn read(text: &str) -> Result<Self, ModelFault> {
        let written = parse::parse(text)?;
        let built = build::build(&written, &BTreeMap::new())?;
        // Each option may be wrong in a way of its own.
        for decision in &built.decisions {
            for option in 1..decision.options.len() {
                build::build(&written, &BTreeMap::from([(decision.name.clone(), option)]))?;
            }
        }
        Ok(Self { written, built })
    }

    /// What it is called.
    pub fn title(&self) -> &str {
        &self.built.title
    }

    /// What is to be decided, in the order of the text.
    pub fn decisions(&self) -> Vec<Decision> {
        let order = self.written.statements.iter().filter_map(|statement| match &statement.says {
            Says::Decision { name, .. } => Some(&name.name),
            _ => None,
        });
        order
            .filter_map(|name| self.built.decisions.iter().find(|decision| decision.name == *name))
            .map(|decision| Decision { name: decision.name.clone(), options: decision.options.clone() })
            .collect()
    }

    /// The results' names, one for each figure that a run tells.
    pub fn result_names(&self) -> Vec<String> {
        let names = |result: &build::BuiltResult| vec![result.name.clone(); result.cells.len()];
        self.built.results.iter().flat_map(names).collect()
    }

    /// The text, each statement in one way.
    pub fn formatted(&self) -> String {
        format::model(&self.written)
    }

    fn with(&self, choice: &BTreeMap<String, usize>) -> Result<Built, ModelFault> {
        if choice.is_empty() { Ok(self.built.clone()) } else { build::build(&self.written, choice) }
    }

    /// Runs trials: the figures of all results.
    ///
    /// # Errors
    /// When something comes out as no number (with the place where it does), when it would be too much work, or when it was
    /// cancelled.
    pub fn run(&self, run: &Run, watch: &Watch) -> Result<Vec<Figures>, RunFault> {
        run::run(&self.with(&run.choice)?, run, watch)
    }
}

/// Formats a text that need not be a whole model: one that reads.
///
/// # Errors
/// The first thing in it that cannot be read.
pub fn format(text: &str) -> Result<String, ModelFault> {
    Ok(format::model(&parse::parse(text)?))
}

#[cfg(test)]
mod tests;
