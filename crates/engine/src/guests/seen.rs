//! What a guest's browser is told of a board: what everybody in the room sees, and what is the guest's own. No names, and of
//! a note only whether it is theirs.

use millwright_documents::workshop::PrivateNote;
use millwright_model::*;
use serde::Serialize;

/// A board as a guest sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Seen {
    /// Goes up with what changes: asked for again with it, the answer waits for something newer.
    pub(crate) news: u64,
    title: String,
    number: u32,
    phase: WorkshopPhase,
    method: WeighingMethod,
    /// So long from when this is heard.
    timer_left_ms: Option<i64>,
    ended: bool,
    votes_left: u32,
    frames: Vec<SeenFrame>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct SeenFrame {
    key: String,
    kind: FrameKind,
    side: Option<BoardSide>,
    title: String,
    locked: bool,
    notes: Vec<SeenNote>,
    items: Vec<SeenItem>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct SeenNote {
    id: WorkshopNoteId,
    text: String,
    mine: bool,
    /// What the cluster it is in is called.
    cluster: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct SeenItem {
    id: WorkshopItemId,
    text: String,
    votes: u32,
    own_votes: u32,
    points: u32,
    shortlisted: bool,
}

/// The board for one guest. `private` are their notes that are not on it yet.
pub(crate) fn seen(
    board: &Board,
    guest: ParticipantId,
    private: &[PrivateNote],
    ended: bool,
    news: u64,
    now: TimestampMs,
) -> Seen {
    let number = board.participant(guest).and_then(|one| one.guest_number).unwrap_or_default();
    let votes = board.votes.iter().find(|votes| votes.participant_id == guest);
    let weighing = board.weighings.iter().find(|weighing| weighing.participant_id == guest);
    let own_votes = |item_id: WorkshopItemId| {
        let all = votes.into_iter().flat_map(|votes| votes.counted.iter().chain(&votes.above));
        all.filter(|one| one.item_id == item_id).map(|one| one.count).sum()
    };
    let points = |item_id: WorkshopItemId| {
        let all = weighing.into_iter().flat_map(|weighing| &weighing.points);
        all.filter(|one| one.item_id == item_id).map(|one| one.count).sum()
    };
    let cluster = |note: &BoardNote| {
        let of = |cluster: &&BoardCluster| Some(cluster.cluster_id) == note.cluster_id;
        board.clusters.iter().find(of).map(|cluster| cluster.title.clone())
    };
    let frame = |frame: &BoardFrame| SeenFrame {
        key: frame.key.clone(),
        kind: frame.kind,
        side: frame.kind.side(),
        title: frame.title.clone(),
        locked: frame.locked,
        notes: match board.phase {
            WorkshopPhase::Collect => private
                .iter()
                .filter(|note| note.frame == frame.key)
                .map(|note| SeenNote { id: note.note_id, text: note.text.clone(), mine: true, cluster: None })
                .collect(),
            _ => board
                .notes
                .iter()
                .filter(|note| note.frame == frame.key)
                .map(|note| SeenNote {
                    id: note.note_id,
                    text: note.text.clone(),
                    mine: note.author == guest,
                    cluster: cluster(note),
                })
                .collect(),
        },
        items: board
            .items
            .iter()
            .filter(|item| item.frame == frame.key)
            .map(|item| SeenItem {
                id: item.item_id,
                text: item.text.clone(),
                votes: item.votes,
                own_votes: own_votes(item.item_id),
                points: points(item.item_id),
                shortlisted: item.shortlisted,
            })
            .collect(),
    };
    Seen {
        news,
        title: board.title.clone(),
        number,
        phase: board.phase,
        method: board.method,
        // A clock that is off makes it no longer than it was set to.
        timer_left_ms: board
            .timer
            .map(|timer| timer.ends_at.since_ms(now).clamp(0, i64::from(timer.length_ms))),
        ended,
        votes_left: votes.map_or(board.allowance, |votes| votes.left),
        frames: board.frames.iter().map(frame).collect(),
    }
}
