//! The brief as JSON, for programs.

use millwright_model::ScenarioBrief;
use serde::Serialize;

use super::BriefFault;

/// What the file says of itself: the number grows when a field changes its meaning or goes.
const FORMAT: &str = "millwright-scenario-brief/1";

#[derive(Serialize)]
struct File<'b> {
    format: &'static str,
    brief: &'b ScenarioBrief,
}

/// Writes a brief as JSON: all that it holds, times in milliseconds since 1970 (UTC).
///
/// # Errors
/// When it cannot be written.
pub fn json(brief: &ScenarioBrief) -> Result<String, BriefFault> {
    Ok(serde_json::to_string_pretty(&File { format: FORMAT, brief })? + "\n")
}
