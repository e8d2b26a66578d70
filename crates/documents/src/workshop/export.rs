//! A board as a file: JSON that can be read in again, and Markdown for whoever was not there.

use std::collections::BTreeMap;
use std::fmt::Write;

use loro::LoroDoc;
use millwright_model::*;
use serde::{Deserialize, Serialize};

use super::scores::BoardScores;
use super::{Beginning, Workshop, WorkshopRefusal, admission, write};

/// What the file says that it is.
const KIND: &str = "millwright-workshop";
/// The version of the file that is written; newer ones are not read.
const VERSION: u32 = 1;
/// The most bytes of a file.
const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;

#[derive(Serialize)]
struct Written<'b> {
    kind: &'static str,
    version: u32,
    board: &'b Board,
    scores: &'b BoardScores,
}

#[derive(Deserialize)]
struct Read {
    kind: String,
    version: u32,
    board: Board,
}

/// The board and what it comes to, as JSON.
///
/// # Errors
/// When a number in it cannot be written.
pub fn to_json(board: &Board, scores: &BoardScores) -> Result<String, WorkshopRefusal> {
    serde_json::to_string_pretty(&Written { kind: KIND, version: VERSION, board, scores })
        .map_err(|error| WorkshopRefusal::Failed(error.to_string()))
}

/// A new workshop with everything that a file holds. Who is in it has no device here: the facilitator enters for them until
/// devices are let in. Every change passes the same door as a stranger's.
///
/// # Errors
/// When it is no such file, or something in it is not in order.
pub fn from_json(
    json: &[u8],
    beginning: &Beginning,
    device: WorkshopDevice,
) -> Result<Workshop, WorkshopRefusal> {
    if json.len() > FILE_BYTES_MAX {
        return Err(WorkshopRefusal::UpdateTooLarge { bytes: json.len(), limit: FILE_BYTES_MAX });
    }
    let unreadable = |reason: String| WorkshopRefusal::Unreadable { reason };
    let read: Read = serde_json::from_slice(json).map_err(|error| unreadable(error.to_string()))?;
    if read.kind != KIND || read.version > VERSION {
        return Err(unreadable("it is no board, or a newer version wrote it".to_owned()));
    }
    let doc = LoroDoc::new();
    doc.set_peer_id(device.0)?;
    write::begin(&doc, beginning, device)?;
    for (author, act) in acts(&read.board, beginning.facilitator) {
        write::write(&doc, author, &act)?;
    }
    doc.commit();
    let everything = admission::updates_since(&doc, &loro::VersionVector::default())?;
    Workshop::join(&everything, beginning.workshop_id, device)
}

/// What would have to be done for a board to become this one.
fn acts(board: &Board, facilitator: ParticipantId) -> Vec<(ParticipantId, WorkshopAct)> {
    use WorkshopAct as Do;
    let mut own = vec![
        Do::Title { title: board.title.clone() },
        Do::Allowance { votes: board.allowance },
        Do::Method { method: board.method },
        Do::Phase { phase: board.phase },
        Do::LastYear { workshop_id: board.last_year },
    ];
    for participant in &board.participants {
        let participant_id = participant.participant_id;
        if participant_id != facilitator {
            // Who facilitated there does not here.
            let role = participant.role.min(WorkshopRole::Member);
            let (person_id, guest_number) = (participant.person_id, participant.guest_number);
            own.push(Do::Admit { participant_id, person_id, guest_number, role });
            own.push(Do::EnterFor { participant_id, entered_by: facilitator });
        }
        if participant.excluded {
            own.push(Do::Exclude { participant_id, excluded: true });
        }
    }
    for frame in &board.frames {
        if frame.kind == FrameKind::Other {
            own.push(Do::Frame { key: frame.key.clone(), title: frame.title.clone() });
        }
        if frame.locked {
            own.push(Do::LockFrame { key: frame.key.clone(), locked: true });
        }
    }
    for cluster in &board.clusters {
        own.push(Do::Cluster { cluster_id: cluster.cluster_id, title: cluster.title.clone() });
    }
    for item in &board.items {
        if item.shortlisted {
            own.push(Do::Shortlist { item_id: item.item_id, on: true });
        }
        own.push(Do::Rate { item_id: item.item_id, rating: item.rating });
    }
    for strategy in &board.strategies {
        let strategy_id = strategy.strategy_id;
        let (internal, external) = (strategy.internal, strategy.external);
        own.push(Do::Strategy { strategy_id, internal, external, text: strategy.text.clone() });
        for scored in &strategy.attractiveness {
            let (item_id, score) = (scored.item_id, Some(scored.score));
            own.push(Do::Attractiveness { strategy_id, item_id, score });
        }
    }
    for action in &board.actions {
        own.push(Do::Action { action: action.clone() });
        if action.done {
            own.push(Do::ActionDone { action_id: action.action_id, done: true });
        }
    }
    let mut acts: Vec<(ParticipantId, WorkshopAct)> = own.into_iter().map(|act| (facilitator, act)).collect();
    for (note, aside) in
        board.notes.iter().map(|note| (note, false)).chain(board.set_aside.iter().map(|note| (note, true)))
    {
        let (note_id, frame, text) = (note.note_id, note.frame.clone(), note.text.clone());
        acts.push((note.author, Do::AddNote { note_id, frame, text, on_paper: note.on_paper }));
        if note.cluster_id.is_some() {
            acts.push((note.author, Do::IntoCluster { note_id, cluster_id: note.cluster_id }));
        }
        if aside {
            acts.push((note.author, Do::WithdrawNote { note_id, withdrawn: true }));
        }
    }
    for votes in &board.votes {
        let mut given: BTreeMap<WorkshopItemId, u32> = BTreeMap::new();
        for count in votes.counted.iter().chain(&votes.above) {
            *given.entry(count.item_id).or_default() += count.count;
        }
        // In their turns; a vote that counts in part only stands at its turn.
        for count in votes.counted.iter().chain(&votes.above) {
            if let Some(votes_in_all) = given.remove(&count.item_id) {
                let act = Do::Vote { item_id: count.item_id, votes: votes_in_all };
                acts.push((votes.participant_id, act));
            }
        }
    }
    for weighing in &board.weighings {
        let who = weighing.participant_id;
        let points = weighing.points.iter();
        acts.extend(points.map(|count| (who, Do::Points { item_id: count.item_id, points: count.count })));
        let orders = weighing.orders.iter();
        acts.extend(orders.map(|order| (who, Do::Rank { side: order.side, items: order.items.clone() })));
        let judgements = weighing.judgements.iter();
        acts.extend(judgements.map(|judgement| (who, Do::Judge { judgement: judgement.clone() })));
    }
    acts
}

/// The words that a Markdown file is written with, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkdownWords {
    /// Above each frame, by its key; a frame that is not in it is called by its own title.
    pub frames: BTreeMap<String, String>,
    /// Above a column of votes.
    pub votes: String,
    /// Above a column of weights.
    pub weight: String,
    /// Above a column of what items say.
    pub item: String,
    /// Above the two totals.
    pub totals: String,
    /// The internal total.
    pub internal_total: String,
    /// The external total.
    pub external_total: String,
    /// How far judgements hold together.
    pub consistency: String,
    /// Above items whose order flips between methods.
    pub ties: String,
    /// Above strategies.
    pub strategies: String,
    /// Above actions.
    pub actions: String,
    /// Above who does it.
    pub owner: String,
    /// Above until when.
    pub due: String,
    /// What people are called, as far as the reader may know.
    pub people: BTreeMap<PersonId, String>,
    /// Between whole numbers and their parts.
    pub decimal: char,
}

/// The board with its scores as Markdown: tables that a plain reader shows, with everything that people wrote as text.
pub fn to_markdown(board: &Board, scores: &BoardScores, words: &MarkdownWords) -> String {
    let mut out = String::new();
    let number = |value: f64, digits: usize| {
        format!("{value:.digits$}").replace('.', words.decimal.encode_utf8(&mut [0; 4]))
    };
    let weight_of = |item_id: WorkshopItemId| {
        let sides = [&scores.internal, &scores.external].into_iter();
        let name = item_id.to_string();
        let weight = sides.flat_map(|side| side.weights.iter().flatten()).find(|weight| weight.item == name);
        weight.map(|weight| number(weight.weight, 3)).unwrap_or_default()
    };
    let text_of = |name: &str| {
        let item = board.items.iter().find(|item| item.item_id.to_string() == name);
        item.map(|item| plain(&item.text)).unwrap_or_default()
    };
    line(&mut out, &format!("# {}", plain(&board.title)));
    for frame in &board.frames {
        let items: Vec<&BoardItem> = board.items.iter().filter(|item| item.frame == frame.key).collect();
        if items.is_empty() && frame.kind == FrameKind::Other {
            continue;
        }
        let title = words.frames.get(&frame.key).unwrap_or(&frame.title);
        line(&mut out, &format!("\n## {}\n", plain(title)));
        line(
            &mut out,
            &format!("| {} | {} | {} |", plain(&words.item), plain(&words.votes), plain(&words.weight)),
        );
        line(&mut out, "|---|---:|---:|");
        for item in items {
            let weight = weight_of(item.item_id);
            line(&mut out, &format!("| {} | {} | {weight} |", plain(&item.text), item.votes));
            for cluster in board.clusters.iter().filter(|cluster| cluster.cluster_id.0 == item.item_id.0) {
                for note in cluster.notes.iter().filter_map(|note_id| board.note(*note_id)) {
                    line(&mut out, &format!("| – {} | | |", plain(&note.text)));
                }
            }
        }
    }
    let totals = [(&scores.internal, &words.internal_total), (&scores.external, &words.external_total)];
    let said = totals.iter().any(|(side, _)| side.table.is_some() || side.pairs.is_some());
    if said {
        line(&mut out, &format!("\n## {}\n", plain(&words.totals)));
    }
    for (side, name) in totals {
        if let Some(table) = &side.table {
            line(&mut out, &format!("- {}: {}", plain(name), number(table.total, 2)));
        }
        if let Some(pairs) = &side.pairs {
            let ratio = number(pairs.consistency_ratio, 3);
            line(&mut out, &format!("- {} ({}): {ratio}", plain(&words.consistency), plain(name)));
        }
    }
    let ties: Vec<_> = [&scores.internal, &scores.external]
        .into_iter()
        .flat_map(|side| side.agreement.iter().flat_map(|agreement| &agreement.ties))
        .collect();
    if !ties.is_empty() {
        line(&mut out, &format!("\n## {}\n", plain(&words.ties)));
        for tie in ties {
            line(&mut out, &format!("- {} = {}", text_of(&tie.item), text_of(&tie.other)));
        }
    }
    if !board.strategies.is_empty() {
        line(&mut out, &format!("\n## {}\n", plain(&words.strategies)));
        for strategy in &board.strategies {
            let (internal, external) = (strategy.internal.to_string(), strategy.external.to_string());
            let pair = format!("{} × {}", text_of(&internal), text_of(&external));
            let id = strategy.strategy_id.to_string();
            let total =
                scores.strategies.as_ref().ok().and_then(|all| all.iter().find(|one| one.strategy == id));
            let total = total.map(|score| format!(": {}", number(score.total, 2))).unwrap_or_default();
            line(&mut out, &format!("- {} ({pair}){total}", plain(&strategy.text)));
        }
    }
    if !board.actions.is_empty() {
        line(&mut out, &format!("\n## {}\n", plain(&words.actions)));
        line(
            &mut out,
            &format!("| {} | {} | {} |", plain(&words.actions), plain(&words.owner), plain(&words.due)),
        );
        line(&mut out, "|---|---|---|");
        for action in &board.actions {
            let owner = action.owner.and_then(|owner| words.people.get(&owner));
            let owner = owner.map(|name| plain(name)).unwrap_or_default();
            let due = action.due.map(|due| due.to_string()).unwrap_or_default();
            line(&mut out, &format!("| {} | {owner} | {due} |", plain(&action.text)));
        }
    }
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// What somebody wrote, so that Markdown shows it and does nothing with it.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => out.push(' '),
            // As numbers: a reader that lets HTML through finds none.
            '<' | '>' | '&' => out.write_fmt(format_args!("&#{};", u32::from(letter))).unwrap_or_default(),
            // An address is text too: some readers make a link of it.
            ':' if letters.peek() == Some(&'/') => out.push_str("\\:"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' => out.extend(['\\', letter]),
            other => out.push(other),
        }
    }
    out
}
