//! What is done on a board, and private notes put on it.

use millwright_documents::workshop::WorkshopRefusal;
use millwright_model::*;

use super::desk::Desk;
use super::private;
use super::{not_now, of_board, unfit, view_of};
use crate::EngineError;
use crate::engine::Inner;

/// The most acts of one command.
const ACTS_MAX: usize = 500;

pub(crate) async fn write(engine: &Inner, command: WorkshopWrite) -> Result<WorkshopView, EngineError> {
    if command.acts.len() > ACTS_MAX {
        let limit = ACTS_MAX as u64;
        return Err(unfit(WorkshopFault::Full { what: "acts at once".to_owned(), limit }));
    }
    let mut desk = Desk::of(engine, command.workshop_id).await?;
    for act in &command.acts {
        // Whether something is done is known only after the workshop.
        if !matches!(act, WorkshopAct::ActionDone { .. }) {
            desk.goes_on()?;
        }
        if let WorkshopAct::Action { action: BoardAction { owner: Some(owner), .. } } = act {
            desk.unit.need::<Person>(*owner, Missing::Person).await?;
        }
        desk.act_for(command.seat, act)?;
    }
    if desk.leads().is_ok() && desk.goes_on().is_ok() {
        desk.let_devices_in().await?;
    }
    desk.commit().await?;
    view_of(engine, command.workshop_id).await
}

pub(crate) async fn reveal(engine: &Inner, command: WorkshopReveal) -> Result<WorkshopView, EngineError> {
    let mut desk = Desk::of(engine, command.workshop_id).await?;
    desk.goes_on()?;
    let phase = desk.board()?.phase;
    if phase == WorkshopPhase::Collect {
        if desk.leads().is_err() {
            return Err(not_now(WorkshopFault::NotNow { phase }));
        }
        desk.act(&WorkshopAct::Phase { phase: WorkshopPhase::Reveal })?;
        desk.let_devices_in().await?;
        desk.keep().await?;
    }
    let mut kept = private::kept(&mut desk.unit, command.workshop_id).await?;
    let me = desk.me;
    for (author, notes) in &mut kept {
        // Whose notes on paper were entered has no name on this device: whoever entered them writes.
        let enters = desk.board()?.participant(*author).is_some_and(|one| one.entered_by.contains(&me));
        desk.sit(if enters { me } else { *author })?;
        match desk.document()?.reveal(notes) {
            Ok(_) => desk.keep().await?,
            // Who is not let in keeps their notes here until they are.
            Err(WorkshopRefusal::NoRight { .. }) if *author != me => {}
            Err(refusal) => return Err(of_board(refusal)),
        }
    }
    desk.sit(me)?;
    kept.retain(|_, notes| !notes.notes.is_empty());
    private::put(&mut desk.unit.session, command.workshop_id, &kept).await?;
    desk.commit().await?;
    view_of(engine, command.workshop_id).await
}
