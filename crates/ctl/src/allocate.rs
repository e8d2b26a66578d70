//! Allocation at a terminal: a problem in a file, the best that can be done, and what moved since another file.

use std::path::{Path, PathBuf};

use clap::Args;
use millwright_methods::allocation::Problem;
use millwright_model::ApiError;

#[cfg(feature = "solver")]
use crate::allocation_told as told;
use crate::guide::read;
use crate::run::invalid;

/// A problem file has at most so many bytes.
const FILE_MAX: usize = 8 * 1024 * 1024;

#[derive(Debug, Args)]
pub(crate) struct AllocateWords {
    /// Resources, activities and demands, as TOML or JSON; docs/allocation.md says how they are written.
    pub(crate) problem: PathBuf,
    /// The problem as it was: says what changed in it and what moved by that. What need not move stays.
    #[arg(long, value_name = "FILE")]
    pub(crate) before: Option<PathBuf>,
    /// How long the solvers may take together.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    pub(crate) limit_s: u32,
}

pub(crate) fn act(json: bool, words: &AllocateWords) -> Result<(), ApiError> {
    let problem = read_problem(&words.problem)?;
    let before = words.before.as_deref().map(read_problem).transpose()?;
    told::act(json, words, &problem, before.as_ref())
}

/// This program has no solver.
#[cfg(not(feature = "solver"))]
mod told {
    use millwright_methods::allocation::Problem;
    use millwright_model::{ApiError, Code};

    pub(super) fn act(
        _json: bool,
        words: &super::AllocateWords,
        _problem: &Problem,
        _before: Option<&Problem>,
    ) -> Result<(), ApiError> {
        let file = words.problem.display();
        let message = format!("{file} can be read, but this program was built without a solver");
        Err(ApiError::new(Code::Precondition, message))
    }
}

/// A problem out of a file that can be looked at.
fn read_problem(file: &Path) -> Result<Problem, ApiError> {
    let bytes = read(file)?;
    let wrong = |said: String| invalid(format!("{}: {said}", file.display()));
    if bytes.len() > FILE_MAX {
        return Err(wrong("a problem has at most 8 MiB".to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|_not_text| wrong("this is not text".to_owned()))?;
    let is_json = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let problem: Problem = if is_json {
        serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?
    } else {
        toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            wrong(format!("line {}: {}", before.matches('\n').count() + 1, error.message()))
        })?
    };
    problem.check().map_err(|error| wrong(error.to_string()))?;
    Ok(problem)
}
