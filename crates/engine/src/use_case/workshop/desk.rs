//! Writing on a board: whose turn it is, what they do, and the updates that come of it, kept in one transaction.

use millwright_documents::workshop::{BoardVersion, Workshop as Document, writers_of};
use millwright_model::*;

use super::guest::guest_of;
use super::open::Opened;
use super::seat::{is_let_in, me, name_of};
use super::{not_now, of_board, unfit};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::{actor, document};

/// A transaction in which somebody writes on a board.
pub(super) struct Desk<'e> {
    pub(super) unit: Unit<'e>,
    opened: Opened,
    /// Whoever gives the command, within the workshop.
    pub(super) me: ParticipantId,
    /// What the board said when the present writer sat down.
    since: BoardVersion,
}

impl<'e> Desk<'e> {
    /// Sits down at the board of a workshop for whoever gives the command.
    pub(super) async fn of(engine: &'e Inner, workshop_id: WorkshopId) -> Result<Self, EngineError> {
        let unit = Unit::begin(engine, actor(engine)?).await?;
        Self::at(unit, workshop_id, |board| me(engine, board)).await
    }

    /// Sits down for a guest, who has a browser and nothing else.
    pub(super) async fn of_guest(
        engine: &'e Inner,
        workshop_id: WorkshopId,
        guest: ParticipantId,
    ) -> Result<Self, EngineError> {
        let unit = Unit::begin(engine, Actor::guest()).await?;
        Self::at(unit, workshop_id, |board| guest_of(board, guest)).await
    }

    async fn at(
        mut unit: Unit<'e>,
        workshop_id: WorkshopId,
        who: impl FnOnce(&Board) -> Option<ParticipantId>,
    ) -> Result<Self, EngineError> {
        let engine = unit.engine;
        let opened = Opened::need(engine, &mut unit, workshop_id).await?;
        let document = opened.document.as_ref().ok_or_else(|| not_now(WorkshopFault::NotHereYet))?;
        let board = document.board();
        let me = who(board).ok_or_else(|| not_now(WorkshopFault::NotLetIn))?;
        if !is_let_in(engine, board, me) {
            return Err(not_now(WorkshopFault::DeviceNotLetIn));
        }
        let since = document.version();
        let mut desk = Self { unit, opened, me, since };
        desk.sit(me)?;
        Ok(desk)
    }

    /// A board that begins here.
    pub(super) fn beginning(
        unit: Unit<'e>,
        workshop: Workshop,
        document: Document,
        me: ParticipantId,
    ) -> Self {
        let since = document.version();
        Self { unit, opened: Opened::begun(workshop, document), me, since }
    }

    /// The workshop's record.
    pub(super) fn workshop(&self) -> &Workshop {
        &self.opened.workshop
    }

    /// The board as it stands.
    pub(super) fn board(&self) -> Result<&Board, EngineError> {
        self.opened.board().ok_or_else(|| not_now(WorkshopFault::NotHereYet))
    }

    pub(super) fn document(&mut self) -> Result<&mut Document, EngineError> {
        self.opened.document.as_mut().ok_or_else(|| not_now(WorkshopFault::NotHereYet))
    }

    /// What whoever gives the command may do.
    pub(super) fn role(&self) -> Option<WorkshopRole> {
        self.opened.board()?.participant(self.me).map(|one| one.role)
    }

    /// Refuses what is only done while the workshop goes on.
    pub(super) fn goes_on(&self) -> Result<(), EngineError> {
        match self.opened.workshop.ended_at {
            Some(_) => Err(not_now(WorkshopFault::Ended)),
            None => Ok(()),
        }
    }

    /// Refuses whoever does not lead.
    pub(super) fn leads(&self) -> Result<(), EngineError> {
        if self.role() >= Some(WorkshopRole::Facilitator) {
            return Ok(());
        }
        Err(not_now(WorkshopFault::NoRight { needed: WorkshopNeeds::Facilitator }))
    }

    /// From here on somebody else of this device writes; each writer's changes are an update of their own.
    pub(super) fn sit(&mut self, participant_id: ParticipantId) -> Result<(), EngineError> {
        let device_id = self.unit.engine.device.device_id;
        let name = name_of(self.opened.workshop.workshop_id, device_id, participant_id);
        let document = self.document()?;
        document.write_as(name).map_err(of_board)?;
        self.since = document.version();
        Ok(())
    }

    /// Does something for whoever gives the command.
    pub(super) fn act(&mut self, act: &WorkshopAct) -> Result<(), EngineError> {
        self.act_for(None, act)
    }

    /// Does something for somebody in the room for whom whoever gives the command enters; for oneself where there is none.
    pub(super) fn act_for(
        &mut self,
        seat: Option<ParticipantId>,
        act: &WorkshopAct,
    ) -> Result<(), EngineError> {
        let author = seat.unwrap_or(self.me);
        self.document()?.act(author, act).map(drop).map_err(of_board)
    }

    /// Keeps what the present writer wrote as an update. It is not held for an undo: others write on what it says at once.
    pub(super) async fn keep(&mut self) -> Result<(), EngineError> {
        let since = self.since.clone();
        let document = self.document()?;
        if document.version() == since {
            return Ok(());
        }
        let bytes = document.updates_since(&since).map_err(of_board)?;
        self.since = document.version();
        // The same version may be spelt in two ways.
        if writers_of(&bytes).map_err(of_board)?.is_empty() {
            return Ok(());
        }
        self.keep_bytes(&bytes).await
    }

    /// Keeps an update.
    pub(super) async fn keep_bytes(&mut self, bytes: &[u8]) -> Result<(), EngineError> {
        let full = WorkshopFault::Full {
            what: "bytes of one change".to_owned(),
            limit: DocumentUpdate::BYTES_MAX as u64,
        };
        document::fits(bytes).map_err(|_too_long| unfit(full))?;
        let (id, workshop_id) = (self.unit.mint(), self.opened.workshop.workshop_id);
        document::keep(&mut self.unit, id, workshop_id.0, bytes, CacheTag::Workshops).await?;
        self.opened.wrote(id);
        Ok(())
    }

    /// Lets one more guest take part, under the next number; no name is kept.
    pub(super) fn admit_guest(&mut self) -> Result<ParticipantId, EngineError> {
        let last = self.board()?.participants.iter().filter_map(|one| one.guest_number).max();
        let participant_id: ParticipantId = self.unit.mint();
        self.act(&WorkshopAct::Admit {
            participant_id,
            person_id: None,
            guest_number: Some(last.unwrap_or_default().saturating_add(1)),
            role: WorkshopRole::Guest,
        })?;
        Ok(participant_id)
    }

    /// Lets the devices of the team write for the people who take part: those that joined it since, too.
    pub(super) async fn let_devices_in(&mut self) -> Result<(), EngineError> {
        let workshop_id = self.opened.workshop.workshop_id;
        let own = self.unit.engine.device.device_id;
        let devices = self.unit.devices().await?;
        let mut devices: Vec<DeviceId> =
            devices.iter().filter(|one| one.revoked_at.is_none()).map(|one| one.device_id).collect();
        if !devices.contains(&own) {
            devices.push(own);
        }
        let mut missing = Vec::new();
        for one in self.board()?.participants.iter().filter(|one| one.person_id.is_some()) {
            let participant_id = one.participant_id;
            let names = devices.iter().map(|device_id| name_of(workshop_id, *device_id, participant_id));
            let new = names.filter(|name| !one.devices.contains(name));
            missing.extend(new.map(|device| WorkshopAct::AdmitDevice { participant_id, device }));
        }
        missing.iter().try_for_each(|act| self.act(act))
    }

    /// Keeps what was written, all of it or nothing.
    pub(super) async fn commit(mut self) -> Result<Done, EngineError> {
        self.keep().await?;
        let Self { mut unit, opened, .. } = self;
        unit.leaves_at_once();
        unit.stale(CacheTag::Workshops);
        let engine = unit.engine;
        let done = unit.commit().await?;
        engine.boards.give_back(opened);
        Ok(done)
    }
}
