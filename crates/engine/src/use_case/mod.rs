//! What people can do: one module per subject, each use-case a function of the engine and its command.

pub(crate) mod alert;
pub(crate) mod asset;
pub mod brief;
pub(crate) mod bring;
pub(crate) mod camera_profile;
pub(crate) mod closing;
pub(crate) mod condition;
pub(crate) mod date;
pub(crate) mod deciding;
pub(crate) mod document;
pub(crate) mod elsewhere;
pub(crate) mod energy_source;
pub(crate) mod exception;
pub(crate) mod exercise;
pub(crate) mod fiducial;
pub(crate) mod finding;
pub(crate) mod guide;
pub(crate) mod handover;
pub(crate) mod joining;
pub(crate) mod kept_place;
pub(crate) mod letter;
pub(crate) mod machine_model;
pub(crate) mod meter;
pub(crate) mod notice;
pub(crate) mod paper;
pub(crate) mod part;
pub(crate) mod person;
pub(crate) mod plan;
pub(crate) mod plan_due;
pub(crate) mod reading;
pub(crate) mod recording;
pub(crate) mod request;
pub(crate) mod reserving;
pub(crate) mod scenario;
pub(crate) mod shift;
pub(crate) mod shift_log;
pub(crate) mod shift_time;
mod shipped;
pub(crate) mod status;
pub(crate) mod step;
pub(crate) mod sync;
pub(crate) mod tag;
pub(crate) mod team;
pub(crate) mod today;
pub(crate) mod token;
pub(crate) mod undo;
pub(crate) mod webhook;
pub(crate) mod what_if;
pub(crate) mod work_order;
pub(crate) mod workshop;

use std::fmt::Display;

use millwright_model::{Actor, Input, Refusal};
use uuid::Uuid;

use crate::engine::Inner;
use crate::{EngineError, caller};

/// The program that gave the command, else the person who holds the device, as the actor of what follows.
pub(crate) fn actor(engine: &Inner) -> Result<Actor, EngineError> {
    if let Some(program) = caller::actor() {
        return Ok(program);
    }
    engine.person().map(Actor::picked).ok_or(EngineError::NoActor)
}

/// The id of what a rule makes for a subject on an occasion: made again, it is the same record.
pub(crate) fn occasion_id(rule: &str, subject: &str, occasion: impl Display) -> Uuid {
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("millwright:rule:{rule}").as_bytes());
    Uuid::new_v5(&namespace, format!("{subject}/{occasion}").as_bytes())
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
