//! SWOT workshops: begun, joined, written on several devices apart, ended, taken out and brought in.

mod begin;
mod desk;
mod door;
mod export;
mod guest;
mod open;
mod private;
mod scores;
mod seat;
mod view;
mod write;

pub(crate) use begin::{admit, create, end, import, seat_add};
pub(crate) use door::{door_close, door_open, door_places, door_show, guest_invite, shut_left_doors};
pub(crate) use export::export;
pub(crate) use guest::{guest_board, guest_note_put, guest_note_remove, guest_private, guest_write};
pub(crate) use open::Boards;
pub(crate) use private::{note_put, note_remove};
pub(crate) use scores::of as scores_of;
pub(crate) use view::{actions, again, list, show, view_of};
pub(crate) use write::{reveal, write};

use millwright_documents::workshop::WorkshopRefusal;
use millwright_model::{Refusal, WorkshopFault, WorkshopNeeds};

use crate::EngineError;

/// Something that is asked for and cannot be.
fn unfit(fault: WorkshopFault) -> EngineError {
    EngineError::Invalid(Refusal::Workshop { fault })
}

/// Something that cannot be as things stand.
fn not_now(fault: WorkshopFault) -> EngineError {
    EngineError::Precondition(Refusal::Workshop { fault })
}

/// What a board refuses, as people are told.
fn of_board(refusal: WorkshopRefusal) -> EngineError {
    match refusal {
        WorkshopRefusal::NoRight { needed: WorkshopNeeds::Device } => not_now(WorkshopFault::DeviceNotLetIn),
        WorkshopRefusal::NoRight { needed } => not_now(WorkshopFault::NoRight { needed }),
        WorkshopRefusal::NotNow { phase } => not_now(WorkshopFault::NotNow { phase }),
        WorkshopRefusal::Locked { frame } => not_now(WorkshopFault::Locked { frame }),
        WorkshopRefusal::NotThere { what } => not_now(WorkshopFault::NotThere { what }),
        WorkshopRefusal::ThereAlready { what } => not_now(WorkshopFault::ThereAlready { what }),
        WorkshopRefusal::NoVotesLeft { left, wanted } => not_now(WorkshopFault::NoVotesLeft { left, wanted }),
        WorkshopRefusal::Full { what, limit } => {
            unfit(WorkshopFault::Full { what: what.to_owned(), limit: limit as u64 })
        }
        WorkshopRefusal::Unfit { what, reason } => {
            unfit(WorkshopFault::Unfit { what: what.to_owned(), reason })
        }
        WorkshopRefusal::UpdateTooLarge { .. }
        | WorkshopRefusal::Unreadable { .. }
        | WorkshopRefusal::TooEarly
        | WorkshopRefusal::TooOld
        | WorkshopRefusal::UnknownDevice { .. }
        | WorkshopRefusal::NotItsOwn { .. }
        | WorkshopRefusal::Forged { .. }
        | WorkshopRefusal::Foreign { .. }
        | WorkshopRefusal::AnotherWorkshop
        | WorkshopRefusal::NoBoard { .. }
        | WorkshopRefusal::UnknownReplica { .. }
        | WorkshopRefusal::Failed(_) => unfit(WorkshopFault::Unreadable { reason: refusal.to_string() }),
    }
}
