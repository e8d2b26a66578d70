//! Guides: written by several authors, looked at by somebody else, pinned by orders and worked by.

mod check;
mod draft;
mod exchange;
mod list;
mod manual;
mod revision;
mod run;

pub(crate) use draft::{back, begin, draft_show, edit, end, file_add};
pub(crate) use exchange::{export, import};
pub(crate) use list::{list, show};
pub(crate) use manual::{crop as manual_crop, list as manual_list, page as manual_page};
pub(crate) use revision::{approve, news, read_sign, return_, revision_show, submit, withdraw};
pub(crate) use run::{missing_of, run, step_time_add, work_order_guide};

use millwright_documents::DocumentError;
use millwright_model::{GuideFault, Refusal};

use crate::EngineError;

/// A file that may be a guide is read or refused with a reason, and never anything else.
pub(crate) fn fuzzed(bytes: &[u8]) {
    match exchange::read("guide.md", bytes) {
        Ok(read) => drop(check::finished(&read.content)),
        Err(reason) => assert!(!reason.is_empty(), "refused without a reason"),
    }
}

/// Something that is asked for and cannot be.
pub(crate) fn unfit(fault: GuideFault) -> EngineError {
    EngineError::Invalid(Refusal::Guide { fault })
}

/// Something that cannot be as things stand.
pub(crate) fn not_now(fault: GuideFault) -> EngineError {
    EngineError::Precondition(Refusal::Guide { fault })
}

/// What is wrong with a draft, as people are told.
fn of_document(error: DocumentError) -> EngineError {
    match error {
        DocumentError::NotThere { what } => not_now(GuideFault::NotInDraft { what }),
        DocumentError::TooLarge { what, limit } => {
            unfit(GuideFault::TooMany { what: what.to_owned(), limit: limit as u64 })
        }
        DocumentError::Unfit { .. }
        | DocumentError::UpdateUnreadable { .. }
        | DocumentError::NoSuchVersion
        | DocumentError::Failed(_) => not_now(GuideFault::DraftUnreadable { reason: error.to_string() }),
    }
}
