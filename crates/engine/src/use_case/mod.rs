//! What people can do: one module per subject, each use-case a function of the engine and its command.

pub(crate) mod asset;
pub(crate) mod bring;
pub(crate) mod closing;
pub(crate) mod date;
pub(crate) mod deciding;
pub(crate) mod finding;
pub(crate) mod joining;
pub(crate) mod part;
pub(crate) mod person;
pub(crate) mod reading;
pub(crate) mod recording;
pub(crate) mod request;
pub(crate) mod status;
pub(crate) mod step;
pub(crate) mod sync;
pub(crate) mod tag;
pub(crate) mod team;
pub(crate) mod today;
pub(crate) mod undo;
pub(crate) mod work_order;

use millwright_model::{Actor, Input, Refusal};

use crate::EngineError;
use crate::engine::Inner;

/// The person who holds the device, as the actor of what follows.
pub(crate) fn actor(engine: &Inner) -> Result<Actor, EngineError> {
    engine.person().map(Actor::picked).ok_or(EngineError::NoActor)
}

/// A text that people wrote: trimmed, not empty, not endless.
pub(crate) fn required_text(text: &str, input: Input, max_chars: usize) -> Result<String, EngineError> {
    let text = optional_text(text, input, max_chars)?;
    if text.is_empty() { Err(EngineError::Invalid(Refusal::Empty { input })) } else { Ok(text) }
}

/// A text that people may have left empty.
pub(crate) fn optional_text(text: &str, input: Input, max_chars: usize) -> Result<String, EngineError> {
    let text = text.trim();
    let count = text.chars().count();
    if count > max_chars {
        let (count, limit) = (count as u64, max_chars as u64);
        return Err(EngineError::Invalid(Refusal::TooLong { input, count, limit }));
    }
    Ok(text.to_owned())
}
