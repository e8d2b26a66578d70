//! Who somebody is within a workshop, and under which name a device of the team writes for them. Both are reckoned out of
//! ids that the whole team knows, so that nobody has to be asked: whoever leads lets in a tablet that is not there.

use millwright_model::{Board, DeviceId, Participant, ParticipantId, PersonId, WorkshopDevice, WorkshopId};

use crate::engine::Inner;
use crate::use_case::occasion_id;

/// Who a person is within a workshop that lets them in.
pub(super) fn participant_of(workshop_id: WorkshopId, person_id: PersonId) -> ParticipantId {
    ParticipantId(occasion_id("workshop_participant", &workshop_id.to_string(), person_id))
}

/// The name under which a device writes for a participant. A tablet that goes from hand to hand has one for each: rights
/// are people's, and never more than those of whoever holds it.
pub(super) fn name_of(
    workshop_id: WorkshopId,
    device_id: DeviceId,
    participant_id: ParticipantId,
) -> WorkshopDevice {
    let subject = format!("{device_id}/{participant_id}");
    WorkshopDevice(occasion_id("workshop_device", &workshop_id.to_string(), subject).as_u64_pair().0)
}

/// The participant that a person is: also where two records of one person became one since.
pub(super) fn participant(engine: &Inner, board: &Board, person_id: PersonId) -> Option<ParticipantId> {
    let is = |known: PersonId| engine.people.stands_for(known) == engine.people.stands_for(person_id);
    let usual = participant_of(board.workshop_id, person_id);
    let all: Vec<&Participant> =
        board.participants.iter().filter(|one| one.person_id.is_some_and(is)).collect();
    let found = all.iter().find(|one| one.participant_id == usual);
    found.or_else(|| all.iter().max_by_key(|one| one.role)).map(|one| one.participant_id)
}

/// Whoever gives the command, within a workshop.
pub(super) fn me(engine: &Inner, board: &Board) -> Option<ParticipantId> {
    participant(engine, board, engine.person()?)
}

/// Whoever gives the command, or somebody in the room for whom they enter.
pub(super) fn me_or(engine: &Inner, board: &Board, seat: Option<ParticipantId>) -> Option<ParticipantId> {
    let me = me(engine, board)?;
    let Some(seat) = seat else { return Some(me) };
    board.participant(seat)?.entered_by.contains(&me).then_some(seat)
}

/// Whether this device may write for a participant.
pub(super) fn is_let_in(engine: &Inner, board: &Board, participant_id: ParticipantId) -> bool {
    let name = name_of(board.workshop_id, engine.device.device_id, participant_id);
    board.participant(participant_id).is_some_and(|one| one.devices.contains(&name))
}
