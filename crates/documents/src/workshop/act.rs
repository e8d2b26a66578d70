//! What may be done when, and by whom: asked of those who act, on what their device shows them.

use millwright_model::*;

use super::NOTES_OF_ONE_MAX;
use super::layout::{ALLOWANCE_MAX, JUDGED_MAX, ORDERED_MAX, is_frame_key, is_written};
use super::refusal::WorkshopRefusal;
use super::rights::Rights;

/// The most notes of a board.
pub const NOTES_MAX: usize = 2_000;
/// The most participants.
pub const PARTICIPANTS_MAX: usize = 100;
/// The most frames beside the four.
pub const FRAMES_MAX: usize = 12;
/// The most strategies.
pub const STRATEGIES_MAX: usize = 200;
/// The most actions.
pub const ACTIONS_MAX: usize = 200;
/// The most clusters.
const CLUSTERS_MAX: usize = 500;

use WorkshopPhase::{Act, Cluster, Collect, Pair, Reveal, Vote, Weigh};

/// Who may do an act.
enum Needs {
    Facilitator,
    Member,
    /// Whoever it is about.
    Oneself,
}

/// In which phases an act is done, and who does it.
fn rule(act: &WorkshopAct) -> (Needs, &'static [WorkshopPhase]) {
    use WorkshopAct as Do;
    const ALWAYS: &[WorkshopPhase] = &[Collect, Reveal, Cluster, Vote, Weigh, Pair, Act];
    const WITH_NOTES: &[WorkshopPhase] = &[Reveal, Cluster];
    match act {
        Do::Title { .. }
        | Do::Phase { .. }
        | Do::Timer { .. }
        | Do::Allowance { .. }
        | Do::Method { .. }
        | Do::LastYear { .. }
        | Do::Frame { .. }
        | Do::LockFrame { .. }
        | Do::Admit { .. }
        | Do::AdmitDevice { .. }
        | Do::EnterFor { .. }
        | Do::Exclude { .. }
        | Do::HideNote { .. } => (Needs::Facilitator, ALWAYS),
        Do::Shortlist { .. } => (Needs::Facilitator, &[Vote, Weigh]),
        Do::AddNote { .. } | Do::NoteText { .. } | Do::WithdrawNote { .. } => (Needs::Oneself, WITH_NOTES),
        Do::MoveNote { .. } => (Needs::Member, WITH_NOTES),
        Do::Cluster { .. } | Do::IntoCluster { .. } => (Needs::Member, &[Cluster]),
        Do::Vote { .. } => (Needs::Oneself, &[Vote]),
        Do::Points { .. } | Do::Rank { .. } | Do::Judge { .. } => (Needs::Oneself, &[Weigh]),
        Do::Rate { .. } => (Needs::Member, &[Weigh, Pair]),
        Do::Strategy { .. }
        | Do::StrategyText { .. }
        | Do::DropStrategy { .. }
        | Do::Attractiveness { .. } => (Needs::Member, &[Pair, Act]),
        Do::Action { .. } | Do::DropAction { .. } => (Needs::Member, &[Act]),
        Do::ActionDone { .. } => (Needs::Member, ALWAYS),
    }
}

/// Whether an author may do this now.
pub(crate) fn check(
    board: &Board,
    rights: &Rights,
    device: WorkshopDevice,
    author: ParticipantId,
    act: &WorkshopAct,
) -> Result<(), WorkshopRefusal> {
    let (needs, phases) = rule(act);
    may(rights, device, author, &needs)?;
    if !phases.contains(&board.phase) {
        return Err(WorkshopRefusal::NotNow { phase: board.phase });
    }
    fits(board, author, act)
}

/// Whether a private note may be put on the board now: whatever phase it has come to, and into locked frames too.
pub(crate) fn check_revealed(
    board: &Board,
    rights: &Rights,
    device: WorkshopDevice,
    author: ParticipantId,
    act: &WorkshopAct,
) -> Result<(), WorkshopRefusal> {
    may(rights, device, author, &Needs::Oneself)?;
    match fits(board, author, act) {
        Err(WorkshopRefusal::Locked { .. }) => Ok(()),
        other => other,
    }
}

fn may(
    rights: &Rights,
    device: WorkshopDevice,
    author: ParticipantId,
    needs: &Needs,
) -> Result<(), WorkshopRefusal> {
    let no_right = |needed| Err(WorkshopRefusal::NoRight { needed });
    if !rights.has_part(author) || !rights.writes_for(device, author) {
        return no_right(WorkshopNeeds::Device);
    }
    match needs {
        // By the right of the device: who enters for somebody does not get theirs.
        Needs::Facilitator if rights.role_of_device(device) < Some(WorkshopRole::Facilitator) => {
            no_right(WorkshopNeeds::Facilitator)
        }
        Needs::Member if rights.role_of_device(device) < Some(WorkshopRole::Member) => {
            no_right(WorkshopNeeds::Member)
        }
        _ => Ok(()),
    }
}

fn fits(board: &Board, author: ParticipantId, act: &WorkshopAct) -> Result<(), WorkshopRefusal> {
    use WorkshopAct as Do;
    match act {
        Do::Phase { .. } | Do::Timer { .. } | Do::Method { .. } | Do::LastYear { .. } => Ok(()),
        Do::Title { title } => written("the title", title, true),
        Do::Allowance { votes } if *votes > ALLOWANCE_MAX => {
            unfit("the allowance", format!("it is above {ALLOWANCE_MAX} votes"))
        }
        Do::Allowance { .. } => Ok(()),
        Do::Frame { key, title } => {
            written("the title", title, true)?;
            if !is_frame_key(key) {
                return unfit("the frame", "its name is a word of small letters, digits, - and _".to_owned());
            }
            let is_new = !board.frames.iter().any(|frame| frame.key == *key);
            room("frames", board.frames.len() + usize::from(is_new), FRAMES_MAX + FrameKind::SWOT.len())
        }
        Do::LockFrame { key, .. } => frame(board, key).map(|_| ()),
        Do::Admit { participant_id, .. } => match board.participant(*participant_id) {
            Some(_) => Ok(()),
            None => {
                // The last half of the id is part of the ids of notes.
                let half = |id: ParticipantId| id.0.as_u64_pair().1;
                let alike = |known: &Participant| half(known.participant_id) == half(*participant_id);
                if board.participants.iter().any(alike) {
                    return unfit("the participant", "the id ends like another's".to_owned());
                }
                room("participants", board.participants.len() + 1, PARTICIPANTS_MAX)
            }
        },
        Do::AdmitDevice { participant_id, .. } | Do::Exclude { participant_id, .. } => {
            participant(board, *participant_id)
        }
        Do::EnterFor { participant_id, entered_by } => {
            participant(board, *participant_id)?;
            participant(board, *entered_by)
        }
        Do::HideNote { note_id, .. } => any_note(board, *note_id).map(|_| ()),
        Do::Shortlist { item_id, .. } => item(board, *item_id).map(|_| ()),
        Do::AddNote { note_id, frame, text, .. } => {
            written("the note", text, false)?;
            if !note_id.is_of(author) {
                return unfit("the note", "its id is another author's".to_owned());
            }
            if any_note(board, *note_id).is_ok() {
                return Err(WorkshopRefusal::ThereAlready { what: format!("note {note_id}") });
            }
            let notes = || board.notes.iter().chain(&board.set_aside);
            room("notes", notes().count() + 1, NOTES_MAX)?;
            let own = notes().filter(|note| note.author == author).count();
            room("notes of one participant", own + 1, NOTES_OF_ONE_MAX)?;
            open_frame(board, frame)
        }
        Do::NoteText { note_id, text } => {
            written("the note", text, false)?;
            own_note(board, author, *note_id)
        }
        Do::WithdrawNote { note_id, .. } => own_note(board, author, *note_id),
        Do::MoveNote { note_id, frame, before } => {
            open_frame(board, &note(board, *note_id)?.frame)?;
            open_frame(board, frame)?;
            before.map_or(Ok(()), |before| note(board, before).map(|_| ()))
        }
        Do::Cluster { cluster_id, title } => {
            written("the title", title, true)?;
            let is_new = !board.clusters.iter().any(|cluster| cluster.cluster_id == *cluster_id);
            room("clusters", board.clusters.len() + usize::from(is_new), CLUSTERS_MAX)
        }
        Do::IntoCluster { note_id, cluster_id } => {
            open_frame(board, &note(board, *note_id)?.frame)?;
            match cluster_id {
                Some(id) if !board.clusters.iter().any(|cluster| cluster.cluster_id == *id) => {
                    Err(not_there(format!("cluster {id}")))
                }
                _ => Ok(()),
            }
        }
        Do::Vote { item_id, votes } => vote(board, author, *item_id, *votes),
        Do::Points { item_id, points } => {
            listed(board, *item_id)?;
            if *points > 100 {
                return unfit("the points", "there are 100".to_owned());
            }
            Ok(())
        }
        Do::Rank { side, items } => {
            room("items in an order", items.len(), ORDERED_MAX)?;
            for (place, item_id) in items.iter().enumerate() {
                if listed(board, *item_id)? != *side {
                    return unfit("the order", format!("item {item_id} is of the other half"));
                }
                if items.iter().take(place).any(|before| before == item_id) {
                    return unfit("the order", format!("item {item_id} is in it twice"));
                }
            }
            Ok(())
        }
        Do::Judge { judgement } => judge(board, judgement),
        Do::Rate { item_id, rating } => {
            let kind = FrameKind::of(&item(board, *item_id)?.frame);
            let within = match kind {
                FrameKind::Strengths => 3..=4,
                FrameKind::Weaknesses => 1..=2,
                _ => 1..=4,
            };
            match rating {
                Some(rating) if !within.contains(rating) => unfit(
                    "the rating",
                    format!("{rating} is not from {} to {}", within.start(), within.end()),
                ),
                _ => Ok(()),
            }
        }
        Do::Strategy { strategy_id, internal, external, text } => {
            written("the strategy", text, true)?;
            if strategy(board, *strategy_id).is_ok() {
                return Err(WorkshopRefusal::ThereAlready { what: format!("strategy {strategy_id}") });
            }
            let side = |id| item(board, id).map(|item| FrameKind::of(&item.frame).side());
            if side(*internal)? != Some(BoardSide::Internal) || side(*external)? != Some(BoardSide::External)
            {
                return unfit("the strategy", "it pairs an internal with an external item".to_owned());
            }
            room("strategies", board.strategies.len() + 1, STRATEGIES_MAX)
        }
        Do::StrategyText { strategy_id, text } => {
            written("the strategy", text, true)?;
            strategy(board, *strategy_id)
        }
        // One that is out is not on the board, and can be put back.
        Do::DropStrategy { .. } | Do::DropAction { .. } => Ok(()),
        Do::ActionDone { action_id, .. } => {
            let known = board.actions.iter().any(|known| known.action_id == *action_id);
            if known { Ok(()) } else { Err(not_there(format!("action {action_id}"))) }
        }
        Do::Attractiveness { strategy_id, item_id, score } => {
            strategy(board, *strategy_id)?;
            item(board, *item_id)?;
            match score {
                Some(score) if !(1..=4).contains(score) => {
                    unfit("the attractiveness", format!("{score} is not from 1 to 4"))
                }
                _ => Ok(()),
            }
        }
        Do::Action { action } => {
            written("the action", &action.text, false)?;
            let is_new = !board.actions.iter().any(|known| known.action_id == action.action_id);
            room("actions", board.actions.len() + usize::from(is_new), ACTIONS_MAX)?;
            action.strategy_id.map_or(Ok(()), |id| strategy(board, id))
        }
    }
}

fn vote(
    board: &Board,
    author: ParticipantId,
    item_id: WorkshopItemId,
    votes: u32,
) -> Result<(), WorkshopRefusal> {
    item(board, item_id)?;
    let own = board.votes.iter().find(|votes| votes.participant_id == author);
    let own = own.ok_or_else(|| not_there(format!("participant {author}")))?;
    let of_item = |counts: &[ItemCount]| {
        counts.iter().find(|count| count.item_id == item_id).map_or(0, |count| count.count)
    };
    let given = of_item(&own.counted);
    let wanted = votes.saturating_sub(given);
    if wanted > own.left {
        return Err(WorkshopRefusal::NoVotesLeft { left: own.left, wanted });
    }
    Ok(())
}

fn judge(board: &Board, judgement: &ItemJudgement) -> Result<(), WorkshopRefusal> {
    let side = listed(board, judgement.item_id)?;
    if side != listed(board, judgement.other_id)? || judgement.item_id == judgement.other_id {
        return unfit("the judgement", "it is of two items of one half".to_owned());
    }
    if !(1.0 / 9.0..=9.0).contains(&judgement.times) {
        return unfit("the judgement", "it is from 1/9 to 9".to_owned());
    }
    room("items judged in pairs", board.shortlist(side).count(), JUDGED_MAX)
}

fn unfit(what: &'static str, reason: String) -> Result<(), WorkshopRefusal> {
    Err(WorkshopRefusal::Unfit { what, reason })
}

fn not_there(what: String) -> WorkshopRefusal {
    WorkshopRefusal::NotThere { what }
}

fn written(what: &'static str, text: &str, may_be_empty: bool) -> Result<(), WorkshopRefusal> {
    if is_written(text, may_be_empty) {
        return Ok(());
    }
    unfit(what, "it says nothing, or more than 500 letters, or has signs that no key writes".to_owned())
}

fn room(what: &'static str, count: usize, limit: usize) -> Result<(), WorkshopRefusal> {
    if count > limit { Err(WorkshopRefusal::Full { what, limit }) } else { Ok(()) }
}

fn frame<'b>(board: &'b Board, key: &str) -> Result<&'b BoardFrame, WorkshopRefusal> {
    board.frames.iter().find(|frame| frame.key == key).ok_or_else(|| not_there(format!("frame «{key}»")))
}

fn open_frame(board: &Board, key: &str) -> Result<(), WorkshopRefusal> {
    if frame(board, key)?.locked {
        return Err(WorkshopRefusal::Locked { frame: key.to_owned() });
    }
    Ok(())
}

fn participant(board: &Board, id: ParticipantId) -> Result<(), WorkshopRefusal> {
    board.participant(id).map(|_| ()).ok_or_else(|| not_there(format!("participant {id}")))
}

fn note(board: &Board, id: WorkshopNoteId) -> Result<&BoardNote, WorkshopRefusal> {
    board.note(id).ok_or_else(|| not_there(format!("note {id}")))
}

fn any_note(board: &Board, id: WorkshopNoteId) -> Result<&BoardNote, WorkshopRefusal> {
    let mut all = board.notes.iter().chain(&board.set_aside);
    all.find(|note| note.note_id == id).ok_or_else(|| not_there(format!("note {id}")))
}

fn own_note(board: &Board, author: ParticipantId, id: WorkshopNoteId) -> Result<(), WorkshopRefusal> {
    let note = any_note(board, id)?;
    if note.author != author {
        return Err(WorkshopRefusal::NoRight { needed: WorkshopNeeds::Author });
    }
    open_frame(board, &note.frame)
}

fn item(board: &Board, id: WorkshopItemId) -> Result<&BoardItem, WorkshopRefusal> {
    board.item(id).ok_or_else(|| not_there(format!("item {id}")))
}

/// The half of an item on the short list.
fn listed(board: &Board, id: WorkshopItemId) -> Result<BoardSide, WorkshopRefusal> {
    let item = item(board, id)?;
    match FrameKind::of(&item.frame).side() {
        Some(side) if item.shortlisted => Ok(side),
        _ => Err(not_there(format!("item {id}, on the short list,"))),
    }
}

fn strategy(board: &Board, id: StrategyId) -> Result<(), WorkshopRefusal> {
    let known = board.strategies.iter().any(|strategy| strategy.strategy_id == id);
    if known { Ok(()) } else { Err(not_there(format!("strategy {id}"))) }
}
