//! Scenarios: models of what may happen, written by several people, run, compared, frozen, decided on and watched.

mod brief_out;
mod convert;
mod decide;
mod draft;
mod fill;
mod freeze;
mod run;
mod show;
mod signpost;
mod supply;
mod template;
mod worlds;
mod wrong;

pub(crate) use brief_out::{assumptions_bring, brief_write};
pub(crate) use decide::{decide, outcome_tell};
pub(crate) use draft::{begin, end, rename, write};
pub(crate) use fill::fill;
pub(crate) use freeze::freeze;
pub(crate) use run::{Calculations, changes_show, influences_show, run};
pub(crate) use show::{list, show};
pub(crate) use signpost::{crossing_seen, note_crossed, save as signpost_save, take_away, unseen};
pub(crate) use supply::supply_risk_show;
pub(crate) use template::{list as template_list, of as template_of};
pub(crate) use worlds::worlds_show;

use millwright_documents::DocumentError;
use millwright_methods::scenario::{ModelFault, RunFault};
use millwright_model::{Refusal, ScenarioFault};

use crate::EngineError;

/// Something that is asked for and cannot be.
fn unfit(fault: ScenarioFault) -> EngineError {
    EngineError::Invalid(Refusal::Scenario { fault })
}

/// Something that cannot be as things stand.
fn not_now(fault: ScenarioFault) -> EngineError {
    EngineError::Precondition(Refusal::Scenario { fault })
}

/// What is wrong with a document, as people are told.
fn of_document(error: DocumentError) -> EngineError {
    match error {
        DocumentError::TooLarge { what, limit } => {
            unfit(ScenarioFault::TooMany { what: what.to_owned(), limit: limit as u64 })
        }
        DocumentError::NotThere { .. }
        | DocumentError::Unfit { .. }
        | DocumentError::UpdateUnreadable { .. }
        | DocumentError::NoSuchVersion
        | DocumentError::Failed(_) => not_now(ScenarioFault::Unreadable { reason: error.to_string() }),
    }
}

/// What is wrong with a model, as people are told.
fn of_model(fault: &ModelFault) -> EngineError {
    unfit(ScenarioFault::TextUnfit {
        line: u32::try_from(fault.place.line).unwrap_or(u32::MAX),
        column: u32::try_from(fault.place.column).unwrap_or(u32::MAX),
        says: fault.fault.to_string(),
        wrong: Box::new(wrong::wrong(&fault.fault)),
    })
}

/// Why a run told nothing, as people are told.
fn of_run(fault: &RunFault) -> EngineError {
    match fault {
        RunFault::Model(fault) => of_model(fault),
        RunFault::Cancelled => not_now(ScenarioFault::Overtaken),
    }
}
